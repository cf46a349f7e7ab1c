import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { between, startingWith } from "./key.ts";
import { sqliteStore } from "./sqlite.ts";
import { SqliteConnection } from "./sqlite-connection.ts";
import { StoreUnavailable, type Store } from "./store.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloudstacks-log-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const options = { durability: "relaxed", logBytes: 20_000 } as const;
const open = (at = "live", within = folder) => sqliteStore(join(within, at), options);
const logs = (of = "live") =>
  readdirSync(folder)
    .filter((name) => name.startsWith(`${of}-log-`))
    .map((name) => join(folder, name));

function leave(within: string, isLeft: (name: string) => boolean): void {
  for (const name of readdirSync(within)) {
    if (name.startsWith("live") && isLeft(name)) cpSync(join(within, name), join(within, name.replace("live", "left")));
  }
}

/** The store as a process that is killed now leaves it, opened under another name. */
function crashed(within = folder): Store {
  for (const name of readdirSync(within)) if (name.startsWith("left")) rmSync(join(within, name));
  leave(within, () => true);
  return open("left", within);
}

const everything = (store: Store) =>
  store.read(async (tx) => (await tx.range(startingWith([]), { limit: 9999 })).map(({ key, value }) => [key, value]));
const put = (store: Store, key: number, value: unknown) => store.transact(async (tx) => tx.set(["n", key], value));

describe("what a killed process leaves", () => {
  it("holds every acknowledged write, before any of them is in SQLite's file", async () => {
    const store = open();
    await put(store, 1, "one");
    await put(store, 2, { bytes: Buffer.from("two") });
    const left = crashed();
    expect(await everything(left)).toEqual([[["n", 1], "one"], [["n", 2], { bytes: Buffer.from("two") }]]);
    await left.close();
    await store.close();
  });

  it("holds them at every moment of a life of writes, deletions, clears and takings over", async () => {
    const key = fc.integer({ min: 0, max: 80 });
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ set: key, size: fc.integer({ min: 0, max: 3000 }) }) },
      { weight: 2, arbitrary: fc.record({ remove: key }) },
      { weight: 1, arbitrary: fc.record({ from: key, to: key }) },
      { weight: 2, arbitrary: fc.record({ turns: fc.integer({ min: 1, max: 5 }) }) },
      { weight: 1, arbitrary: fc.record({ removeFrom: key, removeTo: key }) },
      { weight: 3, arbitrary: fc.constant("head" as const) },
      { weight: 2, arbitrary: fc.constant("crash" as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const within = mkdtempSync(join(folder, "life-"));
        const store = open("live", within);
        const model = new Map<number, string>();
        for (const next of steps) {
          if (next === "crash") {
            const wanted = [...model].toSorted(([a], [b]) => a - b).map(([n, text]) => [["n", n], text]);
            const left = crashed(within);
            const found = await everything(left);
            await left.close();
            expect(found).toEqual(wanted);
            const again = open("left", within);
            expect(await everything(again)).toEqual(wanted);
            await again.close();
          } else if (next === "head") {
            const [head] = await store.read((tx) => tx.range(startingWith(["n"]), { limit: 1 }));
            expect(head?.key[1]).toBe([...model.keys()].toSorted((a, b) => a - b)[0]);
            expect(await store.read((tx) => tx.count(startingWith(["n"])))).toBe(model.size);
          } else if ("removeFrom" in next) {
            await store.transact(async (tx) => {
              for (let n = next.removeFrom; n < next.removeTo; n++) tx.delete(["n", n]);
            });
            for (let n = next.removeFrom; n < next.removeTo; n++) model.delete(n);
          } else if ("turns" in next) {
            for (let i = 0; i < next.turns; i++) await new Promise((resolve) => setImmediate(resolve));
          } else if ("set" in next) {
            await put(store, next.set, "x".repeat(next.size));
            model.set(next.set, "x".repeat(next.size));
          } else if ("remove" in next) {
            await store.transact(async (tx) => tx.delete(["n", next.remove]));
            model.delete(next.remove);
          } else {
            await store.transact(async (tx) => tx.clear(between(["n", next.from], ["n", next.to])));
            for (let n = next.from; n < next.to; n++) model.delete(n);
          }
        }
        await store.close();
      }),
      { numRuns: 12 },
    );
  });

  it("holds writes that come faster than the log's files grow", async () => {
    const store = sqliteStore(join(folder, "live"), { durability: "relaxed" });
    const sizes = [700_000, 500_000, 300_000, 2_500_000, 10, 900_000, 600_000, 1_048_576];
    for (const [n, size] of sizes.entries()) await put(store, n, "x".repeat(size));
    expect(logs().length).toBeGreaterThan(1);
    const left = crashed();
    const found = await left.read((tx) => tx.range<string>(startingWith(["n"]), { limit: 99 }));
    expect(found.map(({ value }) => value.length)).toEqual(sizes);
    await left.close();
    await store.close();
    expect(logs()).toEqual([]);
  });

  it("keeps positions of logs rising", async () => {
    const store = open();
    await store.transact(async (tx) => tx.append(["log"], "before"));
    const left = crashed();
    await left.transact(async (tx) => tx.append(["log"], "after"));
    const log = await left.read((tx) => tx.range(startingWith(["log"]), { limit: 9 }));
    expect(log.map(({ value }) => value)).toEqual(["before", "after"]);
    await left.close();
    await store.close();
  });

  it("is whole up to a write that was cut off, and is written on from there", async () => {
    const store = open();
    await put(store, 1, "one");
    await put(store, 2, "two");
    for (const log of logs()) {
      const bytes = readFileSync(log);
      const end = bytes.lastIndexOf("two") + 2;
      writeFileSync(log, bytes.fill(0, end, end + 100));
    }
    const left = crashed();
    expect(await everything(left)).toEqual([[["n", 1], "one"]]);
    await put(left, 3, "three");
    await left.close();
    const again = open("left");
    expect(await everything(again)).toEqual([[["n", 1], "one"], [["n", 3], "three"]]);
    await again.close();
    await store.close();
  });

  it("is refused when writes are missing between those that are there", async () => {
    const store = open();
    await put(store, 0, "x");
    leave(folder, (name) => !name.includes("-log-") && !name.endsWith("-shm"));
    for (let n = 1; logs().length < 2; n++) await put(store, n, "x".repeat(5000));
    leave(folder, (name) => name.includes("-log-"));
    const whole = open("left");
    expect((await everything(whole)).length).toBeGreaterThan(3);
    await whole.close();
    leave(folder, (name) => name.includes("-log-"));
    rmSync(logs("left")[0] as string);
    const refused = new SqliteConnection(join(folder, "left"));
    refused.exec("UPDATE setting SET value = 0 WHERE name = 'takenSequence'");
    refused.close();
    expect(() => open("left")).toThrow(StoreUnavailable);
    expect(() => open("left")).toThrow(/its log is damaged before left-log-\d+ \(batch 1 is missing\); restore/);
    await store.close();
  });
});

