import type { Reader, Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "../context.ts";
import type { Labels } from "../labels.ts";

/** Where a queue or a topic is. */
export interface Place extends Scope {
  readonly name: string;
}

/** What of an account's grants has labels. */
type LabelledGrants = { readonly of: "instance" } | { readonly of: "location" | "grant"; readonly id: string };

/** Who hears of what happens in a bucket, and who knows what is granted; each filled where the engine has it. */
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
  readonly grants?: {
    labelsOf(tx: Reader, scope: Scope, of: LabelledGrants): Promise<Labels>;
    putLabels(tx: Transaction, scope: Scope, of: LabelledGrants, labels: Labels): Promise<void>;
  };
}
