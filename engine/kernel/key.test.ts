import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeKey, encodeKey, KeyReader, startingWith, textStartingWith } from "./key.ts";
import type { Key, KeyPart } from "./store.ts";

/** The order that store.ts promises, written down without any encoding. */
const rank = (part: KeyPart): number => {
  if (part === null) return 0;
  if (part instanceof Uint8Array) return 1;
  if (typeof part === "string") return 2;
  if (Array.isArray(part)) return 3;
  if (typeof part === "bigint" || Number.isSafeInteger(part)) return 4;
  if (typeof part === "number") return 5;
  return part ? 7 : 6;
};
const comparePart = (a: KeyPart, b: KeyPart): number => {
  if (rank(a) !== rank(b)) return Math.sign(rank(a) - rank(b));
  if (typeof a === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  if (a instanceof Uint8Array) return Buffer.compare(a, b as Uint8Array);
  if (Array.isArray(a)) return compare(a, b as Key);
  if (a === null || typeof a === "boolean") return 0;
  const [left, right] = [a as number, b as number];
  return left < right ? -1 : left > right ? 1 : 0;
};
function compare(a: Key, b: Key): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = comparePart(a[i] as KeyPart, b[i] as KeyPart);
    if (order !== 0) return order;
  }
  return Math.sign(a.length - b.length);
}

const leaf: fc.Arbitrary<KeyPart> = fc.oneof(
  fc.constant(null), fc.boolean(), fc.string({ unit: "grapheme" }),
  fc.constantFrom("", "\0", "a\0b", "ÿ", "\u{10FFFF}"),
  fc.integer(), fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 64n) + 1n, max: 2n ** 64n - 1n }),
  fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)));
const part = fc.oneof({ weight: 4, arbitrary: leaf }, fc.array(leaf, { maxLength: 3 }),
  fc.array(fc.array(leaf, { maxLength: 2 }), { maxLength: 2 }));
const key = fc.array(part, { maxLength: 4 });
/** Safe integers come back as numbers, however they were given. */
const asDecoded = (value: KeyPart): KeyPart => {
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
  return Array.isArray(value) ? value.map(asDecoded) : value;
};

describe("an encoded key", () => {
  it("sorts as its tuple does", () => {
    fc.assert(fc.property(key, key, (a, b) => {
      const [left, right] = [encodeKey(a), encodeKey(b)];
      expect(left < right ? -1 : left > right ? 1 : 0).toBe(compare(a, b));
    }), { numRuns: 3000 });
  });
  it("decodes to its tuple", () => {
    fc.assert(fc.property(key, (tuple) => {
      expect(decodeKey(encodeKey(tuple))).toEqual(tuple.map(asDecoded));
    }), { numRuns: 1000 });
  });
  it("decodes to its tuple whatever was decoded before it", () => {
    const alike = fc.tuple(key, fc.array(key, { minLength: 1, maxLength: 5 }))
      .map(([prefix, rests]) => rests.map((rest) => [...prefix, ...rest]));
    fc.assert(fc.property(alike, (tuples) => {
      const keys = new KeyReader();
      for (const tuple of tuples) expect(keys.read(encodeKey(tuple))).toEqual(tuple.map(asDecoded));
    }), { numRuns: 2000 });
    const keys = new KeyReader();
    expect([["a", "b"], ["a\0", "b"], ["a", "b"]].map((tuple) => keys.read(encodeKey(tuple)))).toEqual([
      ["a", "b"], ["a\0", "b"], ["a", "b"],
    ]);
  });
  it("lies in the range of each of its beginnings, and of no other tuple", () => {
    fc.assert(fc.property(key, part, key, (prefix, next, other) => {
      const { from, to } = startingWith(prefix);
      const below = encodeKey([...prefix, next]);
      expect(below >= from && below < to).toBe(true);
      const encoded = encodeKey(other);
      const isBelow = other.length > prefix.length && compare(other.slice(0, prefix.length), prefix) === 0;
      expect(encoded >= from && encoded < to).toBe(isBelow);
    }), { numRuns: 1000 });
  });
  it("lies in the range of its text's beginnings only", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (text, start) => {
      const { from, to } = textStartingWith(["b"], start);
      const encoded = encodeKey(["b", text]);
      expect(encoded >= from && encoded < to).toBe(text.startsWith(start));
    }), { numRuns: 1000 });
  });
  it("refuses integers above 64 bits and NaN", () => {
    expect(() => encodeKey([2n ** 64n])).toThrow("at most 64 bits");
    expect(() => encodeKey([Number.NaN])).toThrow("NaN has no place");
  });
});
