import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { manualClock, type ManualClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { seededRandom } from "../platform/random.ts";
import { startCloud, type TestCloud } from "../testing/cloud.ts";
import { settleBlobHome } from "./blob-home.ts";
import { linkBody } from "./blob-links.ts";
import { memoryStore } from "./memory.ts";
import { s3BlobPlace, s3BlobStore } from "./s3-blobs.ts";
import { S3Client } from "./s3-client.ts";
import { readS3Location, type S3Location } from "./s3-location.ts";
import { restoreSnapshot, saveSnapshot } from "./snapshot.ts";

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;
const SECRET = "the secret that everything is signed with";
const bytesFrom = (seed: number, length: number) => Buffer.alloc(length, seededRandom(seed).bytes(4093));
const inChunks = (bytes: Buffer) => Readable.from((function* () {
  for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
})(), { objectMode: false });
const nothing = async () => false;

let clock: ManualClock;
let cloud: TestCloud;
beforeAll(async () => {
  clock = manualClock();
  cloud = await startCloud({ clock, secretKey: SECRET });
  await new S3Client(at(""), clock).put("", new Uint8Array());
});
afterAll(() => cloud.stop());

const environment = { credentials: { accessKeyId: "111111111111", secretAccessKey: SECRET } };
const at = (prefix: string, endpoint = cloud.endpoint): S3Location =>
  readS3Location(`s3://bodies/${prefix}?endpoint=${encodeURIComponent(endpoint)}`, environment);
let count = 0;
const open = (prefix = `test-${(count += 1)}`) => {
  const blobs = s3BlobStore(at(prefix), { clock, ids: idsFrom(seededRandom(count + 1)) });
  const s3 = new S3Client(at(prefix), clock);
  const keys = async () => {
    const found: string[] = [];
    for await (const { key } of s3.list()) found.push(key);
    return found;
  };
  const uploads = async () => {
    const found: string[] = [];
    for await (const { key } of s3.listUploads()) found.push(key);
    return found;
  };
  return { prefix, blobs, keys, uploads };
};

describe("blobs in a store that speaks S3", () => {
  test("a blob is one object, named by its id below the prefix; every request is signed", async () => {
    const { prefix, blobs, keys } = open();
    const small = await blobs.write(Buffer.from("stays in its record"));
    expect(small).toMatchObject({ inline: expect.any(Uint8Array) });
    const body = await blobs.write(bytesFrom(1, 100_000));
    expect(await keys()).toEqual([`${prefix}/${body.blobId}`]);
    expect((await buffer(blobs.open(body))).equals(bytesFrom(1, 100_000))).toBe(true);
  });

  test("a body of more than 8 MiB goes out in parts and comes back whole, and in ranges", async () => {
    const { blobs, uploads } = open();
    const bytes = bytesFrom(2, 20 * MIB + 5);
    const body = await blobs.write(inChunks(bytes));
    expect((await buffer(blobs.open(body))).equals(bytes)).toBe(true);
    const range = { start: 8 * MIB - 3, end: 8 * MIB + 3 };
    expect(await buffer(blobs.open(body, range))).toEqual(bytes.subarray(range.start, range.end + 1));
    expect(await uploads()).toEqual([]);
  });

  test("a large body that breaks off leaves neither an object nor an upload", async () => {
    const { blobs, keys, uploads } = open();
    const failure = new Error("connection reset");
    const broken = Readable.from((async function* () {
      yield bytesFrom(3, 9 * MIB);
      yield bytesFrom(3, 9 * MIB);
      throw failure;
    })(), { objectMode: false });
    await expect(blobs.write(broken)).rejects.toBe(failure);
    expect([await keys(), await uploads()]).toEqual([[], []]);
  });

  test("an upload that its process did not live to end is swept a day later, as is a blob made of parts", async () => {
    const { blobs, keys, uploads } = open();
    const cutOff = new Readable({ read() {} });
    void blobs.write(cutOff).catch(() => undefined);
    cutOff.push(bytesFrom(4, 9 * MIB));
    await expect.poll(uploads).toHaveLength(1);
    await blobs.write(bytesFrom(5, 9 * MIB));
    clock.advanceMs(HOUR_MS);
    expect(await blobs.sweep(nothing, HOUR_MS)).toBe(0);
    clock.advanceMs(24 * HOUR_MS);
    expect(await blobs.sweep(nothing, HOUR_MS)).toBe(2);
    expect([await keys(), await uploads()]).toEqual([[], []]);
  });

  test("a sweep leaves alone what is no blob, and what lies below another prefix", async () => {
    const [one, other] = [open("shared/one"), open("shared")];
    await one.blobs.write(bytesFrom(6, 100_000));
    expect(await s3BlobPlace(at("shared"), clock).claim("me")).toBe(true);
    clock.advanceMs(HOUR_MS);
    expect(await other.blobs.sweep(nothing, 0)).toBe(0);
    expect(await one.blobs.sweep(nothing, 0)).toBe(1);
    expect(await other.keys()).toEqual(["shared/owner.txt"]);
  });

  test("a sweep looks through more objects than one listing tells", { timeout: 60_000 }, async () => {
    const { blobs } = open();
    const bodies = await Promise.all(Array.from({ length: 1003 }, (_, i) =>
      blobs.restore(`blob${i}`, Readable.from([Buffer.from("x")]))));
    clock.advanceMs(HOUR_MS);
    expect(await blobs.sweep(async (id) => id === "blob7", 0)).toBe(bodies.length - 1);
  });

  test("an object that is missing or too short is an error, never a short body", async () => {
    const { blobs } = open();
    const body = await blobs.write(bytesFrom(7, 100_000));
    const longer = { ...body, sizeBytes: 100_001 };
    await expect(buffer(blobs.open(longer))).rejects.toMatchObject({ name: "BlobDamaged" });
    expect(await buffer(blobs.open(longer, { start: 0, end: 9 }))).toHaveLength(10);
    const gone = { sizeBytes: 100_000, blobId: "0123456789abcdef", digests: {} };
    await expect(buffer(blobs.open(gone))).rejects.toMatchObject({ name: "BlobDamaged" });
  });

  test("ids that lead out of the prefix are refused", async () => {
    await expect(open().blobs.restore("../other", Readable.from(["x"]))).rejects.toThrow("a blob's id is");
  });

  test("what the store refuses is told in its own words", async () => {
    const wrong = readS3Location(`s3://bodies/x?endpoint=${encodeURIComponent(cloud.endpoint)}`, {
      credentials: { accessKeyId: "111111111111", secretAccessKey: "guessed" },
    });
    const blobs = s3BlobStore(wrong, { clock, ids: idsFrom(seededRandom(1)) });
    const { host } = new URL(cloud.endpoint);
    await expect(blobs.write(bytesFrom(8, 100_000))).rejects.toMatchObject({
      name: "StoreUnavailable",
      message: `The bodies in s3://bodies/x/ at ${host} cannot be used: it answered 403, SignatureDoesNotMatch: `
        + "The request signature we calculated does not match the signature you provided. "
        + "Check your key and signing method.",
    });
  });
});

describe("a store that fails now and then", () => {
  let server: Server | undefined;
  afterEach(() => new Promise((resolve) => server?.close(resolve)));
  /** An S3 that answers as `answers` says, one after the other, and then as the real one would. */
  const faulty = async (...answers: ("503" | "cut" | "half")[]) => {
    const asked: string[] = [];
    server = createServer((incoming, outgoing) => {
      asked.push(`${incoming.method} ${incoming.headers.range ?? ""}`.trim());
      const answer = answers.shift();
      void buffer(incoming).then(() => {
        if (answer === "503") return outgoing.writeHead(503).end("<Error><Code>SlowDown</Code></Error>");
        if (answer === "cut") return outgoing.destroy();
        if (incoming.method !== "GET") return outgoing.end();
        const [start = 0, end = 0] = (/\d+-\d+/.exec(incoming.headers.range ?? "")?.[0] ?? "").split("-").map(Number);
        outgoing.writeHead(206, { "content-length": end - start + 1 });
        const bytes = bytesFrom(9, 1_000_000).subarray(start, end + 1);
        if (answer === "half") return outgoing.write(bytes.subarray(0, 400_000), () => outgoing.destroy());
        outgoing.end(bytes);
      });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server?.once("listening", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { asked, endpoint, blobs: s3BlobStore(at("x", endpoint), { clock, ids: idsFrom(seededRandom(1)) }) };
  };

  test("is asked again", async () => {
    const { blobs, asked } = await faulty("503", "cut");
    await blobs.write(bytesFrom(9, 1_000_000));
    expect(asked).toEqual(["PUT", "PUT", "PUT"]);
  });

  test("is given up in the end, with what it said last", async () => {
    const { blobs, endpoint } = await faulty("cut", "cut", "cut", "503");
    const { host } = new URL(endpoint);
    const message = `The bodies in s3://bodies/x/ at ${host} cannot be used: it answered 503, SlowDown.`;
    await expect(blobs.write(bytesFrom(9, 1_000_000))).rejects.toMatchObject({ name: "StoreUnavailable", message });
  });

  test("and breaks a body off is read on from where it broke", async () => {
    const { blobs, asked } = await faulty("half", "half");
    const body = { sizeBytes: 1_000_000, blobId: "0123456789abcdef", digests: {} };
    expect((await buffer(blobs.open(body))).equals(bytesFrom(9, 1_000_000))).toBe(true);
    expect(asked).toEqual(["GET bytes=0-999999", "GET bytes=400000-999999", "GET bytes=800000-999999"]);
  });

  test("or cannot be reached is named", async () => {
    const { blobs, endpoint } = await faulty();
    await new Promise((resolve) => server?.close(resolve));
    await expect(blobs.write(bytesFrom(9, 100_000))).rejects.toMatchObject({
      name: "StoreUnavailable",
      message: expect.stringContaining(`cannot be used: connect ECONNREFUSED ${new URL(endpoint).host}`),
    });
  });
});

describe("a store and the place of its bodies", () => {
  const ids = idsFrom(seededRandom(3));
  const place = (prefix: string) => s3BlobPlace(at(prefix), clock);

  test("stay together", async () => {
    const store = memoryStore();
    await settleBlobHome(store, ids, place("home"));
    await settleBlobHome(store, ids, place("home"));
    await expect(settleBlobHome(store, ids, place("elsewhere"))).rejects.toThrow(
      "The bodies of this store are in s3://bodies/home/, and not in s3://bodies/elsewhere/.");
    await expect(settleBlobHome(store, ids, undefined)).rejects.toThrow("give --blobs with that place");
  });

  test("are refused when another store has its bodies there, which may go elsewhere then", async () => {
    await settleBlobHome(memoryStore(), ids, place("taken"));
    const second = memoryStore();
    await expect(settleBlobHome(second, ids, place("taken"))).rejects.toThrow("belong to another store");
    await settleBlobHome(second, ids, place("free"));
  });

  test("stay together when a snapshot of another store is restored", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cloudstacks-home-"));
    const [here, there] = [memoryStore(), memoryStore()];
    await settleBlobHome(here, ids, place("here"));
    await settleBlobHome(there, ids, place("there"));
    await here.transact(async (tx) => tx.set(["record"], "from here"));
    await saveSnapshot(here, join(folder, "saved"));
    await restoreSnapshot(there, join(folder, "saved"));
    rmSync(folder, { recursive: true });
    expect(await there.read((tx) => tx.get(["record"]))).toBe("from here");
    await settleBlobHome(there, ids, place("there"));
  });

  test("are refused when the store has bodies in files", async () => {
    const store = memoryStore();
    await store.transact(async (tx) => linkBody(tx, { sizeBytes: 1, blobId: "abcdef", digests: {} }, ["x"]));
    await settleBlobHome(store, ids, undefined);
    await expect(settleBlobHome(store, ids, place("files"))).rejects.toThrow("has bodies in files already");
  });
});

describe("a place for bodies", () => {
  test("is read from what the user writes and from the environment", () => {
    const read = readS3Location("s3://b-1/a/b/?endpoint=http://127.0.0.1:4566&region=eu-west-1", environment);
    expect(read).toEqual({
      bucket: "b-1", prefix: "a/b/", endpoint: new URL("http://127.0.0.1:4566"), region: "eu-west-1",
      credentials: environment.credentials,
    });
    const { endpoint, prefix } = readS3Location("s3://b-1", { ...environment, region: "eu-north-1" });
    expect([endpoint.href, prefix]).toEqual(["https://s3.eu-north-1.amazonaws.com/", ""]);
  });

  test.each([
    ["nowhere", "it is not a URL"],
    ["http://bucket", "it names no bucket"],
    ["s3://user:secret@bucket", "credentials stay out of it"],
    ["s3://bucket?path=x", '"path" is not known'],
    ["s3://bucket/a b", "its prefix has characters"],
    ["s3://bucket?endpoint=ftp://x", "its endpoint is not an http or https URL"],
  ])("is refused when it is written %s", (text, why) => {
    expect(() => readS3Location(text, environment)).toThrow(why);
  });

  test("needs credentials", () => {
    expect(() => readS3Location("s3://bucket", {})).toThrow("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  });
});
