import { errors } from "../errors.ts";

/** How often and when a delivery that failed is tried again. Times in seconds. */
interface RetryPolicy {
  readonly numRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly numMaxDelayRetries: number;
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly backoffFunction: "linear" | "arithmetic" | "geometric" | "exponential";
}
/** Source: SNS Developer Guide, "Amazon SNS message delivery retries" */
const DEFAULT_RETRY_POLICY: RetryPolicy = {
  numRetries: 3,
  numNoDelayRetries: 0,
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numMinDelayRetries: 0,
  numMaxDelayRetries: 0,
  backoffFunction: "linear",
};
const DEFAULT_CONTENT_TYPE = "text/plain; charset=UTF-8";
const TOTAL_SECONDS_MAX = 3600;

export interface EffectivePolicy {
  readonly healthyRetryPolicy: RetryPolicy;
  readonly requestPolicy: { readonly headerContentType: string };
  readonly throttlePolicy?: { readonly maxReceivesPerSecond: number };
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});

const refuse = (reason: string) => errors.SettingInvalid({ setting: "deliveryPolicy", reason });

function parsed(text: string | undefined): Fields {
  if (text === undefined) return {};
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    throw refuse("it is not JSON");
  }
}

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  numRetries: [0, 100],
  numNoDelayRetries: [0, 100],
  numMinDelayRetries: [0, 100],
  numMaxDelayRetries: [0, 100],
  minDelayTarget: [1, TOTAL_SECONDS_MAX],
  maxDelayTarget: [1, TOTAL_SECONDS_MAX],
};
const BACKOFFS = new Set(["linear", "arithmetic", "geometric", "exponential"]);

function retryPolicyOf(given: Fields): RetryPolicy {
  for (const [name, value] of Object.entries(given)) {
    const range = RANGES[name];
    if (value === null) continue;
    if (range === undefined ? name !== "backoffFunction" : !Number.isInteger(value))
      throw refuse(`${name} is not expected or not an integer`);
    if (range !== undefined && (Number(value) < range[0] || Number(value) > range[1]))
      throw refuse(`${name} must be between ${range[0]} and ${range[1]}`);
    if (name === "backoffFunction" && !BACKOFFS.has(String(value))) throw refuse(`backoffFunction ${String(value)}`);
  }
  const stated = Object.entries(given).filter(([, value]) => value !== null);
  const policy = { ...DEFAULT_RETRY_POLICY, ...Object.fromEntries(stated) } as RetryPolicy;
  if (policy.maxDelayTarget < policy.minDelayTarget) throw refuse("maxDelayTarget is below minDelayTarget");
  const inPhases = policy.numNoDelayRetries + policy.numMinDelayRetries + policy.numMaxDelayRetries;
  if (inPhases > policy.numRetries) throw refuse("numRetries is less than the retries of its phases");
  return policy;
}

/** A topic's policy speaks for its subscriptions, whose own goes before it unless the topic forbids. */
export function effectivePolicy(ofTopic: string | undefined, ofSubscription?: string): EffectivePolicy {
  const http = fieldsOf(parsed(ofTopic).http);
  const own = http.disableSubscriptionOverrides === true ? {} : parsed(ofSubscription);
  const retries = retryPolicyOf(fieldsOf(own.healthyRetryPolicy ?? http.defaultHealthyRetryPolicy));
  const { headerContentType } = fieldsOf(own.requestPolicy ?? http.defaultRequestPolicy);
  const { maxReceivesPerSecond } = fieldsOf(own.throttlePolicy ?? http.defaultThrottlePolicy);
  return {
    healthyRetryPolicy: retries,
    requestPolicy: {
      headerContentType: typeof headerContentType === "string" ? headerContentType : DEFAULT_CONTENT_TYPE,
    },
    ...(typeof maxReceivesPerSecond === "number" && { throttlePolicy: { maxReceivesPerSecond } }),
  };
}

/** Between 0 and 1, how far a backoff has come. */
const CURVES: Readonly<Record<RetryPolicy["backoffFunction"], (at: number) => number>> = {
  linear: (at) => at,
  arithmetic: (at) => (at * (at + 1)) / 2,
  geometric: (at) => at * at,
  exponential: (at) => (2 ** (10 * at) - 1) / (2 ** 10 - 1),
};

/** How long to wait before the `retry`-th retry (1 is the first); undefined when it was the last. */
export function delaySecondsBefore(retry: number, policy: RetryPolicy): number | undefined {
  const { numRetries, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = policy;
  if (retry > numRetries) return undefined;
  if (retry <= numNoDelayRetries) return 0;
  if (retry <= numNoDelayRetries + numMinDelayRetries) return policy.minDelayTarget;
  if (retry > numRetries - numMaxDelayRetries) return policy.maxDelayTarget;
  const steps = numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries;
  const step = retry - numNoDelayRetries - numMinDelayRetries - 1;
  const range = policy.maxDelayTarget - policy.minDelayTarget;
  return policy.minDelayTarget + range * CURVES[policy.backoffFunction](steps <= 1 ? 0 : step / (steps - 1));
}
