import { createHash } from "node:crypto";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetBucketEncryptionCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutBucketEncryptionCommand,
  DeleteBucketEncryptionCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { startingWith } from "../../../kernel/key.ts";
import { openBody } from "../../../kernel/joined-body.ts";
import type { StoredBody } from "../../../kernel/blobs.ts";
import { storedBytesOf } from "../../../kernel/sealed-body.ts";
import { failure, refusal, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const PLAIN = "this must not be found at rest ".repeat(10);
const LARGE = "0123456789abcdef".repeat(20_000);

const customer = (letter: string) => {
  const key = Buffer.alloc(32, letter);
  return {
    SSECustomerAlgorithm: "AES256",
    SSECustomerKey: key.toString("base64"),
    SSECustomerKeyMD5: createHash("md5").update(key).digest("base64"),
  };
};
const [mine, other] = [customer("k"), customer("o")];

/** Everything of a bucket as it lies in the store and in the blobs. */
async function atRest(): Promise<string> {
  const { store, blobs } = world.cloud.engine;
  const entries = await store.read((tx) => tx.range(startingWith(["objects"]), { limit: 10_000 }));
  const texts: string[] = [];
  const collect = async (value: unknown): Promise<void> => {
    if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString("latin1"));
    else if (typeof value === "object" && value !== null) {
      const { blobId } = value as StoredBody;
      if (blobId !== undefined) {
        const sizeBytes = storedBytesOf(value as StoredBody);
        const chunks: Buffer[] = [];
        for await (const chunk of openBody(blobs, { blobId, sizeBytes, digests: {} })) chunks.push(chunk as Buffer);
        texts.push(Buffer.concat(chunks).toString("latin1"));
      }
      for (const part of Object.values(value)) await collect(part);
    }
  };
  for (const { value } of entries) await collect(value);
  return texts.join("\n");
}

describe("at rest", () => {
  test.each([
    ["SSE-S3", { ServerSideEncryption: "AES256" }],
    ["SSE-KMS", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: "arn:aws:kms:us-east-1:111111111111:key/a" }],
    ["SSE-C", mine],
  ])("nothing of a body shows under %s, and its reader gets it whole", async (_, asked) => {
    const Bucket = await world.newBucket();
    const reading = "SSECustomerKey" in asked ? asked : {};
    await world.put(Bucket, "small", PLAIN, asked);
    await world.put(Bucket, "large", LARGE, asked);
    const kept = await atRest();
    expect([kept.includes("must not be found"), kept.includes("0123456789abcdef")]).toEqual([false, false]);
    expect(await world.text(Bucket, "small", reading)).toBe(PLAIN);
    expect(await world.text(Bucket, "large", reading)).toBe(LARGE);
    expect(await world.text(Bucket, "large", { ...reading, Range: "bytes=65530-131080" })).toBe(
      LARGE.slice(65_530, 131_081),
    );
    expect(await world.text(Bucket, "large", { ...reading, Range: "bytes=-5" })).toBe(LARGE.slice(-5));
    expect(await world.text(Bucket, "small", { ...reading, Range: "bytes=5-8" })).toBe(PLAIN.slice(5, 9));
  });
  test("an empty body is empty", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "", mine);
    expect(await world.text(Bucket, "a", mine)).toBe("");
  });
  test("a bucket's default holds for writers that say nothing", async () => {
    const Bucket = await world.newBucket();
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: "k-1" } }];
    await world.s3.send(
      new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
    );
    await world.put(Bucket, "a", "a default seals this too");
    const told = await world.s3.send(new HeadObjectCommand({ Bucket, Key: "a" }));
    expect([told.ServerSideEncryption, told.SSEKMSKeyId]).toEqual(["aws:kms", "k-1"]);
    expect(await atRest()).not.toContain("a default seals this too");
    expect(await world.text(Bucket, "a")).toBe("a default seals this too");
    await world.s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
    const { ServerSideEncryptionConfiguration: now } = await world.s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(now?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: "AES256" });
  });
  test("a checksum is that of the body, not of what is stored", async () => {
    const Bucket = await world.newBucket();
    await world.raw("PUT", `/${Bucket}/a`, { "x-amz-server-side-encryption": "AES256" }, "hello");
    const told = await world.s3.send(new HeadObjectCommand({ Bucket, Key: "a", ChecksumMode: "ENABLED" }));
    expect([told.ChecksumCRC64NVME, told.ETag, told.ContentLength]).toEqual([
      "M3eFcAZSQlc=",
      '"5d41402abc4b2a76b9719d911017c592"',
      5,
    ]);
  });
});

