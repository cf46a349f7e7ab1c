import { cancel, schedule } from "../../../kernel/jobs.ts";
import type { Key, Reader, Transaction } from "../../../kernel/store.ts";
import { confirmationFor, confirmationLink, type ConfirmationType } from "../delivery/documents.ts";
import { schedulePost } from "../delivery/web.ts";
import { errors } from "../errors.ts";
import { queueOf } from "../model/addresses.ts";
import { recordSent } from "../model/sent.ts";
import { putSubscription, removeSubscription, subscriptionRecords, type Subscription } from "../model/subscription.ts";
import { putTopic, type Place, type Topic } from "../model/topic.ts";
import type { TopicContext } from "../ports.ts";

/** How long a token is good for. */
const TOKEN_MS = 2 * 24 * 60 * 60 * 1000;
const TOKEN_DIGITS = 128;

/** What a token is for: a subscription that waits, or one that has ended and may come back. */
interface Token {
  readonly id: string;
  readonly ended?: Subscription;
}
const tokenKey = ({ account, region, topic }: Subscription, token: string): Key =>
  ["topics", "token", account, region, topic, token];

export const EXPIRE_JOB = "topics.forgetToken";
const expiryOf = (token: string) => `${EXPIRE_JOB}-${token}`;

export const tokens = {
  async put(tx: Transaction, subscription: Subscription, token: string, record: Token, nowMs: number): Promise<void> {
    const { account, region, topic } = subscription;
    tx.set(tokenKey(subscription, token), record);
    const payload = { account, region, topic, token };
    await schedule(tx, { id: expiryOf(token), type: EXPIRE_JOB, dueAtMs: nowMs + TOKEN_MS, payload });
  },
  remove(tx: Transaction, subscription: Subscription, token: string): void {
    tx.delete(tokenKey(subscription, token));
  },
  get: (tx: Reader, topic: Topic, token: string) =>
    tx.get<Token>(["topics", "token", topic.account, topic.region, topic.name, token]),
};

/** Sends a confirmation to where the subscription's messages would go. */
async function send(
  tx: Transaction,
  type: ConfirmationType,
  topic: Topic,
  subscription: Subscription,
  token: string,
  ctx: TopicContext,
): Promise<void> {
  const { protocol, endpoint, account, region } = subscription;
  const atMs = ctx.clock.nowMs();
  const id = ctx.ids.uuid();
  const body = await confirmationFor(tx, type, { topic, subscription, token, id, atMs });
  if (protocol === "http" || protocol === "https") {
    const about = { account, region, topic: topic.name, subscription: subscription.id };
    const post = { ...about, url: endpoint, type, messageId: id, body, isRaw: false, failures: 0 };
    return schedulePost(tx, post, atMs);
  }
  const queue = protocol === "queue" ? queueOf(endpoint, subscription) : undefined;
  if (queue !== undefined) return sendToQueue(tx, queue, body, id, ctx);
  await recordSent(tx, subscription, {
    protocol,
    to: endpoint,
    subject: "AWS Notification - Subscription Confirmation",
    body: protocol === "email" ? confirmationLink(subscription, topic, token) : body,
    messageId: id,
    atMs,
    topic: topic.name,
  });
}

/** A queue that is not there (yet) hears nothing, and its subscription waits until its token has had its time. */
async function sendToQueue(tx: Transaction, queue: Place, body: string, id: string, ctx: TopicContext): Promise<void> {
  const found = await ctx.ports.queues.find(tx, queue);
  if (found === undefined) return;
  const inLine = { group: id, deduplicationId: id };
  await ctx.ports.queues.deliver(tx, queue, { body, ...(found.isFifo && inLine) }, ctx);
}

/** Puts a subscription down as waiting, and asks its endpoint; asking again makes the earlier token void. */
export async function askForConfirmation(
  tx: Transaction,
  topic: Topic,
  subscription: Subscription,
  ctx: TopicContext,
): Promise<void> {
  if (subscription.token !== undefined) {
    tokens.remove(tx, subscription, subscription.token);
    await cancel(tx, expiryOf(subscription.token));
  }
  const token = ctx.ids.hex(TOKEN_DIGITS);
  putSubscription(tx, { ...subscription, token });
  await tokens.put(tx, subscription, token, { id: subscription.id }, ctx.clock.nowMs());
  await send(tx, "SubscriptionConfirmation", topic, subscription, token, ctx);
}

/** A web endpoint is asked whether the end was meant; its answer would bring the subscription back. */
export async function tellOfTheEnd(
  tx: Transaction,
  topic: Topic,
  subscription: Subscription,
  ctx: TopicContext,
): Promise<void> {
  if (subscription.protocol !== "http" && subscription.protocol !== "https") return;
  const token = ctx.ids.hex(TOKEN_DIGITS);
  await tokens.put(tx, subscription, token, { id: subscription.id, ended: subscription }, ctx.clock.nowMs());
  await send(tx, "UnsubscribeConfirmation", topic, subscription, token, ctx);
}

/** Confirms what the token is for. Using a token twice is no error as long as it is good. */
export async function useToken(
  tx: Transaction,
  topic: Topic,
  token: string,
  isGuarded: boolean,
): Promise<Subscription> {
  const record = await tokens.get(tx, topic, token);
  if (record === undefined) throw errors.TokenUnknown();
  const waiting = await subscriptionRecords.get(tx, topic.account, topic.region, topic.name, record.id);
  const subscription = waiting ?? record.ended;
  if (subscription === undefined) throw errors.TokenUnknown();
  if (waiting === undefined)
    putTopic(tx, { ...topic, endedSubscriptions: Math.max(0, topic.endedSubscriptions - 1) });
  if (waiting?.isConfirmed) return waiting;
  const { token: _, ...rest } = subscription;
  const confirmed: Subscription = { ...rest, isConfirmed: true, isConfirmedByOwner: isGuarded, isGuarded };
  putSubscription(tx, confirmed);
  return confirmed;
}

/** A token has had its time, and with it the subscription that still waits for it. */
export async function forgetToken(
  tx: Transaction,
  { account, region, topic, token }: { account: string; region: string; topic: string; token: string },
): Promise<void> {
  const key: Key = ["topics", "token", account, region, topic, token];
  const record = await tx.get<Token>(key);
  tx.delete(key);
  const waiting = record && (await subscriptionRecords.get(tx, account, region, topic, record.id));
  if (waiting?.token === token) removeSubscription(tx, waiting);
}
