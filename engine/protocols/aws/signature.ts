import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { percentEncoded } from "../../platform/percent-encoding.ts";
import type { WireRequest } from "../wire.ts";
import { credentialOf, type Credential } from "./credential.ts";

/** Why a signature is refused, with S3's codes; other services say `InvalidSignatureException` for most of them. */
export type SignatureProblem =
  | "missing"
  | "unsupported"
  | "malformed"
  | "InvalidAccessKeyId"
  | "SignatureDoesNotMatch"
  | "AccessDenied"
  | "RequestTimeTooSkewed";

export interface SignatureCheck {
  /** The secret of an access key; undefined for one that does not exist. */
  readonly secretOf: (accessKeyId: string) => string | undefined;
  readonly nowMs: number;
  /** Of the body, where no header may speak for it: everywhere but in S3. */
  readonly bodySha256?: string | undefined;
}

const SKEW_MS_MAX = 15 * 60 * 1000;
const EXPIRY_SECONDS_MAX = 7 * 24 * 3600;
const EMPTY_SHA256 = createHash("sha256").update("").digest("hex");

const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** Signing keys live for a day; deriving one costs four rounds. */
export function signingKey(secret: string, date: string, region: string, service: string): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), "aws4_request");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A bare percent sign: it was signed as it stands.
    return text;
  }
}

/** S3 signs the path as sent, every other service encodes it once more. */
function canonicalPath(path: string, service: string): string {
  const segments = path.split("/").map((segment) => percentEncoded(decode(segment)));
  return service === "s3" ? segments.join("/") : segments.map(percentEncoded).join("/");
}

function canonicalQuery(query: string): string {
  const pairs = query
    .split("&")
    .filter((pair) => pair !== "" && !pair.startsWith("X-Amz-Signature="))
    .map((pair) => {
      const equals = pair.indexOf("=");
      const [name, value] = equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return `${percentEncoded(decode(name))}=${percentEncoded(decode(value))}`;
    });
  return pairs.sort().join("&");
}

function headerOf(request: WireRequest, name: string): string {
  const value = name === "host" ? (request.headers.host ?? request.host) : request.headers[name];
  return (Array.isArray(value) ? value.join(",") : (value ?? "")).trim().replaceAll(/ +/g, " ");
}

/** What a client signs, in its parts. */
interface Signed {
  readonly credential: Credential;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20300101T000000Z` */
  readonly at: string;
  readonly expiresSeconds?: number;
  readonly payloadSha256: string;
}

function signedOf(request: WireRequest, bodySha256?: string): Signed | "missing" | "unsupported" | "malformed" {
  const credential = credentialOf(request);
  if (credential === undefined) return request.headers.authorization === undefined ? "missing" : "malformed";
  if (credential.scheme !== "v4") return "unsupported";
  const { authorization } = request.headers;
  const content = request.headers["x-amz-content-sha256"];
  if (authorization !== undefined) {
    const signedHeaders = /SignedHeaders=([^,\s]+)/.exec(authorization)?.[1]?.split(";");
    const signature = /Signature=([0-9a-f]{64})/.exec(authorization)?.[1];
    const at = headerOf(request, "x-amz-date");
    if (signedHeaders === undefined || signature === undefined || at === "") return "malformed";
    return {
      credential,
      signedHeaders,
      signature,
      at,
      payloadSha256: bodySha256 ?? content ?? EMPTY_SHA256,
    };
  }
  const query = new URLSearchParams(request.query);
  const signedHeaders = query.get("X-Amz-SignedHeaders")?.split(";");
  const signature = query.get("X-Amz-Signature") ?? undefined;
  const at = query.get("X-Amz-Date") ?? undefined;
  const expiresSeconds = Number(query.get("X-Amz-Expires") ?? Number.NaN);
  if (signedHeaders === undefined || signature === undefined || at === undefined) return "malformed";
  if (!(expiresSeconds > 0 && expiresSeconds <= EXPIRY_SECONDS_MAX)) return "malformed";
  const payloadSha256 = bodySha256 ?? query.get("X-Amz-Content-Sha256") ?? content ?? "UNSIGNED-PAYLOAD";
  return { credential, signedHeaders, signature, at, expiresSeconds, payloadSha256 };
}

function timeProblem({ at, expiresSeconds }: Signed, nowMs: number): SignatureProblem | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(at);
  if (parts === null) return "malformed";
  const [, year, month, day, hours, minutes, seconds] = parts;
  const atMs = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  if (expiresSeconds === undefined) return Math.abs(nowMs - atMs) > SKEW_MS_MAX ? "RequestTimeTooSkewed" : undefined;
  return nowMs > atMs + expiresSeconds * 1000 || nowMs < atMs - SKEW_MS_MAX ? "AccessDenied" : undefined;
}

/** The signature that `secret` gives a request; what `verifySignature` compares. */
function expectedSignature(request: WireRequest, signed: Signed, secret: string): string {
  const { date = "", region = "", service = "" } = signed.credential;
  const headers = signed.signedHeaders.map((name) => `${name}:${headerOf(request, name)}\n`).join("");
  const canonical = [
    request.method,
    canonicalPath(request.path, service),
    canonicalQuery(request.query),
    headers,
    signed.signedHeaders.join(";"),
    signed.payloadSha256,
  ].join("\n");
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${signed.at}\n${scope}\n${sha256Hex(canonical)}`;
  return hmac(signingKey(secret, date, region, service), text).toString("hex");
}

/**
 * Verifies a SigV4 header or a presigned SigV4 query.
 * Shape:  undefined when the signature holds, else what is wrong
 * Why:    S3's bodies are not read before; the hash that a header tells is compared where the body is
 */
export function verifySignature(
  request: WireRequest,
  { secretOf, nowMs, bodySha256 }: SignatureCheck,
): SignatureProblem | undefined {
  const signed = signedOf(request, bodySha256);
  if (typeof signed === "string") return signed;
  const secret = secretOf(signed.credential.accessKeyId);
  if (secret === undefined) return "InvalidAccessKeyId";
  const problem = timeProblem(signed, nowMs);
  if (problem !== undefined) return problem;
  const expected = Buffer.from(expectedSignature(request, signed, secret));
  const given = Buffer.from(signed.signature);
  return given.length === expected.length && timingSafeEqual(given, expected) ? undefined : "SignatureDoesNotMatch";
}

/** What the signatures inside a body begin with: each covers its chunk and the signature before it. */
export interface ChunkSeed {
  readonly key: Buffer;
  readonly at: string;
  readonly scope: string;
  /** The request's own. */
  readonly signature: string;
  readonly hasSignedTrailer: boolean;
}

/** Undefined for a request whose body is not signed chunk by chunk. */
export function chunkSeedOf(request: WireRequest, secret: string): ChunkSeed | undefined {
  if (!request.headers["x-amz-content-sha256"]?.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")) return undefined;
  const signed = signedOf(request);
  if (typeof signed === "string") return undefined;
  const { date = "", region = "", service = "" } = signed.credential;
  return {
    key: signingKey(secret, date, region, service),
    at: signed.at,
    scope: `${date}/${region}/${service}/aws4_request`,
    signature: signed.signature,
    hasSignedTrailer: signed.payloadSha256.endsWith("-TRAILER"),
  };
}
