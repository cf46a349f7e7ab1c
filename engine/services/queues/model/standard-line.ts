import { after, between, encodeKey, startingWith } from "../../../kernel/key.ts";
import type { Entry, Key, Transaction } from "../../../kernel/store.ts";
import { countDelayed, forgetDelay, forgetDelaysBefore, noteDelay, outlivedDelays } from "./delayed.ts";
import { without, type Line, type MessageCounts } from "./line.ts";
import { clearBodiesBefore, removeBody, withBodyApart, type Message, type PlacedMessage } from "./message.ts";

/**
 * Messages stand in order of the time they may be received: sending appends one key, receiving reads the first keys and
 * moves them to the time they show up again. `held` says where a message that was ever received stands now; also, by
 * its id, where a dead letter does until then, since it is older than its place in line tells.
 */
const dueUnder = (queueId: string, ...more: Key): Key => ["queues", "due", queueId, ...more];
const heldUnder = (queueId: string, ...more: Key): Key => ["queues", "held", queueId, ...more];

const placed = (entry: Entry<Message>): PlacedMessage => ({ place: Number(entry.key.at(-1)), message: entry.value });
const dueKey = (queueId: string, { place, message }: PlacedMessage) => dueUnder(queueId, message.visibleAtMs, place);
const heldKey = (queueId: string, { place, message }: PlacedMessage) =>
  heldUnder(queueId, message.sentAtMs, message.receiveCount > 0 ? place : message.id);
const isHeld = ({ receiveCount, deadLetterSource }: Message) => receiveCount > 0 || deadLetterSource !== undefined;

function forgetPlace(tx: Transaction, queueId: string, placed: PlacedMessage): void {
  if (isHeld(placed.message)) tx.delete(heldKey(queueId, placed));
  else forgetDelay(tx, queueId, placed.message);
}

export const standardLine: Line = {
  async add(tx, queueId, message) {
    // Sends never meet: the commit itself gives each its place.
    tx.append(dueUnder(queueId, message.visibleAtMs), withBodyApart(tx, queueId, message));
    if (isHeld(message)) tx.set(heldUnder(queueId, message.sentAtMs, message.id), message.visibleAtMs);
    else noteDelay(tx, queueId, message);
  },
  async *due(tx, queueId, nowMs, pageSize) {
    let rest = between(dueUnder(queueId), dueUnder(queueId, nowMs + 1));
    for (;;) {
      const page = await tx.range<Message>(rest, { limit: pageSize });
      for (const entry of page) yield placed(entry);
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) return;
      rest = after(rest, last.key);
    }
  },
  async find(tx, queueId, receipt) {
    const visibleAtMs = await tx.get<number>(heldUnder(queueId, receipt.sentAtMs, receipt.place));
    if (visibleAtMs === undefined) return undefined;
    const message = await tx.get<Message>(dueUnder(queueId, visibleAtMs, receipt.place));
    return message && { place: receipt.place, message };
  },
  async move(tx, queueId, from, to) {
    const target = { place: from.place, message: to };
    tx.delete(dueKey(queueId, from));
    tx.set(dueKey(queueId, target), to);
    if (from.message.receiveCount === 0) forgetPlace(tx, queueId, from);
    tx.set(heldKey(queueId, target), to.visibleAtMs);
  },
  async remove(tx, queueId, target) {
    tx.delete(dueKey(queueId, target));
    forgetPlace(tx, queueId, target);
    removeBody(tx, queueId, target.message);
  },
  async clearSentBefore(tx, queueId, timeMs) {
    const [first] = await tx.range<Message>(between(dueUnder(queueId), dueUnder(queueId, timeMs)), { limit: 1 });
    if (first === undefined) return false;
    // No message is due before it was sent, so what was due before the time was sent before it too.
    tx.clear(between(dueUnder(queueId), dueUnder(queueId, timeMs)));
    tx.clear(between(heldUnder(queueId), heldUnder(queueId, timeMs)));
    forgetDelaysBefore(tx, queueId, timeMs);
    clearBodiesBefore(tx, queueId, timeMs);
    return true;
  },
  arrivals: (queueId) => startingWith(dueUnder(queueId)),
  async nextDueAtMs(tx, queueId, nowMs) {
    const later = {
      from: between(dueUnder(queueId, nowMs + 1), dueUnder(queueId)).from,
      to: startingWith(dueUnder(queueId)).to,
    };
    const [next] = await tx.range<Message>(later, { limit: 1 });
    return next?.value.visibleAtMs;
  },
  async count(tx, { id, settings }, nowMs) {
    const oldestMs = nowMs - settings.retentionSeconds * 1000;
    const dueAfter = (timeMs: number) =>
      tx.count({ from: encodeKey(dueUnder(id, timeMs + 1)), to: startingWith(dueUnder(id)).to });
    const [all, later, delayed] = [await dueAfter(oldestMs), await dueAfter(nowMs), await countDelayed(tx, id, nowMs)];
    let counts: MessageCounts = { visible: all - later, inFlight: later - delayed, delayed };
    for await (const { value } of tx.scan<number>(between(heldUnder(id), heldUnder(id, oldestMs + 1))))
      if (value > oldestMs) counts = without(counts, value, true, nowMs);
    for await (const visibleAtMs of outlivedDelays(tx, id, oldestMs))
      counts = without(counts, visibleAtMs, false, nowMs);
    return counts;
  },
};
