import type { WireRequest } from "../wire.ts";

/** Who signed a request, and for what; nothing here is verified. */
export interface Credential {
  readonly scheme: "v4" | "v4a" | "v2";
  readonly accessKeyId: string;
  /** `20300101`; v2 has no scope. */
  readonly date?: string;
  readonly region?: string;
  /** The signing name of the service. */
  readonly service?: string;
}

/** `AKID/20300101/us-east-1/s3/aws4_request`; v4a leaves the region out. */
export function credentialOfScope(text: string, hasRegion: boolean): Credential | undefined {
  const parts = text.split("/");
  if (parts.length < (hasRegion ? 5 : 4)) return undefined;
  const [accessKeyId = "", date] = parts;
  if (!hasRegion) return { scheme: "v4a", accessKeyId, date, service: parts[2] };
  return { scheme: "v4", accessKeyId, date, region: parts[2], service: parts[3] };
}

function fromHeader(authorization: string): Credential | undefined {
  if (authorization.startsWith("AWS ")) {
    const colon = authorization.indexOf(":");
    return colon < 0 ? undefined : { scheme: "v2", accessKeyId: authorization.slice(4, colon) };
  }
  const at = authorization.indexOf("Credential=");
  if (at < 0 || !authorization.startsWith("AWS4-")) return undefined;
  const comma = authorization.indexOf(",", at);
  const text = authorization.slice(at + "Credential=".length, comma < 0 ? undefined : comma).trim();
  return credentialOfScope(text, !authorization.startsWith("AWS4-ECDSA"));
}

/** One parameter of a query string, decoded; cheap when it is absent. */
export function queryParameter(query: string, name: string): string | undefined {
  if (!query.includes(name)) return undefined;
  return new URLSearchParams(query).get(name) ?? undefined;
}

/** From the header, a presigned v4 or v2 query, in this order. */
export function credentialOf(request: Pick<WireRequest, "headers" | "query">): Credential | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) return fromHeader(authorization);
  const scope = queryParameter(request.query, "X-Amz-Credential");
  if (scope !== undefined) return credentialOfScope(scope, !request.query.includes("AWS4-ECDSA"));
  const accessKeyId = queryParameter(request.query, "AWSAccessKeyId");
  return accessKeyId === undefined ? undefined : { scheme: "v2", accessKeyId };
}
