import { createHmac, timingSafeEqual } from "node:crypto";
import type { WireRequest } from "../wire.ts";
import { s3PlaceOf } from "./s3-place.ts";

/**
 * S3's first way of signing: HMAC-SHA1 over method, a few headers and the resource, in a header or in the address.
 * Source: S3 User Guide, "Signing and authenticating REST requests"
 */

/** Parameters that are part of the resource; all others are left out of what is signed. */
const SIGNED_PARAMETERS: ReadonlySet<string> = new Set([
  "acl",
  "cors",
  "delete",
  "encryption",
  "lifecycle",
  "legal-hold",
  "location",
  "logging",
  "notification",
  "object-lock",
  "partNumber",
  "policy",
  "policyStatus",
  "publicAccessBlock",
  "replication",
  "requestPayment",
  "response-cache-control",
  "response-content-disposition",
  "response-content-encoding",
  "response-content-language",
  "response-content-type",
  "response-expires",
  "restore",
  "retention",
  "tagging",
  "torrent",
  "uploadId",
  "uploads",
  "versionId",
  "versioning",
  "versions",
  "website",
]);

const textOf = (value: string | readonly string[] | undefined): string =>
  typeof value === "string" ? value : (value ?? []).join(",");

function resourceOf(request: WireRequest): string {
  const inHost = s3PlaceOf({ host: request.host, path: "/" })?.bucket;
  const path = inHost === undefined ? request.path : `/${inHost}${request.path}`;
  const pairs = request.query
    .split("&")
    .map((pair) => pair.split("=") as [string, string | undefined])
    .filter(([name]) => SIGNED_PARAMETERS.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === undefined ? name : `${name}=${decodeURIComponent(value)}`));
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

function signatureOf(request: WireRequest, secret: string, date: string): string {
  const { headers } = request;
  const amz = Object.keys(headers)
    .filter((name) => name.startsWith("x-amz-"))
    .sort()
    .map((name) => `${name}:${textOf(headers[name]).trim()}\n`);
  const signed = [
    request.method,
    textOf(headers["content-md5"]),
    textOf(headers["content-type"]),
    date,
    amz.join("") + resourceOf(request),
  ];
  return createHmac("sha1", secret).update(signed.join("\n")).digest("base64");
}

/** True when a request that is signed in this way was signed with `secret`. */
export function isSignedV2(request: WireRequest, secret: string): boolean {
  const { authorization } = request.headers;
  const query = new URLSearchParams(request.query);
  const given =
    authorization === undefined ? (query.get("Signature") ?? "") : authorization.slice(authorization.indexOf(":") + 1);
  // A date among Amazon's own headers stands in for the plain one.
  const inHeader = "x-amz-date" in request.headers ? "" : textOf(request.headers["date"]);
  const expected = Buffer.from(signatureOf(request, secret, query.get("Expires") ?? inHeader));
  const received = Buffer.from(given);
  return received.length === expected.length && timingSafeEqual(received, expected);
}
