// A process that takes writes as fast as it can and says of each, once it is committed, that it is.
// It is killed at any moment.
import { join } from "node:path";
import { Readable } from "node:stream";
import { linkBody, unlinkBody } from "../kernel/blob-links.ts";
import { fileBlobStore } from "../kernel/file-blobs.ts";
import { createJobRunner } from "../kernel/job-runner.ts";
import { schedule } from "../kernel/jobs.ts";
import { sqliteStore, type SqliteOptions } from "../kernel/sqlite.ts";
import { systemClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { systemRandom } from "../platform/random.ts";
import { countRun, crashBytes, type CrashObject, SLOTS } from "./crash-records.ts";

const [folder = "", round = "", durability = "full"] = process.argv.slice(2);
const clock = systemClock();
const ids = idsFrom(systemRandom());
const store = sqliteStore(join(folder, "store.sqlite"), { durability: durability as SqliteOptions["durability"] });
const blobs = fileBlobStore(join(folder, "blobs"), { ids });

/** Standard output is a pipe, written at once: what was said before the kill is heard. */
const acknowledge = (...words: readonly (string | number)[]) => void process.stdout.write(`${words.join(" ")}\n`);

async function forever(write: (name: string) => Promise<void>): Promise<never> {
  for (let i = 0; ; i++) await write(`${round}-${i}`);
}

const writeTwins = (worker: number) => forever(async (name) => {
  const id = `${worker}-${name}`;
  await store.transact(async (tx) => {
    tx.set(["left", id], id);
    tx.set(["right", id], id);
  });
  acknowledge("twins", id);
});

const count = () => forever(async () => {
  const value = await store.transact(async (tx) => {
    const next = (await tx.get<number>(["counter"]) ?? 0) + 1;
    tx.set(["counter"], next);
    tx.set(["counted", next], true);
    return next;
  });
  acknowledge("counter", value);
});

const replaceObjects = (slot: number) => forever(async (name) => {
  const seed = `${slot}-${name}`;
  const body = await blobs.write(Readable.from([crashBytes(seed)], { objectMode: false }));
  const version = await store.transact(async (tx) => {
    const before = await tx.get<CrashObject>(["object", slot]);
    if (before) unlinkBody(tx, before.body, ["object", slot, before.version]);
    const version = (before?.version ?? 0) + 1;
    linkBody(tx, body, ["object", slot, version]);
    tx.set(["object", slot], { version, seed, body });
    return version;
  });
  acknowledge("object", slot, version);
});

const scheduleJobs = () => forever(async (name) => {
  await store.transact((tx) => schedule(tx, { id: name, type: "count", dueAtMs: clock.nowMs() }));
  acknowledge("job", name);
});

createJobRunner({ store, clock, ids, handlers: { count: { local: countRun } }, leaseMs: 200 }).start();
acknowledge("ready");
await Promise.all([
  writeTwins(1), writeTwins(2), writeTwins(3), count(), count(), scheduleJobs(),
  ...Array.from({ length: SLOTS }, (_, slot) => replaceObjects(slot)),
]);
