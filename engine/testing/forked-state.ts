import { join } from "node:path";
import { fileBlobStore } from "../kernel/file-blobs.ts";
import { ForkHome } from "../kernel/fork-home.ts";
import { folderPlace } from "../kernel/fork-place.ts";
import { sqliteStore } from "../kernel/sqlite.ts";
import type { Fork, Store } from "../kernel/store.ts";
import { systemClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { systemRandom } from "../platform/random.ts";

export const FORK = "test";
export const SLOTS = 400;
export const WORKERS = 4;

export interface ForkedState {
  readonly store: Store;
  readonly fork: Fork;
  close(): Promise<void>;
}

/** A state in a folder and a fork of it, of the moment when each of its slots held `origin`. */
export async function openForkedState(folder: string): Promise<ForkedState> {
  const ids = idsFrom(systemRandom());
  const store = sqliteStore(join(folder, "store.sqlite"));
  const blobs = fileBlobStore(join(folder, "blobs"), { ids });
  const place = folderPlace(join(folder, "forks"), "full");
  const home = new ForkHome({ store, blobs, ids, clock: systemClock(), place });
  await home.resume();
  if (home.get(FORK) === undefined) {
    await store.transact(async (tx) => {
      for (let slot = 0; slot < SLOTS; slot++) tx.set(["slot", slot], "origin");
    });
    await home.create(FORK, { kind: "main" });
  }
  const { store: fork } = await home.open(FORK);
  return {
    store,
    fork,
    async close() {
      await fork.close();
      await store.close();
    },
  };
}
