import { encodeKey, startingWith } from "./key.ts";
import type { EncodedKey, Key, KeyRange, Reader, Transaction } from "./store.ts";

/**
 * Work that falls due at a time.
 * Kept as keys ordered by due time; claimed by lease, so that of many engines one runs it.
 */
export interface Job {
  readonly id: string;
  /** Picks the handler, e.g. `machines.settle`. */
  readonly type: string;
  readonly dueAtMs: number;
  readonly payload: unknown;
  /** 1 at the first run. */
  readonly attempt: number;
  /** A recurring job falls due again this long after; times that were missed are not made up for. */
  readonly everyMs?: number;
}

/**
 * Local work commits together with the job's removal, so it happens exactly once.
 * External work runs at least once; `job.id` is its idempotency key.
 */
export type JobHandler =
  | { readonly local: (tx: Transaction, job: Job) => Promise<void> }
  | { readonly external: (job: Job) => Promise<void> };

/** A job to be done. Without an `id` it cannot be cancelled or moved, and is given one when it is claimed. */
export interface JobRequest {
  readonly id?: string;
  readonly type: string;
  readonly dueAtMs: number;
  readonly payload?: unknown;
  readonly everyMs?: number;
}

/** A job as `listJobs` shows it. */
export interface JobStatus extends Job {
  /** How many attempts have begun; 0 before the first. */
  readonly attempt: number;
  /** When it wants to run next: its due time, the end of the pause after a failure, or of the lease of who runs it. */
  readonly nextAtMs: number;
  readonly isLeased: boolean;
  /** What went wrong in the last attempt. */
  readonly failure?: string;
}

/** The value of `[jobs, due, nextAtMs, id]`, where `id` is a number as long as the job has no name. */
export interface JobRecord {
  readonly type: string;
  readonly dueAtMs: number;
  readonly payload: unknown;
  readonly attempt: number;
  readonly everyMs?: number;
  readonly failure?: string;
  /** Set while claimed: who holds it. A later claim has another, which fences off the earlier holder. */
  readonly lease?: string;
}

const DUE: Key = ["jobs", "due"];
/** `[jobs, id, id]` -> the job's `nextAtMs`, by which its record is found. */
const byId = (id: string): Key => ["jobs", "id", id];

export const ALL_JOBS: KeyRange = startingWith(DUE);

/** Jobs that want to run at `nowMs` or before. */
export function dueBy(nowMs: number): KeyRange {
  return { from: ALL_JOBS.from, to: (encodeKey([...DUE, nowMs]) + "\xff") as EncodedKey };
}

/** The place of a job's record: when it wants to run, and its id. */
export function placeOf(key: Key): { nextAtMs: number; id: string | number } {
  return { nextAtMs: key[DUE.length] as number, id: key[DUE.length + 1] as string | number };
}

/** A name for a job that was scheduled without one: the same for every runner that finds it. */
export function nameOf(record: JobRecord, nextAtMs: number, id: string | number): string {
  return typeof id === "string" ? id : `${record.type}-${nextAtMs}-${id}`;
}

/**
 * Schedules a job in the caller's transaction. A job that already has this id is replaced, also while it runs: what it
 * has not committed by then counts for nothing.
 */
export async function schedule(tx: Transaction, request: JobRequest): Promise<void> {
  const { id, type, dueAtMs, payload = null, everyMs } = request;
  const record: JobRecord = { type, dueAtMs, payload, attempt: 0, ...(everyMs !== undefined && { everyMs }) };
  if (id === undefined) return tx.append([...DUE, dueAtMs], record);
  await cancel(tx, id);
  putJob(tx, id, dueAtMs, record);
}

/** Schedules a job unless one with its id is there: how an engine sets its recurring work up at every start. */
export async function scheduleUnlessPresent(
  tx: Transaction, request: JobRequest & { readonly id: string }): Promise<void> {
  if (await tx.get(byId(request.id)) === undefined) await schedule(tx, request);
}

/** Takes a job back; returns whether there was one. */
export async function cancel(tx: Transaction, id: string): Promise<boolean> {
  const nextAtMs = await tx.get<number>(byId(id));
  if (nextAtMs === undefined) return false;
  removeJob(tx, id, nextAtMs);
  return true;
}

/** The jobs in the order they want to run, at most `limit`. */
export async function listJobs(reader: Reader, options: { readonly limit: number }): Promise<JobStatus[]> {
  const entries = await reader.range<JobRecord>(ALL_JOBS, options);
  return entries.map(({ key, value }) => {
    const { lease, ...rest } = value;
    const { nextAtMs, id } = placeOf(key);
    return { ...rest, id: nameOf(value, nextAtMs, id), nextAtMs, isLeased: lease !== undefined };
  });
}

export function getJob(reader: Reader, nextAtMs: number, id: string | number): Promise<JobRecord | undefined> {
  return reader.get<JobRecord>([...DUE, nextAtMs, id]);
}

export function putJob(tx: Transaction, id: string, nextAtMs: number, record: JobRecord): void {
  tx.set([...DUE, nextAtMs, id], record);
  tx.set(byId(id), nextAtMs);
}

export function removeJob(tx: Transaction, id: string | number, nextAtMs: number): void {
  tx.delete([...DUE, nextAtMs, id]);
  if (typeof id === "string") tx.delete(byId(id));
}
