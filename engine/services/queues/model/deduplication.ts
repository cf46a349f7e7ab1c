import { createHash } from "node:crypto";
import { between } from "../../../kernel/key.ts";
import type { Key, Reader, Transaction } from "../../../kernel/store.ts";
import type { Queue } from "./queue.ts";

/** A message sent again within this time is answered like the first and not queued twice. */
export const DEDUPLICATION_WINDOW_MS = 5 * 60 * 1000;
/** Each send takes away this many outlived entries, so that they never pile up and no send pays for all. */
const FORGOTTEN_PER_SEND = 4;

export interface SentBefore {
  readonly messageId: string;
  readonly sequence: number;
  readonly sentAtMs: number;
}

const recent = (queueId: string, ...more: Key): Key => ["queues", "recent", queueId, ...more];
const recentByTime = (queueId: string, ...more: Key): Key => ["queues", "recentByTime", queueId, ...more];
const scopeOf = (queue: Queue, group: string) => (queue.settings.deduplicationScope === "group" ? group : "");

export const contentDeduplicationId = (body: string) => createHash("sha256").update(body).digest("hex");

export async function sentBefore(
  tx: Reader,
  queue: Queue,
  group: string,
  id: string,
  nowMs: number,
): Promise<SentBefore | undefined> {
  const known = await tx.get<SentBefore>(recent(queue.id, scopeOf(queue, group), id));
  return known && nowMs - known.sentAtMs < DEDUPLICATION_WINDOW_MS ? known : undefined;
}

export async function remember(
  tx: Transaction,
  queue: Queue,
  group: string,
  id: string,
  sent: SentBefore,
): Promise<void> {
  const scope = scopeOf(queue, group);
  const outlived = between(recentByTime(queue.id), recentByTime(queue.id, sent.sentAtMs - DEDUPLICATION_WINDOW_MS + 1));
  for (const { key } of await tx.range<true>(outlived, { limit: FORGOTTEN_PER_SEND })) {
    tx.delete(key);
    tx.delete(recent(queue.id, ...key.slice(4)));
  }
  tx.set(recent(queue.id, scope, id), sent);
  tx.set(recentByTime(queue.id, sent.sentAtMs, scope, id), true);
}

export async function nextSequence(tx: Transaction, queue: Queue): Promise<number> {
  const key = ["queues", "sequence", queue.id];
  const next = ((await tx.get<number>(key)) ?? 0) + 1;
  tx.set(key, next);
  return next;
}
