import { after, between, startingWith } from "../../../kernel/key.ts";
import type { Entry, Key, Reader, Transaction } from "../../../kernel/store.ts";
import { countDelayed, forgetDelay, noteDelay } from "./delayed.ts";
import { without, type Line, type MessageCounts } from "./line.ts";
import { removeBody, withBodyApart, type Message, type PlacedMessage } from "./message.ts";
import type { Queue } from "./queue.ts";

/**
 * Messages stand in their groups by sequence (`line`). A group with messages has one `turn`, at the time its first
 * message may be received: not before its delay is over, and not while another of the group is in flight (`flight`,
 * by the time each shows up again). `group` says where that turn stands.
 */
const under =
  (space: "line" | "flight" | "turn" | "group") =>
  (queueId: string, ...more: Key): Key => ["queues", space, queueId, ...more];
const line = under("line"),
  flight = under("flight"),
  turn = under("turn"),
  group = under("group");

interface Turn {
  readonly atMs: number;
  readonly sequence: number;
}
const turnKey = (queueId: string, groupId: string, { atMs, sequence }: Turn) => turn(queueId, atMs, sequence, groupId);
const placed = (entry: Entry<Message>): PlacedMessage => ({ place: Number(entry.key.at(-1)), message: entry.value });
const groupOf = (message: Message) => message.group ?? "";
const lineKey = (queueId: string, { place, message }: PlacedMessage) => line(queueId, groupOf(message), place);
const flightKey = (queueId: string, { place, message }: PlacedMessage) =>
  flight(queueId, groupOf(message), message.visibleAtMs, place);

/** Gives the group the turn that its messages now call for. */
async function settle(tx: Transaction, queueId: string, groupId: string): Promise<void> {
  const before = await tx.get<Turn>(group(queueId, groupId));
  const [head] = await tx.range<Message>(startingWith(line(queueId, groupId)), { limit: 1 });
  const [inFlight] = await tx.range<number>(startingWith(flight(queueId, groupId)), { limit: 1, reverse: true });
  if (before) tx.delete(turnKey(queueId, groupId, before));
  if (head === undefined) return tx.delete(group(queueId, groupId));
  const now: Turn = { atMs: Math.max(head.value.visibleAtMs, inFlight?.value ?? 0), sequence: placed(head).place };
  tx.set(group(queueId, groupId), now);
  tx.set(turnKey(queueId, groupId, now), true);
}

/** The receivable head of a group: everything up to the first message that is not due yet. */
async function* dueInGroup(
  tx: Reader,
  queueId: string,
  groupId: string,
  nowMs: number,
  pageSize: number,
): AsyncGenerator<PlacedMessage> {
  let rest = startingWith(line(queueId, groupId));
  for (;;) {
    const page = await tx.range<Message>(rest, { limit: pageSize });
    for (const entry of page) {
      if (entry.value.visibleAtMs > nowMs) return;
      yield placed(entry);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    rest = after(rest, last.key);
  }
}

/** What the queue's retention is over for; in each group it stands first. */
async function* outlived(tx: Reader, { id, createdAtMs, settings }: Queue, nowMs: number): AsyncGenerator<Message> {
  const oldestMs = nowMs - settings.retentionSeconds * 1000;
  if (createdAtMs > oldestMs) return;
  for await (const { key } of tx.scan(startingWith(turn(id)))) {
    for await (const { value } of tx.scan<Message>(startingWith(line(id, String(key.at(-1)))), { pageSize: 8 })) {
      if (value.sentAtMs > oldestMs) break;
      yield value;
    }
  }
}

export const fifoLine: Line = {
  async add(tx, queueId, message) {
    const groupId = groupOf(message);
    const sequence = message.sequence ?? 0;
    tx.set(line(queueId, groupId, sequence), withBodyApart(tx, queueId, message));
    noteDelay(tx, queueId, message);
    if (await tx.get<Turn>(group(queueId, groupId))) return;
    const now: Turn = { atMs: message.visibleAtMs, sequence };
    tx.set(group(queueId, groupId), now);
    tx.set(turnKey(queueId, groupId, now), true);
  },
  async *due(tx, queueId, nowMs, pageSize) {
    let rest = between(turn(queueId), turn(queueId, nowMs + 1));
    for (;;) {
      const page = await tx.range<true>(rest, { limit: pageSize });
      for (const { key } of page) yield* dueInGroup(tx, queueId, String(key.at(-1)), nowMs, pageSize);
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) return;
      rest = after(rest, last.key);
    }
  },
  async find(tx, queueId, receipt) {
    const message = await tx.get<Message>(line(queueId, receipt.group ?? "", receipt.place));
    return message && { place: receipt.place, message };
  },
  async move(tx, queueId, from, to) {
    const target = { place: from.place, message: to };
    if (from.message.receiveCount > 0) tx.delete(flightKey(queueId, from));
    else forgetDelay(tx, queueId, from.message);
    tx.set(flightKey(queueId, target), to.visibleAtMs);
    tx.set(lineKey(queueId, target), to);
    await settle(tx, queueId, groupOf(to));
  },
  async remove(tx, queueId, target) {
    tx.delete(lineKey(queueId, target));
    if (target.message.receiveCount > 0) tx.delete(flightKey(queueId, target));
    else forgetDelay(tx, queueId, target.message);
    removeBody(tx, queueId, target.message);
    await settle(tx, queueId, groupOf(target.message));
  },
  // A group's order has to be kept up, so what is too old goes one by one, as `due` meets it.
  async clearSentBefore() {
    return false;
  },
  arrivals: (queueId) => startingWith(turn(queueId)),
  async nextDueAtMs(tx, queueId, nowMs) {
    const later = { from: between(turn(queueId, nowMs + 1), turn(queueId)).from, to: startingWith(turn(queueId)).to };
    const [next] = await tx.range<true>(later, { limit: 1 });
    return next && Number(next.key[3]);
  },
  async count(tx, queue, nowMs) {
    const [all, delayed] = [await tx.count(startingWith(line(queue.id))), await countDelayed(tx, queue.id, nowMs)];
    let inFlight = 0;
    for await (const { value } of tx.scan<number>(startingWith(flight(queue.id)))) if (value > nowMs) inFlight += 1;
    let counts: MessageCounts = { visible: all - inFlight - delayed, inFlight, delayed };
    for await (const { visibleAtMs, receiveCount } of outlived(tx, queue, nowMs))
      counts = without(counts, visibleAtMs, receiveCount > 0, nowMs);
    return counts;
  },
};
