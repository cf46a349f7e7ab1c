import Database from "better-sqlite3";
import type { Backend, Changes, EncodedEntry, View } from "./backend.ts";
import { OptimisticStore } from "./optimistic.ts";
import { ABSENT, RecordCache } from "./record-cache.ts";
import { decodeRecord, encodeRecord } from "./record-format.ts";
import { SqliteFile, unavailable } from "./sqlite-file.ts";
import type { EncodedKey, KeyRange, Store } from "./store.ts";

export interface SqliteOptions {
  /**
   * `full`: acknowledged survives a power cut. `relaxed`: it survives the death of this process, not of the machine.
   */
  readonly durability: "full" | "relaxed";
  /** The most memory that decoded records may take; 64 MiB unless told. */
  readonly cacheBytes?: number;
}

const CACHE_BYTES = 64 * 1024 * 1024;
/** A page for a listing is worth keeping decoded, a page of an export is not. */
const CACHED_PAGE_MAX = 100;
/** With so many of a page's records missing in the cache, one statement for all is cheaper than one for each. */
const MISSES_MAX = 4;
/** A clear of more keys than this forgets the whole cache instead of each. */
const CLEARED_KEYS_MAX = 1000;
/** Positions are reserved in blocks, so that giving one costs no write. A restart goes on above the block. */
const POSITIONS_PER_BLOCK = 1_000_000;

type Row = [key: Buffer, value: Buffer];

const bytesOf = (key: EncodedKey): Buffer => Buffer.from(key, "latin1");
const keyOf = (bytes: Buffer): EncodedKey => bytes.toString("latin1") as EncodedKey;
const keyOfHex = (hex: string): EncodedKey => keyOf(Buffer.from(hex, "hex"));

/** `+ 0`: SQLite would plan the statement anew at each use if it could see the limit (10 us each). */
const LIMIT = "LIMIT ? + 0";

/** Reads on one connection. */
class SqliteView implements View {
  private readonly file: string;
  private readonly one: Database.Statement<[Buffer], Buffer>;
  private readonly forwards: Database.Statement<[Buffer, Buffer, number], Row>;
  private readonly backwards: Database.Statement<[Buffer, Buffer, number], Row>;
  private readonly keysForwards: Database.Statement<[Buffer, Buffer, number], string>;
  private readonly keysBackwards: Database.Statement<[Buffer, Buffer, number], string>;

  constructor(db: Database.Database, file: string) {
    this.file = file;
    const within = "FROM entry WHERE key >= ? AND key < ? ORDER BY key";
    this.one = db.prepare<[Buffer], Buffer>("SELECT value FROM entry WHERE key = ?").pluck() as typeof this.one;
    this.forwards = db.prepare(`SELECT key, value ${within} ${LIMIT}`).raw() as typeof this.forwards;
    this.backwards = db.prepare(`SELECT key, value ${within} DESC ${LIMIT}`).raw() as typeof this.backwards;
    this.keysForwards = db.prepare(`SELECT hex(key) ${within} ${LIMIT}`).pluck() as typeof this.keysForwards;
    this.keysBackwards = db.prepare(`SELECT hex(key) ${within} DESC ${LIMIT}`).pluck() as typeof this.keysBackwards;
  }

  stored(key: EncodedKey): Buffer | undefined {
    try {
      return this.one.get(bytesOf(key));
    } catch (problem) {
      throw unavailable(this.file, problem);
    }
  }

  rows(range: KeyRange, limit: number, reverse: boolean): Row[] {
    const statement = reverse ? this.backwards : this.forwards;
    try {
      return statement.all(bytesOf(range.from), bytesOf(range.to), Math.min(limit, Number.MAX_SAFE_INTEGER));
    } catch (problem) {
      throw unavailable(this.file, problem);
    }
  }

  /** Only the keys, out of the index alone; as hexadecimal text, which costs a quarter of a Buffer each. */
  keys(range: KeyRange, limit: number, reverse: boolean): EncodedKey[] {
    const statement = reverse ? this.keysBackwards : this.keysForwards;
    try {
      return statement.all(bytesOf(range.from), bytesOf(range.to), limit).map(keyOfHex);
    } catch (problem) {
      throw unavailable(this.file, problem);
    }
  }

  get(key: EncodedKey): unknown {
    const bytes = this.stored(key);
    return bytes === undefined ? undefined : decodeRecord(bytes);
  }

  range(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] {
    return this.rows(range, limit, reverse).map(([key, value]) => ({ key: keyOf(key), value: decodeRecord(value) }));
  }
}

class SqliteBackend implements Backend {
  private readonly file: SqliteFile;
  private readonly view: SqliteView;
  private readonly cache: RecordCache;
  private readonly insert: Database.Statement;
  private readonly remove: Database.Statement;
  private readonly keysIn: Database.Statement<[Buffer, Buffer, number], Buffer>;
  private readonly removeRange: Database.Statement;
  private readonly reserve: Database.Statement;
  private lastPosition: number;
  private reservedPosition: number;
  /** Absent when the disk need not be waited for. */
  readonly sync?: () => Promise<void>;

