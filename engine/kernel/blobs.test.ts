import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { manualClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { seededRandom } from "../platform/random.ts";
import { startCloud, type TestCloud } from "../testing/cloud.ts";
import { type BlobStore, type Digester, INLINE_BYTES_MAX } from "./blobs.ts";
import { fileBlobStore } from "./file-blobs.ts";
import { memoryBlobStore } from "./memory-blobs.ts";
import { s3BlobStore } from "./s3-blobs.ts";
import { S3Client } from "./s3-client.ts";
import { readS3Location } from "./s3-location.ts";

const HOUR_MS = 3_600_000;
const nothing = async () => false;
const everything = async () => true;

const md5 = (): Digester => {
  const hash = createHash("md5");
  return { update: (chunk) => hash.update(chunk), hex: () => hash.digest("hex") };
};
const md5Of = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
const bytesFrom = (seed: number, length: number) => {
  const block = seededRandom(seed).bytes(Math.min(length, 4093));
  return Buffer.alloc(length, block);
};
/** A stream of `bytes` in chunks of `chunkBytes`, as a socket would give them. */
const inChunks = (bytes: Buffer, chunkBytes: number) => Readable.from((function* () {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
})(), { objectMode: false });
/** A body that fails after `bytes`. */
const brokenAfter = (bytes: Buffer, failure: Error) => Readable.from((async function* () {
  yield bytes;
  throw failure;
})(), { objectMode: false });

const clouds: TestCloud[] = [];
const folders: string[] = [];
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloudstacks-blobs-"));
  folders.push(folder);
  return folder;
};
afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const clockAndIds = () => ({ clock: manualClock(), ids: idsFrom(seededRandom(7)) });
const STORES = [
  {
    name: "memory", open: async () => {
      const parts = clockAndIds();
      return { ...parts, blobs: memoryBlobStore(parts) };
    },
  },
  {
    name: "files", open: async () => {
      const parts = clockAndIds();
      return { ...parts, blobs: fileBlobStore(await newFolder(), parts) };
    },
  },
  {
    // The S3 of another engine whose time is the same.
    name: "a bucket", open: async () => {
      const parts = clockAndIds();
      const cloud = await startCloud({ clock: parts.clock });
      clouds.push(cloud);
      const credentials = { accessKeyId: "111111111111", secretAccessKey: "secret" };
      const location = readS3Location(`s3://bodies/here?endpoint=${cloud.endpoint}`, { credentials });
      await new S3Client(location, parts.clock).put("", new Uint8Array());
      return { ...parts, blobs: s3BlobStore(location, parts) };
    },
  },
];

