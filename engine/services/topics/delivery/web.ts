import { schedule } from "../../../kernel/jobs.ts";
import type { Transaction } from "../../../kernel/store.ts";
import { nextPostKey, type Subscription } from "../model/subscription.ts";
import type { Topic } from "../model/topic.ts";
import { effectivePolicy } from "./retries.ts";

/** A post to a web endpoint, as the job that makes it is told. */
export interface Post {
  readonly account: string;
  readonly region: string;
  readonly topic: string;
  readonly subscription: string;
  readonly url: string;
  readonly type: "Notification" | "SubscriptionConfirmation" | "UnsubscribeConfirmation";
  readonly messageId: string;
  readonly body: string;
  readonly isRaw: boolean;
  /** How many have failed. */
  readonly failures: number;
}
export const POST_JOB = "topics.post";

export function schedulePost(tx: Transaction, post: Post, dueAtMs: number): Promise<void> {
  return schedule(tx, { type: POST_JOB, dueAtMs, payload: post });
}

/**
 * Schedules a notification for the time that is wanted, or later where the subscription takes only so many a second:
 * they go out evenly, one after the other.
 */
export async function scheduleNotification(
  tx: Transaction,
  topic: Topic,
  subscription: Subscription,
  post: Post,
  wantedAtMs: number,
): Promise<void> {
  const [ofTopic, own] = [topic.settings.deliveryPolicy, subscription.settings.deliveryPolicy];
  const isLimited = ofTopic !== undefined || own !== undefined;
  const perSecond = isLimited ? effectivePolicy(ofTopic, own).throttlePolicy?.maxReceivesPerSecond : undefined;
  if (perSecond === undefined) return schedulePost(tx, post, wantedAtMs);
  const turnAtMs = Math.max(wantedAtMs, (await tx.get<number>(nextPostKey(subscription))) ?? 0);
  tx.set(nextPostKey(subscription), turnAtMs + 1000 / perSecond);
  await schedulePost(tx, post, Math.ceil(turnAtMs));
}
