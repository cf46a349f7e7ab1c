import { AwsFailure } from "../../../protocols/aws/codec.ts";
import { s3PlaceOf, type S3Place } from "../../../protocols/aws/s3-place.ts";
import type { WireRequest, WireResponse } from "../../../protocols/wire.ts";
import type { Calls } from "../../../services/calls.ts";
import { ServiceError } from "../../../services/errors.ts";
import { objects, type CorsRule } from "../../../services/objects/service.ts";
import { DEFAULT_SCOPE } from "./website.ts";

/** Cross-origin requests: a browser asks before (a preflight), and looks for the headers in each answer. */

const VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

function headersOf(rule: CorsRule, origin: string): Record<string, string> {
  const isOpen = rule.origins.includes("*");
  return {
    "access-control-allow-origin": isOpen ? "*" : origin,
    "access-control-allow-methods": rule.methods.join(", "),
    ...(!isOpen && { "access-control-allow-credentials": "true" }),
    ...(rule.exposedHeaders.length > 0 && { "access-control-expose-headers": rule.exposedHeaders.join(", ") }),
    vary: VARY,
  };
}

const forbidden = (why: string, method: string, { key }: S3Place) =>
  new AwsFailure({
    code: "AccessForbidden",
    status: 403,
    message: `CORSResponse: ${why}`,
    members: { Method: method, ResourceType: key === "" ? "BUCKET" : "OBJECT" },
  });
const badRequest = (message: string) => new AwsFailure({ code: "BadRequest", status: 400, message });

const listOf = (header: string | undefined): string[] =>
  (header ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");

/** The rule that lets a request through, or nothing; a bucket that is not there has none. */
async function ruleFor(calls: Calls, place: S3Place, origin: string, method: string, headers: readonly string[]) {
  const input = { bucket: place.bucket, origin, method, headers: [...headers] };
  try {
    return { ...(await calls.call(objects, "findCorsRule", input, DEFAULT_SCOPE)), isThere: true };
  } catch (problem) {
    const isGone = problem instanceof ServiceError && problem.code === "BucketNotFound";
    if (isGone) return { isConfigured: false, isThere: false };
    throw problem;
  }
}

const METHODS: ReadonlySet<string> = new Set(["GET", "PUT", "POST", "DELETE", "HEAD"]);

/** Answers a preflight. Errors: `AwsFailure` as S3 refuses one */
export async function answerPreflight(request: WireRequest, calls: Calls): Promise<WireResponse> {
  const { origin } = request.headers;
  const method = request.headers["access-control-request-method"];
  if (origin === undefined) throw badRequest("Insufficient information. Origin request header needed.");
  if (method === undefined) throw badRequest("Invalid Access-Control-Request-Method: null");
  if (!METHODS.has(method)) throw badRequest(`Invalid Access-Control-Request-Method: ${method}`);
  const place = s3PlaceOf(request) ?? { bucket: "", key: "" };
  const asked = listOf(request.headers["access-control-request-headers"]);
  const { isConfigured, isThere, rule } = await ruleFor(calls, place, origin, method, asked);
  if (!isThere) throw forbidden("Bucket not found", method, { ...place, key: "" });
  if (!isConfigured) throw forbidden("CORS is not enabled for this bucket.", method, place);
  if (!rule)
    throw forbidden(
      "This CORS request is not allowed. This is usually because the evalution of Origin, request method / "
        + "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's "
        + "CORS spec.",
      method,
      place,
    );
  return {
    status: 200,
    headers: {
      ...headersOf(rule, origin),
      ...(asked.length > 0 && { "access-control-allow-headers": asked.join(", ") }),
      ...(rule.maxAgeSeconds !== undefined && { "access-control-max-age": String(rule.maxAgeSeconds) }),
    },
    body: "",
  };
}

/** Adds to an answer what lets a page of another origin see it, where the bucket's rules do. */
export async function allowOrigin(request: WireRequest, response: WireResponse, calls: Calls): Promise<void> {
  const { origin } = request.headers;
  const place = s3PlaceOf(request);
  if (origin === undefined || !place) return;
  const { rule } = await ruleFor(calls, place, origin, request.method, []);
  if (rule) Object.assign(response.headers, headersOf(rule, origin));
}
