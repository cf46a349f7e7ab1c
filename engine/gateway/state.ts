import { clearRecords } from "../kernel/blob-home.ts";
import { scheduleBlobSweep, snapshotBlobs } from "../kernel/blob-upkeep.ts";
import { restoreSnapshot, saveSnapshot } from "../kernel/snapshot.ts";
import { defineErrors } from "../services/errors.ts";
import type { Engine } from "./engine.ts";

const errors = defineErrors({
  StateForked: {
    kind: "failedPrecondition",
    message: ({ what, forks }: { what: string; forks: readonly string[] }) =>
      `A state that forks were made of is not ${what}. Drop them first: ${forks.join(", ")}.`,
  },
});

/** Deletes every record in one step. Bodies become garbage, which the sweep removes. */
export async function resetState(engine: Engine): Promise<{ readonly reset: true }> {
  mustBeUnforked(engine, "reset");
  await engine.store.transact(async (tx) => {
    await clearRecords(tx);
    await scheduleBlobSweep(tx, engine.clock.nowMs());
  });
  return { reset: true };
}

export interface SnapshotFile {
  readonly file: string;
}

/** Writes the whole state to one file, while the engine goes on serving. */
export async function saveState(engine: Engine, file: string): Promise<SnapshotFile> {
  await saveSnapshot(engine.store, file, snapshotBlobs(engine, engine.blobs));
  return { file };
}

/**
 * Replaces the whole state by a snapshot's. The file is checked first; a damaged one changes nothing.
 * Only for an engine that nobody else uses: it takes many commits.
 */
export async function restoreState(engine: Engine, file: string): Promise<SnapshotFile> {
  mustBeUnforked(engine, "restored into");
  await restoreSnapshot(engine.store, file, snapshotBlobs(engine, engine.blobs));
  return { file };
}

/** Forks keep of their base what that changes: here it would be all of it. */
function mustBeUnforked({ forks, forkName }: Engine, what: string): void {
  const standing = forks.list().filter(({ of }) => "fork" in of && of.fork === forkName);
  if (standing.length > 0) throw errors.StateForked({ what, forks: standing.map(({ name }) => name) });
}
