import type { Job } from "../../../kernel/jobs.ts";
import type { Outside } from "../../manifest.ts";
import { subscriptionAddressOf, subscriptionRecords, type Subscription } from "../model/subscription.ts";
import { addressOf, topicRecords, type Topic } from "../model/topic.ts";
import type { TopicContext } from "../ports.ts";
import { giveUp, schedulePost, type Post } from "./deliver.ts";
import { delaySecondsBefore, effectivePolicy, type EffectivePolicy } from "./retries.ts";

const TIMEOUT_MS = 15_000;

/** Makes one attempt at a post; what failed is tried again as the delivery policy says, and then given up. */
export async function post(job: Job, { store, http, ctx }: Outside): Promise<void> {
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
  const problem = await attempt(http, posting, topic, policy, subscription);
  if (problem === undefined) return;
  const failures = posting.failures + 1;
  const delaySeconds = problem.isFinal ? undefined : delaySecondsBefore(failures, policy.healthyRetryPolicy);
  await store.transact(async (tx) => {
    if (delaySeconds !== undefined)
      return schedulePost(tx, { ...posting, failures }, ctx.clock.nowMs() + delaySeconds * 1000);
    if (posting.type !== "Notification" || subscription === undefined) return;
    const lost = { body: posting.body, messageId: posting.messageId, problem: problem.text };
    await giveUp(tx, subscription, lost, ctx as TopicContext);
  });
}

function headersOf(
  posting: Post,
  topic: Topic,
  policy: EffectivePolicy,
  subscription: Subscription | undefined,
): Record<string, string> {
  return {
    "content-type": policy.requestPolicy.headerContentType,
    "user-agent": "Amazon Simple Notification Service Agent",
    "x-amz-sns-message-type": posting.type,
    "x-amz-sns-message-id": posting.messageId,
    "x-amz-sns-topic-arn": addressOf(topic),
    ...(subscription?.isConfirmed && { "x-amz-sns-subscription-arn": subscriptionAddressOf(subscription) }),
    ...(posting.isRaw && { "x-amz-sns-rawdelivery": "true" }),
  };
}

/** Undefined when the endpoint took it. What an endpoint says it will not take is not offered to it again. */
async function attempt(
  http: Outside["http"],
  posting: Post,
  topic: Topic,
  policy: EffectivePolicy,
  subscription: Subscription | undefined,
): Promise<{ readonly text: string; readonly isFinal: boolean } | undefined> {
  try {
    const headers = headersOf(posting, topic, policy, subscription);
    const { status } = await http.post(posting.url, { headers, body: posting.body, timeoutMs: TIMEOUT_MS });
    if (status >= 200 && status < 300) return undefined;
    return { text: `The endpoint answered ${status}.`, isFinal: status >= 400 && status < 500 && status !== 429 };
  } catch (problem) {
    // `fetch` says only that it failed; why stands in the cause.
    const cause = problem instanceof Error && problem.cause instanceof Error ? problem.cause : problem;
    return { text: `The endpoint did not answer: ${String((cause as Error).message)}`, isFinal: false };
  }
}
