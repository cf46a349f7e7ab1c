import { Type, type Static } from "typebox";
import type { Key, Transaction } from "../../../kernel/store.ts";
import { BATCH_ERRORS, checkBatch, checkBatchBytes, Failed, performEach } from "../../batch.ts";
import type { OperationContext, Scope } from "../../context.ts";
import { ATTRIBUTE_NAME, isNumberText } from "../../message-attributes.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import { contentDeduplicationId, nextSequence, scopeOf, sentMessages } from "../model/deduplication.ts";
import { lineOf } from "../model/lines.ts";
import { checkId, DELAY_SECONDS_MAX, type Message, type MessageAttribute } from "../model/message.ts";
import { QueueName, requireQueue, type Queue } from "../model/queue.ts";

const ATTRIBUTES_MAX = 10;
const BATCH_BYTES_MAX = 1_048_576;
const ATTRIBUTE_TYPE = /^(?:String|Number|Binary)(?:[.].+)?$/;
/** What XML 1.0 cannot carry. */
// oxlint-disable-next-line no-control-regex -- tab and line ends are the control characters that are allowed
const FORBIDDEN = /[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

const Attributes = Type.Record(
  Type.String(),
  Type.Object({
    type: Type.String(),
    value: Type.Union([Type.String(), Type.Unsafe<Uint8Array>({ type: "string", contentEncoding: "base64" })]),
  }),
);
const content = {
  body: Type.String(),
  attributes: Type.Optional(Attributes),
  /** A trace header to hand on to the receiver. */
  trace: Type.Optional(Type.String()),
  delaySeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: DELAY_SECONDS_MAX })),
  group: Type.Optional(Type.String()),
  deduplicationId: Type.Optional(Type.String()),
};
const Content = Type.Object(content);
export type Content = Static<typeof Content>;
type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };
const receiptOfSend = { messageId: Type.String(), sequence: Type.Optional(Type.Integer()) };
const SEND_ERRORS = [
  "BodyMissing",
  "MessageTooLong",
  "CharacterInvalid",
  "AttributeInvalid",
  "TooManyAttributes",
  "OutOfRange",
  "IdInvalid",
  "GroupMissing",
  "DeduplicationMissing",
  "FifoOnly",
  "StandardOnly",
] as const;

const attributeBytes = ([name, { type, value }]: [string, MessageAttribute]) =>
  Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value);

function contentBytes(message: Content): number {
  let sizeBytes = Buffer.byteLength(message.body);
  if (message.attributes === undefined) return sizeBytes;
  for (const attribute of Object.entries(message.attributes)) sizeBytes += attributeBytes(attribute);
  return sizeBytes;
}

function checkCharacters(text: string): void {
  const found = FORBIDDEN.exec(text)?.[0];
  if (found !== undefined)
    throw errors.CharacterInvalid({ codePoint: `#x${(found.codePointAt(0) ?? 0).toString(16).toUpperCase()}` });
}

function checkAttributes(attributes: Readonly<Record<string, MessageAttribute>>): void {
  const entries = Object.entries(attributes);
  if (entries.length > ATTRIBUTES_MAX) throw errors.TooManyAttributes({ count: entries.length, max: ATTRIBUTES_MAX });
  for (const [name, { type, value }] of entries) {
    if (!ATTRIBUTE_NAME.test(name)) throw errors.AttributeInvalid({ name, type, reason: "name" });
    if (!ATTRIBUTE_TYPE.test(type)) throw errors.AttributeInvalid({ name, type, reason: "type" });
    if (value.length === 0) throw errors.AttributeInvalid({ name, type, reason: "empty" });
    if (type.startsWith("Binary") === (typeof value === "string"))
      throw errors.AttributeInvalid({ name, type, reason: "field" });
    if (type.startsWith("Number") && !isNumberText(value))
      throw errors.AttributeInvalid({ name, type, reason: "number" });
    if (typeof value === "string") checkCharacters(value);
  }
}

function checkContent(queue: Queue, message: Content): void {
  if (message.body === "") throw errors.BodyMissing();
  const sizeBytes = contentBytes(message);
  const limitBytes = queue.settings.messageBytesMax;
  if (sizeBytes > limitBytes) throw errors.MessageTooLong({ sizeBytes, limitBytes });
  checkCharacters(message.body);
  if (message.attributes) checkAttributes(message.attributes);
  checkId("group", message.group);
  checkId("deduplicationId", message.deduplicationId);
  const { delaySeconds } = message;
  if (
    delaySeconds !== undefined &&
    (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > DELAY_SECONDS_MAX)
  ) {
    throw errors.OutOfRange({ field: "delaySeconds", value: delaySeconds, min: 0, max: DELAY_SECONDS_MAX });
  }
}

