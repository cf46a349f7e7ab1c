import type Database from "better-sqlite3";
import type { EncodedEntry, View } from "./backend.ts";
import { decodeRecord } from "./record-format.ts";
import { unavailable } from "./sqlite-file.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

/** The key as hexadecimal text, which costs a quarter of a Buffer. */
export type Row = [keyHex: string, value: Buffer];

export const bytesOf = (key: EncodedKey): Buffer => Buffer.from(key, "latin1");
export const keyOf = (bytes: Buffer): EncodedKey => bytes.toString("latin1") as EncodedKey;
export const keyOfHex = (hex: string): EncodedKey => keyOf(Buffer.from(hex, "hex"));

/** `+ 0`: SQLite would plan the statement anew at each use if it could see the limit (10 us each). */
export const LIMIT = "LIMIT ? + 0";

/** SQLite knows no infinity. */
const atMost = (limit: number): number => Math.min(limit, Number.MAX_SAFE_INTEGER);

/** Reads on one connection. */
export class SqliteView implements View {
  private readonly file: string;
  private readonly one: Database.Statement<[Buffer], Buffer>;
  private readonly forwards: Database.Statement<[Buffer, Buffer, number], Row>;
  private readonly backwards: Database.Statement<[Buffer, Buffer, number], Row>;
  private readonly counted: Database.Statement<[Buffer, Buffer], number>;
  private readonly keysForwards: Database.Statement<[Buffer, Buffer, number], string>;
  private readonly keysBackwards: Database.Statement<[Buffer, Buffer, number], string>;

  constructor(db: Database.Database, file: string) {
    this.file = file;
    const within = "FROM entry WHERE key >= ? AND key < ? ORDER BY key";
    this.one = db.prepare<[Buffer], Buffer>("SELECT value FROM entry WHERE key = ?").pluck() as typeof this.one;
    this.forwards = db.prepare(`SELECT hex(key), value ${within} ${LIMIT}`).raw() as typeof this.forwards;
    this.backwards = db.prepare(`SELECT hex(key), value ${within} DESC ${LIMIT}`).raw() as typeof this.backwards;
    const counted = "SELECT count(*) FROM entry WHERE key >= ? AND key < ?";
    this.counted = db.prepare<[Buffer, Buffer], number>(counted).pluck() as typeof this.counted;
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
      return statement.all(bytesOf(range.from), bytesOf(range.to), atMost(limit));
    } catch (problem) {
      throw unavailable(this.file, problem);
    }
  }

  /** Only the keys, out of the index alone. */
  keys(range: KeyRange, limit: number, reverse: boolean): EncodedKey[] {
    const statement = reverse ? this.keysBackwards : this.keysForwards;
    try {
      return statement.all(bytesOf(range.from), bytesOf(range.to), atMost(limit)).map(keyOfHex);
    } catch (problem) {
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

  get(key: EncodedKey): unknown {
    const bytes = this.stored(key);
    return bytes === undefined ? undefined : decodeRecord(bytes);
  }

  range(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] {
    const rows = this.rows(range, limit, reverse);
    return rows.map(([keyHex, value]) => ({ key: keyOfHex(keyHex), value: decodeRecord(value) }));
  }
}
