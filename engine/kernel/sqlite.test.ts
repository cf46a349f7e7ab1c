import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forkConformance, forkModelConformance } from "./fork.conformance.ts";
import { between, startingWith } from "./key.ts";
import { sqliteStore } from "./sqlite.ts";
import { SqliteConnection } from "./sqlite-connection.ts";
import { modelConformance } from "./store-model.conformance.ts";
import { storeConformance } from "./store.conformance.ts";
import { StoreUnavailable } from "./store.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloudstacks-sqlite-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

for (const durability of ["full", "relaxed"] as const) {
  storeConformance(`sqliteStore, ${durability}`, async () => sqliteStore(join(folder, "store.sqlite"), { durability }));
}
storeConformance("sqliteStore without room to cache", async () =>
  sqliteStore(join(folder, "store.sqlite"), { durability: "relaxed", cacheBytes: 0 }));
for (const cacheBytes of [0, 1_000_000]) {
  modelConformance(`sqliteStore with a cache of ${cacheBytes} bytes`, async () =>
    sqliteStore(join(folder, "store.sqlite"), { durability: "relaxed", cacheBytes }), 100);
}

forkConformance("sqliteStore", async () => sqliteStore(join(folder, "store.sqlite")));
forkModelConformance("sqliteStore", async () =>
  sqliteStore(join(folder, "store.sqlite"), { durability: "relaxed" }), 40);

describe("a SQLite store's file", () => {
  const file = () => join(folder, "store.sqlite");
  const text = Buffer.from("text");

  it("has everything when it is opened again, and its logs go on", async () => {
    const first = sqliteStore(file());
    await first.transact(async (tx) => {
      tx.set(["a"], { text, big: 2n ** 70n });
      tx.append(["log"], "one");
    });
    await first.close();
    const second = sqliteStore(file());
    await second.transact(async (tx) => tx.append(["log"], "two"));
    expect(await second.read((tx) => tx.get(["a"]))).toEqual({ text, big: 2n ** 70n });
    const log = await second.read((tx) => tx.range(startingWith(["log"]), { limit: 9 }));
    expect(log.map((entry) => entry.value)).toEqual(["one", "two"]);
    await second.close();
  });
  it("shows what is left of a queue, and what comes in before it, however much was taken from its head", async () => {
    const first = sqliteStore(file());
    const put = (...numbers: number[]) => first.transact(async (tx) => {
      for (const n of numbers) tx.set(["queue", n], n);
    });
    const shown = async (store = first) =>
      (await store.read((tx) => tx.range<number>(startingWith(["queue"]), { limit: 3 }))).map(({ value }) => value);
    await put(...Array.from({ length: 500 }, (_, i) => i));
    for (let n = 0; n < 300; n++) {
      await first.transact(async (tx) => tx.delete(["queue", n]));
      if (n % 50 === 0) expect(await shown()).toEqual([n + 1, n + 2, n + 3]);
    }
    await put(7);
    expect(await shown()).toEqual([7, 300, 301]);
    await first.transact(async (tx) => {
      tx.delete(["queue", 7]);
      expect((await tx.range(startingWith(["queue"]), { limit: 1 })).map(({ value }) => value)).toEqual([300]);
    });
    await first.close();
    const second = sqliteStore(file());
    expect(await shown(second)).toEqual([300, 301, 302]);
    await second.close();
  });
  it("gives ranges of any length, both ways, and of large records the members that are asked for", async () => {
    const first = sqliteStore(file());
    const record = (n: number) => ({ n, name: `é ${n}`, body: Buffer.alloc(n % 3 === 0 ? 1000 : 1), late: n });
    await first.transact(async (tx) => {
      for (let n = 0; n < 2500; n++) tx.set(["r", n], record(n));
      tx.set(["s"], "no record");
    });
    await first.close();
    const second = sqliteStore(file());
    const numbers = Array.from({ length: 2500 }, (_, n) => n);
    const range = (options: { limit: number; reverse?: boolean; only?: string[] }) =>
      second.read((tx) => tx.range(startingWith(["r"]), options));
    expect(await range({ limit: 9999 })).toEqual(numbers.map((n) => ({ key: ["r", n], value: record(n) })));
    const backwards = await range({ limit: 2100, reverse: true });
    expect(backwards.map(({ key }) => key[1])).toEqual(numbers.toReversed().slice(0, 2100));
    const heads = await range({ limit: 9999, only: ["name", "n"] });
    // Where the body lies between the beginning that is read and what may follow, the whole record is there.
    expect(heads.map(({ value }) => value)).toEqual(numbers.map((n) =>
      n % 3 === 0 ? record(n) : { n, name: `é ${n}` }));
    const late = await range({ limit: 9999, reverse: true, only: ["late"] });
    expect(late.map(({ value }) => (value as { late: number }).late)).toEqual(numbers.toReversed());
    const [text] = await second.read((tx) => tx.range(between(["s"], ["t"]), { limit: 1, only: ["late"] }));
    expect(text?.value).toBe("no record");
    await second.close();
  });
  it("is refused while another store has it open", async () => {
    const owner = sqliteStore(file());
    expect(() => sqliteStore(file())).toThrow("another process uses it");
    await owner.close();
  });
  it("is refused when it is not a database", () => {
    writeFileSync(file(), "This is somebody's letter, long enough to be taken for a database's header.\n".repeat(9));
    expect(() => sqliteStore(file())).toThrow("it is not a store of this engine");
    expect(readFileSync(file(), "utf8")).toMatch(/^This is somebody's letter/);
  });
  it("is refused when it is another program's database, which stays as it was", () => {
    const other = new SqliteConnection(file());
    other.exec("CREATE TABLE letters (text)");
    other.close();
    expect(() => sqliteStore(file())).toThrow(StoreUnavailable);
    expect(new SqliteConnection(file()).prepare("PRAGMA journal_mode").pluck().get()).toBe("delete");
  });
  it("is refused when a newer engine wrote it", async () => {
    await sqliteStore(file()).close();
    const newer = new SqliteConnection(file());
    newer.exec("PRAGMA user_version = 99");
    newer.close();
    expect(() => sqliteStore(file())).toThrow("has layout 99, but this engine knows layouts up to 1");
  });
  it("says so when it is damaged", async () => {
    const store = sqliteStore(file());
    await store.transact(async (tx) => {
      for (let i = 0; i < 1000; i++) tx.set(["n", i], "x".repeat(200));
    });
    await store.close();
    const bytes = readFileSync(file());
    writeFileSync(file(), bytes.fill(0xaa, 4 * 8192));
    const damaged = sqliteStore(file());
    await expect(damaged.read((tx) => tx.range(startingWith(["n"]), { limit: 1000 }))).rejects.toThrow(
      "it is damaged; restore");
    await damaged.close();
    truncateSync(file(), 3 * 8192);
    expect(() => sqliteStore(file())).toThrow("it is damaged; restore");
  });
  it("refuses everything once closed", async () => {
    const store = sqliteStore(file());
    await store.close();
    await expect(store.transact(async (tx) => tx.set(["a"], 1))).rejects.toThrow("The store is closed");
    await expect(store.read((tx) => tx.get(["a"]))).rejects.toThrow(StoreUnavailable);
  });
});
