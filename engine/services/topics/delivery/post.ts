import type { Job } from "../../../kernel/jobs.ts";
import type { Outside } from "../../manifest.ts";
import { subscriptionAddressOf, subscriptionRecords } from "../model/subscription.ts";
import { addressOf, topicRecords, type Topic } from "../model/topic.ts";
import type { TopicContext } from "../ports.ts";
import { authorizationFor, webAddressOf } from "./authorization.ts";
import { giveUp } from "./give-up.ts";
import { delaySecondsBefore, effectivePolicy, type EffectivePolicy } from "./retries.ts";
import { scheduleNotification, schedulePost, type Post } from "./web.ts";

const TIMEOUT_MS = 15_000;
const NONCE_DIGITS = 16;
const TOO_MANY_REQUESTS = 429;

/** Makes one attempt at a post; what failed is tried again as the delivery policy says, and then given up. */
export async function post(job: Job, outside: Outside): Promise<void> {
  const { store, ctx } = outside;
  const posting = job.payload as Post;
  const found = await store.read(async (tx) => ({
    topic: await topicRecords.get(tx, posting.account, posting.region, posting.topic),
    subscription: await subscriptionRecords.get(
      tx, posting.account, posting.region, posting.topic, posting.subscription),
  }));
  const { topic, subscription } = found;
  // Whoever has unsubscribed meanwhile hears nothing more, but for the word that asks whether it was meant.
  if (topic === undefined || (subscription === undefined && posting.type !== "UnsubscribeConfirmation")) return;
  const policy = effectivePolicy(topic.settings.deliveryPolicy, subscription?.settings.deliveryPolicy);
  const problem = await attempt(outside, posting, topic, policy);
  if (problem === undefined) return;
  const failures = posting.failures + 1;
  const delaySeconds = problem.isFinal ? undefined : delaySecondsBefore(failures, policy.healthyRetryPolicy);
  await store.transact(async (tx) => {
    const isNotification = posting.type === "Notification" && subscription !== undefined;
    if (delaySeconds !== undefined) {
      const again = { ...posting, failures };
      const atMs = ctx.clock.nowMs() + delaySeconds * 1000;
      if (isNotification) return scheduleNotification(tx, topic, subscription, again, atMs);
      return schedulePost(tx, again, atMs);
    }
    if (!isNotification) return;
    const { text, status } = problem;
    const lost = { body: posting.body, messageId: posting.messageId, problem: text, code: status?.toString() };
    await giveUp(tx, subscription, lost, ctx as TopicContext);
  });
}

function headersOf(posting: Post, topic: Topic, policy: EffectivePolicy): Record<string, string> {
  return {
    "content-type": policy.requestPolicy.headerContentType,
    "user-agent": "Amazon Simple Notification Service Agent",
    "x-amz-sns-message-type": posting.type,
    "x-amz-sns-message-id": posting.messageId,
    "x-amz-sns-topic-arn": addressOf(topic),
    ...(posting.type !== "SubscriptionConfirmation" && {
      "x-amz-sns-subscription-arn": subscriptionAddressOf({ ...posting, id: posting.subscription }),
    }),
    ...(posting.isRaw && { "x-amz-sns-rawdelivery": "true" }),
  };
}

/** What is wrong with an attempt; `status` where the endpoint answered at all. */
interface Problem {
  readonly text: string;
  readonly status?: number;
  readonly isFinal: boolean;
}

/**
 * Undefined when the endpoint took it. What it fails to take, or has no room for, is offered to it again; all else that
 * it says is its last word, also that somebody else would take it.
 * Source: SNS Developer Guide, "Fanout to HTTP/S endpoints"
 */
async function attempt(
  { http, ctx, ending }: Outside,
  posting: Post,
  topic: Topic,
  policy: EffectivePolicy,
): Promise<Problem | undefined> {
  try {
    const address = webAddressOf(posting.url);
    const headers = headersOf(posting, topic, policy);
    const request = { headers, body: posting.body, timeoutMs: TIMEOUT_MS, signal: ending };
    const first = await http.post(address.url, request);
    const authorization =
      first.status === 401 && first.challenge !== undefined
        ? authorizationFor(first.challenge, address, ctx.ids.hex(NONCE_DIGITS))
        : undefined;
    const { status } =
      authorization === undefined
        ? first
        : await http.post(address.url, { ...request, headers: { ...headers, authorization } });
    if (status >= 200 && status < 300) return undefined;
    const isPassing = status >= 500 || status === TOO_MANY_REQUESTS;
    return { text: `The endpoint answered ${status}.`, status, isFinal: !isPassing };
  } catch (problem) {
    // The endpoint is not at fault: the job is done again when an engine runs.
    if (ending.aborted) throw problem;
    // `fetch` says only that it failed; why stands in the cause.
    const cause = problem instanceof Error && problem.cause instanceof Error ? problem.cause : problem;
    return { text: `The endpoint did not answer: ${String((cause as Error).message)}`, isFinal: false };
  }
}
