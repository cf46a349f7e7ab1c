import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sweepBlobs } from "../../engine/kernel/blob-upkeep.ts";
import type { BlobStore } from "../../engine/kernel/blobs.ts";
import { fileBlobStore } from "../../engine/kernel/file-blobs.ts";
import { createJobRunner } from "../../engine/kernel/job-runner.ts";
import { listJobs } from "../../engine/kernel/jobs.ts";
import { startingWith } from "../../engine/kernel/key.ts";
import { sqliteStore } from "../../engine/kernel/sqlite.ts";
import type { Store } from "../../engine/kernel/store.ts";
import { manualClock, systemClock } from "../../engine/platform/clock.ts";
import { idsFrom } from "../../engine/platform/ids.ts";
import { seededRandom } from "../../engine/platform/random.ts";
import { countRun, crashBytes, type CrashObject, SLOTS } from "../../engine/testing/crash-records.ts";

/** A kill is no power cut: `relaxed` loses nothing acknowledged either. */
const KILLS = [["full", 50], ["relaxed", 10]] as const;
const WRITER = join(import.meta.dirname, "../../engine/testing/crash-writer.ts");
const random = seededRandom(20_300_101);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudstacks-crash-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs the writer, kills it up to `afterMs` into its work (or its start), and returns what it had acknowledged. */
async function writeAndKill(round: number, durability: string): Promise<string[][]> {
  const afterMs = random.bytes(2).readUInt16BE() % 500;
  const command = ["--import", "tsx", WRITER, folder, String(round), durability];
  const writer = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  const said = text(writer.stdout);
  // Every tenth is killed while it starts and takes over what the one before left.
  if (round % 10 !== 9) await once(writer.stdout, "readable");
  await delay(afterMs);
  writer.kill("SIGKILL");
  expect(await once(writer, "exit")).toEqual([null, "SIGKILL"]);
  return (await said).split("\n").slice(0, -1).map((line) => line.split(" "));
}

async function usingStore<T>(use: (store: Store, blobs: BlobStore) => Promise<T>): Promise<T> {
  const store = sqliteStore(join(folder, "store.sqlite"));
  try {
    return await use(store, fileBlobStore(join(folder, "blobs"), { ids: idsFrom(random) }));
  } finally {
    await store.close();
  }
}

/** The values of every key below a name, by the rest of the key. */
async function allBelow<T>(store: Store, name: string): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  await store.read(async (reader) => {
    for await (const { key, value } of reader.scan<T>(startingWith([name]))) found.set(key.slice(1).join("/"), value);
  }, { pinned: true });
  return found;
}

const wordsOf = (acknowledged: readonly string[][], kind: string) => acknowledged.filter(([first]) => first === kind);

async function checkObjects(store: Store, blobs: BlobStore, acknowledged: readonly string[][]): Promise<void> {
  const objects = await allBelow<CrashObject>(store, "object");
  for (const [, slot = "", version] of wordsOf(acknowledged, "object")) {
    expect(objects.get(slot)?.version ?? 0).toBeGreaterThanOrEqual(Number(version));
  }
  await sweepBlobs({ store, blobs, clock: systemClock() }, 0);
  for (const { seed, body } of objects.values()) {
    expect((await buffer(blobs.open(body))).equals(crashBytes(seed))).toBe(true);
  }
  const kept = join(folder, "blobs");
  // The folder comes with the first large body.
  const entries = existsSync(kept) ? await readdir(kept, { recursive: true, withFileTypes: true }) : [];
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  expect(files.sort()).toEqual([...objects.values()].map(({ body }) => body.blobId).sort());
}

async function checkRecords(store: Store, acknowledged: readonly string[][]): Promise<void> {
  const left = await allBelow<string>(store, "left");
  expect(await allBelow(store, "right")).toEqual(left);
  const lostTwins = wordsOf(acknowledged, "twins").filter(([, id = ""]) => left.get(id) !== id);
  expect(lostTwins).toEqual([]);
  const counter = await store.read((reader) => reader.get<number>(["counter"])) ?? 0;
  const counts = wordsOf(acknowledged, "counter").map(([, value]) => Number(value));
  expect(counter).toBeGreaterThanOrEqual(Math.max(0, ...counts));
  expect((await allBelow(store, "counted")).size).toBe(counter);
}

/** Jobs that are neither done once nor still there were lost; none may have run twice. */
async function checkJobs(store: Store, acknowledged: readonly string[][]): Promise<void> {
  const ran = await allBelow<number>(store, "ran");
  expect([...ran].filter(([, times]) => times !== 1)).toEqual([]);
  const waiting = new Set((await store.read((reader) => listJobs(reader, { limit: 1_000_000 }))).map(({ id }) => id));
  const lost = wordsOf(acknowledged, "job").filter(([, id = ""]) => ran.has(id) === waiting.has(id));
  expect(lost).toEqual([]);
}

test.each(KILLS)("durability %s: nothing acknowledged is lost, nothing is half done after %i kills", async (
  durability, kills) => {
  const acknowledged: string[][] = [];
  const written = () => wordsOf(acknowledged, "object").length;
  // On a slow machine a few rounds more, until objects have been overwritten.
  for (let round = 0; round < kills || (written() <= SLOTS && round < 3 * kills); round++) {
    const saidNow = await writeAndKill(round, durability);
    acknowledged.push(...saidNow);
    await usingStore(async (store, blobs) => {
      await checkObjects(store, blobs, saidNow);
      await checkJobs(store, saidNow);
    });
  }
  const kinds = ["twins", "counter", "object", "job"];
  const counts = Object.fromEntries(kinds.map((kind) => [kind, wordsOf(acknowledged, kind).length]));
  console.log(`acknowledged over at least ${kills} kills: ${JSON.stringify(counts)}`);
  expect(written()).toBeGreaterThan(SLOTS);
  await usingStore(async (store) => {
    await checkRecords(store, acknowledged);
    // A clock far ahead: what the last writer held has expired.
    const clock = manualClock("2100-01-01T00:00:00Z");
    const runner = createJobRunner({ store, clock, ids: idsFrom(random), handlers: { count: { local: countRun } } });
    runner.start();
    await runner.settled();
    await runner.stop();
    const ran = await allBelow<number>(store, "ran");
    expect(wordsOf(acknowledged, "job").filter(([, id = ""]) => ran.get(id) !== 1)).toEqual([]);
    expect([...ran.values()].filter((times) => times !== 1)).toEqual([]);
    expect(await store.read((reader) => listJobs(reader, { limit: 10 }))).toEqual([]);
  });
});
