import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import type { OperationInput } from "../manifest.ts";
import { objects } from "../objects/service.ts";
import { tables } from "./service.ts";
import type { Item } from "./values/attribute-value.ts";

type Create = OperationInput<typeof tables, "createTable">;

const byId: Create = {
  table: "things",
  attributes: [{ name: "id", type: "S" }],
  keys: [{ name: "id", role: "partition" }],
  billing: "onDemand",
};
const byIdAndAt: Create = {
  ...byId,
  attributes: [
    { name: "id", type: "S" },
    { name: "num", type: "N" },
  ],
  keys: [
    { name: "id", role: "partition" },
    { name: "num", role: "sort" },
  ],
};
async function started(definition: Create) {
  const under = serviceUnderTest(tables, [objects]);
  await under.call("createTable", definition);
  const put = (item: Item) => under.call("putItem", { table: "things", item });
  const scanAll = async (index?: string) =>
    (await under.call("scan", { table: "things", ...(index && { index }) })).items ?? [];
  return { ...under, put, scanAll };
}
const S = (text: string) => ({ S: text });
const N = (number: number | string) => ({ N: String(number) });

describe("items that are wanted as text", () => {
  test("come as JSON, page by page and filtered; those with bytes in them come as values", async () => {
    const { call, put } = await started(byIdAndAt);
    for (const n of [1, 2, 3]) await put({ id: S("a"), num: N(n), note: S(`"${n}"`) });
    await put({ id: S("b"), num: N(1), body: { B: Buffer.from("x") } });
    const ask = { table: "things", asText: true };
    const first = '{"id":{"S":"a"},"num":{"N":"1"},"note":{"S":"\\"1\\""}}';
    expect(await call("getItem", { ...ask, key: { id: S("a"), num: N(1) } })).toEqual({ itemText: first });
    expect(await call("getItem", { ...ask, key: { id: S("a"), num: N(9) } })).toEqual({});
    expect(await call("getItem", { ...ask, key: { id: S("a"), num: N(1) }, projection: "num" })).toEqual({
      item: { num: N(1) },
    });
    const query = (id: string, more: object = {}) =>
      call("query", { ...ask, keyCondition: "id = :id", values: { ":id": S(id) }, ...more });
    const page = await query("a", { limit: 2, filter: "note = :n", values: { ":id": S("a"), ":n": S('"1"') } });
    expect(page).toEqual({ itemsText: `[${first}]`, count: 1, scannedCount: 2, lastKey: { id: S("a"), num: N(2) } });
    expect(await query("b")).toMatchObject({ items: [{ body: { B: Buffer.from("x") } }], count: 1 });
    expect(await query("c")).toEqual({ itemsText: "[]", count: 0, scannedCount: 0 });
    expect(await query("a", { select: "count" })).toEqual({ count: 3, scannedCount: 3 });
  });
});

describe("keys", () => {
  test.each([
    [{ num: N(1) }, "One or more parameter values were invalid: Missing the key id in the item"],
    [
      { id: N(1), num: N(1) },
      "One or more parameter values were invalid: Type mismatch for key id expected: S actual: N",
    ],
    [{ id: S(""), num: N(1) }, "cannot contain an empty string value. Key: id"],
    [{ id: S("x".repeat(2049)), num: N(1) }, "Size of hashkey has exceeded the maximum size limit of2048 bytes"],
    [{ id: S("a"), num: N(1), big: S("x".repeat(409_600)) }, "Item size has exceeded the maximum allowed size"],
    [{ id: S("a"), num: N(1), set: { SS: [] } }, "An string set  may not be empty"],
    [{ id: S("a"), num: N(1), set: { SS: ["a", "a"] } }, "Input collection [a, a] contains duplicates."],
    [{ id: S("a"), num: N(1), set: { NS: ["1", "1.0"] } }, "Input collection contains duplicates"],
    [
      { id: S("a"), num: N(1), none: {} },
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
    ],
    [{ id: S("a"), num: N(1), two: { S: "", N: "1" } }, "Supplied AttributeValue has more than one datatypes set"],
  ] as [Item, string][])("an item %# is refused", async (item, message) => {
    const { put } = await started(byIdAndAt);
    await expect(put(item)).rejects.toThrow(message);
  });

  test("a key that is too short, too long or of another kind does not match the schema", async () => {
    const { call } = await started(byIdAndAt);
    const wrong: Item[] = [{ id: S("a") }, { id: S("a"), num: N(1), more: N(1) }, { id: S("a"), num: S("1") }];
    for (const key of wrong) {
      await expect(call("getItem", { table: "things", key })).rejects.toThrow(
        "The provided key element does not match the schema",
      );
    }
  });

  test("an item of exactly 400 KiB is kept, and numbers come back in normal form", async () => {
    const { put, call } = await started(byIdAndAt);
    await put({ id: S("a"), num: N("01.50"), big: S("x".repeat(400 * 1024 - "idanum".length - "big".length - 2)) });
    expect((await call("getItem", { table: "things", key: { id: S("a"), num: N("1.5") } })).item?.["num"]).toEqual(
      N("1.5"),
    );
  });
});

