import type { Changes, EncodedEntry, View } from "./backend.ts";
import { addClear, countThrough, isCleared, rangeThrough, type Layer } from "./layer.ts";
import { SortedEntries } from "./sorted-entries.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

/** Commits held in memory, in order of their keys, over a view that they hide where they touch it. */
export class LayeredView implements View, Layer {
  below: View;
  readonly entries: SortedEntries;
  clears: readonly KeyRange[];

  constructor(below: View, entries = new SortedEntries(), clears: readonly KeyRange[] = []) {
    this.below = below;
    this.entries = entries;
    this.clears = clears;
  }

  lay({ clears, writes }: Changes): void {
    if (clears.length > 0) {
      // Copies share the list.
      const joined = [...this.clears];
      for (const range of clears) {
        this.entries.deleteRange(range);
        addClear(joined, range);
      }
      this.clears = joined;
    }
    // A deletion stays as an entry without a value, which hides what lies below.
    for (const [key, value] of writes) this.entries.set(key, value);
  }

  /** True when what lies below does not matter for `key`. */
  decides(key: EncodedKey): boolean {
    return this.entries.has(key) || (this.clears.length > 0 && isCleared(this.clears, key));
  }

  within(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] {
    return this.entries.within(range, limit, reverse);
  }

  get(key: EncodedKey): unknown {
    const own = this.entries.get(key);
    if (own !== undefined || this.decides(key)) return own;
    return this.below.get(key);
  }

  range(
    range: KeyRange, limit: number, reverse: boolean, only?: readonly string[],
  ): EncodedEntry[] | Promise<EncodedEntry[]> {
    return rangeThrough(this, this.below, range, limit, reverse, only);
  }

  count(range: KeyRange): number | Promise<number> {
    return countThrough(this, this.below, range);
  }

  /** The same over `below`, unmoved by what is laid on this one later. */
  copyOver(below: View): LayeredView {
    return new LayeredView(below, this.entries.copy(), this.clears);
  }
}
