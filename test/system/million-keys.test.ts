import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startingWith } from "../../engine/kernel/key.ts";
import { memoryStore } from "../../engine/kernel/memory.ts";
import { postgresStore } from "../../engine/kernel/postgres.ts";
import { sqliteStore } from "../../engine/kernel/sqlite.ts";
import type { Store } from "../../engine/kernel/store.ts";
import { postgresPrograms, startPostgres, type PostgresCluster } from "../../engine/testing/postgres-cluster.ts";

const KEYS = 1_000_000;
const KEYS_PER_COMMIT = 20_000;
/** Decoded, a million entries take about 300 MiB. */
const GROWTH_BYTES_MAX = 64 * 1024 * 1024;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const liveBytes = (): number => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const programs = postgresPrograms();
if (programs === undefined) {
  console.warn("PostgreSQL is not installed: its million keys are NOT tested. Install the package postgresql.");
}
let folder: string;
let cluster: PostgresCluster | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cloudstacks-million-"));
  if (programs !== undefined) cluster = await startPostgres(programs);
});
afterAll(() => {
  cluster?.stop();
  rmSync(folder, { recursive: true });
});

async function fill(store: Store): Promise<void> {
  for (let from = 0; from < KEYS; from += KEYS_PER_COMMIT) {
    await store.transact(async (tx) => {
      for (let i = from; i < from + KEYS_PER_COMMIT; i++) tx.set(["n", i], i);
    });
  }
}

/** Reads every key in the given direction; returns how many came in order, and how far the heap grew meanwhile. */
async function page(store: Store, reverse: boolean) {
  const before = liveBytes();
  let inOrder = 0;
  let growthBytes = 0;
  await store.read(async (tx) => {
    for await (const { key, value } of tx.scan<number>(startingWith(["n"]), { reverse, pageSize: 1000 })) {
      const expected = reverse ? KEYS - 1 - inOrder : inOrder;
      if (key[1] !== expected || value !== expected) return;
      inOrder += 1;
      if (inOrder % (KEYS / 4) === 0) growthBytes = Math.max(growthBytes, liveBytes() - before);
    }
  }, { pinned: true });
  return { inOrder, growthBytes };
}

async function check(store: Store): Promise<void> {
  await fill(store);
  for (const reverse of [false, true]) {
    const { inOrder, growthBytes } = await page(store, reverse);
    expect(inOrder).toBe(KEYS);
    expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX);
  }
  await store.close();
}

describe("a million keys are paged both ways without being loaded", () => {
  test("in memory", () => check(memoryStore()));
  test("on SQLite", () => check(sqliteStore(join(folder, "store.sqlite"))));
  test.skipIf(programs === undefined)("on PostgreSQL", async () =>
    check(await postgresStore((cluster as PostgresCluster).newDatabase())));
});
