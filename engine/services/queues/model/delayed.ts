import { between, encodeKey, startingWith } from "../../../kernel/key.ts";
import type { Key, KeyRange, Reader, Transaction } from "../../../kernel/store.ts";
import { DELAY_SECONDS_MAX, type Message } from "./message.ts";

/** Messages sent to show up later and not received since, by when they show up; the value is when they were sent. */
const delayedUnder = (queueId: string, ...more: Key): Key => ["queues", "delayed", queueId, ...more];
const delayedFrom = (queueId: string, fromMs: number): KeyRange => ({
  from: encodeKey(delayedUnder(queueId, fromMs)),
  to: startingWith(delayedUnder(queueId)).to,
});

/** A dead letter shows up long after it was sent too, but at once where it comes to. */
const isDelayed = ({ sentAtMs, visibleAtMs, receiveCount, deadLetterSource }: Message): boolean =>
  visibleAtMs > sentAtMs && receiveCount === 0 && deadLetterSource === undefined;

export function noteDelay(tx: Transaction, queueId: string, message: Message): void {
  if (isDelayed(message)) tx.set(delayedUnder(queueId, message.visibleAtMs, message.id), message.sentAtMs);
}

/** For a message that is received for the first time, or goes before it was. */
export function forgetDelay(tx: Transaction, queueId: string, message: Message): void {
  if (isDelayed(message)) tx.delete(delayedUnder(queueId, message.visibleAtMs, message.id));
}

export function forgetDelaysBefore(tx: Transaction, queueId: string, timeMs: number): void {
  tx.clear(between(delayedUnder(queueId), delayedUnder(queueId, timeMs)));
}

export const countDelayed = (tx: Reader, queueId: string, nowMs: number): Promise<number> =>
  tx.count(delayedFrom(queueId, nowMs + 1));

/** When those show up, or did, that were sent by `oldestMs` and show up after it. */
export async function* outlivedDelays(tx: Reader, queueId: string, oldestMs: number): AsyncGenerator<number> {
  const lastMs = oldestMs + DELAY_SECONDS_MAX * 1000;
  const range = between(delayedUnder(queueId, oldestMs + 1), delayedUnder(queueId, lastMs + 1));
  for await (const { key, value } of tx.scan<number>(range)) if (value <= oldestMs) yield Number(key[3]);
}
