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

export interface EffectivePolicy {
  readonly healthyRetryPolicy: RetryPolicy;
  readonly requestPolicy: { readonly headerContentType: string };
  readonly throttlePolicy?: { readonly maxReceivesPerSecond: number };
}

/** A policy as it was taken; members that are null are as good as none. */
interface Stated {
  readonly healthyRetryPolicy?: { readonly [Name in keyof RetryPolicy]?: RetryPolicy[Name] | null } | null;
  readonly requestPolicy?: { readonly headerContentType?: string | null } | null;
  readonly throttlePolicy?: { readonly maxReceivesPerSecond?: number | null } | null;
}
interface StatedByTopic {
  readonly http?: {
    readonly defaultHealthyRetryPolicy?: Stated["healthyRetryPolicy"];
    readonly defaultRequestPolicy?: Stated["requestPolicy"];
    readonly defaultThrottlePolicy?: Stated["throttlePolicy"];
    readonly disableSubscriptionOverrides?: boolean | null;
  } | null;
}

const byTopic = (text: string | undefined) =>
  (text === undefined ? undefined : (JSON.parse(text) as StatedByTopic).http) ?? {};

/** Whether a topic's policy keeps its subscriptions from having policies of their own. */
export const forbidsOverrides = (ofTopic: string | undefined): boolean =>
  byTopic(ofTopic).disableSubscriptionOverrides === true;

/** A topic's policy speaks for its subscriptions, whose own goes before it unless the topic forbids. */
export function effectivePolicy(ofTopic: string | undefined, ofSubscription?: string): EffectivePolicy {
  const http = byTopic(ofTopic);
  const isOwnHeard = ofSubscription !== undefined && http.disableSubscriptionOverrides !== true;
  const own: Stated = isOwnHeard ? (JSON.parse(ofSubscription) as Stated) : {};
  const retries = Object.entries(own.healthyRetryPolicy ?? http.defaultHealthyRetryPolicy ?? {});
  const request = own.requestPolicy ?? http.defaultRequestPolicy;
  const throttle = own.throttlePolicy ?? http.defaultThrottlePolicy;
  const maxReceivesPerSecond = throttle?.maxReceivesPerSecond ?? undefined;
  return {
    healthyRetryPolicy: {
      ...DEFAULT_RETRY_POLICY,
      ...Object.fromEntries(retries.filter(([, value]) => value !== null)),
    },
    requestPolicy: { headerContentType: request?.headerContentType ?? DEFAULT_CONTENT_TYPE },
    ...(maxReceivesPerSecond !== undefined && { throttlePolicy: { maxReceivesPerSecond } }),
  };
}

/** Between 0 and 1, how far a backoff has come. */
const CURVES: Readonly<Record<RetryPolicy["backoffFunction"], (at: number) => number>> = {
  linear: (at) => at,
  arithmetic: (at) => (at * (at + 1)) / 2,
  geometric: (at) => at * at,
  exponential: (at) => (2 ** (10 * at) - 1) / (2 ** 10 - 1),
};

function delayOf(retry: number, policy: RetryPolicy): number {
  const { numRetries, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = policy;
  if (retry <= numNoDelayRetries) return 0;
  if (retry <= numNoDelayRetries + numMinDelayRetries) return policy.minDelayTarget;
  if (retry > numRetries - numMaxDelayRetries) return policy.maxDelayTarget;
  const steps = numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries;
  const step = retry - numNoDelayRetries - numMinDelayRetries - 1;
  const range = policy.maxDelayTarget - policy.minDelayTarget;
  return policy.minDelayTarget + range * CURVES[policy.backoffFunction](steps <= 1 ? 0 : step / (steps - 1));
}

/** Nobody is tried for longer, whatever the policy says. */
const TOTAL_SECONDS_MAX = 3600;

/** How long to wait before the `retry`-th retry (1 is the first); undefined when there is none. */
export function delaySecondsBefore(retry: number, policy: RetryPolicy): number | undefined {
  if (retry > policy.numRetries) return undefined;
  let totalSeconds = 0;
  for (let earlier = 1; earlier <= retry; earlier += 1) totalSeconds += delayOf(earlier, policy);
  return totalSeconds > TOTAL_SECONDS_MAX ? undefined : delayOf(retry, policy);
}
