import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type CreateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { failureOf, refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

let tables: TestTables;
let client: DynamoDBClient;
let TableName = "";

const newTable = async (more: Partial<CreateTableCommandInput> = {}) => {
  TableName = await tables.create(more);
};
const put = (id: string, more: Record<string, unknown> = {}) =>
  client.send(new PutItemCommand({ TableName, Item: { id: { S: id }, ...more } as never }));

beforeAll(async () => {
  tables = await startTables();
  ({ client } = tables);
});
afterAll(() => tables.stop());

describe("items", () => {
  beforeEach(() => newTable());

  test("every kind of value comes back as it went", async () => {
    const Item = {
      id: { S: "all" },
      n: { N: "-12345678901234567890123456789012345678" },
      b: { B: new Uint8Array([0, 255, 7]) },
      ss: { SS: ["a", "b"] },
      ns: { NS: ["1", "2.5"] },
      bs: { BS: [new Uint8Array([1]), new Uint8Array([2])] },
      m: { M: { inner: { L: [{ NULL: true }, { BOOL: false }, { S: "" }] } } },
      l: { L: [] },
    };
    await client.send(new PutItemCommand({ TableName, Item: Item as never }));
    expect(
      (await client.send(new GetItemCommand({ TableName, Key: { id: { S: "all" } }, ConsistentRead: true }))).Item,
    ).toEqual(Item);
    expect((await client.send(new GetItemCommand({ TableName, Key: { id: { S: "none" } } }))).Item).toBeUndefined();
    const { Attributes } = await client.send(
      new DeleteItemCommand({ TableName, Key: { id: { S: "all" } }, ReturnValues: "ALL_OLD" }),
    );
    expect(Attributes).toEqual(Item);
  });

  test("a failed condition says so, with the item when it is asked for", async () => {
    await put("a", { n: { N: "1" } });
    const input = { TableName, Item: { id: { S: "a" } }, ConditionExpression: "attribute_not_exists(id)" };
    expect(await failureOf(client.send(new PutItemCommand(input)))).toMatchObject({
      name: "ConditionalCheckFailedException",
      message: "The conditional request failed",
      $metadata: { httpStatusCode: 400 },
    });
    expect(
      await failureOf(client.send(new PutItemCommand({ ...input, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }))),
    ).toMatchObject({ name: "ConditionalCheckFailedException", Item: { id: { S: "a" }, n: { N: "1" } } });
  });

  test("an update returns what was asked for and counts capacity", async () => {
    const update = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: "a" } },
        UpdateExpression: "SET #c = if_not_exists(#c, :zero) + :one ADD tags :t",
        ExpressionAttributeNames: { "#c": "count" },
        ExpressionAttributeValues: { ":zero": { N: "0" }, ":one": { N: "1" }, ":t": { SS: ["x"] } },
        ReturnValues: "UPDATED_NEW",
        ReturnConsumedCapacity: "TOTAL",
      }),
    );
    expect(update.Attributes).toEqual({ count: { N: "1" }, tags: { SS: ["x"] } });
    expect(update.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 1 });
  });

  test("the update form before expressions still works, as Terraform sends it", async () => {
    await put("a", { keep: { S: "k" }, gone: { S: "g" }, n: { N: "1" }, tags: { SS: ["x", "y"] } });
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: "a" } },
        ReturnValues: "ALL_NEW",
        AttributeUpdates: {
          status: { Action: "PUT", Value: { S: "sent" } },
          gone: { Action: "DELETE" },
          n: { Action: "ADD", Value: { N: "2" } },
          tags: { Action: "DELETE", Value: { SS: ["x"] } },
        },
      }),
    );
    expect(Attributes).toEqual({
      id: { S: "a" },
      keep: { S: "k" },
      status: { S: "sent" },
      n: { N: "3" },
      tags: { SS: ["y"] },
    });
  });

  test("wrong expressions are refused by name", async () => {
    const update = (UpdateExpression: string, more = {}) =>
      refusal(client.send(new UpdateItemCommand({ TableName, Key: { id: { S: "a" } }, UpdateExpression, ...more })));
    expect(await update("SET status = :s")).toEqual({
      name: "ValidationException",
      message: "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status",
    });
    expect(await update("SET a = :s")).toEqual({
      name: "ValidationException",
      message:
        "Invalid UpdateExpression: "
        + "An expression attribute value used in expression is not defined; attribute value: :s",
    });
    expect(await update("SET a = :s", { ExpressionAttributeValues: { ":s": { S: "" }, ":t": { S: "" } } })).toEqual({
      name: "ValidationException",
      message: "Value provided in ExpressionAttributeValues unused in expressions: keys: {:t}",
    });
    expect(await update("ADD hits : incr")).toEqual({
      name: "ValidationException",
      message: 'Invalid UpdateExpression: Syntax error; token: ":", near: "hits : incr"',
    });
    expect(
      await refusal(
        client.send(
          new PutItemCommand({ TableName, Item: { id: { S: "a" } }, ExpressionAttributeValues: { ":a": { S: "x" } } }),
        ),
      ),
    ).toEqual({
      name: "ValidationException",
      message: "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
    });
  });
});

