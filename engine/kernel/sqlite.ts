import type { Backend, Changes, EncodedEntry, View } from "./backend.ts";
import { LayeredView } from "./layered-view.ts";
import { LogFiles } from "./log-files.ts";
import { BatchWriter, type LoggedBatch } from "./log-format.ts";
import { OptimisticStore } from "./optimistic.ts";
import { SqliteTable, type Taken } from "./sqlite-table.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

export interface SqliteOptions {
  /**
   * `full`: acknowledged survives a power cut. `relaxed`: it survives the death of this process, not of the machine.
   */
  readonly durability: "full" | "relaxed";
  /** The most memory that decoded records may take; 64 MiB unless told. */
  readonly cacheBytes?: number;
  /** The most of the log that is kept in memory before it is taken over into the file; 64 MiB unless told. */
  readonly logBytes?: number;
}

const CACHE_BYTES = 64 * 1024 * 1024;
/** So much that only the log has, or so many ranges cleared in it, are taken over without waiting for quiet. */
const LOG_BYTES = 64 * 1024 * 1024;
const CLEARS_MAX = 64;
/** The log itself may be so many times as long, when it is mostly values that later ones have replaced. */
const REPLACED_MAX = 4;
/** More deletions than this at the head of a range become one cleared range, so that the next reader starts behind. */
const DELETIONS_MAX = 4;
/** When nothing was committed for so long, what the log holds is taken over. */
const QUIET_MS = 250;
/** Entries taken over in one turn of the event loop (under half a millisecond), and in one SQLite transaction. */
const ENTRIES_PER_TURN = 128;
const TURNS_PER_COMMIT = 32;
const DOUBLINGS_MAX = 6;

/** With so many logs' worth that cannot be taken over, commits are refused with what stands in the way. */
const STUCK_LOGS_MAX = 8;

const NO_WRITES: Changes["writes"] = new Map();
const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Commits that are in the log, over what is below. */
class LoggedView extends LayeredView {
  /** How many deletions the last look within a range met before a value. */
  private deletionsMet = 0;
  /** Values and deletions laid here, also those that others have replaced since. */
  private writesLaid = 0;

  override lay(changes: Changes): void {
    super.lay(changes);
    this.writesLaid += changes.writes.size;
  }

  /** The part of what was laid here that nothing later has replaced. */
  get liveShare(): number {
    return this.writesLaid === 0 ? 1 : this.entries.size / this.writesLaid;
  }

  override within(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] {
    const found = super.within(range, limit, reverse);
    const first = found.findIndex(({ value }) => value !== undefined);
    this.deletionsMet = first < 0 ? found.length : first;
    return found;
  }

  /**
   * `range` for the layer that is still written. Whatever is a queue (messages, jobs, events) is read at its head and
   * deleted there: each reader would pass by all that was deleted since the last take-over, in this layer and in the
   * one that is being taken over. Nothing shows between the beginning of the range and its first entry, so saying that
   * as a cleared range changes nothing but what it costs.
   */
  rangeFromHead(
    range: KeyRange, limit: number, reverse: boolean, only?: readonly string[],
  ): EncodedEntry[] | Promise<EncodedEntry[]> {
    const { below } = this;
    if (below instanceof LoggedView) below.deletionsMet = 0;
    const found = this.range(range, limit, reverse, only);
    const met = this.deletionsMet + (below instanceof LoggedView ? below.deletionsMet : 0);
    if (met > DELETIONS_MAX && !reverse && limit > 0 && Array.isArray(found))
      this.lay({ clears: [{ from: range.from, to: found[0]?.key ?? range.to }], writes: NO_WRITES });
    return found;
  }

  get isEmpty(): boolean {
    return this.entries.isEmpty && this.clears.length === 0;
  }
}

/** Commits on their way into the table. */
interface Leaving {
  readonly view: LoggedView;
  readonly taken: Taken;
}

