import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { WireRequest } from "../wire.ts";
import { ChunkChain } from "./body/chunk-chain.ts";
import { credentialOf } from "./credential.ts";
import { identityOf } from "./identity.ts";
import { signingKey, verifySignature } from "./signature.ts";

// The examples of the S3 API reference, "Authenticating Requests".
const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const AT_MS = Date.parse("2013-05-24T00:00:00Z");
const HOST = "examplebucket.s3.amazonaws.com";
const check = (nowMs = AT_MS, secret: string | undefined = SECRET) => ({ nowMs, secretOf: () => secret });

const signedGet: WireRequest = {
  method: "GET",
  path: "/test.txt",
  query: "",
  body: Readable.from([]),
  isSecure: true,
  host: HOST,
  requestId: "r",
  headers: {
    host: HOST,
    range: "bytes=0-9",
    "x-amz-date": "20130524T000000Z",
    "x-amz-content-sha256": createHash("sha256").update("").digest("hex"),
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
      "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date," +
      "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  },
};
const presigned: WireRequest = {
  ...signedGet,
  headers: { host: HOST },
  query:
    "X-Amz-Algorithm=AWS4-HMAC-SHA256" +
    "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
    "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
    "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
};

describe("signatures", () => {
  test("of the documented examples hold, and of changed requests do not", () => {
    expect(verifySignature(signedGet, check())).toBeUndefined();
    expect(verifySignature(presigned, check())).toBeUndefined();
    expect(verifySignature({ ...signedGet, path: "/other.txt" }, check())).toBe("SignatureDoesNotMatch");
    expect(verifySignature(signedGet, check(AT_MS, "other"))).toBe("SignatureDoesNotMatch");
    expect(verifySignature(signedGet, { nowMs: AT_MS, secretOf: () => undefined })).toBe("InvalidAccessKeyId");
  });

  test("end: a header after fifteen minutes, a presigned address when it expires", () => {
    expect(verifySignature(signedGet, check(AT_MS + 16 * 60_000))).toBe("RequestTimeTooSkewed");
    expect(verifySignature(presigned, check(AT_MS + 86_400_000))).toBeUndefined();
    expect(verifySignature(presigned, check(AT_MS + 86_401_000))).toBe("AccessDenied");
  });

  test("of chunks form the documented chain", () => {
    const seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    const chain = new ChunkChain({
      key: signingKey(SECRET, "20130524", "us-east-1", "s3"),
      at: "20130524T000000Z",
      scope: "20130524/us-east-1/s3/aws4_request",
      signature: seed,
      hasSignedTrailer: false,
    });
    const last = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";
    chain.update(Buffer.from("a".repeat(65536)));
    chain.endChunk("ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
    chain.update(Buffer.from("a".repeat(1024)));
    chain.endChunk("0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
    chain.endChunk(last);
    expect(() => chain.endChunk(last)).toThrow("SignatureDoesNotMatch");
  });

  test("name account and region", () => {
    const of = (request: Pick<WireRequest, "headers" | "query">) => identityOf(request, credentialOf(request));
    const header = (text: string) => of({ headers: { authorization: text }, query: "" });
    expect(of({ headers: {}, query: "" })).toEqual({ account: "000000000000", region: "us-east-1" });
    expect(
      header(
        "AWS4-HMAC-SHA256 Credential=111122223333/20300101/eu-west-1/sqs/aws4_request, SignedHeaders=h, Signature=s",
      ),
    ).toEqual({ account: "111122223333", region: "eu-west-1", accessKeyId: "111122223333" });
    expect(header("AWS test:signature")).toEqual({ account: "000000000000", region: "us-east-1", accessKeyId: "test" });
    expect(of(presigned)).toMatchObject({ account: "000000000000", region: "us-east-1" });
    const v4a = "AWS4-ECDSA-P256-SHA256 Credential=111122223333/20300101/s3/aws4_request, SignedHeaders=h, Signature=s";
    expect(of({ headers: { authorization: v4a, "x-amz-region-set": "eu-west-1" }, query: "" })).toMatchObject({
      region: "eu-west-1",
    });
  });
});
