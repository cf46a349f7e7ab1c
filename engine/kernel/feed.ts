import { after, startingWith } from "./key.ts";
import type { Key, KeyPart, Reader, Store, Transaction } from "./store.ts";

/** Whose changes a feed holds, e.g. `["stack", account, region, name]`. */
export type FeedSubject = readonly KeyPart[];

/** One entry of a feed. Positions grow in the order of commits, not without gaps. */
export interface Change<T> {
  readonly position: number;
  readonly change: T;
}

/** Where a feed begins: before its first entry. */
export const FEED_START = -1;

const prefixOf = (subject: FeedSubject): Key => ["feed", subject];

/** Adds to the subject's feed in the transaction that makes the change. */
export function recordChange(tx: Transaction, subject: FeedSubject, change: unknown): void {
  tx.append(prefixOf(subject), change);
}

/** The entries after `position`, oldest first, at most `limit`; to go on, ask again from the last one's position. */
export async function changesSince<T>(
  reader: Reader, subject: FeedSubject, position: number, limit: number): Promise<Change<T>[]> {
  const prefix = prefixOf(subject);
  const entries = await reader.range<T>(after(startingWith(prefix), [...prefix, position]), { limit });
  return entries.map(({ key, value }) => ({ position: key.at(-1) as number, change: value }));
}

/** Deletes the subject's whole feed. */
export function forgetChanges(tx: Transaction, subject: FeedSubject): void {
  tx.clear(startingWith(prefixOf(subject)));
}

export interface FollowOptions {
  /** Entries after this position; from the beginning by default. */
  readonly position?: number;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

const PAGE = 256;

/** Every entry after a position, then each new one as it is committed, until the signal or the caller ends it. */
export async function* follow<T>(
  store: Store, subject: FeedSubject, options: FollowOptions = {}): AsyncGenerator<Change<T>> {
  const { signal } = options;
  let position = options.position ?? FEED_START;
  const bell = new Bell();
  const unwatch = store.watch(startingWith(prefixOf(subject)), bell.ring);
  signal?.addEventListener("abort", bell.ring);
  try {
    while (!signal?.aborted) {
      const rung = bell.next();
      const changes = await store.read((reader) => changesSince<T>(reader, subject, position, PAGE));
      for (const change of changes) {
        if (signal?.aborted) return;
        yield change;
        position = change.position;
      }
      if (changes.length === 0) await rung;
    }
  } finally {
    unwatch();
    signal?.removeEventListener("abort", bell.ring);
  }
}

/** Lets one waiter sleep until something may have changed; asked for before looking, so that no ring is missed. */
class Bell {
  private wake = () => {};
  readonly ring = (): void => this.wake();

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
