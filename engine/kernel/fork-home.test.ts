import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { manualClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { seededRandom } from "../platform/random.ts";
import { linkBody, unlinkBody } from "./blob-links.ts";
import { snapshotBlobs, sweepBlobs } from "./blob-upkeep.ts";
import type { StoredBody } from "./blobs.ts";
import { fileBlobStore } from "./file-blobs.ts";
import { ForkHome } from "./fork-home.ts";
import { folderPlace } from "./fork-place.ts";
import { forkConformance, forkModelConformance } from "./fork.conformance.ts";
import { startingWith } from "./key.ts";
import type { OptimisticStore } from "./optimistic.ts";
import { saveSnapshot } from "./snapshot.ts";
import { sqliteStore } from "./sqlite.ts";
import { modelConformance } from "./store-model.conformance.ts";
import { storeConformance } from "./store.conformance.ts";
import type { Fork, Store } from "./store.ts";

const MAIN = { kind: "main" } as const;
const HOUR_MS = 3_600_000;
const LARGE = Buffer.alloc(300_000, "abcdefghij");
const fruit = startingWith(["fruit"]);

let folder: string;
let random: ReturnType<typeof seededRandom>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloudstacks-forks-"));
  random = seededRandom(1);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A data directory: its store, bodies and forks. */
async function opened(place = folder) {
  const ids = idsFrom(random);
  const clock = manualClock();
  const store = sqliteStore(join(place, "store.sqlite"), { durability: "relaxed" });
  const blobs = fileBlobStore(join(place, "blobs"), { ids, clock });
  const forks = new ForkHome({ store, blobs, ids, clock, place: folderPlace(join(place, "forks"), "relaxed") });
  await forks.resume();
  return { store, blobs, forks, ids, clock };
}
type Home = Awaited<ReturnType<typeof opened>>;

const set = (store: Store, ...names: string[]) => store.transact(async (tx) => {
  for (const each of names) tx.set(["fruit", each], each);
});
const remove = (store: Store, name: string) => store.transact(async (tx) => tx.delete(["fruit", name]));
const list = (store: Store) =>
  store.read(async (tx) => (await tx.range(fruit, { limit: 99 })).map(({ value }) => value));
const made = async ({ forks }: Home, name: string) => {
  await forks.create(name, MAIN);
  return forks.open(name);
};
async function textOf(blobs: Pick<Home["blobs"], "open">, body: StoredBody): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of blobs.open(body)) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
/** Every file below `place` but the forks', by path. */
const filesOf = (place: string): Record<string, string> =>
  Object.fromEntries(readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name))
    .filter((path) => !path.startsWith(join(place, "forks")))
    .map((path) => [path, readFileSync(path, "base64")]));

/** Forks of `store` in a home made for it; each in turn has a name of its own. */
const homes = new WeakMap<Store, ForkHome>();
let count = 0;
const durableBase = async (): Promise<OptimisticStore> => {
  const place = mkdtempSync(join(folder, "base-"));
  const { store, forks } = await opened(place);
  homes.set(store, forks);
  return store;
};
async function durableFork(store: Store): Promise<Fork> {
  const forks = homes.get(store) as ForkHome;
  const name = `fork-${(count += 1)}`;
  await forks.create(name, MAIN);
  return (await forks.open(name)).store;
}
const forkOfItsOwn = async () => durableFork(await durableBase());

storeConformance("a durable fork", forkOfItsOwn);
modelConformance("a durable fork", forkOfItsOwn, 50);
forkConformance("a durable fork of sqliteStore", durableBase, durableFork);
forkModelConformance("a durable fork of sqliteStore", durableBase, 15, durableFork);

async function forkOfEmptySnapshot(): Promise<Fork> {
  const { store, forks } = await opened(mkdtempSync(join(folder, "snapshot-")));
  const file = join(mkdtempSync(join(folder, "saved-")), "empty.snapshot");
  await saveSnapshot(store, file);
  await forks.create("test", { kind: "snapshot", file });
  return (await forks.open("test")).store;
}
storeConformance("a fork of a snapshot", forkOfEmptySnapshot);
forkConformance("a fork of a fork of a snapshot", forkOfEmptySnapshot);

