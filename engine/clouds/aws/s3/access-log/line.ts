import { credentialOf, queryParameter, type Credential } from "../../../../protocols/aws/credential.ts";
import { identityOf } from "../../../../protocols/aws/identity.ts";
import type { WireRequest, WireResponse } from "../../../../protocols/wire.ts";
import type { Scope } from "../../../../services/context.ts";
import { accessPointArn } from "../../access-point-arn.ts";
import { canonicalId } from "../model.ts";
import { operationName } from "./operation-name.ts";

/** A request to a bucket that logs, and how it was answered. */
export interface Answered {
  readonly request: WireRequest;
  readonly response: WireResponse;
  readonly key: string;
  readonly isWebsite: boolean;
  /** The bucket is the one that a copy was made from. */
  readonly isCopied: boolean;
  readonly startMs: number;
  readonly durationMs: number;
}
interface Logged {
  readonly bucket: string;
  readonly account: string;
  readonly accessPoint?: Scope & { readonly name: string };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const NOTHING = "-";

/** `[31/Jan/2030:10:00:00 +0000]` */
function timeOf(atMs: number): string {
  const [day = "", time = ""] = new Date(atMs).toISOString().slice(0, 19).split("T");
  const [year, month, date] = day.split("-");
  return `[${date}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000]`;
}

/** A mark in what a client says must not end the field. */
const quoted = (text: string = NOTHING): string => `"${text.replaceAll('"', "%22")}"`;
const keyText = (key: string): string =>
  key === "" ? NOTHING : key.split("/").map(encodeURIComponent).join("/");
const countText = (count: number | undefined): string => (count ? String(count) : NOTHING);

function bytesSent({ request, response: { body, headers } }: Answered): number {
  if (request.method === "HEAD" || body === undefined) return 0;
  if (typeof body === "string") return Buffer.byteLength(body);
  return body instanceof Uint8Array ? body.byteLength : Number(headers["content-length"] ?? 0);
}

/** Of the object that is read or written. */
function sizeOf(answered: Answered, operation: string | undefined): number | undefined {
  const { request, response } = answered;
  if (response.status >= 300) return undefined;
  if (operation === "PutObject" || operation === "UploadPart")
    return Number(request.headers["x-amz-decoded-content-length"] ?? request.headers["content-length"] ?? 0);
  if (operation !== "GetObject" && operation !== "HeadObject") return undefined;
  const whole = /\/(\d+)$/.exec(String(response.headers["content-range"] ?? ""))?.[1];
  return Number(whole ?? response.headers["content-length"] ?? bytesSent(answered));
}

const SIGNATURES = { v2: "SigV2", v4: "SigV4", v4a: "SigV4A" } as const satisfies Record<Credential["scheme"], string>;

/** Requester, signature version and kind of authentication. */
function signerOf(request: WireRequest) {
  const credential = credentialOf(request);
  if (!credential) return { requester: NOTHING, signature: NOTHING, kind: NOTHING };
  return {
    requester: canonicalId(identityOf(request, credential).account),
    signature: SIGNATURES[credential.scheme],
    kind: request.headers.authorization === undefined ? "QueryString" : "AuthHeader",
  };
}

/**
 * One record of an access log, without its line break.
 * Source: S3 User Guide, "Amazon S3 server access log format"
 */
export function lineOf({ bucket, account, accessPoint }: Logged, answered: Answered): string {
  const { request, response, key, startMs, durationMs } = answered;
  const { headers, method, path, query, peer } = request;
  const operation = /^s3\.([A-Z].*)$/.exec(response.operation ?? "")?.[1];
  const signer = signerOf(request);
  const fields = [
    canonicalId(account),
    bucket,
    timeOf(startMs),
    peer?.address ?? NOTHING,
    signer.requester,
    request.requestId,
    operationName({ ...answered, method, operation }),
    keyText(key),
    quoted(`${method} ${path}${query && `?${query}`} HTTP/1.1`),
    response.status,
    response.errorCode ?? response.headers["x-amz-error-code"] ?? NOTHING,
    countText(bytesSent(answered)),
    countText(sizeOf(answered, operation)),
    durationMs,
    durationMs,
    quoted(headers.referer),
    quoted(headers["user-agent"]),
    queryParameter(query, "versionId") ?? NOTHING,
    response.headers["x-amz-id-2"] ?? NOTHING,
    signer.signature,
    peer?.cipher ?? NOTHING,
    signer.kind,
    headers.host ?? NOTHING,
    peer?.tlsVersion ?? NOTHING,
    accessPoint ? accessPointArn(accessPoint.name, accessPoint) : NOTHING,
    // Whether an access control list was needed, and the region the request came from.
    NOTHING,
    NOTHING,
  ];
  return fields.join(" ");
}
