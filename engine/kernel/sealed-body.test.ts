import { Readable } from "node:stream";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../platform/random.ts";
import type { StoredBody } from "./blobs.ts";
import { md5Digester, md5Hex } from "./checksums.ts";
import { joinBodies, openBody } from "./joined-body.ts";
import { memoryBlobStore } from "./memory-blobs.ts";
import {
  isSealed,
  newSeal,
  openBytes,
  resealed,
  sealBytes,
  sealedBytesOf,
  storedBytesOf,
  unsealed,
  writeSealed,
} from "./sealed-body.ts";

const random = seededRandom(1);
const [key, other] = [Buffer.alloc(32, "k"), Buffer.alloc(32, "o")];
const SEGMENT = 64 * 1024;
const bytesOf = (count: number) => Buffer.from(Array.from({ length: count }, (_, at) => (at * 31 + (at >> 8)) & 0xff));
const LONGEST = bytesOf(3 * SEGMENT);

async function read(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
const blobs = memoryBlobStore();
const seal = (bytes: Buffer, pieceBytes = bytes.length || 1): Promise<StoredBody> => {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  return writeSealed(blobs, Readable.from(pieces, { objectMode: false }), { md5: md5Digester() }, newSeal(random, key));
};
/** Sizes that meet the borders of segments. */
const size = fc.oneof(
  fc.constantFrom(0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 3 * SEGMENT),
  fc.integer({ min: 0, max: 3 * SEGMENT }),
);

describe("a sealed body", () => {
  test("gives every range of what was written, however it came", async () => {
    const range = fc.tuple(fc.nat(), fc.nat());
    await fc.assert(
      fc.asyncProperty(size, fc.integer({ min: 1000, max: 100_000 }), range, async (sizeBytes, piece, [a, b]) => {
        const bytes = LONGEST.subarray(0, sizeBytes);
        const body = await seal(bytes, piece);
        expect([body.sizeBytes, body.digests["md5"]]).toEqual([sizeBytes, md5Hex(bytes)]);
        const opened = unsealed(body, key);
        expect((await read(openBody(blobs, opened))).equals(bytes)).toBe(true);
        if (sizeBytes === 0) return;
        const start = a % sizeBytes;
        const end = start + (b % (sizeBytes - start));
        const part = await read(openBody(blobs, opened, { start, end }));
        expect(part.equals(bytes.subarray(start, end + 1))).toBe(true);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
  test("shows nothing of itself where it is stored, and takes a tag for each segment", async () => {
    const bytes = Buffer.alloc(SEGMENT + 10, "plain text ");
    const body = await seal(bytes);
    expect([storedBytesOf(body), sealedBytesOf(0), sealedBytesOf(SEGMENT)]).toEqual([
      SEGMENT + 10 + 32,
      0,
      SEGMENT + 16,
    ]);
    const { seal: _, ...stored } = body;
    const raw = await read(openBody(blobs, { ...stored, sizeBytes: storedBytesOf(body) }));
    expect(raw.includes("plain text")).toBe(false);
  });
  test("is not opened with another key", async () => {
    const body = await seal(bytesOf(10));
    expect(() => unsealed(body, other)).toThrow("unable to authenticate");
  });
  test("is handed over without being read", async () => {
    const bytes = bytesOf(SEGMENT + 1);
    const handed = resealed(unsealed(await seal(bytes), key), other, random);
    expect(handed.seal?.key).toBe(undefined);
    expect(() => unsealed(handed, key)).toThrow("unable to authenticate");
    expect((await read(openBody(blobs, unsealed(handed, other)))).equals(bytes)).toBe(true);
  });
  test("is joined with others, each with its own key", async () => {
    const parts = [bytesOf(SEGMENT + 5), bytesOf(7), bytesOf(2 * SEGMENT)];
    const joined = joinBodies(await Promise.all(parts.map((part) => seal(part))));
    expect(isSealed(joined)).toBe(true);
    const whole = Buffer.concat(parts);
    const opened = unsealed(joined, key);
    const range = { start: SEGMENT - 3, end: SEGMENT + 30 };
    expect((await read(openBody(blobs, opened, range))).equals(whole.subarray(range.start, range.end + 1))).toBe(true);
    expect((await read(openBody(blobs, opened))).equals(whole)).toBe(true);
  });
});

describe("sealed bytes at hand", () => {
  test("come back, and fail when one of them has changed or two segments have changed places", () => {
    const bytes = bytesOf(2 * SEGMENT);
    const of = newSeal(random, key);
    const sealed = Buffer.from(sealBytes(bytes, of));
    expect(openBytes(sealed, of).equals(bytes)).toBe(true);
    const step = SEGMENT + 16;
    const swapped = Buffer.concat([sealed.subarray(step), sealed.subarray(0, step)]);
    expect(() => openBytes(swapped, of)).toThrow("unable to authenticate");
    sealed[100] = (sealed[100] ?? 0) ^ 1;
    expect(() => openBytes(sealed, of)).toThrow("unable to authenticate");
  });
});
