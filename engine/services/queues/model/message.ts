import { between } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import { errors } from "../errors.ts";

/** A named value beside the body; `type` is the sender's word for it (`String`, `Number.int`, `Binary`). */
export interface MessageAttribute {
  readonly type: string;
  readonly value: string | Uint8Array;
}

export interface Message {
  readonly version: 1;
  readonly id: string;
  /** Absent when the body is long and so lives under a key of its own. */
  readonly body?: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  readonly trace?: string;
  readonly sender: string;
  readonly sentAtMs: number;
  /** When it may be received (again). */
  readonly visibleAtMs: number;
  readonly receiveCount: number;
  /** How often queues that gave it up had handed it out. */
  readonly earlierReceiveCount?: number;
  readonly firstReceivedAtMs?: number;
  readonly lastReceivedAtMs?: number;
  readonly group?: string;
  readonly deduplicationId?: string;
  /** FIFO only: its place in the queue. */
  readonly sequence?: number;
  /** The queue that gave it up. */
  readonly deadLetterSource?: string;
}

/** A message and the number that, within its queue, never changes and is no other's. */
export interface PlacedMessage {
  readonly place: number;
  readonly message: Message;
}

export const DELAY_SECONDS_MAX = 900;

/** Longer bodies are kept apart, so that hiding and showing a message does not write its body again. */
const INLINE_CHARACTERS_MAX = 4096;
const bodyKey = (queueId: string, message: Message) => ["queues", "body", queueId, message.sentAtMs, message.id];

/** The record to keep for a message, its body put away when it is long. */
export function withBodyApart(tx: Transaction, queueId: string, message: Message): Message {
  if (message.body === undefined || message.body.length <= INLINE_CHARACTERS_MAX) return message;
  tx.set(bodyKey(queueId, message), message.body);
  const { body: _, ...rest } = message;
  return rest;
}

/** Undefined when the body has outlived the queue's retention. */
export async function bodyOf(tx: Reader, queueId: string, message: Message): Promise<string | undefined> {
  return message.body ?? tx.get<string>(bodyKey(queueId, message));
}

export function clearBodiesBefore(tx: Transaction, queueId: string, timeMs: number): void {
  tx.clear(between(["queues", "body", queueId], ["queues", "body", queueId, timeMs]));
}

export function removeBody(tx: Transaction, queueId: string, message: Message): void {
  if (message.body === undefined) tx.delete(bodyKey(queueId, message));
}

const ID = /^[!-~]{1,128}$/;

/** Ids that clients choose (of a group, against doubles, of an attempt): letters, digits and punctuation. */
export function checkId(field: string, value: string | undefined): void {
  if (value !== undefined && !ID.test(value)) throw errors.IdInvalid({ field, value });
}

/** What a receiver holds to settle a message: which one, and which of its receipts this is. */
export interface Receipt {
  readonly queueId: string;
  readonly receiveCount: number;
  readonly sentAtMs: number;
  readonly place: number;
  /** FIFO only. */
  readonly group?: string;
}

const RECEIPT = /^([0-9a-f]+):([0-9]+):([0-9]+):([0-9]+)(?::(.+))?$/s;

export function receiptOf(queueId: string, { place, message }: PlacedMessage): string {
  const group = message.sequence === undefined ? "" : `:${message.group}`;
  return Buffer.from(`${queueId}:${message.receiveCount}:${message.sentAtMs}:${place}${group}`).toString("base64");
}

export function parseReceipt(queueId: string, receipt: string): Receipt {
  const [, ofQueue, receiveCount, sentAtMs, place, group] =
    RECEIPT.exec(Buffer.from(receipt, "base64").toString()) ?? [];
  if (ofQueue !== queueId) throw errors.ReceiptInvalid({ receipt });
  return {
    queueId,
    receiveCount: Number(receiveCount),
    sentAtMs: Number(sentAtMs),
    place: Number(place),
    ...(group !== undefined && { group }),
  };
}