  constructor(path: string, { durability, cacheBytes = CACHE_BYTES }: SqliteOptions) {
    this.file = new SqliteFile(path);
    const { db } = this.file;
    this.cache = new RecordCache(cacheBytes);
    this.view = new SqliteView(db, path);
    this.insert = db.prepare(
      "INSERT INTO entry (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    this.remove = db.prepare("DELETE FROM entry WHERE key = ?");
    this.keysIn = db.prepare("SELECT key FROM entry WHERE key >= ? AND key < ? " + LIMIT).pluck() as typeof this.keysIn;
    this.removeRange = db.prepare("DELETE FROM entry WHERE key >= ? AND key < ?");
    this.reserve = db.prepare("UPDATE setting SET value = ? WHERE name = 'reservedPosition'");
    this.lastPosition = db.prepare("SELECT value FROM setting WHERE name = 'reservedPosition'").pluck().get() as number;
    this.reservedPosition = this.lastPosition;
    if (durability === "full") this.sync = () => this.file.sync();
  }

  get(key: EncodedKey): unknown {
    const cached = this.cache.get(key);
    if (cached !== undefined) return cached === ABSENT ? undefined : cached;
    const bytes = this.view.stored(key);
    if (bytes === undefined) {
      this.cache.set(key, ABSENT, 0);
      return undefined;
    }
    const value = decodeRecord(bytes);
    this.cache.set(key, value, bytes.length);
    return value;
  }

  range(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] {
    return (limit <= CACHED_PAGE_MAX ? this.cachedPage(range, limit, reverse) : undefined)
      ?? this.storedPage(range, limit, reverse);
  }

  /** Undefined when too little of the page is in the cache. */
  private cachedPage(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] | undefined {
    let misses = 0;
    const page: EncodedEntry[] = [];
    for (const key of this.view.keys(range, limit, reverse)) {
      let value = this.cache.get(key);
      if (value === undefined) {
        misses += 1;
        if (misses > MISSES_MAX) return undefined;
        value = this.get(key);
      }
      page.push({ key, value });
    }
    return page;
  }

  private storedPage(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] {
    return this.view.rows(range, limit, reverse).map(([keyBytes, bytes]) => {
      const key = keyOf(keyBytes);
      const cached = this.cache.get(key);
      if (cached !== undefined) return { key, value: cached };
      const value = decodeRecord(bytes);
      if (limit <= CACHED_PAGE_MAX) this.cache.set(key, value, bytes.length);
      return { key, value };
    });
  }

  apply({ clears, writes }: Changes): void {
    try {
      for (const range of clears) this.clear(range);
      for (const [key, value] of writes) {
        if (value === undefined) {
          this.remove.run(bytesOf(key));
          this.cache.set(key, ABSENT, 0);
        } else {
          const bytes = encodeRecord(value);
          this.insert.run(bytesOf(key), bytes);
          this.cache.set(key, value, bytes.length);
        }
      }
    } catch (problem) {
      throw this.rolledBack(problem);
    }
  }

  private clear(range: KeyRange): void {
    const from = bytesOf(range.from);
    const to = bytesOf(range.to);
    const keys = this.keysIn.all(from, to, CLEARED_KEYS_MAX);
    if (keys.length === CLEARED_KEYS_MAX) this.cache.clear();
    else for (const key of keys) this.cache.delete(keyOf(key));
    this.removeRange.run(from, to);
  }

  seal(): void {
    try {
      this.file.commit();
    } catch (problem) {
      throw this.rolledBack(problem);
    }
  }

  /** Back at what is committed; the reservation of positions may be gone too, so it is made again at the next use. */
  private rolledBack(problem: unknown): Error {
    this.cache.clear();
    this.reservedPosition = this.lastPosition;
    try {
      this.file.rollback();
    } catch (worse) {
      return unavailable(this.file.file, worse);
    }
    return unavailable(this.file.file, problem);
  }

  async pinned<T>(use: (view: View) => Promise<T>): Promise<T> {
    const db = new Database(this.file.file, { readonly: true });
    try {
      db.exec("BEGIN");
      // The snapshot is taken at the first read, not at BEGIN.
      db.prepare("SELECT 1 FROM setting").get();
      return await use(new SqliteView(db, this.file.file));
    } finally {
      db.close();
    }
  }

  nextPosition(): number {
    this.lastPosition += 1;
    if (this.lastPosition > this.reservedPosition) this.reserveFrom(this.lastPosition);
    return this.lastPosition;
  }

  raisePosition(atLeast: number): number {
    this.lastPosition = Math.max(this.lastPosition, atLeast - 1);
    if (this.lastPosition >= this.reservedPosition) this.reserveFrom(this.lastPosition + 1);
    return this.lastPosition + 1;
  }

  /** Commits together with the first entries that use the block. */
  private reserveFrom(position: number): void {
    const reserved = position + POSITIONS_PER_BLOCK;
    try {
      this.reserve.run(reserved);
    } catch (problem) {
      throw unavailable(this.file.file, problem);
    }
    this.reservedPosition = reserved;
  }

  close(): void {
    this.file.close();
  }
}

/** The embedded store in one file. Errors: StoreUnavailable when the file is not ours, damaged, newer, or in use. */
export function sqliteStore(file: string, options: SqliteOptions = { durability: "full" }): Store {
  return new OptimisticStore(new SqliteBackend(file, options));
}
