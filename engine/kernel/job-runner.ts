import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import {
  ALL_JOBS, dueBy, getJob, type Job, type JobHandler, type JobRecord, nameOf, placeOf, putJob, removeJob,
} from "./jobs.ts";
import type { Store, Transaction } from "./store.ts";
import { backoffMs, failureText, WakeLoop, warnOfFault } from "./wake-loop.ts";

export interface JobRunnerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  /** By job type. A job of a type that is not here fails, visibly, and is tried again: another engine may know it. */
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** How long a claim holds when its runner dies; a living runner renews it. */
  readonly leaseMs?: number;
  /** How many local jobs run side by side. */
  readonly concurrency?: number;
  /**
   * How many external ones do: as many as local ones where that is said, else many more. They mostly wait for somebody
   * else, and whoever keeps a few of them waiting must not hold up all the others.
   */
  readonly externalConcurrency?: number;
  /** Hears of each job that was run to its end. */
  readonly onRun?: () => void;
  /** Hears when the store fails the runner, which goes on trying. */
  readonly onFault?: (error: unknown) => void;
}

/** Runs jobs as they fall due. Several runners on one store share the work. */
export interface JobRunner {
  start(): void;
  /** Claims nothing more; resolves when what was running has ended. */
  stop(): Promise<void>;
  /** Resolves when nothing is due at the present time of the clock and nothing runs here. */
  settled(): Promise<void>;
}

/** A job that this runner holds. `nextAtMs` is the end of the lease, which is also where its record is found. */
interface Claim {
  readonly id: string;
  nextAtMs: number;
  record: JobRecord;
}

export function createJobRunner(parts: JobRunnerParts): JobRunner {
  return new Runner(parts);
}

class Runner implements JobRunner {
  private readonly parts: JobRunnerParts;
  private readonly leaseMs: number;
  private readonly concurrency: number;
  private readonly externalConcurrency: number;
  private readonly loop: WakeLoop;
  private readonly running = new Map<string, Promise<void>>();
  /** How many of those that run are external. */
  private externalCount = 0;
  private isStarted = false;

  constructor(parts: JobRunnerParts) {
    this.parts = parts;
    this.leaseMs = parts.leaseMs ?? 30_000;
    this.concurrency = parts.concurrency ?? 16;
    this.externalConcurrency = parts.externalConcurrency ?? parts.concurrency ?? 256;
    const { store, clock, onFault = warnOfFault } = parts;
    this.loop = new WakeLoop({ store, clock, onFault, ranges: [ALL_JOBS], look: () => this.look() });
  }

  start(): void {
    this.isStarted = true;
    this.loop.start();
  }

  async stop(): Promise<void> {
    this.isStarted = false;
    await this.loop.stop();
    await Promise.all(this.running.values());
  }

  async settled(): Promise<void> {
    const { store, clock } = this.parts;
    while (this.isStarted) {
      await this.loop.lookNow();
      if (this.running.size > 0) {
        await Promise.race(this.running.values());
        continue;
      }
      const due = await store.read((reader) => reader.range(dueBy(clock.nowMs()), { limit: 1 }));
      if (due.length === 0) return;
    }
  }

  /** Claims as many due jobs as there is room for; a job that ends makes room and looks again. */
  private async look(): Promise<number | undefined> {
    const localRoom = this.concurrency - (this.running.size - this.externalCount);
    const externalRoom = this.externalConcurrency - this.externalCount;
    if (localRoom <= 0 || externalRoom <= 0) return undefined;
    const room = Math.min(localRoom, externalRoom);
    const { claims, nextAtMs } = await this.parts.store.transact((tx) => this.claim(tx, room));
    for (const claim of claims) {
      const count = this.isExternal(claim) ? 1 : 0;
      this.externalCount += count;
      const run = this.run(claim).catch(this.parts.onFault ?? warnOfFault).finally(() => {
        this.running.delete(claim.id);
        this.externalCount -= count;
        this.loop.wake();
      });
      this.running.set(claim.id, run);
    }
    return nextAtMs;
  }

  private isExternal({ record }: Claim): boolean {
    const handler = this.parts.handlers[record.type];
    return handler !== undefined && "external" in handler;
  }

