import { createHash, createHmac } from "node:crypto";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";
import { refusal } from "../../../testing/s3-world.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG";
const Bucket = "chunks";
let cloud: TestCloud;
let s3: S3Client;

beforeAll(async () => {
  cloud = await startCloud({ secretKey: SECRET });
  const credentials = { accessKeyId: "111111111111", secretAccessKey: SECRET };
  s3 = new S3Client({ ...cloud.aws(), credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  s3.destroy();
  await cloud.stop();
});

const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

interface Upload {
  readonly key: string;
  readonly chunks: readonly string[];
  /** Sent after the last chunk, signed. */
  readonly trailer?: string;
  /** Changes the body after it was signed. */
  readonly tamper?: (body: string) => string;
}

/** Puts an object as the SDKs for Java and C++ do over plain HTTP: every chunk signed after the one before it. */
function put({ key, chunks, trailer, tamper = (body) => body }: Upload): Promise<Response> {
  const at = new Date(cloud.engine.clock.nowMs()).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = `${at.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const payload = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer === undefined ? "" : "-TRAILER"}`;
  const signedHeaders: Record<string, string> = {
    host: new URL(cloud.endpoint).host,
    "x-amz-content-sha256": payload,
    "x-amz-date": at,
    "x-amz-decoded-content-length": String(Buffer.byteLength(chunks.join(""))),
    ...(trailer !== undefined && { "x-amz-trailer": trailer.split(":")[0] }),
  };
  const names = Object.keys(signedHeaders).join(";");
  const lines = Object.entries(signedHeaders).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ["PUT", `/${Bucket}/${key}`, "", lines.join(""), names, payload].join("\n");
  const signingKey = hmac(hmac(hmac(hmac(`AWS4${SECRET}`, at.slice(0, 8)), "us-east-1"), "s3"), "aws4_request");
  const sign = (...text: string[]) => hmac(signingKey, text.join("\n")).toString("hex");
  let signature = sign("AWS4-HMAC-SHA256", at, scope, sha256(canonical));
  const authorization =
    `AWS4-HMAC-SHA256 Credential=111111111111/${scope},SignedHeaders=${names},Signature=${signature}`;
  const framed = [...chunks, ""].map((chunk) => {
    signature = sign("AWS4-HMAC-SHA256-PAYLOAD", at, scope, signature, sha256(""), sha256(chunk));
    return `${Buffer.byteLength(chunk).toString(16)};chunk-signature=${signature}\r\n${chunk}${chunk && "\r\n"}`;
  });
  let body = framed.join("");
  if (trailer !== undefined) {
    const last = sign("AWS4-HMAC-SHA256-TRAILER", at, scope, signature, sha256(`${trailer}\n`));
    body += `${trailer}\r\nx-amz-trailer-signature:${last}\r\n`;
  }
  const { host: _, ...headers } = signedHeaders;
  return fetch(`${cloud.endpoint}/${Bucket}/${key}`, {
    method: "PUT",
    headers: { ...headers, authorization, "content-encoding": "aws-chunked" },
    body: tamper(`${body}\r\n`),
  });
}

const textOf = async (Key: string) => (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
/** Of `hello world`. */
const CRC32 = "x-amz-checksum-crc32:DUoRhQ==";
const LARGE = ["a".repeat(65_536), "b".repeat(65_536), "c".repeat(1000)];

describe("with a secret key, a body in signed chunks is stored", () => {
  test("when every signature follows from the one before it", async () => {
    expect((await put({ key: "small", chunks: ["hello ", "world"] })).status).toBe(200);
    expect(await textOf("small")).toBe("hello world");
    expect((await put({ key: "large", chunks: LARGE })).status).toBe(200);
    expect(await textOf("large")).toBe(LARGE.join(""));
    expect((await put({ key: "empty", chunks: [] })).status).toBe(200);
    expect(await textOf("empty")).toBe("");
  });
  test("with a trailer that is signed too", async () => {
    expect((await put({ key: "trailed", chunks: ["hello ", "world"], trailer: CRC32 })).status).toBe(200);
    expect(await textOf("trailed")).toBe("hello world");
  });
  test("not when a byte, a signature or the order of its chunks was changed", async () => {
    const mismatch = ["SignatureDoesNotMatch", 403];
    const of = (tamper: (body: string) => string, chunks: readonly string[]) =>
      refusal(put({ key: "changed", chunks, tamper }));
    expect(await of((body) => body.replace("world", "w0rld"), ["hello ", "world"])).toEqual(mismatch);
    expect(await of((body) => body.replace("b".repeat(9), "c".repeat(9)), LARGE)).toEqual(mismatch);
    expect(await of((body) => body.replaceAll(/;chunk-signature=[0-9a-f]+/g, ""), ["hello"])).toEqual(mismatch);
    expect(await of((body) => body.replace(/(0;chunk-signature=).{64}/, `$1${"0".repeat(64)}`), ["hello"])).toEqual(
      mismatch,
    );
    const swapped = (body: string) => body.replace(/(5;[^;]+)(5;[^;]+)(0;)/, "$2$1$3");
    expect(await of(swapped, ["hello", "world"])).toEqual(mismatch);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "changed" }));
    expect(Contents).toEqual([]);
  });
  test("not when its trailer was changed, or its signature left out", async () => {
    const of = (tamper: (body: string) => string) =>
      refusal(put({ key: "trailer", chunks: ["hello world"], trailer: CRC32, tamper }));
    expect(await of((body) => body.replace(CRC32, "x-amz-checksum-crc32:AAAAAA=="))).toEqual([
      "SignatureDoesNotMatch",
      403,
    ]);
    expect(await of((body) => body.replace(/x-amz-trailer-signature.+\r\n/, ""))).toEqual([
      "MalformedTrailerError",
      400,
    ]);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "trailer" }));
    expect(Contents).toEqual([]);
  });
});
