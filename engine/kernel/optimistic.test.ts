import { expect, it } from "vitest";
import type { Backend, Changes, View } from "./backend.ts";
import { OptimisticStore } from "./optimistic.ts";
import { SortedEntries } from "./sorted-entries.ts";
import { StoreUnavailable } from "./store.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

/** A driver whose disk the test works by hand. */
class HandDisk implements Backend {
  private entries = new SortedEntries();
  private committed = new SortedEntries();
  sealFails = false;
  readonly syncs: { done: () => void; fail: () => void }[] = [];
  get = (key: EncodedKey): unknown => this.entries.get(key);
  range = (range: KeyRange, limit: number, reverse: boolean) => this.entries.within(range, limit, reverse);
  count = (range: KeyRange) => this.entries.count(range);
  apply({ writes }: Changes): void {
    for (const [key, value] of writes) this.entries.set(key, value);
  }
  seal(): void {
    if (this.sealFails) {
      this.entries = this.committed.copy();
      throw new StoreUnavailable("disk full");
    }
    this.committed = this.entries.copy();
  }
  sync(): Promise<void> {
    return new Promise((done, reject) => {
      this.syncs.push({ done, fail: () => reject(new StoreUnavailable("disk broken")) });
    });
  }
  pinned = <T>(use: (view: View) => Promise<T>): Promise<T> => use(this);
  nextPosition = (): number => 1;
  raisePosition = (): number => 1;
  close(): void {
    // Nothing is held.
  }
}

/** Long enough for whatever can happen without the disk to happen. */
const turn = async () => {
  for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => setImmediate(resolve));
};
const opened = () => {
  const disk = new HandDisk();
  return { disk, store: new OptimisticStore(disk) };
};
/** What has become of a promise by now. */
const stateOf = (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => "resolved", (error: Error) => error.message), turn().then(() => "waiting")]);
const statesOf = async (...promises: Promise<unknown>[]) => Promise.all(promises.map(stateOf));
const put = (store: OptimisticStore, value: number) => store.transact(async (tx) => tx.set(["a"], value));

it("shows a commit at once, and answers for it and for what rests on it when it is durable", async () => {
  const { disk, store } = opened();
  const write = put(store, 1);
  await turn();
  let seen: unknown;
  const read = store.read(async (tx) => {
    seen = await tx.get(["a"]);
  });
  const unrelated = store.read((tx) => tx.get(["b"]));
  const refused = store.transact(async (tx) => {
    throw new Error(`there is ${await tx.get(["a"])} already`);
  });
  expect(await statesOf(write, read, refused)).toEqual(["waiting", "waiting", "waiting"]);
  expect([seen, await stateOf(unrelated)]).toEqual([1, "resolved"]);
  disk.syncs[0]?.done();
  expect(await statesOf(write, read, refused)).toEqual(["resolved", "resolved", "there is 1 already"]);
});

it("takes a batch back that cannot be committed, fails all that rests on it, and goes on", async () => {
  const { disk, store } = opened();
  disk.sealFails = true;
  const write = put(store, 1);
  const read = store.read((tx) => tx.get(["a"]));
  const following = store.transact(async (tx) => tx.set(["b"], await tx.get(["a"])));
  expect(await statesOf(write, read, following)).toEqual(["disk full", "disk full", "disk full"]);
  expect(await store.read((tx) => tx.get(["a"]))).toBeUndefined();
  disk.sealFails = false;
  const again = put(store, 2);
  await turn();
  disk.syncs[0]?.done();
  await again;
  expect(await store.read((tx) => tx.get(["a"]))).toBe(2);
});

it("begins a transaction again that saw what a failed batch took back", async () => {
  const { disk, store } = opened();
  disk.sealFails = true;
  const seen: unknown[] = [];
  const write = put(store, 1);
  // The commit is visible some promises later, the batch is sealed at the end of the turn.
  for (let i = 0; i < 5; i++) await Promise.resolve();
  const running = store.read(async (tx) => {
    seen.push(await tx.get(["a"]));
    await turn();
    await turn();
  });
  expect(await stateOf(write)).toBe("disk full");
  await running;
  expect(seen).toEqual([1, undefined]);
});

it("stops for good when the disk cannot say what it holds, later batches included", async () => {
  const { disk, store } = opened();
  const first = put(store, 1);
  await turn();
  const second = put(store, 2);
  disk.syncs[0]?.fail();
  expect([await stateOf(first), await stateOf(second)]).toEqual(["disk broken", "disk broken"]);
  await expect(put(store, 3)).rejects.toThrow(StoreUnavailable);
  await expect(store.read((tx) => tx.get(["a"]))).rejects.toThrow("disk broken");
});

it("gathers what commits while the disk works into one batch", async () => {
  const { disk, store } = opened();
  const first = put(store, 1);
  await turn();
  const others = [2, 3, 4].map((value) => put(store, value));
  await turn();
  expect(disk.syncs).toHaveLength(1);
  disk.syncs[0]?.done();
  await first;
  await turn();
  expect(disk.syncs).toHaveLength(2);
  disk.syncs[1]?.done();
  await Promise.all(others);
});

it("lets a transaction through that always loses, and a read that others outrun", async () => {
  const { disk, store } = opened();
  disk.sync = async () => undefined;
  await put(store, 0);
  let isOver = false;
  const busy = (async () => {
    for (let i = 1; !isOver; i++) await put(store, i);
  })();
  const slow = async (tx: { get(key: readonly string[]): Promise<unknown> }) => {
    await tx.get(["a"]);
    for (let i = 0; i < 5; i++) await turn();
    return "through";
  };
  expect(await store.read(slow)).toBe("through");
  expect(await store.transact(async (tx) => {
    tx.set(["c"], await slow(tx));
    return "through";
  })).toBe("through");
  isOver = true;
  await busy;
});
