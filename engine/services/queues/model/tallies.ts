import { between, startingWith } from "../../../kernel/key.ts";
import type { Key, Reader, Transaction } from "../../../kernel/store.ts";
import type { Line, UncountedLine } from "./line.ts";
import type { Message } from "./message.ts";
import type { Queue } from "./queue.ts";

/**
 * How many messages show up when, kept in the transactions that move them, so that counting reads no message. A tally
 * is of all messages that show up within the same second when they were hidden, the same minute when they were not:
 * what is hidden counts as visible up to a second early, and what has outlived its retention up to a minute longer.
 */
const tally = (queueId: string, ...more: Key): Key => ["queues", "tally", queueId, ...more];
const SECOND_MS = 1000,
  MINUTE_MS = 60 * SECOND_MS;
/** Senders of one queue meet only in the same one of these. */
const SHARDS = 8;

const floorTo = (atMs: number, stepMs: number): number => atMs - (atMs % stepMs);

function tallyOf(queueId: string, message: Message): Key {
  const { id, sentAtMs, visibleAtMs, receiveCount, lastReceivedAtMs = sentAtMs } = message;
  const stepMs = visibleAtMs > lastReceivedAtMs ? SECOND_MS : MINUTE_MS;
  const shard = id.charCodeAt(id.length - 1) % SHARDS;
  return tally(queueId, floorTo(visibleAtMs, stepMs), receiveCount > 0, shard);
}

async function change(tx: Transaction, key: Key, by: 1 | -1): Promise<void> {
  const count = ((await tx.get<number>(key)) ?? 0) + by;
  if (count === 0) tx.delete(key);
  else tx.set(key, count);
}

/** A line that knows how many messages stand in it. */
export const counted = (line: UncountedLine): Line => ({
  ...line,
  async add(tx, queueId, message) {
    await line.add(tx, queueId, message);
    await change(tx, tallyOf(queueId, message), 1);
  },
  async move(tx, queueId, from, to) {
    await line.move(tx, queueId, from, to);
    await change(tx, tallyOf(queueId, from.message), -1);
    await change(tx, tallyOf(queueId, to), 1);
  },
  async remove(tx, queueId, placed) {
    await line.remove(tx, queueId, placed);
    await change(tx, tallyOf(queueId, placed.message), -1);
  },
  async clearSentBefore(tx, queueId, timeMs) {
    // Whole minutes only: a tally cannot tell how many of its messages are gone.
    const minuteMs = floorTo(timeMs, MINUTE_MS);
    const isCleared = await line.clearSentBefore(tx, queueId, minuteMs);
    if (isCleared) tx.clear(between(tally(queueId), tally(queueId, minuteMs)));
    return isCleared;
  },
  async count(tx: Reader, { id, settings }: Queue, nowMs: number) {
    const oldestMs = floorTo(nowMs - settings.retentionSeconds * 1000, MINUTE_MS);
    const { to } = startingWith(tally(id));
    const { from } = between(tally(id, oldestMs), tally(id));
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for await (const { key, value } of tx.scan<number>({ from, to })) {
      const [, , , atMs, isReceived] = key as [string, string, string, number, boolean, number];
      counts[atMs <= nowMs ? "visible" : isReceived ? "inFlight" : "delayed"] += value;
    }
    return counts;
  },
});