describe("queries", () => {
  test("each comparison reads its part of the partition, both ways", async () => {
    const { put, call } = await started(byIdAndAt);
    for (const at of ["-10", "-1.5", "0", "2", "10", "10.5"]) await put({ id: S("a"), num: N(at) });
    await put({ id: S("b"), num: N(1) });
    const read = async (condition: string, isForward = true) =>
      (
        await call("query", {
          table: "things",
          keyCondition: `id = :id${condition}`,
          isForward,
          values: {
            ":id": S("a"),
            ...(condition.includes(":x") && { ":x": N(2) }),
            ...(condition.includes(":y") && { ":y": N(10) }),
          },
        })
      ).items?.map((item) => item["num"]?.N);
    expect(await read("")).toEqual(["-10", "-1.5", "0", "2", "10", "10.5"]);
    expect(await read("", false)).toEqual(["10.5", "10", "2", "0", "-1.5", "-10"]);
    expect(await read(" AND num < :x")).toEqual(["-10", "-1.5", "0"]);
    expect(await read(" AND num <= :x")).toEqual(["-10", "-1.5", "0", "2"]);
    expect(await read(" AND num > :x")).toEqual(["10", "10.5"]);
    expect(await read(" AND num >= :x", false)).toEqual(["10.5", "10", "2"]);
    expect(await read(" AND num = :x")).toEqual(["2"]);
    expect(await read(" AND num BETWEEN :x AND :y")).toEqual(["2", "10"]);
    expect(await read(" AND :x < num")).toEqual(["10", "10.5"]);
  });

  test("a prefix reads text that starts with it, whatever its characters", async () => {
    const { put, call } = await started({
      ...byIdAndAt,
      attributes: [
        { name: "id", type: "S" },
        { name: "num", type: "S" },
      ],
    });
    for (const text of ["a", "ab", "ab\u0000c", "aé", "b", "\u{1F600}", "\uFFFD"])
      await put({ id: S("p"), num: S(text) });
    const found = async (keyCondition: string, values: Item) =>
      (await call("query", { table: "things", keyCondition, values })).items?.map((item) => item["num"]?.S);
    const starting = (prefix: string) =>
      found("id = :id AND begins_with(num, :p)", { ":id": S("p"), ":p": S(prefix) });
    expect(await starting("ab")).toEqual(["ab", "ab\u0000c"]);
    expect(await starting("a")).toEqual(["a", "ab", "ab\u0000c", "aé"]);
    await expect(starting("")).rejects.toThrow("cannot contain an empty string value. Key: num");
    // By UTF-8 bytes the replacement character comes before an emoji; by UTF-16 units it would come after.
    const all = await found("id = :id", { ":id": S("p") });
    expect(all).toEqual(["a", "ab", "ab\u0000c", "aé", "b", "\uFFFD", "\u{1F600}"]);
  });

  test("pages end at the limit or at one megabyte and go on where they ended", async () => {
    const { put, call } = await started(byIdAndAt);
    const body = S("x".repeat(300 * 1024));
    for (let num = 0; num < 8; num += 1) await put({ id: S("a"), num: N(num), body });
    const pages: number[] = [];
    let startKey: Item | undefined;
    do {
      const page = await call("query", {
        table: "things",
        keyCondition: "id = :id",
        values: { ":id": S("a") },
        projection: "num",
        ...(startKey && { startKey }),
      });
      pages.push(page.count);
      startKey = page.lastKey;
    } while (startKey);
    expect(pages).toEqual([3, 3, 2]);
    const limited = await call("scan", { table: "things", limit: 2, select: "count" });
    expect(limited).toMatchObject({ count: 2, scannedCount: 2, lastKey: { id: S("a"), num: N(1) } });
    await expect(
      call("query", {
        table: "things",
        keyCondition: "id = :id",
        values: { ":id": S("b") },
        startKey: { id: S("a"), num: N(1) },
      }),
    ).rejects.toThrow("The provided starting key is outside query boundaries based on provided conditions");
  });

  test.each([
    ["num = :n", { ":n": N(1) }, "Query condition missed key schema element: id"],
    ["id > :s", { ":s": S("a") }, "Query key condition not supported"],
    ["id = :n", { ":n": N(1) }, "Condition parameter type does not match schema type"],
    [
      "id = :s AND num > :n AND num < :n",
      { ":s": S("a"), ":n": N(1) },
      "KeyConditionExpressions must only contain one condition per key",
    ],
    ["id = :s OR id = :n", { ":s": S("a"), ":n": S("b") }, "Invalid operator used in KeyConditionExpression: OR"],
  ])("%s is no key condition", async (keyCondition, values, message) => {
    const { call } = await started(byIdAndAt);
    await expect(call("query", { table: "things", keyCondition, values: values as never })).rejects.toThrow(message);
  });

  test("segments of a scan share the items out without overlap", async () => {
    const { put, call } = await started(byId);
    const ids = Array.from({ length: 50 }, (_, index) => `item-${index}`);
    for (const id of ids) await put({ id: S(id) });
    const found: (string | undefined)[] = [];
    for (let segment = 0; segment < 7; segment += 1) {
      const { items = [] } = await call("scan", { table: "things", segment, totalSegments: 7 });
      expect(items.length).toBeLessThan(30);
      found.push(...items.map((item) => item["id"]?.S));
    }
    expect(found.sort()).toEqual(ids.sort());
  });
});