describe("a customer's key", () => {
  const get = (Bucket: string, more: object) => world.s3.send(new GetObjectCommand({ Bucket, Key: "a", ...more }));

  test("is told by its digest, and not kept", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1", mine);
    const told = await get(Bucket, mine);
    expect([told.SSECustomerAlgorithm, told.SSECustomerKeyMD5, told.ServerSideEncryption]).toEqual([
      "AES256",
      mine.SSECustomerKeyMD5,
      undefined,
    ]);
    expect(await atRest()).not.toContain("k".repeat(32));
  });
  test("must be shown to read, and the right one", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1", mine);
    expect(await failure(get(Bucket, {}))).toEqual(["InvalidRequest", 400]);
    expect(await failure(get(Bucket, other))).toEqual(["AccessDenied", 403]);
    expect((await failure(world.s3.send(new HeadObjectCommand({ Bucket, Key: "a" }))))?.[1]).toBe(400);
  });
  test("is refused for an object that is not sealed with one", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1");
    expect(await failure(get(Bucket, mine))).toEqual(["InvalidRequest", 400]);
  });
  test("that does not fit its digest, or has no 32 bytes, is InvalidArgument", async () => {
    const Bucket = await world.newBucket();
    const put = (algorithm: string, key: string, digest: string) => {
      const name = "x-amz-server-side-encryption-customer";
      const headers = { [`${name}-algorithm`]: algorithm, [`${name}-key`]: key, [`${name}-key-md5`]: digest };
      return refusal(world.raw("PUT", `/${Bucket}/a`, headers, "1"));
    };
    const [key, digest] = [mine.SSECustomerKey, mine.SSECustomerKeyMD5];
    expect(await put("AES256", key, other.SSECustomerKeyMD5)).toEqual(["InvalidArgument", 400]);
    expect(await put("AES256", Buffer.from("short").toString("base64"), digest)).toEqual(["InvalidArgument", 400]);
    expect(await put("ROT13", key, digest)).toEqual(["InvalidEncryptionAlgorithmError", 400]);
  });
});

describe("a copy of a sealed object", () => {
  test("is sealed as the copy says, whatever its source was", async () => {
    const [from, Bucket] = [await world.newBucket(), await world.newBucket()];
    await world.put(from, "a", LARGE, mine);
    const source = {
      CopySourceSSECustomerAlgorithm: mine.SSECustomerAlgorithm,
      CopySourceSSECustomerKey: mine.SSECustomerKey,
      CopySourceSSECustomerKeyMD5: mine.SSECustomerKeyMD5,
    };
    const copy = (Key: string, more: object) =>
      world.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${from}/a`, ...more }));
    await copy("plain", source);
    await copy("kms", { ...source, ServerSideEncryption: "aws:kms" });
    await copy("other", { ...source, ...other });
    expect(await world.text(Bucket, "plain")).toBe(LARGE);
    expect(await world.text(Bucket, "kms")).toBe(LARGE);
    expect(await world.text(Bucket, "other", other)).toBe(LARGE);
    expect(await failure(copy("none", {}))).toEqual(["InvalidRequest", 400]);
  });
});

describe("an upload in parts under a customer's key", () => {
  test("is sealed part by part, each with the key", async () => {
    const Bucket = await world.newBucket();
    const Key = "a";
    const { UploadId } = await world.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...mine }));
    const part = (PartNumber: number, Body: string, key: object) =>
      world.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...key }));
    const first = "x".repeat(5 * 1024 ** 2);
    expect(await failure(part(1, first, {}))).toEqual(["InvalidRequest", 400]);
    expect(await failure(part(1, first, other))).toEqual(["AccessDenied", 403]);
    const [one, two] = [await part(1, first, mine), await part(2, "end", mine)];
    const Parts = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];
    const ref = { Bucket, Key, UploadId };
    const complete = (key: object) =>
      world.s3.send(new CompleteMultipartUploadCommand({ ...ref, MultipartUpload: { Parts }, ...key }));
    // The key is not needed to list and to join what is sealed; one that is shown must be the right one.
    expect(await failure(world.s3.send(new ListPartsCommand({ ...ref, ...other })))).toEqual(["AccessDenied", 403]);
    expect((await world.s3.send(new ListPartsCommand({ ...ref, ...mine }))).Parts?.length).toBe(2);
    expect(await failure(complete(other))).toEqual(["AccessDenied", 403]);
    await complete(mine);
    expect(await world.text(Bucket, Key, { ...mine, Range: "bytes=5242877-" })).toBe("xxxend");
    expect((await world.text(Bucket, Key, mine))?.length).toBe(first.length + 3);
    expect(await failure(world.text(Bucket, Key))).toEqual(["InvalidRequest", 400]);
  });
});