for (const kind of STORES) describe(`blobs in ${kind.name}`, () => {
  test("a body of 64 KiB stays in its record, one byte more becomes a blob", async () => {
    const { blobs } = await kind.open();
    const small = bytesFrom(1, INLINE_BYTES_MAX);
    const large = bytesFrom(2, INLINE_BYTES_MAX + 1);
    for (const asBody of [(bytes: Buffer) => bytes, (bytes: Buffer) => inChunks(bytes, 1000)]) {
      const inline = await blobs.write(asBody(small));
      expect(inline).toEqual({ sizeBytes: 65_536, inline: expect.any(Uint8Array), digests: {} });
      expect(small.equals(inline.inline ?? Buffer.alloc(0))).toBe(true);
      const blobId: unknown = expect.stringMatching(/^[0-9a-f]{32}$/);
      expect(await blobs.write(asBody(large))).toEqual({ sizeBytes: 65_537, blobId, digests: {} });
    }
  });

  test("an empty body is a body", async () => {
    const { blobs } = await kind.open();
    for (const empty of [new Uint8Array(), Readable.from([])]) {
      const body = await blobs.write(empty, { md5: md5() });
      expect(body).toEqual({
        sizeBytes: 0, inline: expect.any(Uint8Array), digests: { md5: "d41d8cd98f00b204e9800998ecf8427e" },
      });
      expect(await buffer(blobs.open(body))).toEqual(Buffer.alloc(0));
    }
  });

  test("digesters see every byte once, inline or not", async () => {
    const { blobs } = await kind.open();
    for (const lengthBytes of [10, INLINE_BYTES_MAX, 3_000_000]) {
      const bytes = bytesFrom(lengthBytes, lengthBytes);
      expect((await blobs.write(bytes, { md5: md5() })).digests).toEqual({ md5: md5Of(bytes) });
      expect((await blobs.write(inChunks(bytes, 5000), { md5: md5() })).digests).toEqual({ md5: md5Of(bytes) });
    }
  });

  test("what was written is read back, for any sizes of body and chunk and any range", async () => {
    const { blobs } = await kind.open();
    const between = (min: number, max: number) => fc.integer({ min, max });
    const lengths = fc.oneof(between(1, 2000), between(60_000, 70_000), fc.constant(700_000));
    const chunks = between(500, 300_000);
    await fc.assert(fc.asyncProperty(lengths, chunks, fc.nat(), fc.nat(), async (length, chunk, a, b) => {
      const bytes = bytesFrom(length, length);
      const body = await blobs.write(inChunks(bytes, chunk));
      expect((await buffer(blobs.open(body))).equals(bytes)).toBe(true);
      const start = a % length;
      const end = start + (b % length);
      expect((await buffer(blobs.open(body, { start, end }))).equals(bytes.subarray(start, end + 1))).toBe(true);
    }), { numRuns: 40, seed: 1 });
  });

  test("a body that breaks off or fails is refused with its failure and leaves nothing behind", async () => {
    const { blobs, clock } = await kind.open();
    const failure = new Error("connection reset");
    for (const lengthBytes of [100, 500_000]) {
      await expect(blobs.write(brokenAfter(bytesFrom(3, lengthBytes), failure))).rejects.toBe(failure);
      const cutOff = new Readable({ read() {} });
      cutOff.push(bytesFrom(3, lengthBytes));
      setImmediate(() => cutOff.destroy());
      await expect(blobs.write(cutOff)).rejects.toThrow("The body broke off before its end.");
      await expect(blobs.write(cutOff)).rejects.toThrow("The body broke off before its end.");
    }
    clock.advanceMs(1);
    expect(await blobs.sweep(nothing, 0)).toBe(0);
  });

  test("a body that was already read is refused", async () => {
    const { blobs } = await kind.open();
    const body = Readable.from([Buffer.from("once")]);
    await buffer(body);
    await expect(blobs.write(body)).rejects.toThrow("The body was already read.");
  });

  test("a digester that throws refuses the body", async () => {
    const { blobs } = await kind.open();
    const strict: Digester = { update() { throw new Error("bad chunk"); }, hex: () => "" };
    await expect(blobs.write(inChunks(bytesFrom(4, 10), 5), { strict })).rejects.toThrow("bad chunk");
    await expect(blobs.write(bytesFrom(4, 10), { strict })).rejects.toThrow("bad chunk");
  });

  test("parts join in order, whether inline or blobs", async () => {
    const { blobs } = await kind.open();
    const parts = [bytesFrom(1, 100), bytesFrom(2, 600_000), Buffer.alloc(0), bytesFrom(3, 70_000)];
    const bodies = [];
    for (const part of parts) bodies.push(await blobs.write(part));
    const whole = Buffer.concat(parts);
    const joined = await blobs.concat(bodies, { md5: md5() });
    expect(joined).toMatchObject({ sizeBytes: 670_100, digests: { md5: md5Of(whole) } });
    expect((await buffer(blobs.open(joined))).equals(whole)).toBe(true);
    expect(await blobs.concat(bodies.slice(0, 1))).toMatchObject({ sizeBytes: 100, inline: expect.any(Uint8Array) });
  });

  test("joining refuses when a part is gone", async () => {
    const { blobs, clock } = await kind.open();
    const part = await blobs.write(bytesFrom(1, 100_000));
    clock.advanceMs(HOUR_MS);
    await blobs.sweep(nothing, 0);
    await expect(blobs.concat([part, part])).rejects.toThrow(/missing/);
  });

  test("a sweep deletes blobs that are old and that no record points to", async () => {
    const { blobs, clock } = await kind.open();
    const used = await blobs.write(bytesFrom(1, 100_000));
    const orphan = await blobs.write(bytesFrom(2, 100_000));
    clock.advanceMs(HOUR_MS);
    const young = await blobs.write(bytesFrom(3, 100_000));
    const isUsed = async (blobId: string) => blobId === used.blobId;
    expect(await blobs.sweep(isUsed, HOUR_MS)).toBe(1);
    await expect(buffer(blobs.open(orphan))).rejects.toThrow(/missing/);
    expect(await buffer(blobs.open(used))).toHaveLength(100_000);
    expect(await buffer(blobs.open(young))).toHaveLength(100_000);
    expect(await blobs.sweep(isUsed, HOUR_MS)).toBe(0);
  });

  test("a read that began before its blob is deleted ends whole", async () => {
    const { blobs, clock } = await kind.open();
    const bytes = bytesFrom(5, 2_000_000);
    const chunks: Uint8Array[] = [];
    for await (const chunk of blobs.open(await blobs.write(bytes))) {
      if (chunks.push(chunk as Uint8Array) > 1) continue;
      clock.advanceMs(HOUR_MS);
      expect(await blobs.sweep(nothing, 0)).toBe(1);
    }
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });

  test("a blob restored under its id is what its records read", async () => {
    const [source, target] = [await kind.open(), await kind.open()];
    const small = Buffer.from("even a small blob stays a blob");
    const body = await source.blobs.write(bytesFrom(6, 300_000));
    await target.blobs.restore(body.blobId ?? "", source.blobs.open(body));
    await target.blobs.restore("0123456789abcdef", Readable.from([small]));
    expect((await buffer(target.blobs.open(body))).equals(bytesFrom(6, 300_000))).toBe(true);
    const pointer = { blobId: "0123456789abcdef", sizeBytes: small.length, digests: {} };
    expect(await buffer(target.blobs.open(pointer))).toEqual(small);
  });
});