/** No spreads: a message is made for every send, and each member that follows one costs half a microsecond. */
function messageFrom(content: Content, delaySeconds: number, ctx: OperationContext): Message {
  const nowMs = ctx.clock.nowMs();
  const message: Mutable<Message> = {
    version: 1,
    id: ctx.ids.uuid(),
    body: content.body,
    sender: ctx.caller.principal,
    sentAtMs: nowMs,
    receiveCount: 0,
    visibleAtMs: nowMs + delaySeconds * 1000,
  };
  if (content.attributes !== undefined) message.attributes = content.attributes;
  if (content.trace !== undefined) message.trace = content.trace;
  if (content.group !== undefined) message.group = content.group;
  return message;
}

async function sendFifo(tx: Transaction, queue: Queue, content: Content, ctx: OperationContext) {
  const { group, delaySeconds } = content;
  if (group === undefined) throw errors.GroupMissing();
  if (delaySeconds) throw errors.StandardOnly({ field: "delaySeconds", value: delaySeconds });
  const deduplicationId =
    content.deduplicationId ??
    (queue.settings.contentBasedDeduplication ? contentDeduplicationId(content.body) : undefined);
  if (deduplicationId === undefined) throw errors.DeduplicationMissing();
  const scope = scopeOf(queue, group);
  const before = await sentMessages.find(tx, queue.id, scope, deduplicationId, ctx.clock.nowMs());
  if (before) return { messageId: before.messageId, sequence: before.sequence };
  const sequence = await nextSequence(tx, queue);
  const message: Mutable<Message> = messageFrom(content, queue.settings.delaySeconds, ctx);
  message.deduplicationId = deduplicationId;
  message.sequence = sequence;
  await lineOf(queue).add(tx, queue.id, message);
  const sent = { messageId: message.id, sequence, sentAtMs: message.sentAtMs };
  await sentMessages.remember(tx, queue.id, scope, deduplicationId, sent);
  return { messageId: message.id, sequence };
}

export async function send(tx: Transaction, queue: Queue, content: Content, ctx: OperationContext) {
  checkContent(queue, content);
  if (queue.isFifo) return sendFifo(tx, queue, content, ctx);
  if (content.deduplicationId !== undefined)
    throw errors.FifoOnly({ field: "deduplicationId", value: content.deduplicationId });
  const message = messageFrom(content, content.delaySeconds ?? queue.settings.delaySeconds, ctx);
  await lineOf(queue).add(tx, queue.id, message);
  return { messageId: message.id };
}

/** Sends to a FIFO queue share its sequence number and so take turns; sends to a standard queue never meet. */
const turnOf = (isFifo: boolean, input: { queue: string; owner?: string }, scope: Scope): Key | undefined =>
  isFifo ? ["queues", "send", input.owner ?? scope.account, scope.region, input.queue] : undefined;

export const sendOperations = {
  sendMessage: operation({
    summary: "Puts a message into a queue.",
    input: Type.Object({ ...QueueName, ...content }),
    output: Type.Object(receiptOfSend),
    effects: "write",
    errors: ["QueueNotFound", ...SEND_ERRORS],
    sequence: (input, scope) => turnOf(input.group !== undefined, input, scope),
    run: async (tx, input, ctx) => send(tx, await requireQueue(tx, ctx, input), input, ctx),
  }),
  sendMessages: operation({
    summary: "Puts up to ten messages into a queue; each is taken or refused by itself.",
    input: Type.Object({ ...QueueName, entries: Type.Array(Type.Object({ id: Type.String(), ...content })) }),
    output: Type.Object({ done: Type.Array(Type.Object({ id: Type.String(), ...receiptOfSend })), failed: Failed }),
    effects: "write",
    errors: ["QueueNotFound", "BatchTooLong", ...BATCH_ERRORS, ...SEND_ERRORS],
    sequence: (input, scope) => turnOf(input.entries[0]?.group !== undefined, input, scope),
    async run(tx, input, ctx) {
      const queue = await requireQueue(tx, ctx, input);
      checkBatch(input.entries);
      checkBatchBytes(input.entries.map(contentBytes), BATCH_BYTES_MAX);
      return performEach(input.entries, (entry) => send(tx, queue, entry, ctx));
    },
  }),
};
