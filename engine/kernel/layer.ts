import { whenThere, type Eventually } from "../platform/eventually.ts";
import { includes, type Changes, type EncodedEntry, type View } from "./backend.ts";
import { SortedEntries } from "./sorted-entries.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

/** Writes, deletions and clears that lie above some other state: a transaction's own, or a fork's. */
export interface Layer {
  /** Ranges of which nothing below shows: they do not meet, and stand in order (`addClear`). */
  readonly clears: readonly KeyRange[];
  /** What was written within `range` (undefined deletes), in order of reading; may stop after `limit` values. */
  within(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[];
}

/** Where the first of `clears` stands that ends after `key`. */
function firstEndingAfter(clears: readonly KeyRange[], key: EncodedKey): number {
  let [low, high] = [0, clears.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((clears[middle] as KeyRange).to > key) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Joins `added` with the ranges that it meets, so that the list stays in order and as short as it can be. */
export function addClear(clears: KeyRange[], added: KeyRange): void {
  let { from, to } = added;
  const first = firstEndingAfter(clears, from);
  let next = first;
  for (let met = clears[next]; met !== undefined && met.from <= to; met = clears[next]) {
    if (met.from < from) from = met.from;
    if (met.to > to) to = met.to;
    next += 1;
  }
  clears.splice(first, next - first, { from, to });
}

export function isCleared(clears: readonly KeyRange[], key: EncodedKey): boolean {
  const range = clears[firstEndingAfter(clears, key)];
  return range !== undefined && range.from <= key;
}

/** The parts of `range` that no clear hides, in order of reading. */
function uncleared(clears: readonly KeyRange[], range: KeyRange, reverse: boolean): KeyRange[] {
  const parts: KeyRange[] = [];
  let { from } = range;
  for (let at = firstEndingAfter(clears, from); from < range.to; at += 1) {
    const hole = clears[at];
    if (hole === undefined || hole.from >= range.to) {
      parts.push({ from, to: range.to });
      break;
    }
    if (hole.from > from) parts.push({ from, to: hole.from });
    from = hole.to;
  }
  return reverse ? parts.reverse() : parts;
}

/** Lays `above` (undefined values delete) over `below`; both in order of reading. */
function merged(below: readonly EncodedEntry[], above: readonly EncodedEntry[], reverse: boolean): EncodedEntry[] {
  const result: EncodedEntry[] = [];
  let i = 0;
  for (const own of above) {
    for (let entry = below[i]; entry !== undefined; entry = below[i]) {
      const isBefore = reverse ? entry.key > own.key : entry.key < own.key;
      if (!isBefore) break;
      result.push(entry);
      i += 1;
    }
    if (below[i]?.key === own.key) i += 1;
    if (own.value !== undefined) result.push(own);
  }
  for (; i < below.length; i++) result.push(below[i] as EncodedEntry);
  return result;
}

/** The first `limit` entries of `range` as they are with `layer` laid over `below`. */
export function rangeThrough(
  layer: Layer, below: View, range: KeyRange, limit: number, reverse: boolean, only?: readonly string[],
): EncodedEntry[] | Promise<EncodedEntry[]> {
  const own = layer.within(range, limit, reverse);
  if (own.length === 0 && layer.clears.length === 0) return below.range(range, limit, reverse, only);
  // Each of the layer's entries can hide one from below.
  const wanted = limit + own.length;
  const parts = layer.clears.length === 0 ? [range] : uncleared(layer.clears, range, reverse);
  const found: EncodedEntry[] = [];
  const done = () => merged(found, own, reverse).slice(0, limit);
  const from = (index: number): EncodedEntry[] | Promise<EncodedEntry[]> => {
    for (let i = index; i < parts.length && found.length < wanted; i++) {
      const more = below.range(parts[i] as KeyRange, wanted - found.length, reverse, only);
      if (!Array.isArray(more)) {
        return more.then((late) => {
          found.push(...late);
          return from(i + 1);
        });
      }
      found.push(...more);
    }
    return done();
  };
  return from(0);
}

/** As `rangeThrough`: at once where what lies below answers at once. */
type Count = Eventually<number>;

function sum(counts: readonly Count[]): Count {
  let total = 0;
  for (const count of counts) {
    if (typeof count !== "number") return Promise.all(counts).then(sum);
    total += count;
  }
  return total;
}

/** How many of `keys`, which stand in order, `below` has too. */
function countAmong(keys: readonly EncodedKey[], below: View): Count {
  const [first, last] = [keys[0], keys.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const through = (from: EncodedKey, to: EncodedKey) => below.count({ from, to: (to + "\x00") as EncodedKey });
  // New keys mostly lie where there were none; then one question answers for all.
  return whenThere(through(first, last), (found) => (found === 0 ? 0 : sum(keys.map((key) => through(key, key)))));
}
const ASKED_TOGETHER = 256;

/** How many entries `range` has with `layer` laid over `below`. */
export function countThrough(layer: Layer, below: View, range: KeyRange): Count {
  const hiding: EncodedKey[] = [];
  let own = 0;
  for (const { key, value } of layer.within(range, Number.POSITIVE_INFINITY, false)) {
    if (value !== undefined) own += 1;
    if (!isCleared(layer.clears, key)) hiding.push(key);
  }
  const hidden: Count[] = [];
  for (let at = 0; at < hiding.length; at += ASKED_TOGETHER)
    hidden.push(countAmong(hiding.slice(at, at + ASKED_TOGETHER), below));
  const under = uncleared(layer.clears, range, false).map((part) => below.count(part));
  return whenThere(sum(under), (all) => whenThere(sum(hidden), (less) => own + all - less));
}

/** From here on a transaction's writes are kept in order too: looking through all of them for each range is slow. */
const UNSORTED_MAX = 32;

/**
 * A transaction's writes, held back until commit. Later ones win: `clear` forgets what was set, `set` stands above it.
 */
export class WriteBuffer implements Layer, Changes {
  readonly writes = new Map<EncodedKey, unknown>();
  readonly clears: KeyRange[] = [];
  private sorted: SortedEntries | undefined;

  set(key: EncodedKey, value: unknown): void {
    this.writes.set(key, value);
    if (this.sorted !== undefined) this.sorted.set(key, value);
    else if (this.writes.size > UNSORTED_MAX) {
      this.sorted = new SortedEntries();
      for (const [each, its] of this.writes) this.sorted.set(each, its);
    }
  }

  clear(range: KeyRange): void {
    if (range.from >= range.to) return;
    for (const { key } of this.within(range)) this.writes.delete(key);
    this.sorted?.deleteRange(range);
    addClear(this.clears, range);
  }

  /** True when what lies below does not matter for `key`. */
  decides(key: EncodedKey): boolean {
    return this.writes.has(key) || (this.clears.length > 0 && isCleared(this.clears, key));
  }

  get isEmpty(): boolean {
    return this.writes.size === 0 && this.clears.length === 0;
  }

  within(range: KeyRange, limit = Number.POSITIVE_INFINITY, reverse = false): EncodedEntry[] {
    if (this.sorted !== undefined) return this.sorted.within(range, limit, reverse);
    const own: EncodedEntry[] = [];
    for (const [key, value] of this.writes) if (includes(range, key)) own.push({ key, value });
    const sign = reverse ? -1 : 1;
    return own.sort((a, b) => (a.key < b.key ? -sign : sign));
  }
}
