import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";
import { N, S, type Item } from "../../../testing/dynamodb-values.ts";

let tables: TestTables;
let TableName = "";
const ReturnConsumedCapacity = "TOTAL";

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

const text = (bytes: number) => S("x".repeat(bytes));
/** An item of exactly so many bytes: two for the key's name, one for its value, one for `v`. */
const sized = (bytes: number, id = "a"): Item => ({ id: S(id), v: text(bytes - 4) });
const Key = { id: S("a") };

describe("without indexes", () => {
  beforeEach(async () => {
    TableName = await tables.create();
  });
  const put = async (Item: Item) =>
    (await tables.client.send(new PutItemCommand({ TableName, Item, ReturnConsumedCapacity }))).ConsumedCapacity;
  const get = async (ConsistentRead: boolean) =>
    (await tables.client.send(new GetItemCommand({ TableName, Key, ConsistentRead, ReturnConsumedCapacity })))
      .ConsumedCapacity?.CapacityUnits;

  test.each([
    [1024, 1],
    [1025, 2],
    [4096, 4],
    [10_000, 10],
  ])("a put of %i bytes takes %i units", async (bytes, units) => {
    expect(await put(sized(bytes))).toEqual({ TableName, CapacityUnits: units });
  });

  test("a smaller item in place of a larger one takes what the larger one took", async () => {
    await put(sized(3000));
    expect((await put(sized(10)))?.CapacityUnits).toBe(3);
  });

  test.each([
    [100, 0.5, 1],
    [4096, 0.5, 1],
    [4097, 1, 2],
    [9000, 1.5, 3],
  ])("a get of %i bytes takes %f units, consistent %f", async (bytes, eventual, consistent) => {
    await put(sized(bytes));
    expect(await get(false)).toBe(eventual);
    expect(await get(true)).toBe(consistent);
  });

  test("a get of nothing takes as much as the smallest item", async () => {
    expect([await get(false), await get(true)]).toEqual([0.5, 1]);
  });

  test("an update takes the larger of before and after, a delete what was there", async () => {
    await put(sized(2500));
    const update = await tables.client.send(
      new UpdateItemCommand({ TableName, Key, UpdateExpression: "REMOVE v", ReturnConsumedCapacity }),
    );
    expect(update.ConsumedCapacity?.CapacityUnits).toBe(3);
    await put(sized(1500));
    const gone = () => tables.client.send(new DeleteItemCommand({ TableName, Key, ReturnConsumedCapacity }));
    expect((await gone()).ConsumedCapacity?.CapacityUnits).toBe(2);
    expect((await gone()).ConsumedCapacity?.CapacityUnits).toBe(1);
  });

  test("a page takes what its items have together", async () => {
    for (const id of ["a", "b", "c"]) await put(sized(2000, id));
    const scan = (more: object) =>
      tables.client.send(new ScanCommand({ TableName, ReturnConsumedCapacity, ...more }));
    expect((await scan({})).ConsumedCapacity?.CapacityUnits).toBe(1);
    expect((await scan({ ConsistentRead: true })).ConsumedCapacity?.CapacityUnits).toBe(2);
    expect((await scan({ Select: "COUNT" })).ConsumedCapacity?.CapacityUnits).toBe(1);
  });

  test("batches add up item by item", async () => {
    const { ConsumedCapacity } = await tables.client.send(
      new BatchWriteItemCommand({
        RequestItems: { [TableName]: ["a", "b"].map((id) => ({ PutRequest: { Item: sized(1500, id) } })) },
        ReturnConsumedCapacity,
      }),
    );
    expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 4 }]);
    const read = await tables.client.send(
      new BatchGetItemCommand({
        RequestItems: { [TableName]: { Keys: ["a", "b", "c"].map((id) => ({ id: S(id) })) } },
        ReturnConsumedCapacity,
      }),
    );
    expect(read.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 1.5 }]);
  });

  test("a transaction that was done before costs what it takes to read its items", async () => {
    const wish = new TransactWriteItemsCommand({
      ClientRequestToken: "once",
      TransactItems: [{ Put: { TableName, Item: sized(5000) } }],
      ReturnConsumedCapacity,
    });
    expect((await tables.client.send(wish)).ConsumedCapacity).toEqual([
      { TableName, CapacityUnits: 10, WriteCapacityUnits: 10 },
    ]);
    expect((await tables.client.send(wish)).ConsumedCapacity).toEqual([
      { TableName, CapacityUnits: 4, ReadCapacityUnits: 4 },
    ]);
  });

  test("transactions take twice as much", async () => {
    const { ConsumedCapacity } = await tables.client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: sized(1500) } },
          {
            ConditionCheck: { TableName, Key: { id: S("b") }, ConditionExpression: "attribute_not_exists(id)" },
          },
        ],
        ReturnConsumedCapacity,
      }),
    );
    expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 6, WriteCapacityUnits: 6 }]);
    const read = await tables.client.send(
      new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key } }], ReturnConsumedCapacity }),
    );
    expect(read.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 2, ReadCapacityUnits: 2 }]);
  });
});

