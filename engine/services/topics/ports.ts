import type { Reader, Transaction } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";
import type { Attributes } from "./model/message.ts";
import type { Place } from "./model/topic.ts";

/** What topics need of others. */
export interface Ports {
  readonly queues: {
    find(tx: Reader, queue: Place): Promise<{ readonly isFifo: boolean } | undefined>;
    deliver(
      tx: Transaction,
      queue: Place,
      message: { body: string; attributes?: Attributes; group?: string; deduplicationId?: string },
      ctx: OperationContext,
    ): Promise<string>;
  };
  /** Filled once there are functions. `address` is the endpoint as it was subscribed. */
  readonly functions?: {
    notify(tx: Transaction, address: string, document: string, ctx: OperationContext): Promise<void>;
  };
  /** Filled once there are delivery streams. */
  readonly streams?: {
    notify(tx: Transaction, address: string, document: string, ctx: OperationContext): Promise<void>;
  };
}

export type TopicContext = OperationContext<Ports>;
