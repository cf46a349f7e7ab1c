import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeMembers, decodeRecord, encodeRecord } from "./record-format.ts";
import { memberNames } from "./record-members.ts";

const name = fc.oneof(fc.constantFrom("a", "b", "etag", "sizeBytes", "body", "é"), fc.string({ maxLength: 40 }))
  .filter((each) => each !== "__proto__");
const leaf = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 70 }), fc.string({ minLength: 250, maxLength: 300 }), fc.boolean(),
  fc.constant(null), fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true }), fc.bigInt(),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)));
const value = fc.oneof({ weight: 4, arbitrary: leaf }, fc.array(leaf, { maxLength: 20 }),
  fc.dictionary(name, leaf, { maxKeys: 20 }));
const record = fc.dictionary(name, value, { maxKeys: 20 });

describe("members of a record", () => {
  it("are what the whole record has by those names", () => {
    fc.assert(fc.property(record, fc.array(name, { maxLength: 4 }), (whole, only) => {
      const bytes = Buffer.from(encodeRecord(whole));
      const decoded = decodeRecord(bytes) as Record<string, unknown>;
      const wanted = Object.fromEntries(Object.entries(decoded).filter(([each]) => only.includes(each)));
      expect({ ...(decodeMembers(bytes, 0, bytes.length, memberNames(only)) as object) }).toEqual(wanted);
    }), { numRuns: 1000 });
  });
  it("are those of the beginning of a record, or it is said that the beginning is too short", () => {
    fc.assert(fc.property(record, name, fc.nat(), (whole, only, cut) => {
      const bytes = Buffer.from(encodeRecord(whole));
      const found = decodeMembers(bytes, 0, 1 + (cut % bytes.length), memberNames([only]));
      if (found === undefined) return;
      const decoded = decodeRecord(bytes) as Record<string, unknown>;
      expect({ ...(found as object) }).toEqual(Object.hasOwn(decoded, only) ? { [only]: decoded[only] } : {});
    }), { numRuns: 2000 });
  });
  it("need no more than what stands before a last member that nobody asks for", () => {
    const head = Buffer.from(encodeRecord({ etag: "e", body: Buffer.alloc(9000) })).subarray(0, 20);
    expect(decodeMembers(head, 0, head.length, memberNames(["etag"]))).toEqual({ etag: "e" });
    expect(decodeMembers(head, 0, head.length, memberNames(["body"]))).toBeUndefined();
  });
  it("are not those of a value that is no map", () => {
    const bytes = Buffer.from(encodeRecord([1, 2]));
    expect(decodeMembers(bytes, 0, bytes.length, memberNames(["a"]))).toBeUndefined();
  });
});
