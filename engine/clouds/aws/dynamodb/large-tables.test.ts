import {
  BatchWriteItemCommand,
  DescribeTableCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { manualClock } from "../../../platform/clock.ts";
import { startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";
import { N, S } from "../../../testing/dynamodb-values.ts";

const ITEMS = 2200;
const clock = manualClock("2030-01-01T00:00:00Z");
const nowSeconds = () => Math.floor(clock.nowMs() / 1000);
let tables: TestTables;
let TableName = "";

beforeAll(async () => {
  tables = await startTables({ clock });
});
afterAll(() => tables.stop());
beforeEach(async () => {
  TableName = await tables.create();
  const all = Array.from({ length: ITEMS }, (_, at) => {
    const expires = N(nowSeconds() + (at % 2) * 3600);
    return { PutRequest: { Item: { id: S(`item-${at}`), kind: S(`kind-${at % 2}`), expires } } };
  });
  for (let at = 0; at < ITEMS; at += 25) {
    await tables.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: all.slice(at, at + 25) } }));
  }
});

describe("a table with more items than one transaction takes", () => {
  test("gets an index step by step, which keeps up with writes and can be read when it is done", async () => {
    const { TableDescription } = await tables.client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: "kind", AttributeType: "S" }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: "by-kind",
              KeySchema: [{ AttributeName: "kind", KeyType: "HASH" }],
              Projection: { ProjectionType: "KEYS_ONLY" },
            },
          },
        ],
      }),
    );
    expect(TableDescription).toMatchObject({
      TableStatus: "UPDATING",
      GlobalSecondaryIndexes: [{ IndexStatus: "CREATING", Backfilling: true }],
    });
    await tables.client.send(new PutItemCommand({ TableName, Item: { id: S("item-0"), kind: S("kind-1") } }));
    await tables.client.send(new PutItemCommand({ TableName, Item: { id: S("late"), kind: S("kind-1") } }));
    const status = async () =>
      (await tables.client.send(new DescribeTableCommand({ TableName }))).Table?.GlobalSecondaryIndexes?.[0]
        ?.IndexStatus;
    await expect.poll(status).toBe("ACTIVE");
    const count = async (kind: string) =>
      (
        await tables.client.send(
          new QueryCommand({
            TableName,
            IndexName: "by-kind",
            KeyConditionExpression: "kind = :k",
            ExpressionAttributeValues: { ":k": S(kind) },
            Select: "COUNT",
          }),
        )
      ).Count;
    expect([await count("kind-0"), await count("kind-1")]).toEqual([ITEMS / 2 - 1, ITEMS / 2 + 2]);
  });

  test("expires all that is due, step by step", async () => {
    await tables.client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
      }),
    );
    const count = async () =>
      (await tables.client.send(new ScanCommand({ TableName, Select: "COUNT" }))).Count;
    clock.advanceSeconds(61);
    await expect.poll(count, { timeout: 5000 }).toBe(ITEMS / 2);
    clock.advanceSeconds(3600);
    await expect.poll(count, { timeout: 5000 }).toBe(0);
  });
});