describe("the log", () => {
  it("is taken over when it is long, and its space is used again", async () => {
    const store = open();
    for (let n = 0; n < 200; n++) await put(store, n % 7, "x".repeat(2000));
    expect(logs().length).toBeLessThanOrEqual(3);
    for (const log of logs()) expect(statSync(log).size).toBeLessThanOrEqual(2 * 1024 * 1024);
    expect((await everything(store)).length).toBe(7);
    await store.close();
  });

  it("stays short under a writer who never pauses", async () => {
    const store = sqliteStore(join(folder, "live"), { ...options, logBytes: 1_000_000 });
    let longestBytes = 0;
    for (let from = 0; from < 40_000; from += 200) {
      await store.transact(async (tx) => {
        for (let at = from; at < from + 200; at++) tx.set(["n", (at * 7919) % 40_000], "x".repeat(500));
      });
      await new Promise(setImmediate);
      longestBytes = Math.max(longestBytes, logs().reduce((sum, path) => sum + statSync(path).size, 0));
    }
    expect(longestBytes).toBeLessThan(16_000_000);
    await store.close();
  });

  it("is gone when the store is closed", async () => {
    const store = open();
    await put(store, 1, "one");
    expect(logs()).toHaveLength(1);
    await store.close();
    expect(readdirSync(folder)).toEqual(["live"]);
  });

  it("gives way while a queue is worked off: what was deleted is passed by only for a while", async () => {
    const store = open();
    for (let n = 0; n < 2000; n++) await put(store, n, n);
    for (let n = 0; n < 2000; n++) {
      const [head] = await store.read((tx) => tx.range(startingWith(["n"]), { limit: 1 }));
      expect(head?.value).toBe(n);
      await store.transact(async (tx) => tx.delete(["n", n]));
    }
    expect(await everything(store)).toEqual([]);
    await store.close();
  });

  it("does not lose deletions that a reader passes by while they are taken over", async () => {
    const store = open();
    const turns = async (count: number) => {
      for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
    };
    const takeOver = (n: number) => store.transact(async (tx) => tx.set(["other", n], "x".repeat(20_000)));
    const head = async () => (await store.read((tx) => tx.range(startingWith(["n"]), { limit: 1 })))[0]?.value;
    for (let n = 0; n < 500; n++) await put(store, n, n);
    for (let n = 0; n < 3; n++) {
      await takeOver(n);
      await turns(100);
    }
    await store.transact(async (tx) => {
      for (let n = 0; n < 400; n++) tx.delete(["n", n]);
    });
    await takeOver(9);
    expect(await head()).toBe(400);
    await turns(100);
    const left = crashed();
    expect(await everything(left)).toHaveLength(104);
    await left.close();
    expect(await head()).toBe(400);
    await store.close();
    const again = open();
    expect(await everything(again)).toHaveLength(104);
    await again.close();
  });
});
