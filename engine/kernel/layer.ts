import { includes, type Changes, type EncodedEntry, type View } from "./backend.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

/** Writes, deletions and clears that lie above some other state: a transaction's own, or a fork's. */
export interface Layer {
  /** Ranges of which nothing below shows. */
  readonly clears: readonly KeyRange[];
  /** What was written within `range` (undefined deletes), in order of reading; may stop after `limit` values. */
  within(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[];
}

export const isCleared = (clears: readonly KeyRange[], key: EncodedKey): boolean => {
  for (const range of clears) if (includes(range, key)) return true;
  return false;
};

/** The parts of `range` that show through the holes' complement, in order of reading. */
function uncleared(clears: readonly KeyRange[], range: KeyRange, reverse: boolean): KeyRange[] {
  let parts = [range];
  for (const hole of clears) {
    parts = parts.flatMap((part) => [
      { from: part.from, to: part.to < hole.from ? part.to : hole.from },
      { from: part.from > hole.to ? part.from : hole.to, to: part.to },
    ]).filter((part) => part.from < part.to);
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
  layer: Layer, below: View, range: KeyRange, limit: number, reverse: boolean,
): EncodedEntry[] | Promise<EncodedEntry[]> {
  const own = layer.within(range, limit, reverse);
  // Each of the layer's entries can hide one from below.
  const wanted = limit + own.length;
  const parts = layer.clears.length === 0 ? [range] : uncleared(layer.clears, range, reverse);
  const found: EncodedEntry[] = [];
  const done = () => merged(found, own, reverse).slice(0, limit);
  const from = (index: number): EncodedEntry[] | Promise<EncodedEntry[]> => {
    for (let i = index; i < parts.length && found.length < wanted; i++) {
      const more = below.range(parts[i] as KeyRange, wanted - found.length, reverse);
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

/**
 * A transaction's writes, held back until commit. Later ones win: `clear` forgets what was set, `set` stands above it.
 */
export class WriteBuffer implements Layer, Changes {
  readonly writes = new Map<EncodedKey, unknown>();
  readonly clears: KeyRange[] = [];

  set(key: EncodedKey, value: unknown): void {
    this.writes.set(key, value);
  }

  clear(range: KeyRange): void {
    if (range.from >= range.to) return;
    for (const key of this.writes.keys()) if (includes(range, key)) this.writes.delete(key);
    this.clears.push(range);
  }

  /** True when what lies below does not matter for `key`. */
  decides(key: EncodedKey): boolean {
    return this.writes.has(key) || (this.clears.length > 0 && isCleared(this.clears, key));
  }

  get isEmpty(): boolean {
    return this.writes.size === 0 && this.clears.length === 0;
  }

  within(range: KeyRange, _limit: number, reverse: boolean): EncodedEntry[] {
    const own: EncodedEntry[] = [];
    for (const [key, value] of this.writes) if (includes(range, key)) own.push({ key, value });
    const sign = reverse ? -1 : 1;
    return own.sort((a, b) => (a.key < b.key ? -sign : sign));
  }
}
