import * as fc from "fast-check";
import { expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { objects } from "../objects/service.ts";
import { tables } from "./service.ts";
import type { Item } from "./values/attribute-value.ts";

interface Write {
  readonly do: "put" | "add" | "delete" | "transact";
  readonly ids: readonly number[];
  readonly n: number;
}
const write: fc.Arbitrary<Write> = fc.record({
  do: fc.constantFrom("put", "add", "delete", "transact"),
  ids: fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 }),
  n: fc.integer({ min: -2, max: 2 }),
});

const keyOf = (id: number): Item => ({ id: { S: `k${id}` } });
const inOrder = (items: readonly Item[]) =>
  items.toSorted((a, b) => ((a["id"]?.S ?? "") < (b["id"]?.S ?? "") ? -1 : 1));

function tableUnderTest() {
  const { call, clock } = serviceUnderTest(tables, [objects]);
  const table = "things";
  const create = async () => {
    await call("createTable", {
      table,
      attributes: [{ name: "id", type: "S" }],
      keys: [{ name: "id", role: "partition" }],
      billing: "onDemand",
      stream: "newAndOldImages",
    });
    await call("setRecovery", { table, isEnabled: true });
  };
  const itemsOf = async (name: string) => inOrder((await call("scan", { table: name })).items ?? []);
  const add = (id: number, n: number) => ({
    table,
    key: keyOf(id),
    update: "ADD n :n",
    values: { ":n": { N: String(n) } },
  });
  async function carryOut({ do: kind, ids, n }: Write): Promise<void> {
    const [id = 0] = ids;
    if (kind === "put") await call("putItem", { table, item: { ...keyOf(id), n: { N: String(n) } } });
    else if (kind === "add") await call("updateItem", add(id, n));
    else if (kind === "delete") await call("deleteItem", { table, key: keyOf(id) });
    else await call("transactWriteItems", { actions: ids.map((each) => ({ update: add(each, n) })) });
  }
  /** The table as its stream tells it. */
  async function replayed(): Promise<Item[]> {
    const { streams } = await call("listStreams", { table });
    const { iterator } = await call("openIterator", {
      table,
      sinceMs: streams[0]?.sinceMs ?? 0,
      from: "oldest",
    });
    const told = new Map<string, Item>();
    for (let next: string | undefined = iterator; next !== undefined; ) {
      const page: { changes: readonly { keys: Item; old?: Item; next?: Item }[]; next?: string } = await call(
        "readChanges",
        { iterator: next, limit: 3 },
      );
      for (const change of page.changes) {
        const key = change.keys["id"]?.S ?? "";
        expect(change.old).toEqual(told.get(key));
        if (change.next) told.set(key, change.next);
        else told.delete(key);
      }
      next = page.changes.length === 0 ? undefined : page.next;
    }
    return inOrder([...told.values()]);
  }
  return { call, clock, create, itemsOf, carryOut, replayed };
}

test("a stream tells how a table came to be, and the table can be had again as it was at every moment", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 12 }), async (writes) => {
      const { call, clock, create, itemsOf, carryOut, replayed } = tableUnderTest();
      await create();
      const moments = [{ atMs: clock.nowMs(), items: await itemsOf("things") }];
      for (const one of writes) {
        clock.advanceMs(10);
        await carryOut(one);
        moments.push({ atMs: clock.nowMs(), items: await itemsOf("things") });
      }
      expect(await replayed()).toEqual(moments.at(-1)?.items);
      for (const [position, { atMs, items }] of moments.entries()) {
        const target = `at-${position}`;
        await call("restoreToTime", { table: "things", target, atMs });
        expect(await itemsOf(target)).toEqual(items);
      }
    }),
    { numRuns: 60 },
  );
});
