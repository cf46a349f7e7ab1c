import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { manualClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { seededRandom } from "../platform/random.ts";
import { linkBody, unlinkBody } from "./blob-links.ts";
import { blobJobs, scheduleBlobSweep, snapshotBlobs } from "./blob-upkeep.ts";
import type { StoredBody } from "./blobs.ts";
import { createJobRunner } from "./job-runner.ts";
import { memoryBlobStore } from "./memory-blobs.ts";
import { memoryStore } from "./memory.ts";

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

test("a blob lives as long as one of the records that use it, and is swept every hour", async () => {
  const { store, clock, ids, blobs, write, isThere } = world();
  const [shared, orphan] = [await write("a"), await write("b")];
  await store.transact(async (tx) => {
    linkBody(tx, shared, ["object", "original"]);
    linkBody(tx, shared, ["object", "copy"]);
    await scheduleBlobSweep(tx, clock.nowMs());
  });
  const runner = createJobRunner({ store, clock, ids, handlers: blobJobs(store, blobs) });
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
  const { store, blobs, write } = world();
  const used = [await write("a"), await write("b")];
  await write("orphan");
  await store.transact(async (tx) => {
    for (const body of used) for (const owner of ["x", "y"]) linkBody(tx, body, [owner]);
    linkBody(tx, await blobs.write(Buffer.from("inline")), ["z"]);
  });
  const restored = memoryBlobStore();
  const listed: string[] = [];
  for await (const { id, open } of snapshotBlobs(store, blobs).list()) {
    listed.push(id);
    await snapshotBlobs(store, restored).put(id, open());
  }
  expect(listed).toEqual(used.map(({ blobId }) => blobId).sort());
  for (const body of used) {
    expect((await buffer(restored.open(body))).equals(await buffer(blobs.open(body)))).toBe(true);
  }
});
