import { atOnce } from "./at-once.ts";
import { Attempt, type Standing } from "./attempt.ts";
import type { Backend, Changes, View } from "./backend.ts";
import { CommitBatch } from "./commit-batch.ts";
import { CommitLog } from "./commit-log.ts";
import { decodeKey, encodeKey } from "./key.ts";
import { ForkBackend } from "./fork-backend.ts";
import { FormerState, keptFor, keptTagAfter } from "./former-state.ts";
import { MemoryBackend } from "./memory-backend.ts";
import { Sequencer } from "./sequencer.ts";
import type { Fork, Key, KeyRange, Reader, ReadOptions, Store, Transaction, TransactOptions } from "./store.ts";
import { StoreUnavailable } from "./store.ts";
import { Turnstile } from "./turnstile.ts";
import { ViewReader } from "./view-reader.ts";
import { Watchers } from "./watchers.ts";

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** After so many conflicts a transaction runs alone, so that many small ones cannot starve a large one. */
const CONFLICTS_MAX = 4;

/**
 * Optimistic concurrency for the drivers that live in one process (memory, SQLite, forks).
 *
 * A transaction notes what it reads and holds its writes back. To commit, it must still see what it saw; then its
 * writes become visible to everybody in this process at once ("early visibility"), its promise resolves when its
 * batch is durable. So nobody waits for another's fsync except to answer: a result that rests on something not yet
 * durable is held until it is. If a batch fails, the driver is back at what is durable, all who rested on the batch
 * get StoreUnavailable, and all who are still running begin again.
 *
 * One turn of the event loop usually holds whole transactions (their awaits are settled promises), so in practice
 * there is nothing to validate: the version has not moved. The log of commits is kept only while somebody else is
 * running.
 */
export class OptimisticStore implements Store, Standing {
  private readonly backend: Backend;
  /** Counts commits; what a transaction compares to know whether anything happened since it looked. */
  private version = 0;
  private running = 0;
  private readonly log = new CommitLog();
  private readonly turnstile = new Turnstile();
  private readonly sequencer = new Sequencer();
  private readonly watchers = new Watchers();
  /** Applied, not yet sealed. */
  private openBatch: CommitBatch | undefined;
  /** Sealed, on its way to the disk. */
  private sealedBatch: CommitBatch | undefined;
  private broken: StoreUnavailable | undefined;
  /** What forks of this store see of it: moments that it has left behind. */
  private readonly formerStates = new Set<FormerState>();

  constructor(backend: Backend) {
    this.backend = backend;
  }

  stillHolds(attempt: Attempt): boolean {
    if (attempt.version === this.version) return true;
    if (this.log.isStale(attempt.version, attempt)) return false;
    attempt.version = this.version;
    return true;
  }

  transact<T>(run: (tx: Transaction) => Promise<T>, options?: TransactOptions): Promise<T> {
    return options?.sequence === undefined ? this.commitWhenValid(run) : this.transactInSequence(run, options.sequence);
  }

  private async transactInSequence<T>(run: (tx: Transaction) => Promise<T>, sequence: Key): Promise<T> {
    const key = encodeKey(sequence);
    await this.sequencer.enter(key);
    return this.commitWhenValid(run, () => this.sequencer.leave(key));
  }

  /** `onVisible` is called exactly once: when the commit is visible, or nothing will come of it. */
  private async commitWhenValid<T>(run: (tx: Transaction) => Promise<T>, onVisible?: () => void): Promise<T> {
    const self = {};
    let resting: Promise<void> | undefined;
    let result: T | undefined;
    let failure: { readonly cause: unknown } | undefined;
    try {
      for (let conflicts = 0; ; conflicts++) {
        if (conflicts === CONFLICTS_MAX) await this.turnstile.close(self);
        const attempt = this.begin();
        let isOver = false;
        failure = undefined;
        try {
          result = await run(attempt);
        } catch (error) {
          failure = { cause: error };
        }
        try {
          if (this.turnstile.isClosedFor(self)) await this.turnstile.pass(self);
          isOver = this.stillHolds(attempt);
        } finally {
          this.running -= 1;
        }
        if (!isOver) continue;
        const changes = failure === undefined ? attempt.changes(this.nextPosition) : undefined;
        resting = changes === undefined ? this.restsOn(attempt) : this.commit(changes);
        break;
      }
    } finally {
      this.turnstile.open(self);
      onVisible?.();
    }
    if (resting !== undefined) await resting;
    if (failure !== undefined) throw failure.cause;
    return result as T;
  }

