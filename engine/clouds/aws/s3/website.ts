import type { WireRequest, WireResponse } from "../../../protocols/wire.ts";
import { escapeXml } from "../../../protocols/aws/xml/xml-writer.ts";
import type { Calls } from "../../../services/calls.ts";
import { ServiceError } from "../../../services/errors.ts";
import { objects } from "../../../services/objects/service.ts";

/** A bucket's website: `http://BUCKET.s3-website.localhost:4566/`, and as AWS spells its hosts. */

export const DEFAULT_SCOPE = { account: "000000000000", region: "us-east-1" };

const DOMAIN = String.raw`(?:localhost|localhost\.localstack\.cloud|amazonaws\.com(?:\.cn)?)`;
const HOST = new RegExp(String.raw`^(.+)\.s3-website[.-](?:[a-z0-9-]+\.)*${DOMAIN}$`);

/** The bucket whose website a host names. */
export const websiteBucketOf = (host: string): string | undefined =>
  HOST.exec(host.toLowerCase().replace(/:\d+$/, ""))?.[1];

export const isWebsiteHost = (host: string): boolean => host.includes(".s3-website");

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  412: "Precondition Failed",
  416: "Requested Range Not Satisfiable",
};

function errorPage(request: WireRequest, status: number, code: string, message: string): WireResponse {
  const title = `${status} ${TITLES[status] ?? "Error"}`;
  const facts = { Code: code, Message: message, RequestId: request.requestId, HostId: request.requestId };
  const items = Object.entries(facts).map(([name, value]) => `<li>${name}: ${escapeXml(value)}</li>`);
  const body =
    `<html>\n<head><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n<ul>\n${items.join("\n")}\n</ul>\n`
    + "<hr/>\n</body>\n</html>\n";
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "x-amz-error-code": code,
      "x-amz-error-message": message,
      "x-amz-request-id": request.requestId,
    },
    body,
  };
}

interface Onward {
  readonly status: number;
  readonly host?: string;
  readonly protocol?: string;
  readonly key?: string;
}

const pathOf = (key: string): string => key.split("/").map(encodeURIComponent).join("/");

function sentOn(request: WireRequest, { status, host, protocol, key = "" }: Onward): WireResponse {
  const ownProtocol = request.isSecure ? "https" : "http";
  const isHere = host === undefined && protocol === undefined;
  const place = isHere ? "" : `${protocol ?? ownProtocol}://${host ?? request.host}`;
  const location = `${place}/${pathOf(key)}`;
  return { status, headers: { location, "x-amz-request-id": request.requestId }, body: "" };
}

/** The same as a request to S3 itself, in the name of the bucket's owner. */
function objectRequest(request: WireRequest, bucket: string, page: { account: string; region: string; key: string }) {
  const { authorization: _, ...headers } = request.headers;
  const scope = `${page.account}/20300101/${page.region}/s3/aws4_request`;
  return {
    method: request.method,
    path: `/${bucket}/${pathOf(page.key)}`,
    query: "",
    headers: { ...headers, authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
    body: request.body,
    isSecure: request.isSecure,
    host: "s3.localhost",
    isVerified: true,
    requestId: request.requestId,
  };
}

const textOf = (body: WireResponse["body"], name: string): string | undefined =>
  typeof body === "string" ? new RegExp(`<${name}>([^<]*)`).exec(body)?.[1] : undefined;

/** Serves a website's page: the object, the error document, a redirect, or S3's own page of an error. */
export async function answerVisitor(
  request: WireRequest,
  calls: Calls,
  serve: (request: WireRequest) => Promise<WireResponse>,
): Promise<WireResponse> {
  if (request.method !== "GET" && request.method !== "HEAD")
    return errorPage(request, 405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
  const bucket = websiteBucketOf(request.host);
  if (bucket === undefined) return errorPage(request, 404, "NoSuchBucket", "The specified bucket does not exist");
  try {
    const path = decodeURIComponent(request.path.slice(1));
    const page = await calls.call(objects, "visitWebsite", { bucket, path }, DEFAULT_SCOPE);
    if (page.onward) return sentOn(request, page.onward);
    const response = await serve(objectRequest(request, bucket, page));
    const moved = response.headers["x-amz-website-redirect-location"];
    if (response.status < 300 && moved !== undefined)
      return { status: 301, headers: { location: String(moved), "x-amz-request-id": request.requestId }, body: "" };
    if (page.isError && response.status < 300) return { ...response, status: 404 };
    if (response.status < 400) return response;
    const code = textOf(response.body, "Code") ?? "NoSuchKey";
    const message = textOf(response.body, "Message") ?? "The specified key does not exist.";
    return errorPage(request, response.status, code, message);
  } catch (problem) {
    return refusalPage(request, problem);
  }
}

function refusalPage(request: WireRequest, problem: unknown): WireResponse {
  if (problem instanceof URIError) return errorPage(request, 400, "InvalidURI", "Couldn't parse the specified URI.");
  if (!(problem instanceof ServiceError)) throw problem;
  return problem.code === "BucketNotFound"
    ? errorPage(request, 404, "NoSuchBucket", "The specified bucket does not exist")
    : errorPage(
        request,
        404,
        "NoSuchWebsiteConfiguration",
        "The specified bucket does not have a website configuration",
      );
}
