import { Type, type Static } from "typebox";
import type { Transaction } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { operation, type Wait } from "../../operation.ts";
import { errors } from "../errors.ts";
import { nextSequence } from "../model/deduplication.ts";
import { attemptBefore, rememberAttempt, type Attempt, type HandedOut } from "../model/attempts.ts";
import { lineOf } from "../model/lines.ts";
import {
  bodyOf,
  checkId,
  receiptOf,
  type Message,
  type MessageAttribute,
  type PlacedMessage,
} from "../model/message.ts";
import { QueueName, queueRecords, requireQueue, type Queue } from "../model/queue.ts";
import { takesLettersFrom } from "./queues.ts";

const COUNT_MAX = 10;
const WAIT_SECONDS_MAX = 20;
const HIDDEN_SECONDS_MAX = 43_200;

const ReceivedMessage = Type.Object({
  messageId: Type.String(),
  receipt: Type.String(),
  body: Type.String(),
  attributes: Type.Unsafe<Readonly<Record<string, MessageAttribute>>>({ type: "object" }),
  sender: Type.String(),
  sentAtMs: Type.Integer(),
  receiveCount: Type.Integer(),
  firstReceivedAtMs: Type.Integer(),
  trace: Type.Optional(Type.String()),
  group: Type.Optional(Type.String()),
  deduplicationId: Type.Optional(Type.String()),
  sequence: Type.Optional(Type.Integer()),
  deadLetterSource: Type.Optional(Type.String()),
});
const ReceiveInput = Type.Object({
  ...QueueName,
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: COUNT_MAX })),
  visibilityTimeoutSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: HIDDEN_SECONDS_MAX })),
  waitSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: WAIT_SECONDS_MAX })),
  /** FIFO: the same again within five minutes is answered with the same messages, as long as none has changed. */
  attemptId: Type.Optional(Type.String()),
});

function checkRange(field: string, value: number | undefined, min: number, max: number): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= min && value <= max))
    throw errors.OutOfRange({ field, value, min, max });
}

/** The queue that takes what this one gives up, while there is one that lets it. */
async function deadLetterQueueOf(
  tx: Transaction,
  queue: Queue,
): Promise<{ target: Queue; maxReceiveCount: number } | undefined> {
  const setting = queue.settings.deadLetter;
  if (setting === undefined) return undefined;
  const target = await queueRecords.get(tx, setting.queue.account, setting.queue.region, setting.queue.name);
  if (target === undefined || target.isFifo !== queue.isFifo || !takesLettersFrom(target, queue)) return undefined;
  return { target, maxReceiveCount: setting.maxReceiveCount };
}

/** As clients are told it: across all queues. */
const receiveCountOf = ({ receiveCount, earlierReceiveCount = 0 }: Message) => receiveCount + earlierReceiveCount;

/** Moves a message that was received too often. A standard queue keeps its age, a FIFO queue starts it anew. */
async function bury(
  tx: Transaction,
  queue: Queue,
  placed: PlacedMessage,
  body: string,
  target: Queue,
  nowMs: number,
): Promise<void> {
  await lineOf(queue).remove(tx, queue.id, placed);
  const { firstReceivedAtMs: _, ...message } = placed.message;
  const earlierReceiveCount = receiveCountOf(message);
  const anew = { body, visibleAtMs: nowMs, receiveCount: 0, earlierReceiveCount, deadLetterSource: queue.name };
  const moved: Message = { ...message, ...anew };
  const inLine = target.isFifo ? { ...moved, sentAtMs: nowMs, sequence: await nextSequence(tx, target) } : moved;
  await lineOf(target).add(tx, target.id, inLine);
}

interface Taken {
  readonly placed: PlacedMessage;
  readonly body: string;
}

/** The messages to hand out, with their bodies; what is too old or was received too often leaves on the way. */
async function take(tx: Transaction, queue: Queue, count: number, nowMs: number): Promise<Taken[]> {
  const line = lineOf(queue);
  const oldestMs = nowMs - queue.settings.retentionSeconds * 1000;
  const deadLetters = await deadLetterQueueOf(tx, queue);
  const taken: Taken[] = [];
  let isFirst = true;
  for await (const placed of line.due(tx, queue.id, nowMs, count)) {
    const isOutlived = placed.message.sentAtMs <= oldestMs;
    // What goes in one stroke stands first: nobody need look for it before it shows.
    if (isOutlived && isFirst && (await line.clearSentBefore(tx, queue.id, oldestMs)))
      return take(tx, queue, count, nowMs);
    isFirst = false;
    const body = await bodyOf(tx, queue.id, placed.message);
    if (isOutlived || body === undefined) await line.remove(tx, queue.id, placed);
    else if (deadLetters && placed.message.receiveCount >= deadLetters.maxReceiveCount) {
      await bury(tx, queue, placed, body, deadLetters.target, nowMs);
    } else if (taken.push({ placed, body }) === count) break;
  }
  return taken;
}