/**
 * SQLite behind a log of our own. A commit is one compact write to the log and one fdatasync; it lives in memory, over
 * the table, until it is taken over into SQLite: in bulk, each key once however often it was written, in slices
 * between requests or when it is quiet. To commit through SQLite costs this thread 8 us for a small record where the
 * log costs 1 (it writes every page that a key touches), and the disk writes ten times as much.
 *
 * After a crash the log is read into memory again; the table notes up to which batch it has been taken over, and taking
 * a batch over twice changes nothing.
 */
class SqliteBackend implements Backend {
  private readonly logBytes: number;
  private readonly table: SqliteTable;
  private readonly log: LogFiles;
  private readonly batch = new BatchWriter();
  private recent: LoggedView;
  /** The last batch that is not in `recent`. */
  private recentAfter: number;
  private leaving: Leaving | undefined;
  private takingOver: Promise<void> | undefined;
  /** Why the last attempt to take over failed. */
  private fault: Error | undefined;
  private quiet: NodeJS.Timeout | undefined;
  private isBusy = false;
  private isClosing = false;
  private sequence: number;
  private lastPosition: number;
  /** Absent when the disk need not be waited for. */
  readonly sync?: () => Promise<void>;

  constructor(path: string, { durability, cacheBytes = CACHE_BYTES, logBytes = LOG_BYTES }: SqliteOptions) {
    this.logBytes = logBytes;
    this.table = new SqliteTable(path, cacheBytes);
    this.log = new LogFiles(path);
    this.recent = new LoggedView(this.table);
    ({ sequence: this.sequence, lastPosition: this.lastPosition } = this.table.taken);
    this.recentAfter = this.sequence;
    try {
      this.log.open(this.sequence, this.replay);
    } catch (problem) {
      this.log.close(false);
      this.table.close();
      throw this.table.unavailable(problem);
    }
    if (durability === "full") this.sync = () => this.log.sync().catch((problem) => this.refuse(problem));
  }

  private refuse(problem: unknown): never {
    throw this.table.unavailable(problem);
  }

  private readonly replay = ({ changes, sequence, lastPosition }: LoggedBatch): void => {
    this.recent.lay(changes);
    this.sequence = sequence;
    this.lastPosition = Math.max(this.lastPosition, lastPosition);
    this.waitForQuiet();
  };

  get(key: EncodedKey): unknown {
    return this.recent.get(key);
  }

  range(
    range: KeyRange, limit: number, reverse: boolean, only?: readonly string[],
  ): EncodedEntry[] | Promise<EncodedEntry[]> {
    return this.recent.rangeFromHead(range, limit, reverse, only);
  }

  count(range: KeyRange): number | Promise<number> {
    return this.recent.count(range);
  }

  apply(changes: Changes): void {
    try {
      for (const range of changes.clears) this.batch.clear(range);
      for (const [key, value] of changes.writes) this.batch.write(key, value);
      this.recent.lay(changes);
    } catch (problem) {
      throw this.undone(problem);
    }
  }

  seal(): void {
    const { fault } = this;
    if (fault !== undefined && this.log.sizeBytes > STUCK_LOGS_MAX * this.logBytes) throw this.undone(fault);
    try {
      this.log.append(this.batch.finish(this.sequence + 1, this.lastPosition));
    } catch (problem) {
      throw this.undone(problem);
    }
    this.sequence += 1;
    this.batch.reset();
    this.isBusy = true;
    if (this.isDue() && fault === undefined) this.takeOver();
    else this.waitForQuiet();
  }

  private isDue(): boolean {
    const { log: { sizeBytes }, logBytes, recent } = this;
    if (recent.clears.length > CLEARS_MAX || sizeBytes > REPLACED_MAX * logBytes) return true;
    return sizeBytes > logBytes && sizeBytes * recent.liveShare > logBytes;
  }

  /** Back at what the log holds. */
  private undone(problem: unknown): Error {
    this.batch.reset();
    this.recent = new LoggedView(this.leaving?.view ?? this.table);
    try {
      this.log.read(this.recentAfter, this.replay);
    } catch (worse) {
      return this.table.unavailable(worse);
    }
    return this.table.unavailable(problem);
  }