const indexed: Create = {
  ...byIdAndAt,
  attributes: [...byIdAndAt.attributes, { name: "kind", type: "S" }, { name: "rank2", type: "N" }],
  indexes: [
    {
      name: "by-kind",
      isLocal: false,
      keys: [
        { name: "kind", role: "partition" },
        { name: "rank2", role: "sort" },
      ],
      projection: { kind: "keysOnly" },
    },
    {
      name: "by-rank",
      isLocal: true,
      keys: [
        { name: "id", role: "partition" },
        { name: "rank2", role: "sort" },
      ],
      projection: { kind: "include", attributes: ["note"] },
    },
  ],
};

describe("indexes", () => {
  test("an item is in an index while it has the index's keys", async () => {
    const { put, call, scanAll } = await started(indexed);
    const key = { id: S("a"), num: N(1) };
    await put({ ...key, kind: S("x"), rank2: N(3), note: S("n") });
    expect(await scanAll("by-kind")).toEqual([{ ...key, kind: S("x"), rank2: N(3) }]);
    expect(await scanAll("by-rank")).toEqual([{ ...key, rank2: N(3), note: S("n") }]);
    await call("updateItem", { table: "things", key, update: "SET rank2 = rank2 + :one", values: { ":one": N(1) } });
    expect(await scanAll("by-kind")).toEqual([{ ...key, kind: S("x"), rank2: N(4) }]);
    await call("updateItem", { table: "things", key, update: "REMOVE kind" });
    expect(await scanAll("by-kind")).toEqual([]);
    await call("deleteItem", { table: "things", key });
    expect(await scanAll("by-rank")).toEqual([]);
  });

  test("a wrong kind of index key is refused on every way in", async () => {
    const { put, call } = await started(indexed);
    const key = { id: S("a"), num: N(1) };
    const message = "Type mismatch for Index Key kind Expected: S Actual: N IndexName: by-kind";
    await expect(put({ ...key, kind: N(1) })).rejects.toThrow(message);
    await expect(
      call("updateItem", { table: "things", key, update: "SET kind = :n", values: { ":n": N(1) } }),
    ).rejects.toThrow("The update expression attempted to update a secondary index key to unsupported type");
    await expect(put({ ...key, kind: S("") })).rejects.toThrow("IndexName: by-kind, IndexKey: kind");
  });

  test("a local index completes what it does not keep; a global one refuses", async () => {
    const { put, call } = await started(indexed);
    const whole = { id: S("a"), num: N(1), kind: S("x"), rank2: N(3), extra: S("o") };
    await put(whole);
    const local = { table: "things", index: "by-rank", keyCondition: "id = :id", values: { ":id": S("a") } };
    expect((await call("query", { ...local, select: "all" })).items).toEqual([whole]);
    expect((await call("query", { ...local, projection: "extra" })).items).toEqual([{ extra: S("o") }]);
    const global = { table: "things", index: "by-kind", keyCondition: "kind = :k", values: { ":k": S("x") } };
    await expect(call("query", { ...global, select: "all" })).rejects.toThrow("its projection type is not ALL");
    await expect(call("query", { ...global, projection: "extra" })).rejects.toThrow(
      "Global secondary index by-kind does not project [extra]",
    );
    const filtered = { filter: "extra = :k" };
    await expect(call("query", { ...global, ...filtered })).rejects.toThrow(
      "Secondary index by-kind does not project one or more filter attributes: [extra]",
    );
    const scanned = { ...filtered, table: "things", index: "by-rank", values: global.values };
    await expect(call("scan", scanned)).rejects.toThrow(
      "Secondary index by-rank does not project one or more filter attributes: [extra]",
    );
    await expect(call("query", { ...global, isConsistent: true })).rejects.toThrow(
      "Consistent reads are not supported on global secondary indexes",
    );
  });

  test("a new index is filled with what is there, and a deleted one is empty when it comes again", async () => {
    const { put, call, scanAll } = await started(byId);
    await put({ id: S("a"), kind: S("x") });
    await put({ id: S("b"), kind: N(1) });
    const create = {
      name: "by-kind",
      isLocal: false,
      keys: [{ name: "kind", role: "partition" as const }],
      projection: { kind: "all" as const },
    };
    const attributes: Create["attributes"] = [{ name: "kind", type: "S" }];
    await call("updateTable", { table: "things", attributes, indexChanges: [{ create }] });
    expect(await scanAll("by-kind")).toEqual([{ id: S("a"), kind: S("x") }]);
    const { table } = await call("updateTable", { table: "things", indexChanges: [{ delete: { name: "by-kind" } }] });
    expect(table.attributes).toEqual([{ name: "id", type: "S" }]);
    await expect(scanAll("by-kind")).rejects.toThrow("The table does not have the specified index: by-kind");
  });
});

