import type { Backend, Changes, View } from "./backend.ts";
import { decodeKey, encodeKey } from "./key.ts";
import { LayeredView } from "./layered-view.ts";
import type { Reader, Store } from "./store.ts";

const viewOf = (base: Reader): View => ({
  get: (key) => base.get(decodeKey(key)),
  range: async (range, limit, reverse) =>
    (await base.range(range, { limit, reverse })).map(({ key, value }) => ({ key: encodeKey(key), value })),
  count: (range) => base.count(range),
});

/** Every read of its own, since the base stands still. */
const viewOfStore = (base: Store): View => ({
  get: (key) => base.read((tx) => tx.get(decodeKey(key))),
  range: (range, limit, reverse) => base.read(async (tx) => viewOf(tx).range(range, limit, reverse)),
  count: (range) => base.read((tx) => tx.count(range)),
});

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

  apply(changes: Changes): void {
    this.lay(changes);
  }

  pinned<T>(use: (view: View) => Promise<T>): Promise<T> {
    const copy = this.copyOver(this.below);
    return this.base.read(
      (tx) => {
        copy.below = viewOf(tx);
        return use(copy);
      },
      { pinned: true },
    );
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
