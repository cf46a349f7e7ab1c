import { schedule } from "../../../kernel/jobs.ts";
import type { Transaction } from "../../../kernel/store.ts";
import { ServiceError } from "../../errors.ts";
import { queueOf } from "../model/addresses.ts";
import type { Published } from "../model/message.ts";
import { recordSent } from "../model/sent.ts";
import type { Subscription } from "../model/subscription.ts";
import type { Topic } from "../model/topic.ts";
import type { TopicContext } from "../ports.ts";
import { textFor, type Notices } from "./documents.ts";

/** One message for one subscriber. */
export interface Delivery {
  readonly topic: Topic;
  readonly subscription: Subscription;
  readonly published: Published;
  readonly notices: Notices;
}

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

/** Hands a message to its subscriber, in the transaction that publishes it or in a job that follows. */
export async function deliver(tx: Transaction, delivery: Delivery, ctx: TopicContext): Promise<void> {
  const { protocol } = delivery.subscription;
  if (protocol === "queue") return deliverToQueue(tx, delivery, ctx);
  if (protocol === "http" || protocol === "https") return deliverToWeb(tx, delivery, ctx);
  if (protocol === "function" || protocol === "stream") return deliverThroughPort(tx, delivery, ctx);
  return deliverToPerson(tx, delivery, ctx);
}

const bodyFor = ({ subscription, published, notices }: Delivery): Promise<string> | string =>
  subscription.settings.isRaw === true
    ? textFor(published, subscription.protocol)
    : notices.documentFor(subscription);

async function deliverToQueue(tx: Transaction, delivery: Delivery, ctx: TopicContext): Promise<void> {
  const { subscription, published } = delivery;
  const { attributes, group, deduplicationId } = published;
  const body = await bodyFor(delivery);
  const queue = queueOf(subscription.endpoint, subscription);
  try {
    if (queue === undefined) return;
    // No spreads: this runs for every subscriber of every message.
    const message: Parameters<TopicContext["ports"]["queues"]["deliver"]>[2] = { body };
    if (subscription.settings.isRaw === true && attributes !== undefined) message.attributes = attributes;
    if (group !== undefined) message.group = group;
    if (deduplicationId !== undefined) message.deduplicationId = deduplicationId;
    await ctx.ports.queues.deliver(tx, queue, message, ctx);
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem;
    await giveUp(tx, subscription, { body, messageId: published.id, problem: problem.message, group }, ctx);
  }
}

async function deliverToWeb(tx: Transaction, delivery: Delivery, ctx: TopicContext): Promise<void> {
  const { topic, subscription, published } = delivery;
  const { account, region, name } = topic;
  const post: Post = {
    account,
    region,
    topic: name,
    subscription: subscription.id,
    url: subscription.endpoint,
    type: "Notification",
    messageId: published.id,
    body: await bodyFor(delivery),
    isRaw: subscription.settings.isRaw === true,
    failures: 0,
  };
  await schedulePost(tx, post, ctx.clock.nowMs());
}

async function deliverThroughPort(tx: Transaction, delivery: Delivery, ctx: TopicContext): Promise<void> {
  const { subscription, published } = delivery;
  const port = subscription.protocol === "function" ? ctx.ports.functions : ctx.ports.streams;
  const body = await bodyFor(delivery);
  try {
    if (port !== undefined) return await port.notify(tx, subscription.endpoint, body, ctx);
    const problem = `no service takes ${subscription.protocol} deliveries`;
    await giveUp(tx, subscription, { body, messageId: published.id, problem }, ctx);
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem;
    await giveUp(tx, subscription, { body, messageId: published.id, problem: problem.message }, ctx);
  }
}

/** Nobody's inbox or phone is reached from here: what would go out is kept where it can be read. */
async function deliverToPerson(tx: Transaction, delivery: Delivery, ctx: TopicContext): Promise<void> {
  const { topic, subscription, published, notices } = delivery;
  const { protocol, endpoint } = subscription;
  const body = protocol === "email-json" ? await notices.documentFor(subscription) : textFor(published, protocol);
  const from = topic.settings.displayName;
  const subject = protocol.startsWith("email") ? (published.subject ?? "AWS Notification Message") : undefined;
  await recordSent(tx, topic, {
    protocol,
    to: endpoint,
    body,
    messageId: published.id,
    atMs: ctx.clock.nowMs(),
    topic: topic.name,
    ...(from !== undefined && { from }),
    ...(subject !== undefined && { subject }),
  });
}

const text = (value: string) => ({ type: "String", value });

interface Lost {
  readonly body: string;
  readonly messageId: string;
  readonly problem: string;
  readonly group?: string | undefined;
}

/** What could not be delivered goes to the subscription's dead-letter queue; without one it is recorded as lost. */
export async function giveUp(
  tx: Transaction,
  subscription: Subscription,
  lost: Lost,
  ctx: TopicContext,
): Promise<void> {
  const { body, messageId, problem, group } = lost;
  const queue = subscription.settings.deadLetter;
  const record = (failure: string) =>
    recordSent(tx, subscription, {
      protocol: subscription.protocol,
      to: subscription.endpoint,
      body,
      messageId,
      atMs: ctx.clock.nowMs(),
      topic: subscription.topic,
      failure,
    });
  if (queue === undefined) return record(problem);
  try {
    const attributes = { RequestID: text(ctx.requestId), ErrorCode: text("400"), ErrorMessage: text(problem) };
    const inLine = { group: group ?? subscription.id, deduplicationId: messageId };
    const target = await ctx.ports.queues.find(tx, queue);
    await ctx.ports.queues.deliver(tx, queue, { body, attributes, ...(target?.isFifo && inLine) }, ctx);
  } catch (failure) {
    if (!(failure instanceof ServiceError)) throw failure;
    await record(`${problem}; its dead-letter queue does not take it: ${failure.message}`);
  }
}

