import SortedBTree from "sorted-btree";
import type { EncodedEntry } from "./backend.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

// The package is CommonJS: Node puts its default export one level down, bundlers and test runners may not.
const BTree = ("default" in SortedBTree ? SortedBTree.default : SortedBTree) as typeof SortedBTree.default;

const byKey = (a: EncodedKey, b: EncodedKey): number => (a < b ? -1 : a > b ? 1 : 0);

/** Entries in memory in the order of their keys. A copy is made at once and shares until one of the two is written. */
export class SortedEntries {
  private readonly tree;
  constructor(tree = new BTree<EncodedKey, unknown>(undefined, byKey)) {
    this.tree = tree;
  }

  get(key: EncodedKey): unknown {
    return this.tree.get(key);
  }

  has(key: EncodedKey): boolean {
    return this.tree.has(key);
  }

  set(key: EncodedKey, value: unknown): void {
    this.tree.set(key, value);
  }

  delete(key: EncodedKey): void {
    this.tree.delete(key);
  }

  deleteRange(range: KeyRange): void {
    this.tree.deleteRange(range.from, range.to, false);
  }

  /** The entries of `range` in order of reading, until `limit` of them have a value that is not undefined. */
  within(range: KeyRange, limit: number, reverse: boolean): EncodedEntry[] {
    const found: EncodedEntry[] = [];
    let left = limit;
    const entries = reverse ? this.tree.entriesReversed(range.to, undefined, true) : this.tree.entries(range.from);
    for (const [key, value] of entries) {
      if (reverse ? key < range.from : key >= range.to) break;
      found.push({ key, value });
      if (value !== undefined) left -= 1;
      if (left === 0) break;
    }
    return found;
  }

  copy(): SortedEntries {
    return new SortedEntries(this.tree.clone());
  }
}