const filesBelow = async (folder: string) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
};
const openFiles = async () => {
  const folder = await newFolder();
  return { folder, open: (parts = clockAndIds()): BlobStore => fileBlobStore(folder, parts) };
};

describe("blob files", () => {
  test("a small body costs no file", async () => {
    const { folder, open } = await openFiles();
    await open().write(Readable.from([Buffer.from("hello")]));
    expect(await readdir(folder)).toEqual([]);
  });

  test("a blob outlives its process, under its id, in a folder named by its first digits", async () => {
    const { folder, open } = await openFiles();
    const body = await open().write(bytesFrom(1, 100_000));
    expect(await filesBelow(folder)).toEqual([body.blobId]);
    expect(await readdir(folder)).toContain(body.blobId?.slice(0, 2));
    expect((await buffer(open().open(body))).equals(bytesFrom(1, 100_000))).toBe(true);
  });

  test("a body is never whole in memory: its sender waits for the disk", async () => {
    const { open } = await openFiles();
    let sentBytes = 0;
    let aheadBytesMax = 0;
    let seenBytes = 0;
    const block = bytesFrom(1, 64 * 1024);
    const body = new Readable({
      read() {
        aheadBytesMax = Math.max(aheadBytesMax, sentBytes - seenBytes);
        sentBytes += block.length;
        this.push(sentBytes <= 64 * 1024 * 1024 ? block : null);
      },
    });
    const counter: Digester = { update: (chunk) => { seenBytes += chunk.byteLength; }, hex: () => "" };
    expect((await open().write(body, { counter })).sizeBytes).toBe(64 * 1024 * 1024);
    expect(aheadBytesMax).toBeLessThan(512 * 1024);
  });

  test("what a crashed process was writing is swept by the next one, a running upload is not", async () => {
    const { folder, open } = await openFiles();
    const crashed = new Readable({ read() {} });
    void open().write(crashed).catch(() => undefined);
    crashed.push(bytesFrom(1, 1_000_000));
    await expect.poll(() => filesBelow(folder)).toHaveLength(1);
    const parts = clockAndIds();
    const next = fileBlobStore(folder, { clock: parts.clock, ids: idsFrom(seededRandom(8)) });
    const running = new Readable({ read() {} });
    const writing = next.write(running);
    running.push(bytesFrom(2, 1_000_000));
    await expect.poll(() => filesBelow(folder)).toHaveLength(2);
    expect(await next.sweep(nothing, 0)).toBe(1);
    running.push(null);
    expect((await buffer(next.open(await writing))).equals(bytesFrom(2, 1_000_000))).toBe(true);
  });

  test("a file that is missing or too short is an error, never a short body", async () => {
    const { folder, open } = await openFiles();
    const blobs = open();
    const body = await blobs.write(bytesFrom(1, 1_000_000));
    const id = body.blobId ?? "";
    const path = join(folder, id.slice(0, 2), id);
    await truncate(path, 999_999);
    await expect(buffer(blobs.open(body))).rejects.toMatchObject({ name: "BlobDamaged" });
    const lastTen = { start: 999_990, end: 999_999 };
    await expect(buffer(blobs.open(body, lastTen))).rejects.toMatchObject({ name: "BlobDamaged" });
    expect(await buffer(blobs.open(body, { start: 0, end: 9 }))).toHaveLength(10);
    await unlink(path);
    await expect(buffer(blobs.open(body))).rejects.toMatchObject({ name: "BlobDamaged" });
  });

  test("a disk that cannot be written refuses the body with the system's reason", async () => {
    const { folder } = await openFiles();
    await writeFile(join(folder, "in-the-way"), "");
    const blobs = fileBlobStore(join(folder, "in-the-way"), clockAndIds());
    await expect(blobs.write(inChunks(bytesFrom(1, 1_000_000), 10_000))).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  test("ids that lead out of the folder are refused", async () => {
    const { open } = await openFiles();
    await expect(open().restore("../../etc", Readable.from(["x"]))).rejects.toThrow("a blob's id is");
  });

  test("a sweep that finds every blob in use deletes none, and other files are left alone", async () => {
    const { folder, open } = await openFiles();
    const blobs = open();
    await blobs.write(bytesFrom(1, 100_000));
    expect(await blobs.sweep(everything, -HOUR_MS)).toBe(0);
    expect(await filesBelow(folder)).toHaveLength(1);
  });
});
