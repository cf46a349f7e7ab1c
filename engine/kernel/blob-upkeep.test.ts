import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { manualClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { seededRandom } from "../platform/random.ts";
import { linkBody, unlinkBody } from "./blob-links.ts";
import { blobJobs, scheduleBlobSweep, snapshotBlobs, sweepBlobs } from "./blob-upkeep.ts";
import type { StoredBody } from "./blobs.ts";
import { createJobRunner } from "./job-runner.ts";
import { memoryBlobStore } from "./memory-blobs.ts";
import { memoryStore } from "./memory.ts";
import { restoreSnapshot, saveSnapshot } from "./snapshot.ts";

function world() {
  const store = memoryStore();
  const clock = manualClock();
  const ids = idsFrom(seededRandom(1));
  const blobs = memoryBlobStore({ clock, ids });
  return {
    store, clock, ids, blobs,
    write: (fill: string) => blobs.write(Buffer.alloc(100_000, fill)),
    isThere: (body: StoredBody) => buffer(blobs.open(body)).then(() => true, () => false),
  };
}

/** Lets what has begun go on to where it waits for the clock. */
const turns = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test("a blob lives as long as one of the records that use it, and is swept every hour", async () => {
  const { store, clock, ids, blobs, write, isThere } = world();
  const [shared, orphan] = [await write("a"), await write("b")];
  await store.transact(async (tx) => {
    linkBody(tx, shared, ["object", "original"]);
    linkBody(tx, shared, ["object", "copy"]);
    await scheduleBlobSweep(tx, clock.nowMs());
  });
  const runner = createJobRunner({ store, clock, ids, handlers: blobJobs({ store, blobs, clock }) });
  runner.start();
  await runner.settled();
  expect([await isThere(shared), await isThere(orphan)]).toEqual([true, true]);
  await store.transact(async (tx) => unlinkBody(tx, shared, ["object", "original"]));
  clock.advanceSeconds(3600);
  await runner.settled();
  expect([await isThere(shared), await isThere(orphan)]).toEqual([true, false]);
  await store.transact(async (tx) => unlinkBody(tx, shared, ["object", "copy"]));
  clock.advanceSeconds(3600);
  await runner.settled();
  expect(await isThere(shared)).toBe(false);
});

test("a snapshot carries each used blob once, under its id", async () => {
  const { store, clock, ids, blobs, write } = world();
  const used = [await write("a"), await write("b")];
  await write("orphan");
  await store.transact(async (tx) => {
    for (const body of used) for (const owner of ["x", "y"]) linkBody(tx, body, [owner]);
    linkBody(tx, await blobs.write(Buffer.from("inline")), ["z"]);
  });
  const restored = memoryBlobStore();
  const listed: string[] = [];
  await store.read(async (state) => {
    for await (const { id, open } of snapshotBlobs({ store, clock, ids }, blobs).list(state)) {
      listed.push(id);
      await snapshotBlobs({ store, clock, ids }, restored).put(id, open());
    }
  }, { pinned: true });
  expect(listed).toEqual(used.map(({ blobId }) => blobId).sort());
  for (const body of used) {
    expect((await buffer(restored.open(body))).equals(await buffer(blobs.open(body)))).toBe(true);
  }
});

test("a snapshot is whole although its blobs lose their records and a sweep runs while it is saved", async () => {
  const { store, clock, ids, blobs, write, isThere } = world();
  const used = [await write("a"), await write("b")];
  await store.transact(async (tx) => {
    for (const body of used) linkBody(tx, body, ["x"]);
  });
  const source = snapshotBlobs({ store, clock, ids }, blobs);
  const swept: number[] = [];
  const interrupted = {
    ...source,
    async *list(...state: Parameters<typeof source.list>) {
      await store.transact(async (tx) => {
        for (const body of used) unlinkBody(tx, body, ["x"]);
      });
      swept.push(await sweepBlobs({ store, blobs, clock }, 0));
      yield* source.list(...state);
    },
  };
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-upkeep-"));
  await saveSnapshot(store, join(folder, "saved"), interrupted);
  const restored = { store: memoryStore(), blobs: memoryBlobStore({ clock }), clock, ids };
  await restoreSnapshot(restored.store, join(folder, "saved"), snapshotBlobs(restored, restored.blobs));
  rmSync(folder, { recursive: true });
  for (const [i, body] of used.entries()) {
    expect((await buffer(restored.blobs.open(body))).equals(Buffer.alloc(100_000, "ab"[i]))).toBe(true);
  }
  swept.push(await sweepBlobs({ store, blobs, clock }, 0), await sweepBlobs(restored, 0));
  expect(swept).toEqual([0, 2, 0]);
  expect(await isThere(used[0] as StoredBody)).toBe(false);
});

test("a save keeps every blob however long it takes, and whatever other engine starts meanwhile", async () => {
  const { store, clock, ids, blobs, write } = world();
  await write("a");
  let finish = () => {};
  const saving = snapshotBlobs({ store, clock, ids }, blobs).keeping(() => new Promise<void>((end) => (finish = end)));
  await turns();
  for (let minute = 0; minute < 30; minute += 1) {
    clock.advanceSeconds(60);
    await turns();
    await store.transact((tx) => scheduleBlobSweep(tx, clock.nowMs()));
    expect(await sweepBlobs({ store, blobs, clock }, 0)).toBe(0);
  }
  finish();
  await saving;
  expect(await sweepBlobs({ store, blobs, clock }, 0)).toBe(1);
});

test("a save that ended with its process keeps blobs for five minutes more", async () => {
  const { store, clock, ids, blobs, write } = world();
  await write("a");
  // A clock that never wakes anybody: the process has gone.
  const stopped = { nowMs: () => clock.nowMs(), wakeAt: () => () => undefined };
  void snapshotBlobs({ store, clock: stopped, ids }, blobs).keeping(() => new Promise(() => undefined));
  await turns();
  clock.advanceSeconds(299);
  expect(await sweepBlobs({ store, blobs, clock }, 0)).toBe(0);
  clock.advanceSeconds(1);
  expect(await sweepBlobs({ store, blobs, clock }, 0)).toBe(1);
});
