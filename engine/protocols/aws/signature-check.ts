import { createHash, createHmac } from "node:crypto";
import type { WireRequest } from "../wire.ts";
import { AwsFailure } from "./codec.ts";
import { credentialOf, credentialOfScope } from "./credential.ts";
import { readAll } from "./request-body.ts";
import { chunkSeedOf, signingKey, verifySignature, type ChunkSeed, type SignatureProblem } from "./signature.ts";
import { isSignedV2 } from "./signature-v2.ts";

const MESSAGES: Readonly<Record<SignatureProblem, string>> = {
  missing: "Access Denied",
  unsupported: "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
  malformed: "The authorization header is malformed.",
  InvalidAccessKeyId: "The AWS Access Key Id you provided does not exist in our records.",
  SignatureDoesNotMatch:
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  AccessDenied: "Access Denied",
  RequestTimeTooSkewed: "The difference between the request time and the current time is too large.",
};
const CODES: Partial<Record<SignatureProblem, { code: string; status: number }>> = {
  missing: { code: "AccessDenied", status: 403 },
  unsupported: { code: "InvalidRequest", status: 400 },
  malformed: { code: "AuthorizationHeaderMalformed", status: 400 },
};
/** Services other than S3 have one name for most of them. */
const ELSEWHERE: Partial<Record<SignatureProblem, { code: string; status: number }>> = {
  missing: { code: "MissingAuthenticationToken", status: 403 },
  malformed: { code: "IncompleteSignature", status: 400 },
  InvalidAccessKeyId: { code: "UnrecognizedClientException", status: 400 },
  SignatureDoesNotMatch: { code: "InvalidSignatureException", status: 403 },
  RequestTimeTooSkewed: { code: "InvalidSignatureException", status: 403 },
};

/** What a client hears whose signature is not taken. */
export function refusal(problem: SignatureProblem, isS3: boolean): AwsFailure {
  const look = (isS3 ? CODES : ELSEWHERE)[problem] ?? { code: problem, status: 403 };
  return new AwsFailure({ ...look, message: MESSAGES[problem] });
}

/**
 * Refuses a request that was not signed with `secret`.
 * Shape:  what the signatures of chunks begin with, for a body that is signed chunk by chunk
 * Errors: `AwsFailure`
 */
export async function checkSignature(
  request: WireRequest,
  secret: string,
  nowMs: number,
  model: string,
): Promise<ChunkSeed | undefined> {
  if (request.isVerified) return undefined;
  const isS3 = model === "s3";
  if (isS3 && credentialOf(request)?.scheme === "v2") {
    if (isSignedV2(request, secret)) return undefined;
    throw refusal("SignatureDoesNotMatch", isS3);
  }
  const isTold = isS3 || request.headers["x-amz-content-sha256"] === "UNSIGNED-PAYLOAD";
  const bodySha256 = isTold ? undefined : createHash("sha256").update(await readAll(request.body)).digest("hex");
  const problem = verifySignature(request, { secretOf: () => secret, nowMs, bodySha256 });
  if (problem) throw refusal(problem, isS3);
  return isS3 ? chunkSeedOf(request, secret) : undefined;
}

/** Refuses a browser's form whose policy was not signed with `secret`. Errors: `AwsFailure` */
export function checkFormSignature(fields: ReadonlyMap<string, string>, secret: string): void {
  const policy = fields.get("policy");
  const scope = fields.get("x-amz-credential");
  const given = fields.get("x-amz-signature") ?? fields.get("signature");
  if (policy === undefined || given === undefined) throw refusal("missing", true);
  const { date = "", region = "", service = "" } = (scope && credentialOfScope(scope, true)) || {};
  const expected =
    scope === undefined
      ? createHmac("sha1", secret).update(policy).digest("base64")
      : createHmac("sha256", signingKey(secret, date, region, service)).update(policy).digest("hex");
  if (given !== expected) throw refusal("SignatureDoesNotMatch", true);
}
