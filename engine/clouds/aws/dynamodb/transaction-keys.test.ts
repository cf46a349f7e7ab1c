import {
  BatchWriteItemCommand,
  ExecuteTransactionCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf, INDEXED_BY_KIND, refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";
import { N, S, type Item } from "../../../testing/dynamodb-values.ts";

const INVALID = "One or more parameter values were invalid: ";
const MISMATCH = "The provided key element does not match the schema";
const EMPTY =
  "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string "
  + "value. Key: id";
let tables: TestTables;
let TableName = "";

beforeAll(async () => {
  tables = await startTables();
  TableName = await tables.create(INDEXED_BY_KIND);
});
afterAll(() => tables.stop());

const cancelled = (...messages: (string | undefined)[]) => ({
  name: "TransactionCanceledException",
  message:
    "Transaction cancelled, please refer cancellation reasons for specific reasons "
    + `[${messages.map((message) => (message === undefined ? "None" : "ValidationError")).join(", ")}]`,
  CancellationReasons: messages.map((Message) =>
    Message === undefined ? { Code: "None" } : { Code: "ValidationError", Message },
  ),
});
const invalid = (message: string) => ({ name: "ValidationException", message });

describe("a transaction is cancelled by keys that are not its table's", () => {
  const write = (...TransactItems: TransactWriteItem[]) =>
    failureOf(tables.client.send(new TransactWriteItemsCommand({ TransactItems })));
  const Put = (more: Item) => ({ Put: { TableName, Item: more } });
  const Delete = (Key: Item) => ({ Delete: { TableName, Key } });

  test("which tells of each of them", async () => {
    expect(await write(Put({ id: N(1) }), Put({ id: S("a") }), Put({ n: N(1) }), Delete({ id: N(1) }))).toMatchObject(
      cancelled(
        `${INVALID}Type mismatch for key id expected: S actual: N`,
        undefined,
        `${INVALID}Missing the key id in the item`,
        MISMATCH,
      ),
    );
  });

  test("and by those of an index", async () => {
    expect(await write(Put({ id: S("a"), kind: N(1) }))).toMatchObject(
      cancelled(`${INVALID}Type mismatch for Index Key kind Expected: S Actual: N IndexName: by-kind`),
    );
  });

  test("when it only reads, too", async () => {
    const keys: Item[] = [{ id: S("a") }, { other: S("a") }];
    const gets = keys.map((Key) => ({ Get: { TableName, Key } }));
    expect(await failureOf(tables.client.send(new TransactGetItemsCommand({ TransactItems: gets })))).toMatchObject(
      cancelled(undefined, MISMATCH),
    );
  });

  test("and when it is one of statements", async () => {
    const TransactStatements = ["'x'", "1"].map((id) => ({
      Statement: `INSERT INTO "${TableName}" VALUE {'id': ${id}}`,
    }));
    expect(
      await failureOf(tables.client.send(new ExecuteTransactionCommand({ TransactStatements }))),
    ).toMatchObject(cancelled(undefined, `${INVALID}Type mismatch for key id expected: S actual: N`));
  });

  test("but an empty one is refused at once", async () => {
    expect(await write(Put({ id: S("a") }), Put({ id: S("") }))).toMatchObject(invalid(EMPTY));
    expect(await write(Delete({ id: S("") }))).toMatchObject(invalid(EMPTY));
  });
});

test("a batch tells every key that is not its table's alike", async () => {
  const write = (request: object) =>
    refusal(tables.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [request] } })));
  const put = (more: Item) => write({ PutRequest: { Item: more } });
  expect(await put({ id: N(1) })).toEqual(invalid(MISMATCH));
  expect(await put({ n: N(1) })).toEqual(invalid(MISMATCH));
  expect(await write({ DeleteRequest: { Key: { id: N(1) } } })).toEqual(invalid(MISMATCH));
  expect(await put({ id: S("") })).toEqual(invalid(EMPTY));
  expect(await put({ id: S("a"), kind: N(1) })).toEqual(
    invalid(`${INVALID}Type mismatch for Index Key kind Expected: S Actual: N IndexName: by-kind`),
  );
});

test("a transaction reads four megabytes at most", async () => {
  const ids = Array.from({ length: 11 }, (_, n) => `big-${n}`);
  for (const id of ids) {
    await tables.client.send(new PutItemCommand({ TableName, Item: { id: S(id), text: S("x".repeat(400_000)) } }));
  }
  const read = (count: number) =>
    tables.client.send(
      new TransactGetItemsCommand({
        TransactItems: ids.slice(0, count).map((id) => ({ Get: { TableName, Key: { id: S(id) } } })),
      }),
    );
  expect((await read(10)).Responses).toHaveLength(10);
  expect(await refusal(read(11))).toEqual(invalid("Transaction request exceeds the maximum size of 4 MB"));
});