describe("tokens", () => {
  test("a token is good for ten minutes", async () => {
    const { call, clock } = await started(byId);
    const add = (n: number) =>
      call("transactWriteItems", {
        token: "t",
        actions: [{ update: { table: "things", key: { id: S("a") }, update: "ADD n :n", values: { ":n": N(n) } } }],
      });
    await add(1);
    await add(1);
    await expect(add(2)).rejects.toMatchObject({ code: "IdempotencyTokenReused" });
    clock.advanceSeconds(600);
    await add(1);
    clock.advanceSeconds(1);
    await add(2);
    expect((await call("getItem", { table: "things", key: { id: S("a") } })).item?.["n"]).toEqual(N(3));
  });
});

describe("a token with a request", () => {
  test.each([
    ["whose members stand in another order is the same", { b: S("y"), id: S("a") }, undefined],
    ["whose texts are cut otherwise is another", { id: S("a"), bS: S("y") }, "IdempotencyTokenReused"],
    ["of another kind of value is another", { id: S("a"), b: N(1) }, "IdempotencyTokenReused"],
  ])("%s", async (_, item, code) => {
    const { call } = await started(byId);
    const put = (item: Item) =>
      call("transactWriteItems", { token: "t", actions: [{ put: { table: "things", item } }] }).then(
        () => undefined,
        (problem: { code: string }) => problem.code,
      );
    expect(await put({ id: S("a"), b: S("y") })).toBe(undefined);
    expect(await put(item as Item)).toBe(code);
  });
});

type Step =
  | { do: "put" | "create" | "delete" | "touch"; id: number; rank: number | undefined }
  | { do: "transact"; ids: number[]; mustExist: number };
const id = fc.integer({ min: 0, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom("put", "create", "delete", "touch"),
    id,
    rank: fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined }),
  }),
  fc.record({
    do: fc.constant("transact" as const),
    ids: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }),
    mustExist: id,
  }),
);

const failsAs = async (promise: Promise<unknown>) =>
  promise.then(
    () => "done",
    (error: { code?: string }) => error.code,
  );
const sorted = (items: readonly Item[]) => items.toSorted((a, b) => ((a["id"]?.S ?? "") < (b["id"]?.S ?? "") ? -1 : 1));

