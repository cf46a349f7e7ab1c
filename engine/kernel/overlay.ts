import type { Backend, Changes, EncodedEntry, View } from "./backend.ts";
import { decodeKey, encodeKey } from "./key.ts";
import { addClear, isCleared, rangeThrough, type Layer } from "./layer.ts";
import { SortedEntries } from "./sorted-entries.ts";
import type { EncodedKey, KeyRange, Reader, Store } from "./store.ts";

const viewOf = (base: Reader): View => ({
  get: (key) => base.get(decodeKey(key)),
  range: async (range, limit, reverse) =>
    (await base.range(range, { limit, reverse })).map(({ key, value }) => ({ key: encodeKey(key), value })),
});

/** Every read of its own, since the base stands still. */
const viewOfStore = (base: Store): View => ({
  get: (key) => base.read((tx) => tx.get(decodeKey(key))),
  range: (range, limit, reverse) => base.read(async (tx) => viewOf(tx).range(range, limit, reverse)),
});

class LayeredView implements View, Layer {
  private readonly below: View;
  protected readonly entries: SortedEntries;
  clears: readonly KeyRange[];
  constructor(below: View, entries = new SortedEntries(), clears: readonly KeyRange[] = []) {
    this.below = below;
    this.entries = entries;
    this.clears = clears;
  }

  within(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] {
    return this.entries.within(range, limit, reverse);
  }

  get(key: EncodedKey): unknown {
    const own = this.entries.get(key);
    if (own !== undefined || this.entries.has(key) || isCleared(this.clears, key)) return own;
    return this.below.get(key);
  }

  range(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] | Promise<EncodedEntry[]> {
    return rangeThrough(this, this.below, range, limit, reverse);
  }
}

/**
 * A fork: its own writes in memory, above a base that it only reads through the public door, so that any store can be
 * forked. Nothing is copied, so a preview of a large cloud costs what the preview changes.
 */
export class OverlayBackend extends LayeredView implements Backend {
  private readonly base: Store;
  private lastPosition: number;
  /** `firstPosition`: above every position in the base. */
  constructor(base: Store, firstPosition: number) {
    super(viewOfStore(base));
    this.base = base;
    this.lastPosition = firstPosition - 1;
  }

  apply({ clears, writes }: Changes): void {
    if (clears.length > 0) {
      // Copies share the list.
      const joined = [...this.clears];
      for (const range of clears) {
        this.entries.deleteRange(range);
        addClear(joined, range);
      }
      this.clears = joined;
    }
    // A deletion stays as an entry without a value, which hides what the base has.
    for (const [key, value] of writes) this.entries.set(key, value);
  }

  pinned<T>(use: (view: View) => Promise<T>): Promise<T> {
    const entries = this.entries.copy();
    const { clears } = this;
    return this.base.read((tx) => use(new LayeredView(viewOf(tx), entries, clears)), { pinned: true });
  }

  nextPosition(): number {
    this.lastPosition += 1;
    return this.lastPosition;
  }

  raisePosition(atLeast: number): number {
    this.lastPosition = Math.max(this.lastPosition, atLeast - 1);
    return this.lastPosition + 1;
  }

  close(): void {
    // The base belongs to whoever opened it.
  }
}
