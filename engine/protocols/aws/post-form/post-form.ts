/**
 * S3's POST Object: a browser's form, answered as the PUT that says the same. Fields become the headers that a PUT has
 * in their place, the file becomes the body; the answer becomes what the form asked for.
 * Source: S3 API Reference, "POST Object".
 */
import { invariant } from "../../../platform/invariant.ts";
import type { WireRequest, WireResponse } from "../../wire.ts";
import { hostFacts } from "../addressing.ts";
import { AwsFailure } from "../codec.ts";
import { refusingMalformed } from "../malformed.ts";
import { modelIndex } from "../model-index.ts";
import { streamOf } from "../request-body.ts";
import { checkFormSignature } from "../signature-check.ts";
import { readXml } from "../xml/xml-reader.ts";
import { escapeXml } from "../xml/xml-writer.ts";
import { readUploadForm, type UploadForm } from "./multipart.ts";
import { checkPolicy, SizedFile } from "./post-policy.ts";

export interface PostForm {
  readonly request: WireRequest;
  /** Turns the answer to `request` into the form's. */
  respond(response: WireResponse): WireResponse;
}

const HEADERS = [
  "cache-control",
  "content-type",
  "content-disposition",
  "content-encoding",
  "content-md5",
  "expires",
] as const;
/** Said by the signature, or renamed below. */
const NOT_HEADERS = new Set(["x-amz-signature", "x-amz-credential", "x-amz-algorithm", "x-amz-date"]);

/** Which bucket a form is posted to; undefined for every other request. */
function bucketOf({ method, path, headers, host }: WireRequest): string | undefined {
  if (method !== "POST" || headers["content-type"]?.startsWith("multipart/form-data") !== true) return undefined;
  if (headers.authorization !== undefined) return undefined;
  const { bucket } = factsOf(host);
  if (bucket !== undefined) return path === "/" ? bucket : undefined;
  return /^\/([^/]+)\/?$/.exec(path)?.[1];
}

const factsOf = (host: string) => hostFacts(host, (label) => modelIndex().byEndpointPrefix(label).length > 0);

export const isPostForm = (request: WireRequest): boolean => bucketOf(request) !== undefined;

/** Reads a form up to its file. Errors: `AwsFailure` in S3's form */
export async function readPostForm(request: WireRequest, nowMs: number, secret?: string): Promise<PostForm> {
  const bucket = bucketOf(request);
  invariant(bucket !== undefined, "only a request that isPostForm is read as one");
  const form = await readUploadForm(request.headers["content-type"] ?? "", streamOf(request.body));
  const key = keyOf(form);
  const fields = new Map([...form.fields, ["key", key], ["bucket", bucket]] as const);
  const policy = fields.get("policy");
  if (secret !== undefined) checkFormSignature(fields, secret);
  const sizes = policy === undefined ? undefined : checkPolicy(policy, fields, nowMs);
  const place: Place = { bucket, key, isVirtualHost: factsOf(request.host).bucket !== undefined };
  const headers = await refusingMalformed("MalformedXML", async () => headersOf(form, request));
  return {
    request: {
      method: "PUT",
      path: pathOf(place),
      query: "",
      headers,
      body: sizes === undefined ? form.file : new SizedFile(form.file, sizes),
      isSecure: request.isSecure,
      host: request.host,
      requestId: request.requestId,
      isPostForm: true,
      isVerified: true,
      get signal() {
        return request.signal;
      },
    },
    respond: (response) => answerOf(response, place, fields, request),
  };
}

interface Place {
  readonly bucket: string;
  readonly key: string;
  readonly isVirtualHost: boolean;
}

function pathOf({ bucket, key, isVirtualHost }: Place): string {
  const keyPath = key.split("/").map(encodeURIComponent).join("/");
  return isVirtualHost ? `/${keyPath}` : `/${bucket}/${keyPath}`;
}

const badKey = (message: string) =>
  new AwsFailure({
    code: "InvalidArgument",
    status: 400,
    message,
    members: { ArgumentName: "key", ArgumentValue: "" },
  });

function keyOf({ fields, fileName }: UploadForm): string {
  const template = fields.get("key");
  if (template === undefined) {
    throw badKey(
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
    );
  }
  const key = template.replaceAll("${filename}", () => fileName);
  if (key === "") throw badKey("User key must have a length greater than 0.");
  return key;
}

function headersOf({ fields }: UploadForm, request: WireRequest): WireRequest["headers"] {
  const headers: Record<string, string | undefined> = { host: request.headers.host };
  for (const [name, value] of fields) {
    if (name.startsWith("x-amz-") && !NOT_HEADERS.has(name)) headers[name] = value;
  }
  for (const name of HEADERS) headers[name] = fields.get(name);
  headers["x-amz-acl"] ??= fields.get("acl");
  const tagging = fields.get("tagging");
  if (tagging !== undefined) headers["x-amz-tagging"] = tagsOf(tagging);
  headers.authorization = authorizationOf(fields);
  return headers;
}

/** Who posts it: the fields name the credential as a header would. */
function authorizationOf(fields: ReadonlyMap<string, string>): string | undefined {
  const scope = fields.get("x-amz-credential");
  if (scope !== undefined) {
    return `AWS4-HMAC-SHA256 Credential=${scope}, Signature=${fields.get("x-amz-signature") ?? ""}`;
  }
  const accessKeyId = fields.get("awsaccesskeyid");
  return accessKeyId === undefined ? undefined : `AWS ${accessKeyId}:${fields.get("signature") ?? ""}`;
}

/** A form gives tags as a document, a PUT as a query string. */
function tagsOf(document: string): string {
  const tags = new URLSearchParams();
  for (const set of readXml(document).children) {
    for (const tag of set.children) {
      const textOf = (name: string) => tag.children.find((child) => child.name === name)?.text ?? "";
      tags.append(textOf("Key"), textOf("Value"));
    }
  }
  return tags.toString();
}

function answerOf(
  response: WireResponse,
  place: Place,
  fields: ReadonlyMap<string, string>,
  request: WireRequest,
): WireResponse {
  if (response.status >= 300) return response;
  const { bucket, key } = place;
  const etag = String(response.headers["etag"] ?? "");
  const redirect = fields.get("success_action_redirect") ?? fields.get("redirect");
  if (redirect !== undefined && URL.canParse(redirect)) {
    const target = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, key, etag })) target.searchParams.append(name, value);
    return { ...response, status: 303, headers: { ...response.headers, location: target.href } };
  }
  const location = `${request.isSecure ? "https" : "http"}://${request.host}${pathOf(place)}`;
  const headers: WireResponse["headers"] = { ...response.headers, location };
  const status = fields.get("success_action_status");
  if (status !== "201") return { ...response, status: status === "200" ? 200 : 204, headers };
  const body =
    `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse><Location>${escapeXml(location)}</Location>` +
    `<Bucket>${escapeXml(bucket)}</Bucket><Key>${escapeXml(key)}</Key><ETag>${escapeXml(etag)}</ETag></PostResponse>`;
  return { ...response, status: 201, headers: { ...headers, "content-type": "application/xml" }, body };
}