test("a table and its index equal a map, whatever is done", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { call, scanAll } = await started({
        ...byId,
        attributes: [
          { name: "id", type: "S" },
          { name: "score", type: "N" },
        ],
        indexes: [
          {
            name: "by-score",
            isLocal: false,
            keys: [{ name: "score", role: "partition" }],
            projection: { kind: "all" },
          },
        ],
      });
      const model = new Map<string, Item>();
      for (const one of steps) {
        if (one.do === "transact") {
          const others = one.ids.filter((other) => other !== one.mustExist);
          const actions = [
            { check: { table: "things", key: { id: S(`k${one.mustExist}`) }, condition: "attribute_exists(id)" } },
            ...others.map((other) => ({
              update: {
                table: "things",
                key: { id: S(`k${other}`) },
                update: "SET score = :r",
                values: { ":r": N(9) },
              },
            })),
          ];
          const exists = model.has(`k${one.mustExist}`);
          expect(await failsAs(call("transactWriteItems", { actions }))).toBe(exists ? "done" : "TransactionCancelled");
          if (exists)
            for (const other of others)
              model.set(`k${other}`, { ...model.get(`k${other}`), id: S(`k${other}`), score: N(9) });
          continue;
        }
        const key = `k${one.id}`;
        const item: Item = { id: S(key), ...(one.rank !== undefined && { score: N(one.rank) }) };
        if (one.do === "put") {
          await call("putItem", { table: "things", item });
          model.set(key, item);
        } else if (one.do === "create") {
          const outcome = await failsAs(
            call("putItem", { table: "things", item, condition: "attribute_not_exists(id)" }),
          );
          expect(outcome).toBe(model.has(key) ? "ConditionFailed" : "done");
          if (!model.has(key)) model.set(key, item);
        } else if (one.do === "delete") {
          const { attributes } = await call("deleteItem", {
            table: "things",
            key: { id: S(key) },
            returnValues: "allOld",
          });
          expect(attributes).toEqual(model.get(key));
          model.delete(key);
        } else {
          await call("updateItem", {
            table: "things",
            key: { id: S(key) },
            update: "ADD touched :one",
            values: { ":one": N(1) },
          });
          const touched = Number(model.get(key)?.["touched"]?.N ?? 0) + 1;
          model.set(key, { ...model.get(key), id: S(key), touched: N(touched) });
        }
      }
      expect(sorted(await scanAll())).toEqual(sorted([...model.values()]));
      expect(sorted(await scanAll("by-score"))).toEqual(sorted([...model.values()].filter((item) => item["score"])));
    }),
    { numRuns: 60 },
  );
});

test("32 clients that add to one counter lose nothing", async () => {
  const { call } = await started(byId);
  await Promise.all(
    Array.from({ length: 32 }, () =>
      call("updateItem", { table: "things", key: { id: S("c") }, update: "ADD hits :one", values: { ":one": N(1) } }),
    ),
  );
  expect((await call("getItem", { table: "things", key: { id: S("c") } })).item?.["hits"]).toEqual(N(32));
});

describe("the Table resource", () => {
  const type = tables.resources[0];
  test("is read back as it was declared, changes in place, and goes", async () => {
    const { calls } = serviceUnderTest(tables, [objects]);
    const ctx = calls.contextOf(tables, { account: "111111111111", region: "us-east-1" });
    const example = type?.examples[0].properties as { GlobalIndexes: object[]; Labels: object };
    const created = await calls.store.transact(
      (tx) => type?.handlers.create(tx, example, ctx) as Promise<{ id: string }>,
    );
    expect(created.id).toBe("orders");
    expect(await calls.store.read((tx) => type?.handlers.read(tx, "orders", ctx) as Promise<unknown>)).toMatchObject({
      id: "orders",
      properties: example,
      attributes: { Name: "orders" },
    });
    const changed = {
      ...example,
      GlobalIndexes: [{ Name: "by-city", PartitionKey: { Name: "city", Type: "S" }, Projection: ["note"] }],
      Labels: { stage: "test" },
      TimeToLiveAttribute: "gone",
      Throughput: { ReadUnits: 2, WriteUnits: 1 },
      DeletionProtection: true,
    };
    await calls.store.transact((tx) => type?.handlers.update(tx, "orders", changed, example, ctx) as Promise<unknown>);
    expect(await calls.store.read((tx) => type?.handlers.read(tx, "orders", ctx) as Promise<unknown>)).toMatchObject({
      properties: changed,
    });
    await expect(
      calls.store.transact((tx) => type?.handlers.delete(tx, "orders", ctx) as Promise<void>),
    ).rejects.toThrow("protected");
  });
});
