/**
 * The body of an S3 request as its sender meant it. The rest-xml codec uses this, so bindings see plain bodies:
 * - `aws-chunked` frames are gone, signed or not; `ContentEncoding` and `ContentLength` are those of the decoded body;
 * - the signatures of chunks are compared where the engine checks signatures;
 * - `x-amz-content-sha256`, the decoded length and a trailing checksum are compared while the bytes pass: a body that
 *   is not what was announced ends in an `AwsFailure` instead of its last byte, so nothing of it is ever stored;
 * - `Content-MD5` and `x-amz-checksum-*` headers are compared here for documents; for objects the service compares
 *   them, since it computes those digests anyway.
 * Bodies of up to 64 KiB with a known length arrive as bytes, larger ones as a stream.
 */
import { createHash } from "node:crypto";
import { Transform, type Readable, type TransformCallback } from "node:stream";
import type { Digester } from "../../../kernel/blobs.ts";
import {
  base64OfHex,
  CHECKSUM_ALGORITHMS,
  checksumDigester,
  md5Digester,
  type ChecksumAlgorithm,
} from "../../../kernel/checksums.ts";
import type { WireRequest } from "../../wire.ts";
import { AwsFailure } from "../codec.ts";
import { readAll } from "../request-body.ts";
import type { ChunkSeed } from "../signature.ts";
import { ChunkChain } from "./chunk-chain.ts";
import { ChunkedDecoder } from "./chunked-decoder.ts";
import { incompleteBody, malformedTrailer } from "./malformed-body.ts";

const SMALL_BYTES_MAX = 64 * 1024;

/** What a request says of its body before the body comes. */
export interface ClaimedChecksums {
  /** Lower-case hexadecimal. */
  readonly sha256?: string;
  /** Base64. */
  readonly md5?: string;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
  /** The algorithm whose value the trailer will give. */
  readonly trailing?: ChecksumAlgorithm;
  readonly lengthBytes?: number;
}

const textOf = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/** True for bodies in `aws-chunked` frames. */
function isAwsChunked({ headers }: Pick<WireRequest, "headers">): boolean {
  const sha256 = headers["x-amz-content-sha256"];
  if (typeof sha256 === "string" && sha256.startsWith("STREAMING-")) return true;
  return headers["content-encoding"]?.includes("aws-chunked") === true;
}

/** The headers as they would be had the client not framed its body. */
export function headersWithoutChunking(request: Pick<WireRequest, "headers">): WireRequest["headers"] {
  if (!isAwsChunked(request)) return request.headers;
  const { "content-encoding": encoding, "content-length": _framed, ...rest } = request.headers;
  const left = encoding
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "aws-chunked")
    .join(",");
  const length = textOf(request.headers["x-amz-decoded-content-length"]);
  return {
    ...rest,
    ...(left && { "content-encoding": left }),
    ...(length !== undefined && { "content-length": length }),
  };
}

/** What `x-amz-content-sha256` says of bodies whose digest it does not tell. */
const UNDIGESTED = /^(?:UNSIGNED-PAYLOAD|STREAMING-.+)$/i;
const notADigest = (sha256: string) =>
  new AwsFailure({
    code: "InvalidArgument",
    status: 400,
    message:
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
      + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
      + "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER "
      + "or a valid sha256 value.",
    members: { ArgumentName: "x-amz-content-sha256", ArgumentValue: sha256 },
  });

/** `isObject`: the service compares header digests itself. */
function claimsOf(request: Pick<WireRequest, "headers">, isObject: boolean): ClaimedChecksums {
  const { headers } = request;
  const sha256 = textOf(headers["x-amz-content-sha256"]);
  const trailer = /x-amz-checksum-([a-z0-9]+)/i.exec(textOf(headers["x-amz-trailer"]) ?? "")?.[1]?.toLowerCase();
  const isChunked = isAwsChunked(request);
  const length = textOf(headers[isChunked ? "x-amz-decoded-content-length" : "content-length"]);
  const algorithm = isObject
    ? undefined
    : CHECKSUM_ALGORITHMS.find((name) => headers[`x-amz-checksum-${name}`] !== undefined);
  const isDigest = sha256 !== undefined && /^[0-9a-f]{64}$/i.test(sha256);
  if (sha256 !== undefined && !isDigest && !UNDIGESTED.test(sha256)) throw notADigest(sha256);
  return {
    sha256: isDigest ? sha256.toLowerCase() : undefined,
    md5: isObject ? undefined : textOf(headers["content-md5"]),
    checksum: algorithm && { algorithm, value: textOf(headers[`x-amz-checksum-${algorithm}`]) ?? "" },
    trailing: isChunked ? CHECKSUM_ALGORITHMS.find((name) => name === trailer) : undefined,
    lengthBytes: length === undefined || !/^\d{1,15}$/.test(length) ? undefined : Number(length),
  };
}

