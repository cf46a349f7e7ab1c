import { isObject } from "../../../platform/is-object.ts";
import { errors } from "../errors.ts";

type Fields = Readonly<Record<string, unknown>>;

const refuse = (reason: string) => errors.SettingInvalid({ setting: "deliveryPolicy", reason });

function parsed(text: string): Fields {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw refuse("failed to parse JSON");
  }
  if (!isObject(policy)) throw refuse("failed to parse JSON");
  return policy;
}

/** The members of an object, none but those that are known; null is as good as none. */
function members(value: unknown, path: string, known: readonly string[]): Fields {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw refuse(`${path} must be a JSON object`);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw refuse(`Unexpected JSON member: ${unknown}`);
  return value;
}

const DELAY_SECONDS_MAX = 3600;
const RETRIES_MAX = 100;
const RETRY_RANGES: Readonly<Record<string, readonly [number, number]>> = {
  minDelayTarget: [1, DELAY_SECONDS_MAX],
  maxDelayTarget: [1, DELAY_SECONDS_MAX],
  numRetries: [0, RETRIES_MAX],
  numNoDelayRetries: [0, RETRIES_MAX],
  numMinDelayRetries: [0, RETRIES_MAX],
  numMaxDelayRetries: [0, RETRIES_MAX],
};
const REQUIRED = ["minDelayTarget", "maxDelayTarget", "numRetries"];
const BACKOFFS = ["linear", "arithmetic", "geometric", "exponential"];

function checkRange(name: string, value: unknown, [min, max]: readonly [number, number]): void {
  if (typeof value !== "number" || !Number.isInteger(value)) throw refuse(`${name} must be an integer`);
  if (value < min) throw refuse(`${name} must be greater than or equal to ${min}`);
  if (value > max) throw refuse(`${name} must be less than or equal to ${max}`);
}

function checkRetries(value: unknown, path: string): void {
  if (value === undefined || value === null) return;
  const given = members(value, path, [...Object.keys(RETRY_RANGES), "backoffFunction"]);
  for (const name of REQUIRED)
    if (given[name] === undefined || given[name] === null) throw refuse(`${path}.${name} must be specified`);
  for (const [name, range] of Object.entries(RETRY_RANGES))
    if (given[name] !== undefined && given[name] !== null) checkRange(`${path}.${name}`, given[name], range);
  const { backoffFunction = "linear", numRetries, minDelayTarget, maxDelayTarget } = given;
  if (backoffFunction !== null && !BACKOFFS.includes(String(backoffFunction)))
    throw refuse(`${path}.backoffFunction must be one of ${BACKOFFS.join(", ")}`);
  if (Number(maxDelayTarget) < Number(minDelayTarget))
    throw refuse(`${path}.maxDelayTarget must be greater than or equal to ${path}.minDelayTarget`);
  const phases = ["numNoDelayRetries", "numMinDelayRetries", "numMaxDelayRetries"];
  const inPhases = phases.reduce((sum, name) => sum + Number(given[name] ?? 0), 0);
  if (inPhases > Number(numRetries))
    throw refuse(`${path}.numRetries must not be less than the retries of its phases, which are ${inPhases}`);
}

function checkThrottle(value: unknown, path: string): void {
  const { maxReceivesPerSecond } = members(value, path, ["maxReceivesPerSecond"]);
  if (maxReceivesPerSecond === undefined || maxReceivesPerSecond === null) return;
  checkRange(`${path}.maxReceivesPerSecond`, maxReceivesPerSecond, [1, Number.MAX_SAFE_INTEGER]);
}

/** Source: SNS Developer Guide, "Creating an HTTP/S delivery policy" */
const CONTENT_TYPES = ["application/json", "text/plain"];
const RAW_CONTENT_TYPES = [
  ...CONTENT_TYPES,
  "application/atom+xml",
  "application/octet-stream",
  "application/soap+xml",
  "application/x-www-form-urlencoded",
  "application/xhtml+xml",
  "application/xml",
  "text/css",
  "text/csv",
  "text/html",
  "text/xml",
];

function checkRequest(value: unknown, path: string, isRaw: boolean): void {
  const { headerContentType } = members(value, path, ["headerContentType"]);
  if (headerContentType === undefined || headerContentType === null) return;
  const [type = ""] = String(headerContentType).split(";");
  if (!(isRaw ? RAW_CONTENT_TYPES : CONTENT_TYPES).includes(type.trim().toLowerCase()))
    throw refuse(`${path}.headerContentType ${String(headerContentType)} is not supported`);
}

/**
 * Refuses a topic's policy that is none.
 * Errors: `SettingInvalid`
 */
export function checkTopicPolicy(text: string): void {
  const { http } = members(parsed(text), "DeliveryPolicy", ["http"]);
  const given = members(http, "http", [
    "defaultHealthyRetryPolicy",
    "defaultSicklyRetryPolicy",
    "defaultThrottlePolicy",
    "defaultRequestPolicy",
    "disableSubscriptionOverrides",
  ]);
  checkRetries(given.defaultHealthyRetryPolicy, "http.defaultHealthyRetryPolicy");
  checkThrottle(given.defaultThrottlePolicy, "http.defaultThrottlePolicy");
  checkRequest(given.defaultRequestPolicy, "http.defaultRequestPolicy", false);
}

/**
 * Refuses a subscription's policy that is none; raw messages are of more types.
 * Errors: `SettingInvalid`
 */
export function checkSubscriptionPolicy(text: string, isRaw: boolean): void {
  const given = members(parsed(text), "DeliveryPolicy", [
    "healthyRetryPolicy",
    "sicklyRetryPolicy",
    "throttlePolicy",
    "requestPolicy",
    "guaranteed",
  ]);
  checkRetries(given.healthyRetryPolicy, "healthyRetryPolicy");
  checkThrottle(given.throttlePolicy, "throttlePolicy");
  checkRequest(given.requestPolicy, "requestPolicy", isRaw);
}
