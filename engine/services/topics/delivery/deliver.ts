import type { Transaction } from "../../../kernel/store.ts";
import { ServiceError } from "../../errors.ts";
import { queueOf } from "../model/addresses.ts";
import { readersAttributes } from "../model/message.ts";
import type { TopicContext } from "../ports.ts";
import type { Delivery } from "./delivery.ts";
import { textFor } from "./documents.ts";
import { giveUp, REFUSED } from "./give-up.ts";
import { deliverToPerson } from "./people.ts";
import { scheduleNotification, type Post } from "./web.ts";

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
    if (subscription.settings.isRaw === true && attributes !== undefined) {
      const own = readersAttributes(attributes);
      if (own !== undefined) message.attributes = own;
    }
    if (group !== undefined) message.group = group;
    if (deduplicationId !== undefined) message.deduplicationId = deduplicationId;
    await ctx.ports.queues.deliver(tx, queue, message, ctx);
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem;
    const lost = { body, messageId: published.id, problem: problem.message, code: REFUSED, group };
    await giveUp(tx, subscription, lost, ctx);
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
  await scheduleNotification(tx, topic, subscription, post, ctx.clock.nowMs());
}

async function deliverThroughPort(tx: Transaction, delivery: Delivery, ctx: TopicContext): Promise<void> {
  const { subscription, published } = delivery;
  const port = subscription.protocol === "function" ? ctx.ports.functions : ctx.ports.streams;
  const body = await bodyFor(delivery);
  try {
    if (port !== undefined) return await port.notify(tx, subscription.endpoint, body, ctx);
    const problem = `no service takes ${subscription.protocol} deliveries`;
    await giveUp(tx, subscription, { body, messageId: published.id, problem, code: REFUSED }, ctx);
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem;
    await giveUp(tx, subscription, { body, messageId: published.id, problem: problem.message, code: REFUSED }, ctx);
  }
}
