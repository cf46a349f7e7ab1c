import {
  CopyObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { checksumOf } from "../../../kernel/checksums.ts";
import { s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const HELLO = "M3eFcAZSQlc=";
const SIZES = [0, 5, 4096, 4097, 65_536, 65_537, 300_000];

const bytesOf = (size: number) => Buffer.alloc(size, "0123456789abcdef-");
const told = ({ headers }: Response) => [headers.get("x-amz-checksum-crc64nvme"), headers.get("x-amz-checksum-type")];
const CHECKED = { "x-amz-checksum-mode": "ENABLED" };
/** An object as a client writes it that knows nothing of checksums. */
const plain = async (Bucket: string, Key: string, body: string | Buffer, headers = {}) => {
  const written = await world.raw("PUT", `/${Bucket}/${Key}`, headers, body);
  expect(written.status).toBe(200);
  return written;
};

describe("an object that is written without a checksum has its CRC64NVME", () => {
  test.each(SIZES)("in the answers to its put, GET and HEAD, with %i bytes", async (size) => {
    const Bucket = await world.newBucket();
    const expected = [checksumOf("crc64nvme", bytesOf(size)), "FULL_OBJECT"];
    expect(told(await plain(Bucket, "a", bytesOf(size)))).toEqual(expected);
    expect(told(await world.raw("GET", `/${Bucket}/a`, CHECKED))).toEqual(expected);
    expect(told(await world.raw("HEAD", `/${Bucket}/a`, CHECKED))).toEqual(expected);
    expect(told(await world.raw("HEAD", `/${Bucket}/a`))).toEqual([null, null]);
  });
  test.each([5, 70_000])("of the bytes before they are encrypted, with %i bytes", async (size) => {
    const Bucket = await world.newBucket();
    const headers = { "x-amz-server-side-encryption": "AES256" };
    const expected = [checksumOf("crc64nvme", bytesOf(size)), "FULL_OBJECT"];
    expect(told(await plain(Bucket, "a", bytesOf(size), headers))).toEqual(expected);
    expect(told(await world.raw("HEAD", `/${Bucket}/a`, CHECKED))).toEqual(expected);
  });
  test("also when its body comes in chunks with a length", async () => {
    const Bucket = await world.newBucket();
    const chunked = {
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": "5",
    };
    expect(told(await plain(Bucket, "a", "5\r\nhello\r\n0\r\n\r\n", chunked))).toEqual([HELLO, "FULL_OBJECT"]);
  });
  test("in its attributes", async () => {
    const Bucket = await world.newBucket();
    await plain(Bucket, "a", "hello");
    const { Checksum } = await world.s3.send(
      new GetObjectAttributesCommand({ Bucket, Key: "a", ObjectAttributes: ["Checksum"] }),
    );
    expect(Checksum).toEqual({ ChecksumCRC64NVME: HELLO, ChecksumType: "FULL_OBJECT" });
  });
  test("and lists name its algorithm", async () => {
    const Bucket = await world.newBucket();
    await plain(Bucket, "a", "hello");
    const named = { ChecksumAlgorithm: ["CRC64NVME"], ChecksumType: "FULL_OBJECT" };
    expect((await world.s3.send(new ListObjectsV2Command({ Bucket }))).Contents).toMatchObject([named]);
    expect((await world.s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toMatchObject([named]);
  });
  test("and so has its copy, with the algorithm of another where that is asked for", async () => {
    const Bucket = await world.newBucket();
    await plain(Bucket, "a", "hello");
    const copied = (Key: string, more = {}) =>
      world.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/a`, ...more }));
    expect((await copied("b")).CopyObjectResult).toMatchObject({
      ChecksumCRC64NVME: HELLO,
      ChecksumType: "FULL_OBJECT",
    });
    expect((await copied("c", { ChecksumAlgorithm: "CRC32" })).CopyObjectResult).toMatchObject({
      ChecksumCRC32: "NhCmhg==",
    });
    const { ChecksumCRC64NVME, ChecksumType } = await world.s3.send(
      new HeadObjectCommand({ Bucket, Key: "b", ChecksumMode: "ENABLED" }),
    );
    expect([ChecksumCRC64NVME, ChecksumType]).toEqual([HELLO, "FULL_OBJECT"]);
  });
  test("when it is posted by a form", async () => {
    const Bucket = await world.newBucket();
    const expiration = new Date(world.clock.nowMs() + 60_000).toISOString();
    const policy = { expiration, conditions: [{ bucket: Bucket }, { key: "a" }] };
    const form = new FormData();
    form.set("key", "a");
    form.set("policy", Buffer.from(JSON.stringify(policy)).toString("base64"));
    form.set("AWSAccessKeyId", "111111111111");
    form.set("signature", "unchecked");
    form.set("file", "hello");
    const posted = await fetch(`${world.cloud.endpoint}/${Bucket}`, { method: "POST", body: form });
    expect(posted.status).toBe(204);
    expect(told(posted)).toEqual([HELLO, "FULL_OBJECT"]);
    const { ChecksumCRC64NVME } = await world.s3.send(
      new GetObjectCommand({ Bucket, Key: "a", ChecksumMode: "ENABLED" }),
    );
    expect(ChecksumCRC64NVME).toBe(HELLO);
  });
});

describe("an upload in parts that names no checksum", () => {
  const begun = async () => {
    const Bucket = await world.newBucket();
    const text = await (await world.raw("POST", `/${Bucket}/a?uploads`)).text();
    return { Bucket, uploadId: /<UploadId>([^<]+)/.exec(text)?.[1] ?? "" };
  };
  const FIRST = bytesOf(5 * 1024 ** 2);
  test.each([
    ["of parts without one", {}],
    ["of parts with a CRC32", { "x-amz-checksum-crc32": "NhCmhg==" }],
    ["of parts with a SHA1", { "x-amz-checksum-sha1": "qvTGHdzF6KLavt4PO0gs2a6pQ00=" }],
  ])("has the CRC64NVME of the whole, %s", async (_, headers) => {
    const { Bucket, uploadId } = await begun();
    const part = async (number: number, body: Buffer | string, sums: object) => {
      const query = `partNumber=${number}&uploadId=${uploadId}`;
      const answer = await world.raw("PUT", `/${Bucket}/a?${query}`, { ...sums }, body);
      expect(answer.status).toBe(200);
      return answer.headers;
    };
    const etags = [await part(1, FIRST, {}), await part(2, "hello", headers)].map((one) => one.get("etag"));
    const listed = etags.map((etag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${etag}</ETag></Part>`);
    const body = `<CompleteMultipartUpload>${listed.join("")}</CompleteMultipartUpload>`;
    const done = await (await world.raw("POST", `/${Bucket}/a?uploadId=${uploadId}`, {}, body)).text();
    const whole = checksumOf("crc64nvme", Buffer.concat([FIRST, Buffer.from("hello")]));
    expect(/<ChecksumCRC64NVME>([^<]+)/.exec(done)?.[1]).toBe(whole);
    expect(told(await world.raw("HEAD", `/${Bucket}/a`, CHECKED))).toEqual([whole, "FULL_OBJECT"]);
  });
});
