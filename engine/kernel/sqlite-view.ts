import type { EncodedEntry, View } from "./backend.ts";
import { decodeMembers, decodeRecord } from "./record-format.ts";
import { memberNames } from "./record-members.ts";
import type { SqliteConnection, Statement } from "./sqlite-connection.ts";
import { unavailable } from "./sqlite-file.ts";
import type { EncodedKey, KeyRange } from "./store.ts";
import { rest } from "./view-reader.ts";

/** The keys and values of several entries, one after the other, and the lengths of each: "12,300,12,289". */
type Rows = [bytes: Buffer | null, lengths: string | null];

export const bytesOf = (key: EncodedKey): Buffer => Buffer.from(key, "latin1");
export const keyOf = (bytes: Buffer): EncodedKey => bytes.toString("latin1") as EncodedKey;

/** `+ 0`: SQLite would plan the statement anew at each use if it could see the limit (10 us each). */
export const LIMIT = "LIMIT ? + 0";
/** What one statement gathers is one value for SQLite, which may have a billion bytes. */
const ROWS_MAX = 1024;
const ZERO = 48;

/**
 * SQLite hands over a hundred rows as one value: each Buffer of a row's own costs this thread more than finding the
 * row, and the collector as much again (175 us for a hundred small records, and 65 like this).
 */
const gathered = (order: string, value = "value"): string =>
  "SELECT CAST(group_concat(key || value, '') AS BLOB), group_concat(length(key) || ',' || length(value)) "
  + `FROM (SELECT key, ${value} AS value FROM entry WHERE key >= ? AND key < ? ORDER BY key ${order} ${LIMIT})`;
/** As much of a record as most members that a listing shows lie in. */
const HEAD_BYTES = 384;
const HEAD = `substr(value, 1, ${HEAD_BYTES})`;

type Gathered = Statement<[Buffer, Buffer, number], Rows>;
/** The value of a key, whose record lies between two places. */
type ValueOf = (key: EncodedKey, bytes: Buffer, start: number, end: number) => unknown;

function addEntries(bytes: Buffer, lengths: string, entries: EncodedEntry[], valueOf: ValueOf): void {
  let at = 0;
  let place = 0;
  const next = (): number => {
    let number = 0;
    for (let unit = lengths.charCodeAt(place++); unit >= ZERO; unit = lengths.charCodeAt(place++))
      number = 10 * number + unit - ZERO;
    return number;
  };
  while (place < lengths.length) {
    const valueAt = at + next();
    const end = valueAt + next();
    const key = bytes.toString("latin1", at, valueAt) as EncodedKey;
    entries.push({ key, value: valueOf(key, bytes, valueAt, end) });
    at = end;
  }
}

/** Reads on one connection. */
export class SqliteView implements View {
  private readonly file: string;
  private readonly one: Statement<[Buffer], Buffer>;
  private readonly forwards: Gathered;
  private readonly backwards: Gathered;
  private readonly headsForwards: Gathered;
  private readonly headsBackwards: Gathered;
  private readonly counted: Statement<[Buffer, Buffer], number>;

  constructor(db: SqliteConnection, file: string) {
    this.file = file;
    this.one = db.prepare<[Buffer], Buffer>("SELECT value FROM entry WHERE key = ?").pluck() as typeof this.one;
    this.forwards = db.prepare(gathered("")).raw() as Gathered;
    this.backwards = db.prepare(gathered("DESC")).raw() as Gathered;
    this.headsForwards = db.prepare(gathered("", HEAD)).raw() as Gathered;
    this.headsBackwards = db.prepare(gathered("DESC", HEAD)).raw() as Gathered;
    const counted = "SELECT count(*) FROM entry WHERE key >= ? AND key < ?";
    this.counted = db.prepare<[Buffer, Buffer], number>(counted).pluck() as typeof this.counted;
  }

  stored(key: EncodedKey): Buffer | undefined {
    try {
      return this.one.get(bytesOf(key));
    } catch (problem) {
      throw unavailable(this.file, problem);
    }
  }

  get(key: EncodedKey): unknown {
    const bytes = this.stored(key);
    return bytes === undefined ? undefined : decodeRecord(bytes);
  }

  range(range: KeyRange, limit: number, reverse: boolean, only?: readonly string[]): EncodedEntry[] {
    if (only === undefined) {
      const statement = reverse ? this.backwards : this.forwards;
      return this.entries(statement, range, limit, reverse, (_, bytes, start, end) => decodeRecord(bytes, start, end));
    }
    const names = memberNames(only);
    const statement = reverse ? this.headsBackwards : this.headsForwards;
    return this.entries(statement, range, limit, reverse, (key, bytes, start, end) =>
      decodeMembers(bytes, start, end, names)
      // What is wanted may lie behind the head.
      ?? (end - start === HEAD_BYTES ? this.get(key) : decodeRecord(bytes, start, end)));
  }

  private entries(
    statement: Gathered, range: KeyRange, limit: number, reverse: boolean, valueOf: ValueOf,
  ): EncodedEntry[] {
    const entries: EncodedEntry[] = [];
    let rowsMax = ROWS_MAX;
    for (let left: KeyRange | undefined = range; left !== undefined && entries.length < limit;) {
      const wanted: number = Math.min(rowsMax, limit - entries.length);
      const rows = this.rows(statement, left, wanted);
      if (rows === undefined) {
        // All of them at once are too much for SQLite.
        rowsMax = Math.ceil(wanted / 2);
        continue;
      }
      const before = entries.length;
      if (rows[0] !== null && rows[1] !== null) addEntries(rows[0], rows[1], entries, valueOf);
      const last = entries.at(-1);
      left = last === undefined || entries.length < before + wanted ? undefined : rest(left, last.key, reverse);
    }
    return entries;
  }

  /** Undefined when they are too large to be gathered, which one row never is. */
  private rows(statement: Gathered, range: KeyRange, limit: number): Rows | undefined {
    try {
      return statement.get(bytesOf(range.from), bytesOf(range.to), limit);
    } catch (problem) {
      if ((problem as { code?: string }).code === "SQLITE_TOOBIG" && limit > 1) return undefined;
      throw unavailable(this.file, problem);
    }
  }

  count(range: KeyRange): number {
    try {
      return this.counted.get(bytesOf(range.from), bytesOf(range.to)) ?? 0;
    } catch (problem) {
      throw unavailable(this.file, problem);
    }
  }
}
