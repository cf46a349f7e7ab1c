import type { Reader, Transaction } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";
import { errors } from "./errors.ts";
import { queueRecords, type QueueReference } from "./model/queue.ts";
import { send, type Content } from "./operations/send.ts";

/** What other services ask of queues, in their own transaction. */
export const queuesPort = {
  /** Undefined when there is none. */
  async find(tx: Reader, { account, region, name }: QueueReference): Promise<{ readonly isFifo: boolean } | undefined> {
    return queueRecords.get(tx, account, region, name);
  },

  /**
   * Puts a message into a queue. What only FIFO queues know is left out for others.
   * Errors: those of `sendMessage`; `QueueNotFound`
   */
  async deliver(
    tx: Transaction,
    { account, region, name }: QueueReference,
    message: Content,
    ctx: OperationContext,
  ): Promise<string> {
    const queue = await queueRecords.get(tx, account, region, name);
    if (queue === undefined) throw errors.QueueNotFound({ queue: name });
    if (!queue.isFifo && message.deduplicationId !== undefined) {
      const { deduplicationId: _, ...plain } = message;
      return (await send(tx, queue, plain, ctx)).messageId;
    }
    return (await send(tx, queue, message, ctx)).messageId;
  },
};
