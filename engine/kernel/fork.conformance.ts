/* oxlint-disable unicorn/consistent-function-scoping -- what a group of promises needs stands with the group. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { between, startingWith } from "./key.ts";
import { clients, filling, isExplained, Layout, leftOf, place, play } from "./store-model.conformance.ts";
import type { Fork, RangeOptions, Store } from "./store.ts";

const fruit = startingWith(["fruit"]);
const ALL = { limit: 99 };

/** What a fork of every store promises: `fork` makes one of `open`'s, in memory or somewhere durable. */
export function forkConformance(
  name: string, open: () => Promise<Store>, fork: (store: Store) => Promise<Fork> = (store) => store.fork(),
): void {
  describe(`${name}: the promises of a fork`, () => {
    let store: Store;
    let forks: Fork[];
    beforeEach(async () => {
      store = await open();
      forks = [];
    });
    afterEach(async () => {
      for (const each of forks.reverse()) await each.close();
      await store.close();
    });

    const forked = async (of: Store = store): Promise<Fork> => {
      const made = await (of === store ? fork(of) : of.fork());
      forks.push(made);
      return made;
    };
    const fill = (...names: string[]) => store.transact(async (tx) => {
      for (const each of names) tx.set(["fruit", each], each);
    });
    const list = (from: Store, options: RangeOptions = ALL) =>
      from.read(async (tx) => (await tx.range(fruit, options)).map(({ value }) => value));
    const pinned = (from: Store) =>
      from.read(async (tx) => (await tx.range(fruit, ALL)).map(({ value }) => value), { pinned: true });

    it("sees the base, and keeps what it writes to itself", async () => {
      await fill("apple", "banana", "cherry");
      const its = await forked();
      await its.transact(async (tx) => {
        tx.set(["fruit", "apple"], "worm");
        tx.delete(["fruit", "banana"]);
        tx.set(["fruit", "date"], "date");
      });
      expect(await list(its)).toEqual(["worm", "cherry", "date"]);
      expect(await list(its, { limit: 2, reverse: true })).toEqual(["date", "cherry"]);
      expect(await its.read((tx) => tx.count(fruit))).toBe(3);
      expect(await list(store)).toEqual(["apple", "banana", "cherry"]);
    });

    it("sees what the base was, however the base goes on", async () => {
      await fill("apple", "banana", "cherry");
      const its = await forked();
      await store.transact(async (tx) => {
        tx.set(["fruit", "apple"], "worm");
        tx.delete(["fruit", "banana"]);
        tx.set(["fruit", "date"], "date");
      });
      await store.transact(async (tx) => tx.set(["fruit", "apple"], "another worm"));
      expect(await list(its)).toEqual(["apple", "banana", "cherry"]);
      expect(await list(its, { limit: 2, reverse: true })).toEqual(["cherry", "banana"]);
      expect(await its.read((tx) => tx.get(["fruit", "date"]))).toBeUndefined();
      await store.transact(async (tx) => tx.clear(fruit));
      expect(await pinned(its)).toEqual(["apple", "banana", "cherry"]);
      expect(await its.read((tx) => tx.count(fruit))).toBe(3);
      expect([await list(store), store.isSeenByForks(startingWith(["fruit"]))]).toEqual([[], true]);
      expect(store.isSeenByForks(startingWith(["nuts"]))).toBe(false);
    });

    it("clears, is forked again, and is read pinned", async () => {
      await fill("apple", "banana");
      const first = await forked();
      await first.transact(async (tx) => tx.clear(fruit));
      const second = await forked(first);
      await second.transact(async (tx) => tx.set(["fruit", "cherry"], "cherry"));
      await first.transact(async (tx) => tx.set(["fruit", "date"], "date"));
      await store.transact(async (tx) => tx.delete(["fruit", "apple"]));
      expect([await pinned(store), await pinned(first), await pinned(second)])
        .toEqual([["banana"], ["date"], ["cherry"]]);
      expect(await second.readOrigin(async (tx) => tx.range(fruit, ALL))).toEqual([]);
    });

    it("clears ranges that meet, and writes into what it has cleared", async () => {
      await fill("a", "b", "c", "d", "e", "f");
      const its = await forked();
      const clear = (from: string, to: string) =>
        its.transact(async (tx) => tx.clear(between(["fruit", from], ["fruit", to])));
      await clear("b", "c");
      await clear("d", "e");
      await its.transact(async (tx) => tx.set(["fruit", "d"], "new d"));
      await clear("c", "d");
      expect(await list(its)).toEqual(["a", "new d", "e", "f"]);
      expect(await list(its, { limit: 2 })).toEqual(["a", "new d"]);
      expect(its.changedKeys().map((key) => key[1])).toEqual(["d", "b", "c"]);
    });

    it("keeps another fork of the same base out of what it does", async () => {
      await fill("apple");
      const [left, right] = [await forked(), await forked()];
      await left.transact(async (tx) => tx.set(["fruit", "apple"], "left"));
      await right.transact(async (tx) => tx.set(["fruit", "apple"], "right"));
      await store.transact(async (tx) => tx.set(["fruit", "apple"], "base"));
      const third = await forked();
      expect([await list(left), await list(right), await list(third), await list(store)])
        .toEqual([["left"], ["right"], ["base"], ["base"]]);
    });

    it("appends above the base's positions", async () => {
      await store.transact(async (tx) => tx.append(["log"], "base"));
      const its = await forked();
      await store.transact(async (tx) => tx.append(["log"], "later"));
      await its.transact(async (tx) => tx.append(["log"], "fork"));
      const log = await its.read((tx) => tx.range(startingWith(["log"]), ALL));
      expect(log.map(({ value }) => value)).toEqual(["base", "fork"]);
    });

    it("tells what it has changed, and what that was", async () => {
      await fill("apple", "banana", "cherry");
      const its = await forked();
      expect(its.changedKeys()).toEqual([]);
      await its.transact(async (tx) => {
        tx.clear(startingWith(["nuts"]));
        tx.delete(["fruit", "apple"]);
        tx.set(["fruit", "date"], "date");
      });
      await store.transact(async (tx) => tx.set(["fruit", "banana"], "worm"));
      expect(its.changedKeys()).toEqual([["fruit", "apple"], ["fruit", "date"]]);
      expect(await its.readOrigin((tx) => tx.get(["fruit", "apple"]))).toBe("apple");
      await its.transact(async (tx) => tx.clear(fruit));
      expect(its.changedKeys()).toEqual([["fruit", "apple"], ["fruit", "banana"], ["fruit", "cherry"]]);
    });

    it("is told of its own changes, and not of the base's", async () => {
      const its = await forked();
      const told: string[] = [];
      const done = new Promise<void>((resolve) => {
        its.watch(fruit, () => {
          told.push("fork");
          resolve();
        });
      });
      await fill("apple");
      expect(told).toEqual([]);
      await its.transact(async (tx) => tx.set(["fruit", "date"], "date"));
      await done;
      expect(told).toEqual(["fork"]);
    });
  });
}

