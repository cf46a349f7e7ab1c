import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isBlobLinked } from "./blob-links.ts";
import { joinBodies, linkBodies, openBody, unlinkBodies } from "./joined-body.ts";
import { memoryBlobStore } from "./memory-blobs.ts";
import { memoryStore } from "./memory.ts";

const read = async (stream: AsyncIterable<unknown>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

describe("a joined body", () => {
  it("reads as its parts one after another, whole and in any range", async () => {
    const blobs = memoryBlobStore();
    const part = fc.tuple(fc.constantFrom(0, 1, 3, 70_000), fc.constantFrom("a", "b"));
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { minLength: 2, maxLength: 5 }),
        fc.nat(),
        fc.nat(),
        async (parts, one, other) => {
          const texts = parts.map(([length, letter]) => letter.repeat(length));
          const whole = Buffer.from(texts.join(""));
          const body = joinBodies(await Promise.all(texts.map((text) => blobs.write(Buffer.from(text)))));
          expect(body.sizeBytes).toBe(whole.length);
          if (whole.length === 0) return;
          const [start, end] = [one % whole.length, other % whole.length].sort((a, b) => a - b) as [number, number];
          expect((await read(openBody(blobs, body))).equals(whole)).toBe(true);
          expect((await read(openBody(blobs, body, { start, end }))).equals(whole.subarray(start, end + 1))).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("may hold the same blob twice and joined bodies itself", async () => {
    const blobs = memoryBlobStore();
    const large = await blobs.write(Buffer.alloc(70_000, "x"));
    const twice = joinBodies([joinBodies([large, large]), await blobs.write(Buffer.from("end"))]);
    expect((await read(openBody(blobs, twice, { start: 69_999, end: 140_002 }))).toString()).toBe(
      "x".repeat(70_001) + "end",
    );
  });

  it("keeps every blob it is made of, until it is let go", async () => {
    const [blobs, store] = [memoryBlobStore(), memoryStore()];
    const [one, other] = [await blobs.write(Buffer.alloc(70_000)), await blobs.write(Buffer.alloc(80_000))];
    const body = joinBodies([one, other]);
    const linked = () =>
      store.read(async (tx) => [await isBlobLinked(tx, one.blobId ?? ""), await isBlobLinked(tx, other.blobId ?? "")]);
    await store.transact(async (tx) => linkBodies(tx, body, ["record"]));
    expect(await linked()).toEqual([true, true]);
    await store.transact(async (tx) => unlinkBodies(tx, body, ["record"]));
    expect(await linked()).toEqual([false, false]);
  });
});
