import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJobRunner } from "../../engine/kernel/job-runner.ts";
import { type JobHandler, listJobs, schedule } from "../../engine/kernel/jobs.ts";
import { startingWith } from "../../engine/kernel/key.ts";
import { postgresStore } from "../../engine/kernel/postgres.ts";
import type { Store } from "../../engine/kernel/store.ts";
import { systemClock } from "../../engine/platform/clock.ts";
import { idsFrom } from "../../engine/platform/ids.ts";
import { systemRandom } from "../../engine/platform/random.ts";
import { countRun } from "../../engine/testing/crash-records.ts";
import { type PostgresCluster, postgresPrograms, startPostgres } from "../../engine/testing/postgres-cluster.ts";

const programs = postgresPrograms();
const clock = systemClock();
const LEASE_MS = 1000;
const CHILD = join(import.meta.dirname, "jobs-postgres-child.ts");
const count: JobHandler = {
  local: async (tx, job) => {
    await countRun(tx, job);
    tx.set(["ran-in", job.id], process.pid);
  },
};

/** The second engine, once it has said `word`. */
async function engineThatSaid(child: ChildProcess, word: string): Promise<void> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) if (line === word) return;
  throw new Error(`The second engine ended before it said "${word}".`);
}

describe.skipIf(programs === undefined)("two engine processes on one PostgreSQL", () => {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    cluster = await startPostgres(programs as string);
  });
  afterAll(() => cluster.stop());

  const secondEngine = (url: string) => spawn(
    process.execPath, ["--import", "tsx", CHILD, url, String(LEASE_MS)], { stdio: ["ignore", "pipe", "inherit"] });
  const firstEngine = (store: Store, handlers: Record<string, JobHandler>) => {
    const runner = createJobRunner({
      store, clock, ids: idsFrom(systemRandom()), leaseMs: LEASE_MS, concurrency: 4,
      handlers: { count, ...handlers },
    });
    runner.start();
    return runner;
  };
  const jobsOf = (store: Store) => store.read((reader) => listJobs(reader, { limit: 1000 }));
  const below = async (store: Store, name: string) =>
    (await store.read((reader) => reader.range(startingWith([name]), { limit: 1000 }))).map(({ value }) => value);

  test("each timer and job runs once, and both take part", async () => {
    const url = cluster.newDatabase();
    const store = await postgresStore(url);
    const child = secondEngine(url);
    await engineThatSaid(child, "ready");
    const runner = firstEngine(store, {});
    for (let i = 0; i < 20; i++) {
      await store.transact(async (tx) => {
        const dueAtMs = clock.nowMs() + i * 20;
        for (let j = 0; j < 10; j++) await schedule(tx, { id: `${i}-${j}`, type: "count", dueAtMs });
      });
    }
    await expect.poll(() => jobsOf(store), { timeout: 60_000 }).toEqual([]);
    expect(await below(store, "ran")).toEqual(Array.from({ length: 200 }, () => 1));
    expect(new Set(await below(store, "ran-in"))).toEqual(new Set([process.pid, child.pid]));
    child.kill("SIGKILL");
    await once(child, "exit");
    await runner.stop();
    await store.close();
  });

  test("the leases of a killed engine pass to the other", async () => {
    const url = cluster.newDatabase();
    const store = await postgresStore(url);
    const child = secondEngine(url);
    await store.transact((tx) => schedule(tx, { id: "held", type: "hold", dueAtMs: clock.nowMs() }));
    await engineThatSaid(child, "holding");
    const attempts: number[] = [];
    const runner = firstEngine(store, { hold: { external: async (job) => void attempts.push(job.attempt) } });
    // While it lives it renews its lease, so nobody takes its job.
    const leaseEndMs = async () => (await jobsOf(store))[0]?.nextAtMs ?? 0;
    const firstLeaseEndMs = await leaseEndMs();
    await expect.poll(leaseEndMs, { timeout: 10_000 }).toBeGreaterThan(firstLeaseEndMs);
    expect(attempts).toEqual([]);
    child.kill("SIGKILL");
    await once(child, "exit");
    await expect.poll(() => attempts, { timeout: 10_000 }).toEqual([2]);
    await expect.poll(() => jobsOf(store)).toEqual([]);
    await runner.stop();
    await store.close();
  });
});