/** Written out, without spreads: it runs for every message. */
function received(queue: Queue, placed: PlacedMessage, body: string, nowMs: number): Static<typeof ReceivedMessage> {
  const { message } = placed;
  const result: Static<typeof ReceivedMessage> = {
    messageId: message.id,
    receipt: receiptOf(queue.id, placed),
    body,
    attributes: message.attributes ?? NO_ATTRIBUTES,
    sender: message.sender,
    sentAtMs: message.sentAtMs,
    receiveCount: receiveCountOf(message),
    firstReceivedAtMs: message.firstReceivedAtMs ?? nowMs,
  };
  if (message.trace !== undefined) result.trace = message.trace;
  if (message.group !== undefined) result.group = message.group;
  if (message.deduplicationId !== undefined) result.deduplicationId = message.deduplicationId;
  if (message.sequence !== undefined) result.sequence = message.sequence;
  if (message.deadLetterSource !== undefined) result.deadLetterSource = message.deadLetterSource;
  return result;
}
const NO_ATTRIBUTES = {};

/** The same message as a receive leaves it: hidden for a while, and received once more. */
function hiddenUntil(visibleAtMs: number, before: Message, nowMs: number): Message {
  const message = { ...before, visibleAtMs };
  message.receiveCount += 1;
  message.firstReceivedAtMs ??= nowMs;
  message.lastReceivedAtMs = nowMs;
  return message;
}

/** The messages that an earlier attempt handed out, if each of them is still as it was then. */
async function unchanged(tx: Transaction, queue: Queue, attempt: Attempt, nowMs: number) {
  const found: Taken[] = [];
  for (const { group, place, receiveCount, visibleAtMs } of attempt.messages) {
    const receipt = { queueId: queue.id, receiveCount, sentAtMs: 0, place, group };
    const placed = await lineOf(queue).find(tx, queue.id, receipt);
    const isAsItWas = placed?.message.receiveCount === receiveCount && placed.message.visibleAtMs === visibleAtMs;
    if (!isAsItWas || visibleAtMs <= nowMs) return [];
    const body = await bodyOf(tx, queue.id, placed.message);
    if (body === undefined) return [];
    found.push({ placed, body });
  }
  return found;
}

/** Hands the messages of an earlier attempt out once more, under the same receipts, and hides them anew. */
async function receiveAgain(tx: Transaction, queue: Queue, attemptId: string, visibleAtMs: number, nowMs: number) {
  const before = await attemptBefore(tx, queue.id, attemptId, nowMs);
  const messages: Static<typeof ReceivedMessage>[] = [];
  for (const { placed, body } of before ? await unchanged(tx, queue, before, nowMs) : []) {
    const hidden: PlacedMessage = { place: placed.place, message: { ...placed.message, visibleAtMs } };
    await lineOf(queue).move(tx, queue.id, placed, hidden.message);
    messages.push(received(queue, hidden, body, nowMs));
  }
  if (before && messages.length > 0) {
    const handedOut = before.messages.map((one) => ({ ...one, visibleAtMs }));
    await rememberAttempt(tx, queue.id, attemptId, { ...before, messages: handedOut });
  }
  return messages;
}

async function receive(tx: Transaction, input: Static<typeof ReceiveInput>, ctx: OperationContext) {
  const queue = await requireQueue(tx, ctx, input);
  const {
    count = 1,
    visibilityTimeoutSeconds = queue.settings.visibilityTimeoutSeconds,
    waitSeconds = queue.settings.waitSeconds,
    attemptId,
  } = input;
  if (attemptId !== undefined && !queue.isFifo) throw errors.FifoOnly({ field: "attemptId", value: attemptId });
  checkId("attemptId", attemptId);
  checkRange("count", count, 1, COUNT_MAX);
  checkRange("waitSeconds", waitSeconds, 0, WAIT_SECONDS_MAX);
  checkRange("visibilityTimeoutSeconds", visibilityTimeoutSeconds, 0, HIDDEN_SECONDS_MAX);
  const nowMs = ctx.clock.nowMs();
  const line = lineOf(queue);
  const visibleAtMs = nowMs + visibilityTimeoutSeconds * 1000;
  const again = attemptId === undefined ? [] : await receiveAgain(tx, queue, attemptId, visibleAtMs, nowMs);
  if (again.length > 0) return { messages: again };
  const messages: Static<typeof ReceivedMessage>[] = [];
  const handedOut: HandedOut[] = [];
  for (const { placed, body } of await take(tx, queue, count, nowMs)) {
    const { message, place } = placed;
    const hidden = hiddenUntil(visibleAtMs, message, nowMs);
    await line.move(tx, queue.id, placed, hidden);
    messages.push(received(queue, { place, message: hidden }, body, nowMs));
    handedOut.push({ group: message.group ?? "", place, receiveCount: hidden.receiveCount, visibleAtMs });
  }
  if (attemptId !== undefined && messages.length > 0)
    await rememberAttempt(tx, queue.id, attemptId, { atMs: nowMs, messages: handedOut });
  if (messages.length > 0 || waitSeconds === 0) return { messages };
  const wait: Wait = {
    forMs: waitSeconds * 1000,
    changes: line.arrivals(queue.id),
    againAtMs: await line.nextDueAtMs(tx, queue.id, nowMs),
  };
  return { messages, wait };
}

export const receiveOperations = {
  receiveMessages: operation({
    summary: "Hands out up to ten messages and hides each from other receivers for a while.",
    input: ReceiveInput,
    output: Type.Object({ messages: Type.Array(ReceivedMessage) }),
    effects: "write",
    errors: ["QueueNotFound", "OutOfRange", "FifoOnly", "IdInvalid"],
    sequence: (input, scope) => ["queues", "receive", input.owner ?? scope.account, scope.region, input.queue],
    run: receive,
  }),
};
