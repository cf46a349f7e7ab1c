import type { Reader, Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "../context.ts";

/** Where a queue or a topic is. */
export interface Place extends Scope {
  readonly name: string;
}

/** Who can hear of what happens in a bucket; each is filled where the engine has that service. */
export interface Ports {
  readonly queues?: {
    find(tx: Reader, queue: Place): Promise<{ readonly isFifo: boolean } | undefined>;
    deliver(tx: Transaction, queue: Place, message: { readonly body: string }, ctx: OperationContext): Promise<string>;
  };
  readonly topics?: {
    find(tx: Reader, topic: Place): Promise<{ readonly isFifo: boolean } | undefined>;
    publish(
      tx: Transaction,
      topic: Place,
      message: { readonly message: string; readonly subject?: string },
      ctx: OperationContext,
    ): Promise<string>;
  };
}
