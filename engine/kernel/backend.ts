import type { EncodedKey, KeyRange } from "./store.ts";

/** An entry as drivers pass it: the key still encoded. */
export interface EncodedEntry {
  readonly key: EncodedKey;
  readonly value: unknown;
}

/** Reads on encoded keys. A driver whose reads are a round trip answers with promises, others at once. */
export interface View {
  get(key: EncodedKey): unknown;
  /** `only`: what is wanted of the values; a driver may leave out other members. */
  range(
    range: KeyRange, limit: number, reverse: boolean, only?: readonly string[],
  ): EncodedEntry[] | Promise<EncodedEntry[]>;
  count(range: KeyRange): number | Promise<number>;
}

/** What one transaction changes: first every key of `clears` goes, then `writes` happen (undefined deletes). */
export interface Changes {
  readonly writes: ReadonlyMap<EncodedKey, unknown>;
  readonly clears: readonly KeyRange[];
}

/** What a driver gives the optimistic core: the newest state, and durability in batches. */
export interface Backend extends View {
  /** Makes `changes` what `get` and `range` see. When it throws, nothing since the last `seal` is left. */
  apply(changes: Changes): void;
  /**
   * Absent: applied is as good as it gets (memory). Ends the batch of all that was applied; when it throws, all of it
   * is gone.
   */
  seal?(): void;
  /** Waits until what was sealed survives a power cut. A failure is final: nobody knows what the disk holds. */
  sync?(): Promise<void>;
  /** Runs `use` on one immutable state, which holds at least everything durable. */
  pinned<T>(use: (view: View) => Promise<T>): Promise<T>;
  /** A number above every position given before, by this process or an earlier one. */
  nextPosition(): number;
  raisePosition(atLeast: number): number;
  close(): void | Promise<void>;
}

export const includes = (range: KeyRange, key: EncodedKey): boolean => key >= range.from && key < range.to;

export const overlaps = (a: KeyRange, b: KeyRange): boolean => a.from < b.to && b.from < a.to;