describe("the forks of a data directory", () => {
  it("are there after a restart, with what they wrote, and with what the base has changed meanwhile", async () => {
    const first = await opened();
    await set(first.store, "apple", "banana");
    const { store } = await made(first, "test");
    await set(store, "cherry");
    await remove(store, "apple");
    await set(first.store, "date");
    await store.close();
    await first.store.close();

    const second = await opened();
    await second.store.transact(async (tx) => tx.clear(fruit));
    await second.store.close();

    const third = await opened();
    expect(third.forks.list()).toMatchObject([{ name: "test", of: { kind: "main" } }]);
    const fork = await third.forks.open("test");
    expect([await list(fork.store), await list(third.store)]).toEqual([["banana", "cherry"], []]);
    expect(await fork.store.readOrigin(async (tx) => (await tx.range(fruit, { limit: 9 })).length)).toBe(2);
    await fork.store.close();
    await third.store.close();
  });

  it("leave the base byte for byte as it was when they are dropped", async () => {
    const home = await opened();
    await set(home.store, "apple", "banana");
    await home.store.close();
    const before = filesOf(folder);
    const again = await opened();
    const { store, blobs } = await made(again, "test");
    await set(store, "apple", "cherry");
    await blobs.write(LARGE);
    await store.transact(async (tx) => tx.clear(fruit));
    expect(existsSync(join(folder, "forks", "test", "store.sqlite"))).toBe(true);
    await store.close();
    await again.forks.drop("test");
    await again.store.close();
    expect(filesOf(folder)).toEqual(before);
    expect(readdirSync(join(folder, "forks"))).toEqual([]);
  });

  it("take along what was kept for them when they are dropped, and leave other forks what is theirs", async () => {
    const home = await opened();
    await set(home.store, "apple");
    const [one, two] = [await made(home, "one"), await made(home, "two")];
    await set(home.store, "banana");
    await remove(home.store, "apple");
    await one.store.close();
    await home.forks.drop("one");
    expect(home.store.keptTags(11)).toHaveLength(1);
    expect(await list(two.store)).toEqual(["apple"]);
    await two.store.close();
    await home.forks.drop("two");
    expect([home.store.keptTags(11), await list(home.store)]).toEqual([[], ["banana"]]);
    await home.store.close();
  });

  it("see nothing of what their base keeps for others", async () => {
    const home = await opened();
    await set(home.store, "apple");
    await home.forks.create("one", MAIN);
    await home.forks.create("two", MAIN);
    await remove(home.store, "apple");
    const { store } = await home.forks.open("one");
    expect([store.keptTags(11), store.changedKeys()]).toEqual([[], []]);
    await store.close();
    await home.store.close();
  });

  it("are forked again; the second stands on the first, however both and the base go on", async () => {
    const home = await opened();
    await set(home.store, "apple");
    const first = await made(home, "first");
    await set(first.store, "banana");
    await home.forks.create("second", { kind: "fork", name: "first" });
    const second = await home.forks.open("second");
    await set(second.store, "cherry");
    await remove(first.store, "banana");
    await remove(home.store, "apple");
    expect([await list(second.store), await list(first.store), await list(home.store)])
      .toEqual([["apple", "banana", "cherry"], ["apple"], []]);
    await second.store.close();
    await first.store.close();
    await home.store.close();
    const again = await opened();
    expect(again.forks.madeOf("first").map(({ name }) => name)).toEqual(["second"]);
    const reopened = await again.forks.open("second");
    expect(await list(reopened.store)).toEqual(["apple", "banana", "cherry"]);
    await reopened.store.close();
    await again.forks.drop("second");
    await (await again.forks.open("first")).store.close();
    await again.store.close();
  });

  it("that a crash has left half made or half dropped are gone after the next start", async () => {
    const home = await opened();
    await set(home.store, "apple");
    const { store } = await made(home, "test");
    await remove(home.store, "apple");
    await store.close();
    await home.store.close();
    rmSync(join(folder, "forks", "test", "fork.json"));
    const again = await opened();
    expect([again.forks.list(), again.store.keptTags(11)]).toEqual([[], []]);
    expect(readdirSync(join(folder, "forks"))).toEqual([]);
    await again.store.close();
  });

  it("never give a position again that they gave before a restart", async () => {
    const home = await opened();
    await home.store.transact(async (tx) => tx.append(["log"], "base"));
    const { store } = await made(home, "test");
    await store.transact(async (tx) => tx.append(["log"], "one"));
    await store.transact(async (tx) => tx.clear(startingWith(["log"])));
    await store.close();
    await home.store.close();
    const again = await opened();
    const fork = await again.forks.open("test");
    await fork.store.transact(async (tx) => tx.append(["log"], "two"));
    const log = await fork.store.read((tx) => tx.range(startingWith(["log"]), { limit: 9 }));
    expect(log.map(({ key }) => key[1] as number > 2)).toEqual([true]);
    await fork.store.close();
    await again.store.close();
  });
});

