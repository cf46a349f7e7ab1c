import type { Transaction } from "./store.ts";

/** Work that falls due at a time. Kept as keys ordered by due time; claimed by lease, so that of many engines one runs it. */
export interface Job {
  readonly id: string;
  /** Picks the handler, e.g. `machines.settle`. */
  readonly type: string;
  readonly dueAtMs: number;
  readonly payload: unknown;
  /** 1 at the first run. */
  readonly attempt: number;
}

/**
 * Local work commits together with the job's removal, so it happens exactly once.
 * External work runs at least once; `job.id` is its idempotency key.
 */
export type JobHandler =
  | { readonly local: (tx: Transaction, job: Job) => Promise<void> }
  | { readonly external: (job: Job) => Promise<void> };