describe("queries", () => {
  beforeEach(() =>
    newTable({
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "at", AttributeType: "N" },
        { AttributeName: "kind", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-kind",
          KeySchema: [{ AttributeName: "kind", KeyType: "HASH" }],
          Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["note"] },
        },
      ],
    }),
  );

  test("a partition is read in order, page by page, and filtered", async () => {
    for (const at of [10, 9, -1, 100]) await put("a", { at: { N: String(at) }, even: { BOOL: at % 2 === 0 } });
    const seen: (string | undefined)[] = [];
    for await (const page of paginateQuery(
      { client, pageSize: 3 },
      { TableName, KeyConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": { S: "a" } } },
    )) {
      seen.push(...(page.Items ?? []).map((item) => item["at"]?.N));
    }
    expect(seen).toEqual(["-1", "9", "10", "100"]);
    const filtered = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "id = :id AND #at BETWEEN :low AND :high",
        FilterExpression: "even = :yes",
        ScanIndexForward: false,
        ExpressionAttributeNames: { "#at": "at" },
        ExpressionAttributeValues: {
          ":id": { S: "a" },
          ":low": { N: "9" },
          ":high": { N: "100" },
          ":yes": { BOOL: true },
        },
        Select: "COUNT",
      }),
    );
    expect(filtered).toMatchObject({ Count: 2, ScannedCount: 3 });
    expect(filtered.Items).toBeUndefined();
  });

  test("an index answers with what it keeps; its counts are described", async () => {
    await put("a", { at: { N: "1" }, kind: { S: "x" }, note: { S: "kept" }, other: { S: "left out" } });
    await put("b", { at: { N: "1" } });
    const found = await client.send(
      new QueryCommand({
        TableName,
        IndexName: "by-kind",
        KeyConditionExpression: "kind = :k",
        ExpressionAttributeValues: { ":k": { S: "x" } },
        ReturnConsumedCapacity: "INDEXES",
      }),
    );
    expect(found.Items).toEqual([{ id: { S: "a" }, at: { N: "1" }, kind: { S: "x" }, note: { S: "kept" } }]);
    expect(found.ConsumedCapacity).toEqual({
      TableName,
      CapacityUnits: 0.5,
      Table: { CapacityUnits: 0 },
      GlobalSecondaryIndexes: { "by-kind": { CapacityUnits: 0.5 } },
    });
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      ItemCount: 2,
      GlobalSecondaryIndexes: [{ IndexName: "by-kind", IndexStatus: "ACTIVE", ItemCount: 1 }],
    });
    expect((await client.send(new ScanCommand({ TableName, IndexName: "by-kind" }))).Count).toBe(1);
  });
});

describe("batches and transactions", () => {
  const request = (id: string) => ({ PutRequest: { Item: { id: { S: id } } } });
  const write = (requests: object[]) =>
    refusal(client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } })));

  beforeEach(() => newTable());

  test("items are written and read in batches", async () => {
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: [{ PutRequest: { Item: { id: { S: "a" } } } }, { PutRequest: { Item: { id: { S: "b" } } } }],
        },
      }),
    );
    const found = await client.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [{ id: { S: "a" } }, { id: { S: "z" } }] } } }),
    );
    expect(found.Responses).toEqual({ [TableName]: [{ id: { S: "a" } }] });
    expect(found.UnprocessedKeys).toEqual({});
  });

  test("a batch with a key twice, too many items or nothing is refused", async () => {
    expect(await write([request("a"), request("a")])).toEqual({
      name: "ValidationException",
      message: "Provided list of item keys contains duplicates",
    });
    expect((await write(Array.from({ length: 26 }, (_, index) => request(`k${index}`)))).name).toBe(
      "ValidationException",
    );
    expect((await write([])).name).toBe("ValidationException");
  });

  test("a transaction does everything or nothing and says why", async () => {
    await put("a");
    const error = await failureOf(
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName, Item: { id: { S: "b" } } } },
            {
              ConditionCheck: {
                TableName,
                Key: { id: { S: "a" } },
                ConditionExpression: "attribute_not_exists(id)",
                ReturnValuesOnConditionCheckFailure: "ALL_OLD",
              },
            },
          ],
        }),
      ),
    );
    expect(error).toMatchObject({
      name: "TransactionCanceledException",
      message:
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
      CancellationReasons: [
        { Code: "None" },
        { Code: "ConditionalCheckFailed", Message: "The conditional request failed", Item: { id: { S: "a" } } },
      ],
    });
    const got = await client.send(
      new TransactGetItemsCommand({
        TransactItems: [
          { Get: { TableName, Key: { id: { S: "a" } } } },
          { Get: { TableName, Key: { id: { S: "b" } } } },
        ],
      }),
    );
    expect(got.Responses).toEqual([{ Item: { id: { S: "a" } } }, {}]);
  });

  test("a repeated token repeats nothing; with another request it is refused", async () => {
    const write = (amount: string) =>
      client.send(
        new TransactWriteItemsCommand({
          ClientRequestToken: `token-${TableName}`,
          TransactItems: [
            {
              Update: {
                TableName,
                Key: { id: { S: "a" } },
                UpdateExpression: "ADD hits :n",
                ExpressionAttributeValues: { ":n": { N: amount } },
              },
            },
          ],
        }),
      );
    await write("1");
    await write("1");
    expect((await client.send(new GetItemCommand({ TableName, Key: { id: { S: "a" } } }))).Item?.["hits"]).toEqual({
      N: "1",
    });
    expect(await refusal(write("2"))).toMatchObject({ name: "IdempotentParameterMismatchException" });
  });
});
