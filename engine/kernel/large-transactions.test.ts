import { array, assert, asyncProperty, boolean, constant, integer, nat, oneof, record } from "fast-check";
import { expect, test } from "vitest";
import { between } from "./key.ts";
import { memoryStore } from "./memory.ts";

const KEYS = 60;
const step = oneof(
  { weight: 6, arbitrary: record({ kind: constant("set" as const), at: nat(KEYS) }) },
  { weight: 2, arbitrary: record({ kind: constant("delete" as const), at: nat(KEYS) }) },
  { weight: 2, arbitrary: record({ kind: constant("clear" as const), at: nat(KEYS), length: nat(20) }) },
  {
    weight: 3,
    arbitrary: record({
      kind: constant("range" as const),
      at: nat(KEYS),
      length: nat(KEYS),
      limit: integer({ min: 1, max: 30 }),
      reverse: boolean(),
    }),
  },
);

test("a transaction of any number of writes and clears sees what a plain map over the store would hold", async () => {
  const steps = array(step, { minLength: 1, maxLength: 200, size: "max" });
  await assert(
    asyncProperty(array(nat(KEYS), { maxLength: 40 }), steps, async (there, all) => {
      const store = memoryStore();
      const model = new Map<number, number>(there.map((at) => [at, -1]));
      await store.transact(async (tx) => there.forEach((at) => tx.set(["k", at], -1)));
      await store.transact(async (tx) => {
        for (const [index, each] of all.entries()) {
          if (each.kind === "set") {
            tx.set(["k", each.at], index);
            model.set(each.at, index);
          } else if (each.kind === "delete") {
            tx.delete(["k", each.at]);
            model.delete(each.at);
          } else if (each.kind === "clear") {
            tx.clear(between(["k", each.at], ["k", each.at + each.length]));
            for (let at = each.at; at < each.at + each.length; at += 1) model.delete(at);
          } else {
            const { at, length, limit, reverse } = each;
            const seen = await tx.range<number>(between(["k", at], ["k", at + length]), { limit, reverse });
            const expected = [...model].filter(([key]) => key >= at && key < at + length).sort(([a], [b]) => a - b);
            if (reverse) expected.reverse();
            expect(seen.map(({ key, value }) => [key[1], value])).toEqual(expected.slice(0, limit));
          }
        }
      });
      const left = await store.read((tx) => tx.range<number>(between(["k", 0], ["k", 1000]), { limit: 1000 }));
      expect(new Map(left.map(({ key, value }) => [key[1], value]))).toEqual(
        new Map([...model].sort(([a], [b]) => a - b)),
      );
    }),
    { numRuns: 200, seed: 41 },
  );
});
