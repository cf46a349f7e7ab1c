import type { Changes, EncodedEntry } from "./backend.ts";
import { frozen } from "./frozen.ts";
import { encodeKey } from "./key.ts";
import { countThrough, rangeThrough, WriteBuffer } from "./layer.ts";
import type { EncodedKey, Key, KeyRange, Transaction } from "./store.ts";
import { ViewReader } from "./view-reader.ts";

export interface Append {
  readonly prefix: Key;
  readonly value: unknown;
}

/** One run of a transaction whose reads the server itself keeps consistent: only the writes are held back here. */
export class PostgresAttempt extends ViewReader implements Transaction {
  readonly appends: Append[] = [];
  private readonly buffer = new WriteBuffer();

  protected override getEncoded(key: EncodedKey): unknown {
    return this.buffer.decides(key) ? this.buffer.writes.get(key) : this.view.get(key);
  }

  protected override rangeEncoded(
    range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] | Promise<EncodedEntry[]> {
    return rangeThrough(this.buffer, this.view, range, limit, reverse);
  }

  protected override countEncoded(range: KeyRange): number | Promise<number> {
    return countThrough(this.buffer, this.view, range);
  }

  set(key: Key, value: unknown): void {
    this.buffer.set(encodeKey(key), frozen(value));
  }

  delete(key: Key): void {
    this.buffer.set(encodeKey(key), undefined);
  }

  clear(range: KeyRange): void {
    this.buffer.clear(range);
  }

  append(prefix: Key, value: unknown): void {
    this.appends.push({ prefix, value: frozen(value) });
  }

  /** What to write, one position per append; undefined when there is nothing. */
  changesOf(positions: readonly number[]): Changes | undefined {
    for (const [i, { prefix, value }] of this.appends.entries()) {
      this.buffer.set(encodeKey([...prefix, positions[i] as number]), value);
    }
    return this.buffer.isEmpty ? undefined : this.buffer;
  }
}
