import { hash } from "node:crypto";
import { Type } from "typebox";
import type { Key, Transaction } from "../../../kernel/store.ts";
import { BATCH_ERRORS, checkBatch, checkBatchBytes, Failed, performEach } from "../../batch.ts";
import type { Scope } from "../../context.ts";
import { deduplication } from "../../deduplication.ts";
import { operationUsing } from "../../operation.ts";
import { deliver } from "../delivery/deliver.ts";
import { createNotices } from "../delivery/documents.ts";
import { errors } from "../errors.ts";
import { wants } from "../filter/wants.ts";
import {
  checkAttributes,
  checkContent,
  contentBytes,
  contentSchemas,
  MESSAGE_BYTES_MAX,
  type Content,
  type Published,
} from "../model/message.ts";
import { subscriptionsOf } from "../model/subscription.ts";
import { DeviceName } from "../model/push.ts";
import { requireTopic, TopicName, type Topic, type TopicRef } from "../model/topic.ts";
import type { Ports, TopicContext } from "../ports.ts";
import { archive } from "../replay.ts";
import { sendText } from "./phones.ts";
import { publishToDevice } from "./push.ts";

const operation = operationUsing<Ports>();
const CONTENT_ERRORS = [
  "MessageEmpty",
  "MessageTooLong",
  "SubjectInvalid",
  "AttributeInvalid",
  "GroupMissing",
  "DeduplicationMissing",
  "FifoOnly",
] as const;
const Receipt = { messageId: Type.String(), sequence: Type.Optional(Type.Integer()) };

const publishedBefore = deduplication("topics");

async function nextSequence(tx: Transaction, topic: Topic): Promise<number> {
  const key = ["topics", "sequence", topic.id];
  const next = ((await tx.get<number>(key)) ?? 0) + 1;
  tx.set(key, next);
  return next;
}

/** Hands a message to every subscriber that wants it, in this transaction. */
async function fanOut(tx: Transaction, topic: Topic, published: Published, ctx: TopicContext): Promise<void> {
  const notices = createNotices(tx, topic, published);
  for await (const subscription of subscriptionsOf(tx, topic)) {
    if (subscription.isConfirmed && wants(subscription, published))
      await deliver(tx, { topic, subscription, published, notices }, ctx);
  }
}

async function publishInOrder(tx: Transaction, topic: Topic, content: Content, ctx: TopicContext) {
  const { group } = content;
  if (group === undefined) throw errors.GroupMissing();
  const { contentBasedDeduplication, deduplicationScope } = topic.settings;
  const deduplicationId =
    content.deduplicationId ?? (contentBasedDeduplication ? hash("sha256", content.message, "hex") : undefined);
  if (deduplicationId === undefined) throw errors.DeduplicationMissing();
  const nowMs = ctx.clock.nowMs();
  const scope = deduplicationScope === "group" ? group : "";
  const before = await publishedBefore.find(tx, topic.id, scope, deduplicationId, nowMs);
  if (before) return { messageId: before.messageId, sequence: before.sequence };
  const sequence = await nextSequence(tx, topic);
  const messageId = ctx.ids.uuid();
  const sent = { messageId, sequence, sentAtMs: nowMs };
  await publishedBefore.remember(tx, topic.id, scope, deduplicationId, sent);
  const published = { ...content, deduplicationId, id: messageId, atMs: nowMs, sequence };
  await archive(tx, topic, published);
  await fanOut(tx, topic, published, ctx);
  return { messageId, sequence };
}

export async function publish(tx: Transaction, topic: Topic, content: Content, ctx: TopicContext) {
  checkContent(content);
  if (topic.isFifo) return publishInOrder(tx, topic, content, ctx);
  if (content.deduplicationId !== undefined) throw errors.FifoOnly({ field: "deduplicationId" });
  const published = { ...content, id: ctx.ids.uuid(), atMs: ctx.clock.nowMs() };
  await fanOut(tx, topic, published, ctx);
  return { messageId: published.id };
}

/** Messages to a FIFO topic share its sequence number and so take turns; others never meet. */
const turnOf = ({ topic, owner, region }: TopicRef, scope: Scope): Key | undefined =>
  topic.endsWith(".fifo")
    ? ["topics", "publish", owner ?? scope.account, region ?? scope.region, topic]
    : undefined;

export const publishOperations = {
  publish: operation({
    summary: "Sends a message to every subscriber of a topic that wants it, or to one device or phone.",
    input: Type.Object({
      ...Type.Partial(Type.Object(TopicName)).properties,
      device: Type.Optional(Type.Object(DeviceName)),
      number: Type.Optional(Type.String()),
      ...contentSchemas,
    }),
    output: Type.Object(Receipt),
    effects: "write",
    errors: [
      "TargetMissing",
      "TopicNotFound",
      "DeviceNotFound",
      "DeviceDisabled",
      "ApplicationNotFound",
      "ApplicationDisabled",
      "PhoneNumberInvalid",
      ...CONTENT_ERRORS,
    ],
    sequence: (input, scope) => (input.topic === undefined ? undefined : turnOf(input as TopicRef, scope)),
    async run(tx, input, ctx) {
      const { topic, owner: _, region: __, device, number, ...content } = input;
      if (topic !== undefined) return publish(tx, await requireTopic(tx, ctx, input as TopicRef), content, ctx);
      if (device !== undefined) return publishToDevice(tx, device, content, ctx);
      if (number !== undefined) return sendText(tx, number, content, ctx);
      throw errors.TargetMissing();
    },
  }),
  publishBatch: operation({
    summary: "Sends up to ten messages; each is taken or refused by itself.",
    input: Type.Object({ ...TopicName, entries: Type.Array(Type.Object({ id: Type.String(), ...contentSchemas })) }),
    output: Type.Object({ done: Type.Array(Type.Object({ id: Type.String(), ...Receipt })), failed: Failed }),
    effects: "write",
    errors: [
      "TopicNotFound",
      "BatchTooLong",
      ...BATCH_ERRORS,
      ...CONTENT_ERRORS,
    ],
    sequence: turnOf,
    async run(tx, { entries, ...name }, ctx) {
      const topic = await requireTopic(tx, ctx, name);
      checkBatch(entries);
      checkBatchBytes(entries.map(contentBytes), MESSAGE_BYTES_MAX);
      // A batch with an attribute that is none is refused as a whole.
      for (const { attributes } of entries) if (attributes) checkAttributes(attributes);
      return performEach(entries, (entry) => publish(tx, topic, entry, ctx));
    },
  }),
};
