import type { Backend, Changes, EncodedEntry, View } from "./backend.ts";
import { SortedEntries } from "./sorted-entries.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

class EntriesView implements View {
  private readonly entries: SortedEntries;
  constructor(entries: SortedEntries) {
    this.entries = entries;
  }
  get(key: EncodedKey): unknown {
    return this.entries.get(key);
  }
  range(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] {
    return this.entries.within(range, limit, reverse);
  }
  count(range: KeyRange): number {
    return this.entries.count(range);
  }
}

/** Entries in memory, in the order of their keys. */
export class MemoryBackend extends EntriesView implements Backend {
  private readonly current: SortedEntries;
  private lastPosition = 0;
  constructor(entries = new SortedEntries()) {
    super(entries);
    this.current = entries;
  }

  apply({ clears, writes }: Changes): void {
    for (const range of clears) this.current.deleteRange(range);
    for (const [key, value] of writes) {
      if (value === undefined) this.current.delete(key);
      else this.current.set(key, value);
    }
  }

  pinned<T>(use: (view: View) => Promise<T>): Promise<T> {
    return use(new EntriesView(this.current.copy()));
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
    // Nothing is held outside the heap.
  }
}