/** Sees the decoded bytes and compares them with the claims at the end. */
class BodyCheck {
  readonly #claims: ClaimedChecksums;
  readonly #sha256: ReturnType<typeof createHash> | undefined;
  readonly #md5: Digester | undefined;
  readonly #checksum: Digester | undefined;
  readonly #trailing: Digester | undefined;
  #sizeBytes = 0;

  constructor(claims: ClaimedChecksums) {
    this.#claims = claims;
    this.#sha256 = claims.sha256 === undefined ? undefined : createHash("sha256");
    this.#md5 = claims.md5 === undefined ? undefined : md5Digester();
    this.#checksum = claims.checksum && checksumDigester(claims.checksum.algorithm);
    this.#trailing = claims.trailing && checksumDigester(claims.trailing);
    if (claims.md5 !== undefined && Buffer.from(claims.md5, "base64").length !== 16) {
      throw new AwsFailure({
        code: "InvalidDigest",
        status: 400,
        message: "The Content-MD5 you specified was invalid.",
      });
    }
  }

  update(chunk: Buffer): void {
    this.#sizeBytes += chunk.length;
    this.#sha256?.update(chunk);
    this.#md5?.update(chunk);
    this.#checksum?.update(chunk);
    this.#trailing?.update(chunk);
  }

