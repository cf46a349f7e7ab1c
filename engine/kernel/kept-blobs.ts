import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import { startingWith } from "./key.ts";
import type { Key, Reader, Store, Transaction } from "./store.ts";

/**
 * `[blobs, kept, id]` -> until when: a save is under way that may still read any blob. A lease and not a mark, since
 * several engines may use one store: none of them can tell whether another one's save goes on or died with it.
 */
const KEPT: Key = ["blobs", "kept"];
const LEASE_MS = 5 * 60_000;
const RENEWAL_MS = 60_000;

/** Who keeps blobs: on which store, and by whose time. */
export interface Keeping {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
}

const nothing = () => {};

/** While `work` runs, no sweep of any engine on this store deletes a blob. */
export async function keepingBlobs<T>({ store, clock, ids }: Keeping, work: () => Promise<T>): Promise<T> {
  const lease = [...KEPT, ids.hex(16)];
  // oxlint-disable-next-line require-await -- transactions are asynchronous
  const renew = () => store.transact(async (tx) => tx.set(lease, clock.nowMs() + LEASE_MS));
  await renew();
  let renewal: Promise<void> = Promise.resolve();
  let cancel = nothing;
  const renewLater = () => {
    cancel = clock.wakeAt(clock.nowMs() + RENEWAL_MS, () => {
      // The next one follows long before the lease ends; and a blob that is gone after all fails who reads it.
      renewal = renew().catch(() => undefined);
      renewLater();
    });
  };
  renewLater();
  try {
    return await work();
  } finally {
    cancel();
    await renewal;
    // oxlint-disable-next-line require-await -- transactions are asynchronous
    await store.transact(async (tx) => tx.delete(lease));
  }
}

export async function areBlobsKept(reader: Reader, nowMs: number): Promise<boolean> {
  for await (const { value: untilMs } of reader.scan<number>(startingWith(KEPT))) if (untilMs > nowMs) return true;
  return false;
}

/** Forgets saves that ended with their process. */
export async function forgetEndedKeeping(tx: Transaction, nowMs: number): Promise<void> {
  for await (const { key, value: untilMs } of tx.scan<number>(startingWith(KEPT))) if (untilMs <= nowMs) tx.delete(key);
}

/** Forgets all of them: those that a snapshot has brought along from its own saving. */
export function forgetKeptBlobs(tx: Transaction): void {
  tx.clear(startingWith(KEPT));
}