/** Random transactions on a base and on two forks at once, each held against a plain map of its own. */
export function forkModelConformance(
  name: string, open: () => Promise<Store>, runs: number,
  fork: (store: Store) => Promise<Fork> = (store) => store.fork(),
): void {
  it(`${name}: a base and two forks, written at once, each go their own way`, async () => {
    const base = await open();
    let count = 0;
    const plans = fc.array(clients, { minLength: 5, maxLength: 5 });
    await fc.assert(fc.asyncProperty(plans, fc.uniqueArray(place), async (planned, filled) => {
      const layout = new Layout(`run ${(count += 1)}`);
      const filledWith = await filling(base, layout, filled);
      const first = await fork(base);
      /** Each store with what it begins with; all play at once. */
      const round = (stores: readonly (readonly [string, Store])[], from: number) =>
        Promise.all(stores.map(async ([where, store], index) => {
          const before = await leftOf(store, layout);
          const history = await play(store, layout, planned[from + index] ?? [], where);
          expect(isExplained(history, layout, before, await leftOf(store, layout))).toBe(true);
        }));
      await round([["base 1 ", base], ["first 1 ", first]], 0);
      const second = await fork(base);
      expect(await leftOf(second, layout)).toEqual(await leftOf(base, layout));
      await round([["base 2 ", base], ["first 2 ", first], ["second ", second]], 2);
      const origin = await first.readOrigin((tx) => tx.range(startingWith([layout.run]), { limit: 999 }));
      expect(origin.map(({ value }) => value)).toEqual([...filledWith.values()]);
      await first.close();
      await second.close();
    }), { numRuns: runs });
    await base.close();
  });
}
