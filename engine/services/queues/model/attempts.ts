import { between } from "../../../kernel/key.ts";
import type { Key, Reader, Transaction } from "../../../kernel/store.ts";

/** A receive that is tried again within this time is answered with the same messages. */
const WINDOW_MS = 5 * 60 * 1000;
/** Each receive takes away this many outlived entries. */
const FORGOTTEN_PER_RECEIVE = 4;

/** What a receive with an attempt id handed out: where each message stands, and as what. */
export interface HandedOut {
  readonly group: string;
  readonly place: number;
  readonly receiveCount: number;
  readonly visibleAtMs: number;
}
export interface Attempt {
  readonly atMs: number;
  readonly messages: readonly HandedOut[];
}

const attemptKey = (queueId: string, id: string): Key => ["queues", "attempt", queueId, id];
const byTime = (queueId: string, ...more: Key): Key => ["queues", "attemptByTime", queueId, ...more];

export async function attemptBefore(
  tx: Reader,
  queueId: string,
  id: string,
  nowMs: number,
): Promise<Attempt | undefined> {
  const attempt = await tx.get<Attempt>(attemptKey(queueId, id));
  return attempt && nowMs - attempt.atMs < WINDOW_MS ? attempt : undefined;
}

export async function rememberAttempt(tx: Transaction, queueId: string, id: string, attempt: Attempt): Promise<void> {
  const outlived = between(byTime(queueId), byTime(queueId, attempt.atMs - WINDOW_MS));
  for (const { key } of await tx.range<true>(outlived, { limit: FORGOTTEN_PER_RECEIVE })) {
    tx.delete(key);
    tx.delete(attemptKey(queueId, String(key.at(-1))));
  }
  tx.set(attemptKey(queueId, id), attempt);
  tx.set(byTime(queueId, attempt.atMs, id), true);
}
