import { whenThere } from "../platform/eventually.ts";
import { invariant } from "../platform/invariant.ts";
import type { Changes, EncodedEntry, View } from "./backend.ts";
import type { Observed } from "./commit-log.ts";
import { frozen } from "./frozen.ts";
import { encodeKey } from "./key.ts";
import { countThrough, rangeThrough, WriteBuffer } from "./layer.ts";
import type { EncodedKey, Key, KeyRange, Transaction } from "./store.ts";
import { rest, ViewReader } from "./view-reader.ts";

/** Ends an attempt that has seen something stale; the store begins it again, so nobody outside the kernel meets it. */
class Conflict extends Error {
  override name = "Conflict";
}

interface Appended {
  readonly prefix: Key;
  readonly value: unknown;
}

/** What an attempt needs to know of its store: whether what it has seen still stands. */
export interface Standing {
  /** True when everything `attempt` has seen is as it is now; moves the attempt's version forward to now. */
  stillHolds(attempt: Attempt): boolean;
}

/**
 * One run of a transaction. Every read first checks that what was seen before still holds (which costs nothing unless
 * somebody committed meanwhile), so the code inside never sees two states mixed; the commit checks once more.
 */
export class Attempt extends ViewReader implements Transaction, Observed {
  readonly keys: EncodedKey[] = [];
  readonly ranges: KeyRange[] = [];
  /** The version of the store at which everything seen so far held. */
  version: number;
  private readonly standing: Standing;
  private buffer: WriteBuffer | undefined;
  private appended: Appended[] | undefined;

  constructor(view: View, standing: Standing, version: number) {
    super(view);
    this.standing = standing;
    this.version = version;
  }

  private mustHold(): void {
    if (!this.standing.stillHolds(this)) throw new Conflict("what this transaction has read was changed meanwhile");
  }

  protected override getEncoded(key: EncodedKey): unknown {
    const { buffer } = this;
    if (buffer !== undefined) {
      if (buffer.decides(key)) return buffer.writes.get(key);
    }
    this.mustHold();
    this.keys.push(key);
    return this.view.get(key);
  }

  protected override rangeEncoded(
    range: KeyRange, limit: number, reverse: boolean, only?: readonly string[],
  ): EncodedEntry[] | Promise<EncodedEntry[]> {
    this.mustHold();
    // Until the answer is here, all of the range counts as looked at.
    const slot = this.ranges.push(range) - 1;
    const note = (found: EncodedEntry[]) => {
      this.ranges[slot] = lookedAt(range, found, limit, reverse);
      return found;
    };
    const { buffer } = this;
    const found = buffer === undefined ? this.view.range(range, limit, reverse, only)
      : rangeThrough(buffer, this.view, range, limit, reverse, only);
    return whenThere(found, note);
  }

  protected override countEncoded(range: KeyRange): number | Promise<number> {
    this.mustHold();
    this.ranges.push(range);
    const { buffer } = this;
    return buffer === undefined ? this.view.count(range) : countThrough(buffer, this.view, range);
  }

  set(key: Key, value: unknown): void {
    (this.buffer ??= new WriteBuffer()).set(encodeKey(key), frozen(value));
  }

  delete(key: Key): void {
    (this.buffer ??= new WriteBuffer()).set(encodeKey(key), undefined);
  }

  clear(range: KeyRange): void {
    (this.buffer ??= new WriteBuffer()).clear(range);
  }

  append(prefix: Key, value: unknown): void {
    this.buffer ??= new WriteBuffer();
    (this.appended ??= []).push({ prefix, value: frozen(value) });
  }

  /** What to commit, appended entries placed at positions from `nextPosition`; undefined when nothing was written. */
  changes(nextPosition: () => number): Changes | undefined {
    const { buffer } = this;
    if (buffer === undefined) return undefined;
    for (const { prefix, value } of this.appended ?? []) {
      const position = nextPosition();
      invariant(Number.isSafeInteger(position), "positions never reach the end of the safe integers");
      buffer.set(encodeKey([...prefix, position]), value);
    }
    return buffer.isEmpty ? undefined : buffer;
  }
}

/** How much of `range` was really looked at: a full page says nothing about what lies behind its last entry. */
function lookedAt(range: KeyRange, found: readonly EncodedEntry[], limit: number, reverse: boolean): KeyRange {
  const last = found.length < limit ? undefined : found.at(-1);
  if (last === undefined) return range;
  const unseen = rest(range, last.key, reverse);
  return reverse ? { from: last.key, to: range.to } : { from: range.from, to: unseen.from };
}
