import type { Changes } from "./backend.ts";
import { touches, type Observed } from "./commit-log.ts";

/** The commits of one turn of the event loop: visible in this process, and durable together. */
export class CommitBatch {
  readonly changes: Changes[] = [];
  /** Resolves when all of the batch is durable; rejects with StoreUnavailable when it never will be. */
  readonly durable: Promise<void>;
  private settle!: { resolve: () => void; reject: (error: Error) => void };

  constructor() {
    this.durable = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // Those who wait handle the failure; a batch nobody waits for must not end the process.
    this.durable.catch(() => undefined);
  }

  /** True when `observed` may rest on something of this batch. */
  wasSeenBy(observed: Observed): boolean {
    return this.changes.some((changes) => touches(changes, observed));
  }

  succeed(): void {
    this.settle.resolve();
  }

  fail(error: Error): void {
    this.settle.reject(error);
  }
}
