import type { Ids } from "../platform/ids.ts";
import { linkedBlobAfter } from "./blob-links.ts";
import { type EncodedKey, type Key, type Store, StoreUnavailable, type Transaction } from "./store.ts";

/** A place of bodies that is away from the data directory, such as a prefix of a bucket. */
export interface BlobPlace {
  /** As people write it: `s3://bucket/prefix`. */
  readonly name: string;
  /** Puts the owner's mark there unless another owner has; whether the place is now its. */
  claim(owner: string): Promise<boolean>;
}

interface Home {
  readonly place: string;
  readonly owner: string;
}

const HOME: Key = ["blobs", "home"];
const EVERYTHING = { from: "\x00" as EncodedKey, to: "\xff" as EncodedKey };

/** Deletes every record but the one that says where the bodies are. */
export async function clearRecords(tx: Transaction): Promise<void> {
  const home = await tx.get<Home>(HOME);
  tx.clear(EVERYTHING);
  if (home) tx.set(HOME, home);
}

/** Whether a record belongs to this store, and not to the state that a snapshot carries from one to another. */
export const staysWithStore = (key: Key): boolean => key[0] === HOME[0] && key[1] === HOME[1];

/**
 * Ties a store to the place of its bodies, for good: with another one its bodies could not be found, and with one that
 * two stores use, each would sweep the other's bodies as garbage.
 * Errors: StoreUnavailable when they do not belong together
 */
export async function settleBlobHome(store: Store, ids: Ids, place: BlobPlace | undefined): Promise<void> {
  const known = await store.read(async (reader) => ({
    home: await reader.get<Home>(HOME),
    hasBlobs: (await linkedBlobAfter(reader)) !== undefined,
  }));
  if (!place) {
    if (!known.home) return;
    throw new StoreUnavailable(`The bodies of this store are in ${known.home.place}: give --blobs with that place.`);
  }
  if (!known.home && known.hasBlobs)
    throw new StoreUnavailable(
      "This store has bodies in files already. Save a snapshot of it, and restore that into an empty store " +
        "that is given --blobs.",
    );
  const fresh: Home = { place: place.name, owner: ids.hex(32) };
  const home = await store.transact(async (tx) => {
    const settled = await tx.get<Home>(HOME);
    if (!settled) tx.set(HOME, fresh);
    return settled ?? fresh;
  });
  if (home.place !== place.name)
    throw new StoreUnavailable(`The bodies of this store are in ${home.place}, and not in ${place.name}.`);
  try {
    if (await place.claim(home.owner)) return;
    throw new StoreUnavailable(
      `The bodies in ${place.name} belong to another store, which would delete this one's as garbage. ` +
        "Give each store a prefix of its own.",
    );
  } catch (problem) {
    if (home === fresh) await store.transact(async (tx) => tx.delete(HOME));
    throw problem;
  }
}