  private begin(): Attempt {
    this.mustWork();
    if (this.running === 0) this.log.forget(this.version);
    this.running += 1;
    return new Attempt(this.backend, this, this.version);
  }

  private mustWork(): void {
    if (this.broken !== undefined) throw new StoreUnavailable(this.broken.message, { cause: this.broken });
  }

  private readonly nextPosition = (): number => this.backend.nextPosition();

  /** Makes `changes` visible; the promise is for when they are durable. */
  private commit(changes: Changes): Promise<void> | undefined {
    this.mustWork();
    const applied = this.formerStates.size === 0 ? changes : this.keepingFormer(changes);
    try {
      this.backend.apply(applied);
    } catch (error) {
      this.forgetBatch(error as Error);
      throw error;
    }
    this.version += 1;
    if (this.running > 0) this.log.push(changes);
    else this.log.forget(this.version);
    if (this.backend.seal === undefined) {
      this.watchers.notify([changes]);
      return undefined;
    }
    if (this.openBatch === undefined) {
      this.openBatch = new CommitBatch();
      // While one batch is on its way to the disk the next one gathers.
      if (this.sealedBatch === undefined) setImmediate(this.flush);
    }
    this.openBatch.changes.push(changes);
    return this.openBatch.durable;
  }

  private readonly flush = async (): Promise<void> => {
    for (let batch = this.openBatch; batch !== undefined; batch = await this.gather(batch.changes.length)) {
      try {
        this.backend.seal?.();
      } catch (error) {
        this.forgetBatch(error as Error);
        continue;
      }
      this.openBatch = undefined;
      this.sealedBatch = batch;
      try {
        if (this.backend.sync !== undefined) await this.backend.sync();
      } catch (error) {
        this.break(error as StoreUnavailable);
        return;
      }
      batch.succeed();
      this.watchers.notify(batch.changes);
    }
    this.sealedBatch = undefined;
  };

  /**
   * The batch that gathers, once it is as large as the last one or a turn of the event loop has brought nothing more.
   * Under load batches stay large, so fewer of them pass through the disk: a write and a sync cost this thread 70 us,
   * whether for six commits or for sixteen.
   */
  private async gather(size: number): Promise<CommitBatch | undefined> {
    for (let last = 0; ;) {
      const gathered = this.openBatch?.changes.length ?? 0;
      if (gathered >= size || gathered === last) return this.openBatch;
      last = gathered;
      await endOfTurn();
    }
  }

  /** The driver has dropped all that was not sealed: whoever rests on it fails, whoever still runs begins again. */
  private forgetBatch(error: Error): void {
    this.version += 1;
    this.log.forget(this.version);
    this.openBatch?.fail(error);
    this.openBatch = undefined;
  }

  private break(error: StoreUnavailable): void {
    this.broken = error;
    this.sealedBatch?.fail(error);
    this.sealedBatch = undefined;
    this.forgetBatch(error);
  }

  /** What must become durable before a result that rests on `attempt`'s reads may leave. */
  private restsOn(attempt: Attempt): Promise<void> | undefined {
    if (this.openBatch?.wasSeenBy(attempt)) return this.openBatch.durable;
    if (this.sealedBatch?.wasSeenBy(attempt)) return this.sealedBatch.durable;
    return undefined;
  }

  async read<T>(run: (tx: Reader) => Promise<T>, options?: ReadOptions): Promise<T> {
    if (options?.pinned) return this.readPinned(run);
    for (let conflicts = 0; conflicts < CONFLICTS_MAX; conflicts++) {
      const attempt = this.begin();
      let result: T | undefined;
      let failure: { readonly cause: unknown } | undefined;
      try {
        result = await run(attempt);
      } catch (error) {
        failure = { cause: error };
      }
      const isOver = this.stillHolds(attempt);
      this.running -= 1;
      if (!isOver) continue;
      const resting = this.restsOn(attempt);
      if (resting !== undefined) await resting;
      if (failure !== undefined) throw failure.cause;
      return result as T;
    }
    // What is read changes faster than it can be read: one immutable state it is, then.
    return this.readPinned(run);
  }

  private async readPinned<T>(run: (tx: Reader) => Promise<T>): Promise<T> {
    this.mustWork();
    // What is visible is part of the pinned state, durable or not yet.
    const before = this.openBatch ?? this.sealedBatch;
    const result = await this.backend.pinned((view) => run(new ViewReader(view)));
    if (before !== undefined) await before.durable;
    return result;
  }

  watch(range: KeyRange, onChange: () => void): () => void {
    return this.watchers.add(range, onChange);
  }

