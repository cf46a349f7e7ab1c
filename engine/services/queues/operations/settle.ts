import { Type } from "typebox";
import type { Transaction } from "../../../kernel/store.ts";
import { BATCH_ERRORS, checkBatch, Failed, performEach } from "../../batch.ts";
import type { OperationContext } from "../../context.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import { lineOf } from "../model/lines.ts";
import { parseReceipt, type PlacedMessage } from "../model/message.ts";
import { QueueName, requireQueue, type Queue } from "../model/queue.ts";

const HIDDEN_SECONDS_MAX = 43_200;
const Nothing = Type.Object({});
const Done = Type.Object({ done: Type.Array(Type.Object({ id: Type.String() })), failed: Failed });

/** The message of a receipt, if it is its latest one. */
async function find(tx: Transaction, queue: Queue, receipt: string): Promise<PlacedMessage | undefined> {
  const parsed = parseReceipt(queue.id, receipt);
  const placed = await lineOf(queue).find(tx, queue.id, parsed);
  return placed?.message.receiveCount === parsed.receiveCount ? placed : undefined;
}

/** Deleting twice, or with a receipt that a later one has replaced, deletes nothing and is no error. */
async function remove(tx: Transaction, queue: Queue, receipt: string, ctx: OperationContext) {
  const placed = await find(tx, queue, receipt);
  if (placed === undefined) return {};
  // On a FIFO queue the next of the group may be out already.
  if (queue.isFifo && placed.message.visibleAtMs <= ctx.clock.nowMs()) throw errors.ReceiptExpired({ receipt });
  await lineOf(queue).remove(tx, queue.id, placed);
  return {};
}

async function hide(tx: Transaction, queue: Queue, receipt: string, seconds: number, ctx: OperationContext) {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > HIDDEN_SECONDS_MAX) {
    throw errors.OutOfRange({ field: "visibilityTimeoutSeconds", value: seconds, min: 0, max: HIDDEN_SECONDS_MAX });
  }
  const placed = await find(tx, queue, receipt);
  if (placed === undefined) throw errors.MessageGone({ receipt });
  const nowMs = ctx.clock.nowMs();
  const { message } = placed;
  if (message.visibleAtMs <= nowMs) throw errors.MessageNotInFlight({ receipt });
  const visibleAtMs = nowMs + seconds * 1000;
  if (visibleAtMs - (message.lastReceivedAtMs ?? nowMs) > HIDDEN_SECONDS_MAX * 1000)
    throw errors.HiddenTooLong({ seconds, limitSeconds: HIDDEN_SECONDS_MAX });
  await lineOf(queue).move(tx, queue.id, placed, { ...message, visibleAtMs });
  return {};
}

export const settleOperations = {
  deleteMessage: operation({
    summary: "Deletes a received message.",
    input: Type.Object({ ...QueueName, receipt: Type.String() }),
    output: Nothing,
    effects: "write",
    errors: ["QueueNotFound", "ReceiptInvalid", "ReceiptExpired"],
    run: async (tx, input, ctx) => remove(tx, await requireQueue(tx, ctx, input), input.receipt, ctx),
  }),
  deleteMessages: operation({
    summary: "Deletes up to ten received messages.",
    input: Type.Object({
      ...QueueName,
      entries: Type.Array(Type.Object({ id: Type.String(), receipt: Type.String() })),
    }),
    output: Done,
    effects: "write",
    errors: ["QueueNotFound", "ReceiptInvalid", "ReceiptExpired", ...BATCH_ERRORS],
    async run(tx, input, ctx) {
      const queue = await requireQueue(tx, ctx, input);
      checkBatch(input.entries);
      return performEach(input.entries, (entry) => remove(tx, queue, entry.receipt, ctx));
    },
  }),
  /**
   * Hides a received message until that long from now; 0 shows it at once.
   * Units: seconds here, Unix ms (`visibleAtMs`) in the store
   * Why: moves a small record and leaves a long body alone
   */
  hideMessage: operation({
    summary: "Changes how long a received message stays hidden.",
    input: Type.Object({ ...QueueName, receipt: Type.String(), visibilityTimeoutSeconds: Type.Integer() }),
    output: Nothing,
    effects: "write",
    errors: ["QueueNotFound", "OutOfRange", "ReceiptInvalid", "MessageGone", "MessageNotInFlight", "HiddenTooLong"],
    run: async (tx, input, ctx) =>
      hide(tx, await requireQueue(tx, ctx, input), input.receipt, input.visibilityTimeoutSeconds, ctx),
  }),
  hideMessages: operation({
    summary: "Changes how long up to ten received messages stay hidden.",
    input: Type.Object({
      ...QueueName,
      entries: Type.Array(
        Type.Object({ id: Type.String(), receipt: Type.String(), visibilityTimeoutSeconds: Type.Integer() }),
      ),
    }),
    output: Done,
    effects: "write",
    errors: [
      "QueueNotFound",
      "OutOfRange",
      "ReceiptInvalid",
      "MessageGone",
      "MessageNotInFlight",
      "HiddenTooLong",
      ...BATCH_ERRORS,
    ],
    async run(tx, input, ctx) {
      const queue = await requireQueue(tx, ctx, input);
      checkBatch(input.entries);
      return performEach(input.entries, (entry) => hide(tx, queue, entry.receipt, entry.visibilityTimeoutSeconds, ctx));
    },
  }),
};