describe("with indexes", () => {
  beforeEach(async () => {
    TableName = await tables.create({
      AttributeDefinitions: ["id", "at", "kind", "rank"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S" as const,
      })),
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-kind",
          KeySchema: [{ AttributeName: "kind", KeyType: "HASH" }],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: "by-rank",
          KeySchema: [
            { AttributeName: "id", KeyType: "HASH" },
            { AttributeName: "rank", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    });
  });
  const item = (more: Item = {}): Item => ({ id: S("a"), at: S("1"), ...more });
  const put = async (Item: Item) =>
    (await tables.client.send(new PutItemCommand({ TableName, Item, ReturnConsumedCapacity: "INDEXES" })))
      .ConsumedCapacity;
  const units = (table: number, global?: number, local?: number) => ({
    TableName,
    CapacityUnits: table + (global ?? 0) + (local ?? 0),
    Table: { CapacityUnits: table },
    ...(global !== undefined && { GlobalSecondaryIndexes: { "by-kind": { CapacityUnits: global } } }),
    ...(local !== undefined && { LocalSecondaryIndexes: { "by-rank": { CapacityUnits: local } } }),
  });

  test("a put takes of each index that holds the item", async () => {
    expect(await put(item())).toEqual(units(1));
    expect(await put(item({ kind: S("k"), rank: S("r") }))).toEqual(units(1, 1, 1));
    expect(await put(item({ kind: S("k"), rank: S("r"), v: text(2500) }))).toEqual(units(3));
    expect(await put(item({ kind: S("other"), rank: S("r") }))).toEqual(units(3, 2));
    expect(await put(item())).toEqual(units(1, 1, 1));
  });

  test("a query of an index takes of the index alone", async () => {
    await put(item({ kind: S("k"), v: text(9000) }));
    const { ConsumedCapacity } = await tables.client.send(
      new QueryCommand({
        TableName,
        IndexName: "by-kind",
        KeyConditionExpression: "kind = :k",
        ExpressionAttributeValues: { ":k": S("k") },
        ReturnConsumedCapacity: "INDEXES",
      }),
    );
    expect(ConsumedCapacity).toEqual(units(0, 0.5));
  });

  test("a query of a local index takes of the table what it fetches from there", async () => {
    await put(item({ rank: S("r"), v: text(9000), n: N(1) }));
    const query = async (more: object) =>
      (
        await tables.client.send(
          new QueryCommand({
            TableName,
            IndexName: "by-rank",
            KeyConditionExpression: "id = :a",
            ExpressionAttributeValues: { ":a": S("a") },
            ReturnConsumedCapacity: "INDEXES",
            ...more,
          }),
        )
      ).ConsumedCapacity;
    expect(await query({})).toEqual(units(0, undefined, 0.5));
    expect(await query({ Select: "ALL_ATTRIBUTES" })).toEqual(units(1.5, undefined, 0.5));
    expect(await query({ ProjectionExpression: "n", ConsistentRead: true })).toEqual(units(3, undefined, 1));
  });
});
