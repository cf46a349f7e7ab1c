import { includes, overlaps, type Changes } from "./backend.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

interface Watcher {
  readonly range: KeyRange;
  readonly onChange: () => void;
  isTold: boolean;
}

/** Up to so many watchers are each compared with every key. */
const COMPARED_MAX = 8;

function touchesRange(change: Changes, range: KeyRange): boolean {
  for (const key of change.writes.keys()) if (includes(range, key)) return true;
  return change.clears.some((cleared) => overlaps(cleared, range));
}

/** The index of the first of the sorted `keys` that is not below `from`. */
function firstFrom(keys: readonly EncodedKey[], from: EncodedKey): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as EncodedKey) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Who wants to hear of changes. Each is called on a later turn, and once for all that changed until then. */
export class Watchers {
  private readonly watchers = new Set<Watcher>();

  get isEmpty(): boolean {
    return this.watchers.size === 0;
  }

  add(range: KeyRange, onChange: () => void): () => void {
    const watcher: Watcher = { range, onChange, isTold: false };
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  private wake(watcher: Watcher): void {
    if (watcher.isTold) return;
    watcher.isTold = true;
    setImmediate(() => {
      watcher.isTold = false;
      if (this.watchers.has(watcher)) watcher.onChange();
    });
  }

  wakeAll(): void {
    for (const watcher of this.watchers) this.wake(watcher);
  }

  notify(changes: readonly Changes[]): void {
    if (this.isEmpty) return;
    if (this.watchers.size <= COMPARED_MAX) this.compareAll(changes);
    else this.search(changes);
  }

  /** The engine's own few watchers: sorting the keys of each batch would cost more. */
  private compareAll(changes: readonly Changes[]): void {
    for (const watcher of this.watchers) {
      if (changes.some((change) => touchesRange(change, watcher.range))) this.wake(watcher);
    }
  }

  /** Keys are sorted once, so that many watchers (long polls) do not each look through all of them. */
  private search(changes: readonly Changes[]): void {
    const keys = changes.flatMap((change) => [...change.writes.keys()]).sort();
    const clears = changes.flatMap((change) => change.clears);
    for (const watcher of this.watchers) {
      const key = keys[firstFrom(keys, watcher.range.from)];
      const isTouched = key !== undefined && includes(watcher.range, key);
      if (isTouched || clears.some((range) => overlaps(range, watcher.range))) this.wake(watcher);
    }
  }
}
