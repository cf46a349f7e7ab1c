import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  TagResourceCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";
import { S } from "../../../testing/dynamodb-values.ts";

const INVALID = "One or more parameter values were invalid: ";
let tables: TestTables;
let TableName = "";
let arn = "";

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());
beforeEach(async () => {
  TableName = await tables.create();
  arn = `arn:aws:dynamodb:us-east-1:111111111111:table/${TableName}`;
});

const Key = { id: S("a") };
const send: DynamoDBClient["send"] = (...args: [never]) => tables.client.send(...args);
const invalid = (message: string) => ({ name: "ValidationException", message });
const put = (name = TableName, id = "a") => send(new PutItemCommand({ TableName: name, Item: { id: S(id) } }));

describe("a table's ARN stands for its name", () => {
  test("in operations on it and on its items", async () => {
    await put(arn);
    expect((await send(new GetItemCommand({ TableName: arn, Key }))).Item).toEqual(Key);
    expect((await send(new DescribeTableCommand({ TableName: arn }))).Table).toMatchObject({ TableName });
  });

  test("and a batch answers to whichever it was asked by", async () => {
    await put(TableName, "a");
    await put(TableName, "b");
    const RequestItems = { [TableName]: { Keys: [Key] }, [arn]: { Keys: [{ id: S("b") }] } };
    expect((await send(new BatchGetItemCommand({ RequestItems }))).Responses).toEqual({
      [TableName]: [{ id: S("a") }],
      [arn]: [{ id: S("b") }],
    });
  });

  test("and an item that is named under both is named twice", async () => {
    const keys = { [TableName]: { Keys: [Key] }, [arn]: { Keys: [Key] } };
    const writes = [{ PutRequest: { Item: Key } }];
    const twice = invalid("Provided list of item keys contains duplicates");
    expect(await refusal(send(new BatchGetItemCommand({ RequestItems: keys })))).toEqual(twice);
    expect(
      await refusal(send(new BatchWriteItemCommand({ RequestItems: { [TableName]: writes, [arn]: writes } }))),
    ).toEqual(twice);
    const both = invalid("Transaction request cannot include multiple operations on one item");
    const names = [TableName, arn];
    const gets = names.map((name) => ({ Get: { TableName: name, Key } }));
    const deletes = names.map((name) => ({ Delete: { TableName: name, Key } }));
    expect(await refusal(send(new TransactGetItemsCommand({ TransactItems: gets })))).toEqual(both);
    expect(await refusal(send(new TransactWriteItemsCommand({ TransactItems: deletes })))).toEqual(both);
  });
});

describe("the ARN of a table elsewhere", () => {
  const denied = (operation: string, resource: string) => ({
    name: "AccessDeniedException",
    message:
      `User: arn:aws:iam::111111111111:root is not authorized to perform: dynamodb:${operation} on resource: `
      + `${resource} because no resource-based policy allows the dynamodb:${operation} action`,
  });

  test("is denied when it is another account's", async () => {
    const other = new DynamoDBClient(tables.cloud.aws("222222222222"));
    await other.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      }),
    );
    other.destroy();
    const theirs = arn.replace("111111111111", "222222222222");
    await put();
    expect(await refusal(send(new GetItemCommand({ TableName: theirs, Key })))).toEqual(denied("GetItem", theirs));
    expect(await refusal(put(theirs))).toEqual(denied("PutItem", theirs));
    expect(await refusal(send(new BatchGetItemCommand({ RequestItems: { [theirs]: { Keys: [Key] } } })))).toEqual(
      denied("BatchGetItem", theirs),
    );
    expect(await refusal(send(new ListTagsOfResourceCommand({ ResourceArn: theirs })))).toEqual(
      denied("ListTagsOfResource", theirs),
    );
  });

  test("is refused when it is of another region", async () => {
    const elsewhere = arn.replace("us-east-1", "eu-west-1");
    expect(await refusal(send(new GetItemCommand({ TableName: elsewhere, Key })))).toEqual(
      invalid(`The region of the ARN ${elsewhere} is not the region of the request, us-east-1`),
    );
  });
});

describe("tags are refused", () => {
  const tag = (...Tags: { Key: string; Value: string }[]) =>
    refusal(send(new TagResourceCommand({ ResourceArn: arn, Tags })));

  test("when one key comes twice", async () => {
    expect(await tag({ Key: "a", Value: "1" }, { Key: "a", Value: "2" })).toEqual(
      invalid(`${INVALID}Found duplicate tag keys: a`),
    );
  });

  test("when AWS keeps their keys for itself", async () => {
    const reserved = invalid(`${INVALID}Tag keys that begin with aws: are reserved: AWS:made-by`);
    expect(await tag({ Key: "AWS:made-by", Value: "me" })).toEqual(reserved);
    expect(await refusal(send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: ["AWS:made-by"] })))).toEqual(
      reserved,
    );
  });

  test("when there would be more than fifty", async () => {
    const numbered = Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: "" }));
    expect(await tag(...numbered)).toEqual(invalid(`${INVALID}51 tags, the limit is 50`));
    expect((await tag(...numbered.slice(0, 50))).name).toBeUndefined();
  });
});
