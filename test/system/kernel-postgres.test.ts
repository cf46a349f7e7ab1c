import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startingWith } from "../../engine/kernel/key.ts";
import { postgresStore } from "../../engine/kernel/postgres.ts";
import { modelConformance } from "../../engine/kernel/store-model.conformance.ts";
import { storeConformance } from "../../engine/kernel/store.conformance.ts";
import { StoreUnavailable } from "../../engine/kernel/store.ts";
import { postgresPrograms, startPostgres, type PostgresCluster } from "../../engine/testing/postgres-cluster.ts";

const programs = postgresPrograms();
if (programs === undefined) {
  console.warn("PostgreSQL is not installed: its store is NOT tested. Install the package postgresql.");
}

describe.skipIf(programs === undefined)("on a real PostgreSQL", () => {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    cluster = await startPostgres(programs as string);
  });
  afterAll(() => cluster.stop());

  storeConformance("postgresStore", () => postgresStore(cluster.newDatabase()));
  modelConformance("postgresStore", () => postgresStore(cluster.newDatabase()), 50);

  const program = join(import.meta.dirname, "kernel-postgres-child.ts");
  const child = (url: string, increments: number) =>
    spawn(process.execPath, ["--import", "tsx", program, url, String(increments)], { stdio: "inherit" });

  it("two engine processes see each other's commits", async () => {
    const url = cluster.newDatabase();
    const store = await postgresStore(url);
    await store.transact(async (tx) => tx.set(["greeting"], "good morning"));
    const answered = new Promise<void>((resolve) => store.watch(startingWith(["answer"].slice(0, 0)), resolve));
    expect(await once(child(url, 0), "exit")).toEqual([0, null]);
    await answered;
    expect(await store.read((tx) => tx.get(["answer"]))).toBe("heard: good morning");
    await store.close();
  });

  it("two engine processes count exactly, and a reader of their log never misses an entry", async () => {
    const url = cluster.newDatabase();
    const store = await postgresStore(url);
    const seen: string[] = [];
    let tail = startingWith(["log"]);
    let isOver = false;
    const follow = async () => {
      const entries = await store.read((tx) => tx.range<string>(tail, { limit: 1000 }));
      seen.push(...entries.map((entry) => entry.value));
      const last = entries.at(-1);
      if (last) tail = { from: startingWith(last.key).from, to: tail.to };
      return entries.length;
    };
    const following = (async () => {
      while (!isOver) await follow();
    })();
    const exited = once(child(url, 100), "exit");
    await Promise.all(Array.from({ length: 100 }, (_, i) => store.transact(async (tx) => {
      tx.set(["n"], ((await tx.get<number>(["n"])) ?? 0) + 1);
      tx.append(["log"], `parent ${i}`);
    }, { sequence: ["n"] })));
    expect(await exited).toEqual([0, null]);
    isOver = true;
    await following;
    await follow();
    expect(await store.read((tx) => tx.get(["n"]))).toBe(200);
    expect(new Set(seen).size).toBe(200);
    expect(seen).toHaveLength(200);
    await store.close();
  });

  it("works again after the server was restarted", async () => {
    const store = await postgresStore(cluster.newDatabase());
    await store.transact(async (tx) => tx.set(["a"], 1));
    cluster.restart();
    // The first use may still meet the connection that died.
    await store.read((tx) => tx.get(["a"]))
      .catch((problem: unknown) => expect(problem).toBeInstanceOf(StoreUnavailable));
    expect(await store.read((tx) => tx.get(["a"]))).toBe(1);
    await store.close();
  });

  it("says what to do when nobody answers", async () => {
    await expect(postgresStore("postgres://engine@127.0.0.1:1/store")).rejects.toThrow(
      "The store at 127.0.0.1:1/store cannot be opened: connect ECONNREFUSED 127.0.0.1:1. "
      + "Check that PostgreSQL runs there");
  });
});
