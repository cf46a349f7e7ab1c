import type { Transaction } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import { deviceOf } from "../model/addresses.ts";
import type { Published } from "../model/message.ts";
import { isSilenced, textSender } from "../model/phones.ts";
import { requireReachableDevice, type DeviceRef } from "../model/push.ts";
import { recordSent } from "../model/sent.ts";
import type { TopicContext } from "../ports.ts";
import type { Delivery } from "./delivery.ts";
import { textFor } from "./documents.ts";
import { giveUp, REFUSED } from "./give-up.ts";

/** Nobody's inbox, phone or device is reached from here: what would go out is kept where it can be read. */
export async function deliverToPerson(tx: Transaction, delivery: Delivery, ctx: TopicContext): Promise<void> {
  const { topic, subscription, published, notices } = delivery;
  const { protocol, endpoint } = subscription;
  if (protocol === "push") return deliverToDevice(tx, delivery, ctx);
  const body = protocol === "email-json" ? await notices.documentFor(subscription) : textFor(published, protocol);
  if (protocol === "sms" && (await isSilenced(tx, subscription, endpoint))) {
    const lost = { body, messageId: published.id, problem: "The number wants no texts.", code: REFUSED };
    return giveUp(tx, subscription, lost, ctx);
  }
  const from = (protocol === "sms" ? await textSender(tx, topic, published) : undefined) ?? topic.settings.displayName;
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

async function deliverToDevice(tx: Transaction, delivery: Delivery, ctx: TopicContext): Promise<void> {
  const { topic, subscription, published } = delivery;
  const found = deviceOf(subscription.endpoint);
  try {
    if (found !== undefined) await push(tx, found.scope, found.device, published, topic.name);
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem;
    const lost = { body: textFor(published, "push"), messageId: published.id, problem: problem.message, code: REFUSED };
    await giveUp(tx, subscription, lost, ctx);
  }
}

/**
 * Sends a message to one device.
 * Errors: those of `requireReachableDevice`
 */
export async function push(
  tx: Transaction,
  scope: Scope,
  ref: DeviceRef,
  published: Published,
  topic?: string,
): Promise<void> {
  const device = await requireReachableDevice(tx, scope, ref);
  await recordSent(tx, scope, {
    protocol: "push",
    to: device.token,
    body: published.perProtocol?.[ref.platform] ?? textFor(published, "push"),
    messageId: published.id,
    atMs: published.atMs,
    ...(topic !== undefined && { topic }),
  });
}
