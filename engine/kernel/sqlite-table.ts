import type { EncodedEntry, View } from "./backend.ts";
import { ABSENT, RecordCache } from "./record-cache.ts";
import { decodeRecord, encodeRecord } from "./record-format.ts";
import { SqliteConnection, type Statement } from "./sqlite-connection.ts";
import { SqliteFile, unavailable } from "./sqlite-file.ts";
import { bytesOf, keyOf, LIMIT, SqliteView } from "./sqlite-view.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

/** A clear of more keys than this forgets the whole cache instead of each. */
const CLEARED_KEYS_MAX = 1000;

/** How far the log has been taken over, and the last position given until then. */
export interface Taken {
  readonly sequence: number;
  readonly lastPosition: number;
}

/** A connection of its own, that sees nothing of what is committed while it is used. */
class PinnedReader {
  private readonly db: SqliteConnection;
  private readonly view: SqliteView;
  private readonly first: Statement;

  constructor(file: string) {
    this.db = new SqliteConnection(file, { readonly: true });
    this.view = new SqliteView(this.db, file);
    this.first = this.db.prepare("SELECT 1 FROM setting");
  }

  async run<T>(use: (view: View) => Promise<T>): Promise<T> {
    this.db.exec("BEGIN");
    // The snapshot is taken at the first read, not at BEGIN.
    this.first.get();
    try {
      return await use(this.view);
    } finally {
      this.db.exec("COMMIT");
    }
  }

  close(): void {
    this.db.close();
  }
}

/** The entries in the file: read through the cache of decoded records, written in bulk. */
export class SqliteTable implements View {
  private readonly file: SqliteFile;
  private readonly view: SqliteView;
  private readonly cache: RecordCache;
  private readonly insert: Statement;
  private readonly remove: Statement;
  private readonly keysWithin: Statement<[Buffer, Buffer, number], Buffer>;
  private readonly removeRange: Statement;
  private readonly setting: Statement;
  /** Kept for the next who reads so: opening one takes longer than most of these reads. */
  private readonly idle: PinnedReader[] = [];
  private isClosed = false;

  constructor(path: string, cacheBytes: number) {
    this.file = new SqliteFile(path);
    this.cache = new RecordCache(cacheBytes);
    const { db } = this.file;
    this.view = new SqliteView(db, path);
    this.insert = db.prepare(
      "INSERT INTO entry (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    this.remove = db.prepare("DELETE FROM entry WHERE key = ?");
    this.keysWithin = db.prepare("SELECT key FROM entry WHERE key >= ? AND key < ? " + LIMIT)
      .pluck() as typeof this.keysWithin;
    this.removeRange = db.prepare("DELETE FROM entry WHERE key >= ? AND key < ?");
    this.setting = db.prepare("INSERT OR REPLACE INTO setting VALUES (?, ?)");
  }

  get taken(): Taken {
    const read = this.file.db.prepare<[string], number>("SELECT value FROM setting WHERE name = ?").pluck();
    const number = (name: string) => (read.get(name) as number | undefined) ?? 0;
    return { sequence: number("takenSequence"), lastPosition: number("reservedPosition") };
  }

  get(key: EncodedKey): unknown {
    const cached = this.cache.get(key);
    if (cached !== undefined) return cached === ABSENT ? undefined : cached;
    const bytes = this.view.stored(key);
    const value = bytes === undefined ? undefined : decodeRecord(bytes);
    this.cache.enter(key, bytes === undefined ? ABSENT : value, bytes?.length ?? 0);
    return value;
  }

  /** Past the cache: to look up what a page's records are called takes as long as to read them. */
  range(range: KeyRange, limit: number, reverse: boolean, only?: readonly string[]): EncodedEntry[] {
    return this.view.range(range, limit, reverse, only);
  }

  count(range: KeyRange): number {
    return this.view.count(range);
  }

  clear(range: KeyRange): void {
    const from = bytesOf(range.from);
    const to = bytesOf(range.to);
    const keys = this.keysWithin.all(from, to, CLEARED_KEYS_MAX);
    if (keys.length === CLEARED_KEYS_MAX) this.cache.clear();
    else for (const key of keys) this.cache.delete(keyOf(key));
    this.removeRange.run(from, to);
  }

  /** Entries without a value are deleted. */
  write(entries: readonly EncodedEntry[]): void {
    for (const { key, value } of entries) {
      if (value === undefined) {
        this.remove.run(bytesOf(key));
        this.cache.replace(key, ABSENT, 0);
      } else {
        const bytes = encodeRecord(value);
        this.insert.run(bytesOf(key), bytes);
        this.cache.replace(key, value, bytes.length);
      }
    }
  }

  note({ sequence, lastPosition }: Taken): void {
    this.setting.run("takenSequence", sequence);
    this.setting.run("reservedPosition", lastPosition);
  }

  commit(): void {
    this.file.commit();
  }

  rollback(): void {
    this.cache.clear();
    this.file.rollback();
  }

  /** Waits until the disk has what was committed. */
  sync(): Promise<void> {
    return this.file.sync();
  }

  /** Runs `use` on what is committed now, whatever is committed meanwhile. */
  async pinned<T>(use: (view: View) => Promise<T>): Promise<T> {
    const reader = this.idle.pop() ?? new PinnedReader(this.file.file);
    try {
      return await reader.run(use);
    } finally {
      if (this.isClosed) reader.close();
      else this.idle.push(reader);
    }
  }

  unavailable(problem: unknown): Error {
    return unavailable(this.file.file, problem);
  }

  close(): void {
    this.isClosed = true;
    for (const reader of this.idle) reader.close();
    this.file.close();
  }
}