describe("the bodies of a fork", () => {
  const put = async ({ store, blobs }: Pick<Home, "store" | "blobs">, key: string, bytes: Uint8Array) => {
    const body = await blobs.write(bytes);
    await store.transact(async (tx) => {
      tx.set(["body", key], body);
      linkBody(tx, body, ["body", key]);
    });
    return body;
  };

  it("are its own and go with it; those of the base stay for it when the base deletes and sweeps them", async () => {
    const home = await opened();
    const shared = await put(home, "shared", LARGE);
    const fork = await made(home, "test");
    const own = await put({ store: fork.store, blobs: fork.blobs }, "own", Buffer.concat([LARGE, LARGE]));
    await home.store.transact(async (tx) => {
      tx.delete(["body", "shared"]);
      unlinkBody(tx, shared, ["body", "shared"]);
    });
    home.clock.advanceMs(2 * HOUR_MS);
    expect(await sweepBlobs(home)).toBe(0);
    expect(await sweepBlobs({ ...fork, clock: home.clock })).toBe(0);
    expect((await textOf(fork.blobs, shared)).equals(LARGE)).toBe(true);
    expect((await textOf(fork.blobs, own)).byteLength).toBe(600_000);
    const joined = await fork.blobs.concat([shared, own]);
    expect((await textOf(fork.blobs, joined)).byteLength).toBe(900_000);
    await fork.store.close();
    await home.forks.drop("test");
    expect(await sweepBlobs(home)).toBe(1);
    await home.store.close();
  });

  it("and its records are those of a snapshot that it is made of, read where they lie", async () => {
    const home = await opened();
    await home.store.transact(async (tx) => {
      for (let i = 0; i < 3000; i++) tx.set(["n", i], { i, text: "x".repeat(1000) });
      tx.append(["log"], "base");
    });
    const body = await put(home, "photo", LARGE);
    const file = join(folder, "saved.snapshot");
    await saveSnapshot(home.store, file, snapshotBlobs(home, home.blobs));
    await home.store.transact(async (tx) => tx.clear(startingWith(["n"])));
    await home.forks.create("test", { kind: "snapshot", file });
    const { store, blobs } = await home.forks.open("test");
    const within = async (limit: number, reverse = false) => {
      const found = await store.read((tx) => tx.range<{ i: number }>(startingWith(["n"]), { limit, reverse }));
      return found.map(({ value }) => value.i);
    };
    expect(await within(3)).toEqual([0, 1, 2]);
    expect(await within(3, true)).toEqual([2999, 2998, 2997]);
    expect((await within(9999)).length).toBe(3000);
    expect(await store.read((tx) => tx.count(startingWith(["n"])))).toBe(3000);
    expect(await store.read((tx) => tx.get(["n", 1777]))).toMatchObject({ i: 1777 });
    expect(await store.read((tx) => tx.get(["n", 3000]))).toBeUndefined();
    expect((await textOf(blobs, body)).equals(LARGE)).toBe(true);
    expect(await textOf({ open: (each) => blobs.open(each, { start: 299_990, end: 299_994 }) }, body))
      .toEqual(Buffer.from("abcde"));
    await store.transact(async (tx) => {
      tx.append(["log"], "fork");
      tx.delete(["n", 0]);
    });
    expect(await within(1)).toEqual([1]);
    const log = await store.read((tx) => tx.range(startingWith(["log"]), { limit: 9 }));
    expect(log.map(({ value }) => value)).toEqual(["base", "fork"]);
    await store.close();
    await home.store.close();
  });

  it("refuses a snapshot that is none, that is cut off, and one that was exchanged meanwhile", async () => {
    const home = await opened();
    await set(home.store, "apple");
    const file = join(folder, "saved.snapshot");
    await saveSnapshot(home.store, file);
    const whole = readFileSync(file);
    const other = join(folder, "other.snapshot");
    writeFileSync(other, "Dear reader");
    const fork = (from: string) => home.forks.create("a", { kind: "snapshot", file: from });
    await expect(fork(other)).rejects.toThrow("is not a CloudStacks snapshot");
    writeFileSync(other, whole.subarray(0, -40));
    await expect(fork(other)).rejects.toThrow("damaged (it ends too early)");
    await expect(fork(join(folder, "none"))).rejects.toThrow("cannot be read");
    await home.forks.create("test", { kind: "snapshot", file });
    cpSync(file, other);
    await set(home.store, "banana");
    await saveSnapshot(home.store, file);
    await expect(home.forks.open("test")).rejects.toThrow("is not the one that the fork test was made of");
    cpSync(other, file);
    const { store } = await home.forks.open("test");
    expect(await list(store)).toEqual(["apple"]);
    await store.close();
    await home.store.close();
  });
});
