import type { KeyRange, Reader, Transaction } from "../../../kernel/store.ts";
import type { Queue } from "./queue.ts";
import type { Message, PlacedMessage, Receipt } from "./message.ts";

export interface MessageCounts {
  readonly visible: number;
  /** Received and not yet settled. */
  readonly inFlight: number;
  /** Never received and not yet due. */
  readonly delayed: number;
}

/** How the messages of one kind of queue stand in line. Two exist: standard and FIFO. */
export interface Line {
  add(tx: Transaction, queueId: string, message: Message): Promise<void>;
  /** What may be received now, in order, read in pages; nothing is changed. */
  due(tx: Reader, queueId: string, nowMs: number, pageSize: number): AsyncGenerator<PlacedMessage>;
  /** The message of a receipt, whatever its state. */
  find(tx: Reader, queueId: string, receipt: Receipt): Promise<PlacedMessage | undefined>;
  /** Puts a changed message (count, times) back in line. */
  move(tx: Transaction, queueId: string, from: PlacedMessage, to: Message): Promise<void>;
  remove(tx: Transaction, queueId: string, placed: PlacedMessage): Promise<void>;
  /**
   * Removes in one stroke what was sent before the time and is not in flight; what stays is met by `due`. False when
   * there was nothing.
   */
  clearSentBefore(tx: Transaction, queueId: string, timeMs: number): Promise<boolean>;
  /** Keys that change whenever a message may have become receivable. */
  arrivals(queueId: string): KeyRange;
  /** When the next message becomes visible by the clock alone. */
  nextDueAtMs(tx: Reader, queueId: string, nowMs: number): Promise<number | undefined>;
  /**
   * Counts keys and reads no messages but those that have outlived the queue's retention: they count no more, although
   * they go only when a receive meets them. Kept up by each send instead, counters cost a send two and a half times its
   * own work: what is sent at the same time would meet in them.
   */
  count(tx: Reader, queue: Queue, nowMs: number): Promise<MessageCounts>;
}

/** The same without a message, if it is one of those counted, that shows up or showed up at `visibleAtMs`. */
export function without(counts: MessageCounts, visibleAtMs: number, isReceived: boolean, nowMs: number): MessageCounts {
  const state = visibleAtMs <= nowMs ? "visible" : isReceived ? "inFlight" : "delayed";
  return { ...counts, [state]: counts[state] - 1 };
}
