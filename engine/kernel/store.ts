/**
 * The store: an ordered key-value map with strictly serializable transactions (FoundationDB's model).
 * Everything above the kernel is keys that a layer maintains inside `transact`.
 */

/**
 * One element of a key. Order between kinds: null, bytes, string, nested tuple, integer (by value), fraction (by
 * value), false, true.
 */
export type KeyPart = null | boolean | number | bigint | string | Uint8Array | readonly KeyPart[];
/** A tuple; compared element by element, strings by their UTF-8 bytes. */
export type Key = readonly KeyPart[];

/** Keys `from <= key < to`. Build one with `startingWith(prefix)` or `between(from, to)` of `key.ts`. */
export interface KeyRange {
  readonly from: EncodedKey;
  readonly to: EncodedKey;
}
/** A key in its order-preserving encoding, as a string of code units 0..255 (so that `<` is byte order). */
export type EncodedKey = string & { readonly encodedKey: unique symbol };

export interface Entry<T = unknown> {
  readonly key: Key;
  readonly value: T;
}

export interface RangeOptions {
  /** The most entries wanted. */
  readonly limit: number;
  /** From the last key backwards. */
  readonly reverse?: boolean;
  /** The members of each value that are wanted: others may be missing, for what lists large records by few of them. */
  readonly only?: readonly string[];
}

export interface Reader {
  /** The value, deeply frozen, or undefined. */
  get<T>(key: Key): Promise<T | undefined>;
  range<T>(range: KeyRange, options: RangeOptions): Promise<Entry<T>[]>;
  /** How many keys the range has. Reads no value, so a hundred thousand take milliseconds. */
  count(range: KeyRange): Promise<number>;
  /** The whole range in pages, for what may not fit in memory. */
  scan<T>(
    range: KeyRange, options?: { readonly reverse?: boolean; readonly pageSize?: number }): AsyncIterable<Entry<T>>;
}

/**
 * Reads see the transaction's own writes. Nothing is visible to others before `run` has returned and the commit held.
 */
export interface Transaction extends Reader {
  /**
   * `value`: plain objects, arrays, texts, numbers, booleans, null, bigint, Date and Uint8Array (no functions, no other
   * classes). Deeply frozen from here on; bytes are copied, and come back as Buffer.
   */
  set(key: Key, value: unknown): void;
  delete(key: Key): void;
  /** Deletes every key of the range. */
  clear(range: KeyRange): void;
  /**
   * Writes `value` under `[...prefix, position]`, where positions follow the order of commits
   * (and the order of calls within one): a log that readers can follow without missing an entry.
   * The position is given at commit, so the transaction's own reads do not see the entry.
   */
  append(prefix: Key, value: unknown): void;
}

export interface ReadOptions {
  /**
   * True for one immutable snapshot however long it takes (export, backup); false, the default, is cheaper for short
   * reads.
   */
  readonly pinned?: boolean;
}

export interface TransactOptions {
  /**
   * Transactions with the same sequence key start one after the other, in order of arrival, each as soon as the one
   * before is visible (it need not be durable yet): for contended heads (a counter, the first due messages of a
   * queue) that would otherwise live by retries. Only an optimisation, and only within this process.
   */
  readonly sequence?: Key;
}

export interface Store {
  /**
   * Runs `run` and commits its writes atomically and durably; resolves after the commit.
   * On a conflict `run` is called again, so it must touch nothing but `tx`.
   * Throws what `run` throws (nothing is written then), or `StoreUnavailable` when the store cannot commit.
   */
  transact<T>(run: (tx: Transaction) => Promise<T>, options?: TransactOptions): Promise<T>;
  /** A consistent read; what it returns is durable. */
  read<T>(run: (tx: Reader) => Promise<T>, options?: ReadOptions): Promise<T>;
  /**
   * Calls `onChange` (coalesced, asynchronously) after commits that touched the range, this process's or another's;
   * now and then also without one (a connection that came back may have missed something).
   */
  watch(range: KeyRange, onChange: () => void): () => void;
  /**
   * A store that begins as this one is now and goes its own way, in memory. Nothing is copied: it costs what the two
   * change from here on. It is closed before this one is.
   * Errors: `StoreUnavailable` for a store that other processes write, whose changes nobody here sees in time
   */
  fork(): Promise<Fork>;
  /** True when an entry of `range` that is no longer here may still be seen by a fork. */
  isSeenByForks(range: KeyRange): boolean;
  /**
   * A position below which every later `append` will not go: each position given after this call is at least the
   * result.
   * `atLeast` raises it first, which is how a restored snapshot keeps its logs in order.
   */
  position(atLeast?: number): Promise<number>;
  close(): Promise<void>;
}

/** A store that began as another one was at some moment, and its changes since. */
export interface Fork extends Store {
  /** Reads what the fork began as, whatever has become of it. */
  readOrigin<T>(run: (tx: Reader) => Promise<T>): Promise<T>;
  /** The keys that were written or deleted since; one that has its old value again is among them. */
  changedKeys(): readonly Key[];
}

/**
 * The store cannot commit or read now (disk full, connection lost, corrupt file). `message` says what and what to do.
 */
export class StoreUnavailable extends Error {
  override name = "StoreUnavailable";
}