  /** `changes`, and what forks need of what they change. */
  private keepingFormer(changes: Changes): Changes {
    const writes = new Map(changes.writes);
    for (const former of this.formerStates) for (const [key, value] of former.keep(changes)) writes.set(key, value);
    return { clears: changes.clears, writes };
  }

  isSeenByForks(range: KeyRange): boolean {
    for (const former of this.formerStates) if (former.keepsWithin(range)) return true;
    return false;
  }

  async fork(): Promise<Fork> {
    const former = FormerState.inMemory(this.backend, new MemoryBackend());
    const firstPosition = await this.leaveBehind(former);
    return forkOver(former, new MemoryBackend(), firstPosition, () => void this.formerStates.delete(former));
  }

  /** The present state, kept in this store itself under `tag`, through restarts, until it is forgotten. */
  async keepMoment(tag: string): Promise<Moment> {
    const former = FormerState.inStore(this.backend, tag);
    return this.momentOf(former, tag, await this.leaveBehind(former));
  }

  /** Goes on keeping a moment of before a restart; to be called before anything is committed. */
  resumeMoment({ tag, firstPosition }: KeptMoment): Moment {
    const former = FormerState.inStore(this.backend, tag);
    this.formerStates.add(former);
    return this.momentOf(former, tag, firstPosition);
  }

  private momentOf(former: FormerState, tag: string, firstPosition: number): Moment {
    return {
      tag,
      firstPosition,
      fork: (own, onClosed) => forkOver(former, own, firstPosition, onClosed),
      forget: () => {
        this.formerStates.delete(former);
        return this.forgetKept(tag);
      },
    };
  }

  /** Of moments that somebody keeps here: what they are called. */
  keptTags(tagLength: number): string[] {
    const tags: string[] = [];
    for (let tag = keptTagAfter(this.backend, "", tagLength); tag !== undefined;) {
      tags.push(tag);
      tag = keptTagAfter(this.backend, tag, tagLength);
    }
    return tags;
  }

  /** A store of whose moment nothing had to be kept is not even written to. */
  async forgetKept(tag: string): Promise<void> {
    if (atOnce(this.backend.range(keptFor(tag), 1, false)).length === 0) return;
    // oxlint-disable-next-line require-await -- transactions are asynchronous
    await this.transact(async (tx) => tx.clear(keptFor(tag)));
  }

  /** Keeps the present state from here on; resolves, when all of it is durable, to a position above all in it. */
  private async leaveBehind(former: FormerState): Promise<number> {
    this.mustWork();
    this.formerStates.add(former);
    const firstPosition = this.backend.nextPosition();
    try {
      await (this.openBatch ?? this.sealedBatch)?.durable;
    } catch (problem) {
      this.formerStates.delete(former);
      throw problem;
    }
    return firstPosition;
  }

  async position(atLeast = 0): Promise<number> {
    this.mustWork();
    return this.backend.raisePosition(atLeast);
  }

  async close(): Promise<void> {
    if (this.broken === undefined) {
      this.broken = new StoreUnavailable("The store is closed; open it again to use it.");
      // Whoever waits for the last batch hears of its failure; closing goes on.
      await (this.openBatch ?? this.sealedBatch)?.durable.catch(() => undefined);
    }
    await this.backend.close();
  }
}

/** What is known of a moment across restarts. */
export interface KeptMoment {
  /** All tags of a store have the same length. */
  readonly tag: string;
  /** Above every position in that state. */
  readonly firstPosition: number;
}

/** A state that a store has left behind and keeps. */
export interface Moment extends KeptMoment {
  /** A fork that begins there and writes to `own`; the same one again when `own` has been written before. */
  fork(own: Backend, onClosed?: () => void): ForkedStore;
  /** No fork stands on it any more. */
  forget(): Promise<void>;
}

/** A fork of `origin`, which stands still, that writes to `own`. */
export function forkOver(origin: View, own: Backend, firstPosition: number, onClosed?: () => void): ForkedStore {
  return new ForkedStore(new ForkBackend(own, origin, firstPosition, onClosed));
}

/** A store over another one, or over what stands still anyway; forked again like any other. */
export class ForkedStore extends OptimisticStore implements Fork {
  private readonly its: ForkBackend;

  constructor(its: ForkBackend) {
    super(its);
    this.its = its;
  }

  readOrigin<T>(run: (tx: Reader) => Promise<T>): Promise<T> {
    return run(new ViewReader(this.its.origin));
  }

  changedKeys(): readonly Key[] {
    return Array.from(this.its.changedKeys(), decodeKey);
  }
}