  private waitForQuiet(): void {
    this.quiet ??= setTimeout(this.onQuiet, QUIET_MS).unref();
  }

  private readonly onQuiet = (): void => {
    this.quiet = undefined;
    if (this.isBusy) this.waitForQuiet();
    else this.takeOver();
    this.isBusy = false;
  };

  private takeOver(): void {
    if (this.takingOver !== undefined || (this.leaving === undefined && this.recent.isEmpty)) return;
    this.takingOver = this.takeOverInSlices().finally(() => {
      this.takingOver = undefined;
    });
  }

  private async takeOverInSlices(): Promise<void> {
    const leaving = (this.leaving ??= this.turn());
    const { table } = this;
    try {
      await this.write(leaving.view);
      table.note(leaving.taken);
      table.commit();
      await table.sync();
      await this.log.settled();
    } catch (problem) {
      this.fault = table.unavailable(problem);
      table.rollback();
      if (!this.isClosing) this.waitForQuiet();
      return;
    }
    this.fault = undefined;
    this.recent.below = table;
    this.leaving = undefined;
    this.log.drop();
  }

  /** What is committed from here on goes into another file of the log and another layer. */
  private turn(): Leaving {
    const { recent: view, sequence, lastPosition } = this;
    this.recent = new LoggedView(view);
    this.recentAfter = sequence;
    this.log.turn();
    return { view, taken: { sequence, lastPosition } };
  }

  /** Twice as many for each log's worth that has come meanwhile: writers who never pause must not outrun this. */
  private get entriesPerTurn(): number {
    return ENTRIES_PER_TURN * 2 ** Math.min(DOUBLINGS_MAX, Math.floor(this.log.sizeBytes / this.logBytes));
  }

  private async write({ clears, entries }: LoggedView): Promise<void> {
    for (const range of clears) this.table.clear(range);
    // In the order of their keys, so that each page of the file is written once.
    while (!entries.sortSome(this.entriesPerTurn) && !this.isClosing) await endOfTurn();
    let slice: EncodedEntry[] = [];
    let slices = 0;
    for (const entry of entries.all()) {
      slice.push(entry);
      if (slice.length < this.entriesPerTurn) continue;
      this.table.write(slice);
      slice = [];
      slices += 1;
      if (slices % TURNS_PER_COMMIT === 0) this.table.commit();
      if (!this.isClosing) await endOfTurn();
    }
    this.table.write(slice);
  }

  pinned<T>(use: (view: View) => Promise<T>): Promise<T> {
    const recent = this.recent.copyOver(this.table);
    const leaving = this.leaving?.view;
    return this.table.pinned((view) => {
      recent.below = leaving === undefined ? view : leaving.copyOver(view);
      return use(recent);
    });
  }

  nextPosition(): number {
    this.lastPosition += 1;
    return this.lastPosition;
  }

  raisePosition(atLeast: number): number {
    this.lastPosition = Math.max(this.lastPosition, atLeast - 1);
    return this.lastPosition + 1;
  }

  /** A store that was closed is one file. What a full disk keeps from being taken over stays in the log. */
  async close(): Promise<void> {
    this.isClosing = true;
    clearTimeout(this.quiet);
    for (let round = 0; round < 2; round++) {
      await this.takingOver;
      this.takeOver();
    }
    await this.takingOver;
    await this.log.settled();
    this.log.close(this.leaving === undefined && this.recent.isEmpty);
    this.table.close();
  }
}

/** The embedded store in one file. Errors: StoreUnavailable when the file is not ours, damaged, newer, or in use. */
export function sqliteStore(file: string, options: SqliteOptions = { durability: "full" }): OptimisticStore {
  return new OptimisticStore(new SqliteBackend(file, options));
}

/** The same as a driver: what a fork writes to. */
export const sqliteBackend = (file: string, options: SqliteOptions): Backend => new SqliteBackend(file, options);