  end(trailers: ReadonlyMap<string, string>): void {
    const { lengthBytes, sha256, md5, checksum, trailing } = this.#claims;
    if (lengthBytes !== undefined && lengthBytes !== this.#sizeBytes) {
      throw incompleteBody("You did not provide the number of bytes specified by the Content-Length HTTP header");
    }
    this.#compareSha256(sha256);
    if (md5 !== undefined && base64OfHex((this.#md5 as Digester).hex()) !== md5) {
      throw badDigest("The Content-MD5 you specified did not match what we received.");
    }
    if (checksum !== undefined) compare(checksum.algorithm, checksum.value, this.#checksum as Digester);
    if (trailing === undefined) return;
    const value = trailers.get(`x-amz-checksum-${trailing}`);
    if (value === undefined) throw malformedTrailer();
    compare(trailing, value, this.#trailing as Digester);
  }

  #compareSha256(claimed: string | undefined): void {
    if (claimed === undefined) return;
    const computed = this.#sha256?.digest("hex") ?? "";
    if (computed === claimed) return;
    throw new AwsFailure({
      code: "XAmzContentSHA256Mismatch",
      status: 400,
      message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
      members: { ClientComputedContentSHA256: claimed, S3ComputedContentSHA256: computed },
    });
  }
}

const badDigest = (message: string) => new AwsFailure({ code: "BadDigest", status: 400, message });

function compare(algorithm: ChecksumAlgorithm, value: string, digester: Digester): void {
  const computed = base64OfHex(digester.hex());
  const name = algorithm.toUpperCase();
  if (Buffer.from(value, "base64").length !== Buffer.from(computed, "base64").length) {
    throw new AwsFailure({
      code: "InvalidRequest",
      status: 400,
      message: `Value for x-amz-checksum-${algorithm} header is invalid.`,
    });
  }
  if (computed !== value) throw badDigest(`The ${name} you specified did not match the calculated checksum.`);
}

/** Decodes and checks what passes through. */
class CheckedStream extends Transform {
  readonly #check: BodyCheck;
  readonly #decoder: ChunkedDecoder | undefined;

  constructor(check: BodyCheck, decoder: ChunkedDecoder | undefined) {
    super();
    this.#check = check;
    this.#decoder = decoder;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      for (const bytes of this.#decoder?.push(chunk) ?? [chunk]) {
        this.#check.update(bytes);
        this.push(bytes);
      }
      done();
    } catch (problem) {
      done(problem as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    try {
      this.#decoder?.end();
      this.#check.end(this.#decoder?.trailers ?? NO_TRAILERS);
      done();
    } catch (problem) {
      done(problem as Error);
    }
  }
}

const NO_TRAILERS: ReadonlyMap<string, string> = new Map();

/** Documents that S3 takes only with a digest of theirs. */
const DIGESTED: ReadonlySet<string> = new Set(["DeleteObjects", "PutBucketCors", "PutBucketLifecycleConfiguration"]);

function checkDigested({ headers }: WireRequest): void {
  if (headers["content-md5"] !== undefined || headers["x-amz-trailer"] !== undefined) return;
  if (CHECKSUM_ALGORITHMS.some((name) => headers[`x-amz-checksum-${name}`] !== undefined)) return;
  throw new AwsFailure({
    code: "InvalidRequest",
    status: 400,
    message: "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
  });
}

interface BodyFacts {
  /** Of a document. */
  readonly operation?: { readonly name: string };
  /** The service compares its header digests itself. */
  readonly isObject?: boolean;
  /** Its chunks are signed, and that is to be checked. */
  readonly chunkSeed?: ChunkSeed | undefined;
}

const decoderFor = (seed: ChunkSeed | undefined) => new ChunkedDecoder(seed && new ChunkChain(seed));

/**
 * The whole body, decoded and compared.
 * Errors: `AwsFailure` (`BadDigest`, `IncompleteBody`, `XAmzContentSHA256Mismatch`, ...)
 */
export async function readCheckedBody(request: WireRequest, facts: BodyFacts = {}): Promise<Buffer> {
  if (facts.operation && DIGESTED.has(facts.operation.name)) checkDigested(request);
  const check = new BodyCheck(claimsOf(request, facts.isObject ?? false));
  const raw = await readAll(request.body);
  if (!isAwsChunked(request)) {
    check.update(raw);
    check.end(NO_TRAILERS);
    return raw;
  }
  const decoder = decoderFor(facts.chunkSeed);
  const parts = decoder.push(raw);
  decoder.end();
  for (const part of parts) check.update(part);
  check.end(decoder.trailers);
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

/** S3 wants to know how long an object will be before it comes. A form's file ends with the form. */
function checkLengthTold(request: WireRequest): void {
  const { headers } = request;
  if (headers[isAwsChunked(request) ? "x-amz-decoded-content-length" : "content-length"] !== undefined) return;
  if (request.isPostForm) return;
  if (headers["transfer-encoding"] === undefined || isAwsChunked(request))
    throw new AwsFailure({
      code: "MissingContentLength",
      status: 411,
      message: "You must provide the Content-Length HTTP header.",
    });
  throw new AwsFailure({
    code: "NotImplemented",
    status: 501,
    message: "A header you provided implies functionality that is not implemented",
    members: { Header: "Transfer-Encoding" },
  });
}

/** The body of an object: bytes when it is small, else a stream with backpressure that fails where the body does. */
export async function objectBody(request: WireRequest, chunkSeed?: ChunkSeed): Promise<Buffer | Readable> {
  checkLengthTold(request);
  const { body } = request;
  const facts = { isObject: true, chunkSeed };
  if (Buffer.isBuffer(body)) return readCheckedBody(request, facts);
  const claims = claimsOf(request, true);
  if (claims.lengthBytes !== undefined && claims.lengthBytes <= SMALL_BYTES_MAX) return readCheckedBody(request, facts);
  const checked = new CheckedStream(new BodyCheck(claims), isAwsChunked(request) ? decoderFor(chunkSeed) : undefined);
  // Of a request that is refused nobody reads the body: that it broke off then is no failure of anything.
  checked.on("error", () => undefined);
  body.on("error", (cause) => checked.destroy(cause));
  body.on("close", () => {
    if (!body.readableEnded) checked.destroy(incompleteBody());
  });
  return body.pipe(checked);
}
