import { Readable } from "node:stream";
import type { Clock } from "../platform/clock.ts";
import { isBlobLinked, linkedBlobAfter, linksOf } from "./blob-links.ts";
import type { BlobStore } from "./blobs.ts";
import { type JobHandler, scheduleUnlessPresent } from "./jobs.ts";
import { areBlobsKept, forgetEndedKeeping, keepingBlobs, type Keeping } from "./kept-blobs.ts";
import type { SnapshotBlobs } from "./snapshot.ts";
import type { Store, Transaction } from "./store.ts";

const SWEEP = "blobs.sweep";
const HOUR_MS = 3_600_000;

/** Forks are asked last: what the read finds gone by then is kept for those that still see it. */
const isWanted = async (store: Store, blobId: string, nowMs: number): Promise<boolean> =>
  await store.read(async (reader) => await isBlobLinked(reader, blobId) || await areBlobsKept(reader, nowMs))
  || store.isSeenByForks(linksOf(blobId));

interface Swept {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly clock: Clock;
}

/**
 * Deletes blobs that no record uses and that are older than `graceMs`: longer than any upload waits for its commit.
 * None while a snapshot is saved: it may still read what a record of its state used. One read asks for both, so a save
 * that begins later has a state in which nobody uses the blob. None that a fork of the store still sees.
 */
export async function sweepBlobs({ store, blobs, clock }: Swept, graceMs = HOUR_MS): Promise<number> {
  return blobs.sweep((blobId) => isWanted(store, blobId, clock.nowMs()), graceMs);
}

/** The handlers for a job runner, by type. */
export function blobJobs(swept: Swept): Readonly<Record<string, JobHandler>> {
  return { [SWEEP]: { external: async () => void await sweepBlobs(swept) } };
}

/** Sets the hourly sweep up; to be called at every start. */
export async function scheduleBlobSweep(tx: Transaction, nowMs: number): Promise<void> {
  await forgetEndedKeeping(tx, nowMs);
  await scheduleUnlessPresent(tx, { id: SWEEP, type: SWEEP, dueAtMs: nowMs, everyMs: HOUR_MS });
}

/** The blobs that go along with a snapshot of the store, and come back with it. */
export function snapshotBlobs(keeping: Keeping, blobs: BlobStore): SnapshotBlobs {
  return {
    keeping: (work) => keepingBlobs(keeping, work),
    async *list(reader) {
      let body = await linkedBlobAfter(reader);
      while (body) {
        const current = body;
        yield { id: current.blobId, open: () => blobs.open(current) };
        body = await linkedBlobAfter(reader, current.blobId);
      }
    },
    put: (id, body) => blobs.restore(id, Readable.from(body, { objectMode: false })),
  };
}