  private async claim(tx: Transaction, room: number): Promise<{ claims: Claim[]; nextAtMs: number | undefined }> {
    const nowMs = this.parts.clock.nowMs();
    // One more than can be claimed, to know when to look again; those that run here may stand before it.
    const entries = await tx.range<JobRecord>(ALL_JOBS, { limit: room + this.running.size + 1 });
    const claims: Claim[] = [];
    for (const { key, value } of entries) {
      const place = placeOf(key);
      const id = nameOf(value, place.nextAtMs, place.id);
      // Its lease ran out while it runs: it is still ours until somebody else claims it.
      if (this.running.has(id)) continue;
      if (place.nextAtMs > nowMs || claims.length === room) return { claims, nextAtMs: place.nextAtMs };
      const record = { ...value, attempt: value.attempt + 1, lease: this.parts.ids.hex(16) };
      removeJob(tx, place.id, place.nextAtMs);
      putJob(tx, id, nowMs + this.leaseMs, record);
      claims.push({ id, nextAtMs: nowMs + this.leaseMs, record });
    }
    return { claims, nextAtMs: undefined };
  }

  private async run(claim: Claim): Promise<void> {
    try {
      const handler = this.parts.handlers[claim.record.type];
      if (!handler) throw new Error(`No handler for jobs of type "${claim.record.type}".`);
      if ("local" in handler) await this.runLocal(claim, handler.local);
      else await this.runExternal(claim, handler.external);
      this.parts.onRun?.();
    } catch (error) {
      await this.parts.store.transact((tx) => this.postpone(tx, claim, error));
    }
  }

  private runLocal(claim: Claim, handle: (tx: Transaction, job: Job) => Promise<void>): Promise<void> {
    return this.parts.store.transact(async (tx) => {
      if (!(await this.isHeld(tx, claim))) return;
      // Before the work, which may cancel the next occurrence or schedule the same id afresh.
      this.complete(tx, claim);
      await handle(tx, jobOf(claim));
    });
  }

  private async runExternal(claim: Claim, handle: (job: Job) => Promise<void>): Promise<void> {
    const stopRenewing = this.keepRenewing(claim);
    try {
      await handle(jobOf(claim));
    } finally {
      await stopRenewing();
    }
    await this.parts.store.transact(async (tx) => {
      if (await this.isHeld(tx, claim)) this.complete(tx, claim);
    });
  }

  /** Whether nobody has claimed, replaced or cancelled the job since. */
  private async isHeld(tx: Transaction, claim: Claim): Promise<boolean> {
    return (await getJob(tx, claim.nextAtMs, claim.id))?.lease === claim.record.lease;
  }

  private complete(tx: Transaction, { id, nextAtMs, record }: Claim): void {
    removeJob(tx, id, nextAtMs);
    if (record.everyMs === undefined) return;
    const { type, payload, everyMs } = record;
    const missed = Math.max(0, Math.floor((this.parts.clock.nowMs() - record.dueAtMs) / everyMs));
    const dueAtMs = record.dueAtMs + (missed + 1) * everyMs;
    putJob(tx, id, dueAtMs, { type, payload, everyMs, dueAtMs, attempt: 0 });
  }

  private async postpone(tx: Transaction, claim: Claim, error: unknown): Promise<void> {
    if (!(await this.isHeld(tx, claim))) return;
    const { lease: _released, ...record } = claim.record;
    removeJob(tx, claim.id, claim.nextAtMs);
    const nextAtMs = this.parts.clock.nowMs() + backoffMs(record.attempt);
    putJob(tx, claim.id, nextAtMs, { ...record, failure: failureText(error) });
  }

  /** Moves the lease on while external work runs, so that nobody takes a job over whose runner lives. */
  private keepRenewing(claim: Claim): () => Promise<void> {
    const { store, clock, onFault = warnOfFault } = this.parts;
    let renewing: Promise<void> = Promise.resolve();
    let cancelAlarm = nothingToCancel;
    const renew = async () => {
      const nextAtMs = await store.transact(async (tx) => {
        if (!(await this.isHeld(tx, claim))) return undefined;
        removeJob(tx, claim.id, claim.nextAtMs);
        const untilMs = clock.nowMs() + this.leaseMs;
        putJob(tx, claim.id, untilMs, claim.record);
        return untilMs;
      });
      if (nextAtMs === undefined) return;
      claim.nextAtMs = nextAtMs;
      arm();
    };
    const arm = () => {
      cancelAlarm = clock.wakeAt(clock.nowMs() + this.leaseMs / 2, () => {
        renewing = renew().catch((error: unknown) => {
          onFault(error);
          arm();
        });
      });
    };
    arm();
    return async () => {
      cancelAlarm();
      await renewing;
      // A renewal that was under way has armed the next.
      cancelAlarm();
    };
  }
}

const nothingToCancel = () => {};

function jobOf({ id, record }: Claim): Job {
  const { type, dueAtMs, payload, attempt, everyMs } = record;
  return { id, type, dueAtMs, payload, attempt, ...(everyMs !== undefined && { everyMs }) };
}
