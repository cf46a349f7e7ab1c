import { Readable } from "node:stream";
import { array, assert, asyncProperty, boolean, integer, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { base64OfHex, checksumDigester } from "../../../kernel/checksums.ts";
import type { WireRequest } from "../../wire.ts";
import { readAll } from "../request-body.ts";
import { headersWithoutChunking, objectBody, readCheckedBody } from "./s3-body.ts";

const BIG = 100_000;

function requestOf(headers: WireRequest["headers"], chunks: readonly (string | Buffer)[]): WireRequest {
  const body = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  return { method: "PUT", path: "/b/k", query: "", headers, body, isSecure: false, host: "h", requestId: "r" };
}

async function objectOf(headers: WireRequest["headers"], ...chunks: (string | Buffer)[]): Promise<string> {
  const body = await objectBody(requestOf(headers, chunks));
  return (Buffer.isBuffer(body) ? body : await readAll(body)).toString();
}

const crc32Of = (text: string) => {
  const digester = checksumDigester("crc32");
  digester.update(Buffer.from(text));
  return base64OfHex(digester.hex());
};
const read = (headers: WireRequest["headers"]) => readCheckedBody(requestOf(headers, ["hello"]));
const framed = (length: number) => ({
  "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "x-amz-decoded-content-length": String(length),
});
const failureOf = (code: string) => ({ failure: { code, status: 400 } });

describe("the body of an S3 upload", () => {
  test("loses its frames, its signatures and its trailer", async () => {
    const signature = "a".repeat(64);
    const signed = {
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      "x-amz-decoded-content-length": "11",
    };
    expect(
      await objectOf(
        signed,
        `5;chunk-signature=${signature}\r\nhello\r\n6;chunk-sig`,
        `nature=${signature}\r\n world\r\n0;chunk-signature=${signature}\r\n\r\n`,
      ),
    ).toBe("hello world");
    const trailing = { ...framed(5), "x-amz-trailer": "x-amz-checksum-crc32" };
    expect(await objectOf(trailing, `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crc32Of("hello")}\r\n\r\n`)).toBe(
      "hello",
    );
  });

  test("is the same however the network cuts it", async () => {
    await assert(
      asyncProperty(
        array(string({ minLength: 1 }), { maxLength: 6 }),
        integer({ min: 1, max: 7 }),
        boolean(),
        async (texts, cut, isBig) => {
          const start = isBig ? "x".repeat(BIG) : "";
          const content = start + texts.join("");
          const chunks = texts.map((text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`).join("");
          const wire = Buffer.from(`${chunks}0\r\nx-amz-checksum-crc32:${crc32Of(content)}\r\n\r\n`);
          const pieces = Array.from({ length: Math.ceil(wire.length / cut) }, (_, i) =>
            wire.subarray(i * cut, (i + 1) * cut),
          );
          const headers = { ...framed(Buffer.byteLength(content)), "x-amz-trailer": "x-amz-checksum-crc32" };
          const before = isBig ? [`${BIG.toString(16)}\r\n${start}\r\n`] : [];
          expect((await objectOf(headers, ...before, ...pieces)) === content).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("of large size is streamed and fails at its end when its trailer does not fit", async () => {
    const text = "x".repeat(BIG);
    const wire = (sum: string) => [`${BIG.toString(16)}\r\n`, text, `\r\n0\r\nx-amz-checksum-crc32:${sum}\r\n\r\n`];
    const headers = { ...framed(BIG), "x-amz-trailer": "x-amz-checksum-crc32" };
    expect(await objectOf(headers, ...wire(crc32Of(text)))).toBe(text);
    await expect(objectOf(headers, ...wire("AAAAAA=="))).rejects.toMatchObject(failureOf("BadDigest"));
  });

  test("is refused when it is cut off, longer or shorter than announced, or not framed well", async () => {
    await expect(objectOf(framed(5), "5\r\nhel")).rejects.toMatchObject(failureOf("IncompleteBody"));
    await expect(objectOf(framed(4), "5\r\nhello\r\n0\r\n\r\n")).rejects.toMatchObject(failureOf("IncompleteBody"));
    await expect(objectOf(framed(5), "zz\r\nhello\r\n")).rejects.toMatchObject(failureOf("InvalidRequest"));
    await expect(
      objectOf({ ...framed(5), "x-amz-trailer": "x-amz-checksum-crc32" }, "5\r\nhello\r\n0\r\n\r\n"),
    ).rejects.toMatchObject(failureOf("MalformedTrailerError"));
  });

  test("must have the hash that its signature covers", async () => {
    const sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    expect(await objectOf({ "x-amz-content-sha256": sha256, "content-length": "5" }, "hello")).toBe("hello");
    await expect(objectOf({ "x-amz-content-sha256": sha256, "content-length": "5" }, "hellp")).rejects.toMatchObject({
      failure: { code: "XAmzContentSHA256Mismatch", members: { ClientComputedContentSHA256: sha256 } },
    });
  });

  test("of a document is compared with Content-MD5 and checksum headers", async () => {
    expect(
      (await read({ "content-md5": "XUFAKrxLKna5cZ2REBfFkg==", "x-amz-checksum-crc32": crc32Of("hello") })).toString(),
    ).toBe("hello");
    await expect(read({ "content-md5": "AAAAAAAAAAAAAAAAAAAAAA==" })).rejects.toMatchObject(failureOf("BadDigest"));
    await expect(read({ "content-md5": "AAAA" })).rejects.toMatchObject(failureOf("InvalidDigest"));
    await expect(read({ "x-amz-checksum-crc32": "AAAAAA==" })).rejects.toMatchObject(failureOf("BadDigest"));
  });

  test("leaves no trace of its frames in the headers that are stored", () => {
    const headers = { ...framed(5), "content-encoding": "aws-chunked,gzip", "content-length": "99" };
    expect(headersWithoutChunking({ headers })).toMatchObject({ "content-encoding": "gzip", "content-length": "5" });
    expect(headersWithoutChunking({ headers: { ...headers, "content-encoding": "aws-chunked" } })).not.toHaveProperty(
      "content-encoding",
    );
  });
});
