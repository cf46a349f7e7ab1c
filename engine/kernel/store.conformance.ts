/* oxlint-disable unicorn/consistent-function-scoping -- what a group of promises needs stands with the group. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { after, between, encodeKey, startingWith, textStartingWith } from "./key.ts";
import type { EncodedKey, Entry, Key, Store } from "./store.ts";

const count = (tx: { get<T>(key: Key): Promise<T | undefined> }, key: Key) => tx.get<number>(key).then((n) => n ?? 0);
const values = (entries: readonly Entry[]) => entries.map((entry) => entry.value);
const fruit = startingWith(["fruit"]);

/** A promise that the test resolves. */
function signal(): { readonly given: Promise<void>; give: () => void } {
  let give = () => undefined as void;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

/** What every store promises, whatever it is made of. */
export function storeConformance(name: string, open: () => Promise<Store>): void {
  describe(`${name}: the promises of a store`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const fill = (...names: string[]) => store.transact(async (tx) => {
      for (const each of names) tx.set(["fruit", each], each);
    });

    describe("reading and writing", () => {
      it("gives back what was set, deeply frozen", async () => {
        const tags = ["x", { deep: true }];
        const record = { name: "a", tags, count: 5, big: 2n ** 60n, at: new Date(5), none: null, fraction: -0.5 };
        await store.transact(async (tx) => tx.set(["r"], record));
        const found = await store.read((tx) => tx.get<typeof record>(["r"]));
        expect(found).toEqual(record);
        expect(Object.isFrozen(found) && Object.isFrozen(found?.tags) && Object.isFrozen(found?.tags[1])).toBe(true);
      });
      it("keeps its own copy of bytes", async () => {
        const bytes = Buffer.from("abc");
        await store.transact(async (tx) => tx.set(["b"], { bytes }));
        bytes[0] = 0;
        expect(await store.read((tx) => tx.get(["b"]))).toEqual({ bytes: Buffer.from("abc") });
      });
      it("knows nothing of a key that was never set, or was deleted", async () => {
        await fill("apple");
        await store.transact(async (tx) => tx.delete(["fruit", "apple"]));
        expect(await store.read((tx) => tx.get(["fruit", "apple"]))).toBeUndefined();
        expect(await store.read((tx) => tx.get(["fruit", "plum"]))).toBeUndefined();
      });
      const unkept = [undefined, () => 1, Symbol("s"), { f: () => 1 }, [new Map()], new Error("no")];
      it.each(unkept)("refuses %s as a value", async (value) => {
        await expect(store.transact(async (tx) => tx.set(["v"], value))).rejects.toThrow("a stored value is plain");
        expect(await store.read((tx) => tx.get(["v"]))).toBeUndefined();
      });
      it("writes nothing when the transaction throws, and says what it threw", async () => {
        const failing = store.transact(async (tx) => {
          tx.set(["fruit", "apple"], 1);
          throw new Error("mine");
        });
        await expect(failing).rejects.toThrow("mine");
        expect(await store.read((tx) => tx.get(["fruit", "apple"]))).toBeUndefined();
      });
    });

    describe("ranges", () => {
      beforeEach(() => fill("apple", "banana", "cherry", "date", "elder"));
      const list = (options: { limit: number; reverse?: boolean }, range = fruit) =>
        store.read(async (tx) => values(await tx.range(range, options)));

      it("come in the order of their keys, at most `limit`", async () => {
        expect(await list({ limit: 3 })).toEqual(["apple", "banana", "cherry"]);
        expect(await list({ limit: 99 })).toEqual(["apple", "banana", "cherry", "date", "elder"]);
        expect(await list({ limit: 0 })).toEqual([]);
      });
      it("come backwards from the end", async () => {
        expect(await list({ limit: 2, reverse: true })).toEqual(["elder", "date"]);
        expect(await list({ limit: 99, reverse: true }, after(fruit, ["fruit", "cherry"]))).toEqual(["elder", "date"]);
      });
      it("include their first key and exclude their last", async () => {
        expect(await list({ limit: 9 }, between(["fruit", "banana"], ["fruit", "date"]))).toEqual(["banana", "cherry"]);
        expect(await list({ limit: 9, reverse: true }, between(["fruit", "banana"], ["fruit", "date"])))
          .toEqual(["cherry", "banana"]);
        expect(await list({ limit: 9 }, between(["fruit", "date"], ["fruit", "banana"]))).toEqual([]);
      });
      it("give the keys back as they were set", async () => {
        const [first] = await store.read((tx) => tx.range(fruit, { limit: 1 }));
        expect(first?.key).toEqual(["fruit", "apple"]);
      });
      it("give at least the members that are asked for", async () => {
        const value = { size: 1, name: "fig", body: "x".repeat(9) };
        await store.transact(async (tx) => tx.set(["fruit", "fig"], value));
        const [last] = await store.read((tx) => tx.range(fruit, { limit: 1, reverse: true, only: ["size", "none"] }));
        expect({ ...value, ...(last?.value as object) }).toEqual(value);
        expect(last?.value).toMatchObject({ size: 1 });
      });
      it("find the texts that start with a text", async () => {
        await fill("car", "card", "care", "cat");
        expect(await list({ limit: 9 }, textStartingWith(["fruit"], "car"))).toEqual(["car", "card", "care"]);
      });
      it("are scanned page by page, both ways", async () => {
        const scanned = (reverse: boolean) => store.read(async (tx) => {
          const found: unknown[] = [];
          for await (const entry of tx.scan(fruit, { pageSize: 2, reverse })) found.push(entry.value);
          return found;
        });
        expect(await scanned(false)).toEqual(["apple", "banana", "cherry", "date", "elder"]);
        expect(await scanned(true)).toEqual(["elder", "date", "cherry", "banana", "apple"]);
      });
      it("are counted without their values", async () => {
        const counted = (range = fruit) => store.read((tx) => tx.count(range));
        expect(await counted()).toBe(5);
        expect(await counted(between(["fruit", "banana"], ["fruit", "date"]))).toBe(2);
        expect(await counted(between(["fruit", "date"], ["fruit", "banana"]))).toBe(0);
        expect(await counted(startingWith(["vegetable"]))).toBe(0);
      });
      it("are counted with what a transaction has written, deleted and cleared", async () => {
        const seen = await store.transact(async (tx) => {
          tx.clear(between(["fruit", "c"], ["fruit", "d"]));
          tx.set(["fruit", "cherry"], "again");
          tx.set(["fruit", "apple"], "other");
          tx.set(["fruit", "fig"], "new");
          tx.delete(["fruit", "date"]);
          tx.delete(["fruit", "grape"]);
          return [await tx.count(fruit), await tx.count(between(["fruit", "c"], ["fruit", "e"]))];
        });
        expect(seen).toEqual([5, 1]);
        expect(await store.read((tx) => tx.count(fruit))).toBe(5);
      });
      it("show a transaction its own writes, deletions and clears", async () => {
        const seen = await store.transact(async (tx) => {
          tx.set(["fruit", "bilberry"], "bilberry");
          tx.delete(["fruit", "date"]);
          tx.clear(between(["fruit", "c"], ["fruit", "d"]));
          tx.set(["fruit", "cloudberry"], "cloudberry");
          return {
            forwards: values(await tx.range(fruit, { limit: 4 })),
            backwards: values(await tx.range(fruit, { limit: 2, reverse: true })),
            cleared: await tx.get(["fruit", "cherry"]), own: await tx.get(["fruit", "cloudberry"]),
          };
        });
        expect(seen).toEqual({
          forwards: ["apple", "banana", "bilberry", "cloudberry"], backwards: ["elder", "cloudberry"],
          cleared: undefined, own: "cloudberry",
        });
        expect(await list({ limit: 9 })).toEqual(["apple", "banana", "bilberry", "cloudberry", "elder"]);
      });
    });

    describe("isolation", () => {
      /** Runs `first` until it has read, lets `second` commit, then lets the first go on. */
      async function interleaved(
        first: (pause: () => Promise<void>) => Promise<unknown>, second: () => Promise<unknown>) {
        const hasRead = signal();
        const mayGoOn = signal();
        const running = first(async () => {
          hasRead.give();
          await mayGoOn.given;
        });
        await hasRead.given;
        await second();
        mayGoOn.give();
        return running;
      }
      const set = (key: Key, value: unknown) => store.transact(async (tx) => tx.set(key, value));

      it("begins a transaction again when what it read was changed", async () => {
        await set(["n"], 1);
        let runs = 0;
        await interleaved((pause) => store.transact(async (tx) => {
          runs += 1;
          const n = await count(tx, ["n"]);
          await pause();
          tx.set(["n"], n + 1);
        }), () => set(["n"], 10));
        expect(await store.read((tx) => tx.get(["n"]))).toBe(11);
        expect(runs).toBe(2);
      });
      it("refuses write skew", async () => {
        await store.transact(async (tx) => {
          tx.set(["duty", "a"], true);
          tx.set(["duty", "b"], true);
        });
        const leave = (who: string, pause = async () => undefined as void) => store.transact(async (tx) => {
          const onDuty = (await tx.range<boolean>(startingWith(["duty"]), { limit: 9 })).filter((entry) => entry.value);
          await pause();
          if (onDuty.length > 1) tx.set(["duty", who], false);
        });
        await interleaved((pause) => leave("a", pause), () => leave("b"));
        const left = await store.read((tx) => tx.range<boolean>(startingWith(["duty"]), { limit: 9 }));
        expect(left.filter((entry) => entry.value)).toHaveLength(1);
      });
      it("refuses a phantom in an empty range", async () => {
        const claim = (who: string, pause = async () => undefined as void) => store.transact(async (tx) => {
          const found = await tx.range(fruit, { limit: 9 });
          await pause();
          if (found.length === 0) tx.set(["fruit", who], who);
        });
        await interleaved((pause) => claim("apple", pause), () => claim("banana"));
        expect(await store.read(async (tx) => values(await tx.range(fruit, { limit: 9 })))).toEqual(["banana"]);
      });
      it("never shows a transaction two states mixed", async () => {
        const setBoth = (value: number) => store.transact(async (tx) => {
          tx.set(["left"], value);
          tx.set(["right"], value);
        });
        await setBoth(1);
        const torn = await interleaved((pause) => store.transact(async (tx) => {
          const left = await tx.get(["left"]);
          await pause();
          const right = await tx.get(["right"]);
          if (left !== right) throw new Error("torn");
          tx.set(["sum"], [left, right]);
        }), () => setBoth(2));
        expect(torn).toBeUndefined();
      });
      it("counts exactly with 200 at once", async () => {
        const increment = () => store.transact(async (tx) => tx.set(["n"], (await count(tx, ["n"])) + 1));
        await Promise.all(Array.from({ length: 200 }, increment));
        expect(await store.read((tx) => tx.get(["n"]))).toBe(200);
      });
      it("counts exactly with 200 in sequence, each running once in this process", async () => {
        let runs = 0;
        await Promise.all(Array.from({ length: 200 }, () => store.transact(async (tx) => {
          runs += 1;
          tx.set(["n"], (await count(tx, ["n"])) + 1);
        }, { sequence: ["n"] })));
        expect(await store.read((tx) => tx.get(["n"]))).toBe(200);
        expect(runs).toBe(200);
      });
      it("shows a pinned read one state, however much is written meanwhile", async () => {
        await fill("apple", "banana");
        await store.read(async (tx) => {
          expect(await tx.get(["fruit", "apple"])).toBe("apple");
          await store.transact(async (other) => {
            other.set(["fruit", "apple"], "worm");
            other.delete(["fruit", "banana"]);
            other.set(["fruit", "cherry"], "cherry");
          });
          expect(values(await tx.range(fruit, { limit: 9 }))).toEqual(["apple", "banana"]);
          expect(await tx.get(["fruit", "apple"])).toBe("apple");
        }, { pinned: true });
        expect(await store.read((tx) => tx.get(["fruit", "apple"]))).toBe("worm");
      });
    });

    describe("logs", () => {
      const append = (...entries: string[]) => store.transact(async (tx) => {
        for (const entry of entries) tx.append(["log"], entry);
      });
      it("hold entries in the order of commits, and of calls within one", async () => {
        await append("a", "b");
        await append("c");
        await store.transact(async (tx) => {
          tx.append(["other"], "x");
          tx.append(["log"], "d");
        });
        const found = await store.read((tx) => tx.range(startingWith(["log"]), { limit: 9 }));
        expect(values(found)).toEqual(["a", "b", "c", "d"]);
      });
      it("go on above a raised position", async () => {
        await store.position(5000);
        await append("a");
        const [entry] = await store.read((tx) => tx.range(startingWith(["log"]), { limit: 9 }));
        expect(entry?.key[1]).toBeGreaterThanOrEqual(5000);
      });
    });

    describe("watches", () => {
      it("tell of commits in their range", async () => {
        const told = signal();
        const stop = store.watch(fruit, told.give);
        await fill("apple");
        await told.given;
        stop();
      });
      it("tell of a cleared range", async () => {
        await fill("apple");
        const told = signal();
        const stop = store.watch(fruit, told.give);
        await store.transact(async (tx) => tx.clear(fruit));
        await told.given;
        stop();
        expect(await store.read((tx) => tx.range(fruit, { limit: 1 }))).toEqual([]);
      });
    });

    it("keeps the byte order of keys in every range", async () => {
      const keys: Key[] = [
        ["a"], ["a", null], ["a", 0], ["a", -1], ["a", 256], ["a", "ü"], ["a", "\u{1F600}"],
        ["b", Buffer.from([0, 255])],
      ];
      await store.transact(async (tx) => {
        for (const key of keys) tx.set(key, encodeKey(key));
      });
      const everything = { from: "\x00" as EncodedKey, to: "\xff" as EncodedKey };
      const found = await store.read((tx) => tx.range<string>(everything, { limit: 99 }));
      expect(values(found)).toEqual(keys.map((key) => encodeKey(key)).sort());
    });
  });
}
