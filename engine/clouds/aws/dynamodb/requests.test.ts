import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  TagResourceCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type CreateTableCommandInput,
  type PutItemCommandInput,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf, refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";
import { B, L, M, N, S, type Item } from "../../../testing/dynamodb-values.ts";

const INVALID = "One or more parameter values were invalid: ";
const NOT_VALID = "One or more parameter values are not valid. ";
let tables: TestTables;
let TableName = "";

beforeAll(async () => {
  tables = await startTables();
  TableName = await tables.create({
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
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
  });
});
afterAll(() => tables.stop());

const Key = { id: S("a"), at: N(1) };
const invalid = (message: string) => ({ name: "ValidationException", message });

describe("an item is refused", () => {
  const put = (more: Item, rest: Partial<PutItemCommandInput> = {}) =>
    tables.client.send(new PutItemCommand({ TableName, Item: { ...Key, ...more }, ...rest }));

  test.each<[string, Item, string]>([
    ["with a number that is none", { n: N("x") }, "The parameter cannot be converted to a numeric value: x"],
    ["with an empty number", { n: N("") }, "The parameter cannot be converted to a numeric value"],
    [
      "with 39 digits",
      { n: N("1".repeat(39)) },
      "Attempting to store more than 38 significant digits in a Number",
    ],
    [
      "with a number too large",
      { n: N("1e126") },
      "Number overflow. Attempting to store a number with magnitude larger than supported range",
    ],
    [
      "with a number too small",
      { n: N("1e-131") },
      "Number underflow. Attempting to store a number with magnitude smaller than supported range",
    ],
    ["with an empty set", { s: { SS: [] } }, `${INVALID}An string set  may not be empty`],
    [
      "with a set of one text twice",
      { s: { SS: ["x", "x"] } },
      `${INVALID}Input collection [x, x] contains duplicates.`,
    ],
    ["with a set of one number twice", { s: { NS: ["1", "1.0"] } }, "Input collection contains duplicates"],
    [
      "with a null that is false",
      { x: { NULL: false } as never },
      `${INVALID}Null attribute value types must have the value of true`,
    ],
    ["with an empty text as key", { id: S("") }, keyOf("string", "id")],
    ["with another kind of key", { at: S("1") }, `${INVALID}Type mismatch for key at expected: N actual: S`],
    [
      "with a key too long",
      { id: S("x".repeat(2049)) },
      `${INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    ],
    [
      "with another kind of index key",
      { kind: N(1) },
      `${INVALID}Type mismatch for Index Key kind Expected: S Actual: N IndexName: by-kind`,
    ],
    [
      "with an empty index key",
      { kind: S("") },
      `${NOT_VALID}A value specified for a secondary index key is not supported. The AttributeValue for a key `
        + "attribute cannot contain an empty string value. IndexName: by-kind, IndexKey: kind",
    ],
    ["above 400 KB", { big: S("x".repeat(410_000)) }, "Item size has exceeded the maximum allowed size"],
    ["nested too deeply", { deep: nested(33) }, "Nesting Levels have exceeded supported limits"],
  ])("%s", async (_, more, message) => {
    expect(await refusal(put(more))).toEqual(invalid(message));
  });

  function keyOf(kind: string, name: string): string {
    return `${NOT_VALID}The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`;
  }
  function nested(levels: number): Item[string] {
    return levels === 0 ? N(1) : levels % 2 === 0 ? L(nested(levels - 1)) : M({ m: nested(levels - 1) });
  }

  test("without its key", async () => {
    const Item = { id: S("a") };
    expect(await refusal(tables.client.send(new PutItemCommand({ TableName, Item })))).toEqual(
      invalid(`${INVALID}Missing the key at in the item`),
    );
  });

  test.each<[string, Partial<PutItemCommandInput>, string]>([
    ["new values back", { ReturnValues: "ALL_NEW" }, "ReturnValues can only be ALL_OLD or NONE"],
    [
      "unknown words",
      { ReturnValues: "X" as never, ReturnConsumedCapacity: "Y" as never },
      "2 validation errors detected: Value 'X' at 'returnValues' failed to satisfy constraint: Member must satisfy "
        + "enum value set: [NONE, ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATED_NEW]; Value 'Y' at 'returnConsumedCapacity' "
        + "failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
    ],
    [
      "names without an expression",
      { ExpressionAttributeNames: { "#a": "a" } },
      "ExpressionAttributeNames can only be specified when using expressions",
    ],
    [
      "values without an expression",
      { ExpressionAttributeValues: { ":a": S("a") } },
      "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
    ],
    ["no names at all", { ExpressionAttributeNames: {} }, "ExpressionAttributeNames must not be empty"],
    ["no values at all", { ExpressionAttributeValues: {} }, "ExpressionAttributeValues must not be empty"],
    [
      "a wrong name",
      { ConditionExpression: "a = a", ExpressionAttributeNames: { a: "a" } },
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
    ],
    [
      "a wrong value's name",
      { ConditionExpression: "a = :a", ExpressionAttributeValues: { a: S("a") } },
      'ExpressionAttributeValues contains invalid key: Syntax error; key: "a"',
    ],
    [
      "a value that is none",
      { ConditionExpression: "a = :a", ExpressionAttributeValues: { ":a": N("b") } },
      "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: b "
        + "for key :a",
    ],
  ])("that asks for %s", async (_, rest, message) => {
    expect(await refusal(put({}, rest))).toEqual(invalid(message));
  });

  test("for what it says before its table is looked up", async () => {
    const wrong = { TableName: "nothing", Item: { id: S("a") }, ConditionExpression: "a b" };
    expect(await refusal(tables.client.send(new PutItemCommand(wrong)))).toEqual(
      invalid('Invalid ConditionExpression: Syntax error; token: "b", near: "a b"'),
    );
    const { ConditionExpression: _, ...right } = wrong;
    expect(await refusal(tables.client.send(new PutItemCommand(right)))).toEqual({
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });
});

describe("a key is refused", () => {
  const MISMATCH = "The provided key element does not match the schema";
  test.each<[string, Item, string]>([
    ["that is half", { id: S("a") }, MISMATCH],
    ["of another kind", { id: S("a"), at: S("1") }, MISMATCH],
    ["with another attribute", { id: S("a"), on: N(1) }, MISMATCH],
    ["with one more attribute", { ...Key, on: N(1) }, MISMATCH],
    [
      "that is empty",
      { id: S(""), at: N(1) },
      `${NOT_VALID}The AttributeValue for a key attribute cannot contain an empty string value. Key: id`,
    ],
    ["that is no number", { id: S("a"), at: N("one") }, "The parameter cannot be converted to a numeric value: one"],
  ])("%s, by every operation", async (_, wrong, message) => {
    for (const command of [
      new GetItemCommand({ TableName, Key: wrong }),
      new DeleteItemCommand({ TableName, Key: wrong }),
      new UpdateItemCommand({ TableName, Key: wrong }),
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [wrong] } } }),
    ]) {
      expect(await refusal(tables.client.send(command as GetItemCommand))).toEqual(invalid(message));
    }
  });
});

describe("an update of an index's key is refused", () => {
  const set = (value: Item[string]) =>
    tables.client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: "SET kind = :k",
        ExpressionAttributeValues: { ":k": value },
      }),
    );
  test("to another kind", async () => {
    expect(await refusal(set(N(1)))).toEqual(
      invalid("The update expression attempted to update a secondary index key to unsupported type"),
    );
    expect(await refusal(set(B(1)))).toEqual(
      invalid("The update expression attempted to update a secondary index key to unsupported type"),
    );
  });
  test("to nothing", async () => {
    expect((await refusal(set(S("")))).message).toContain("IndexName: by-kind, IndexKey: kind");
  });
});

describe("a table is refused", () => {
  const id = { AttributeName: "id", AttributeType: "S" } as const;
  const hash = { AttributeName: "id", KeyType: "HASH" } as const;
  const other = { AttributeName: "other", AttributeType: "S" } as const;
  const index = {
    IndexName: "index",
    KeySchema: [{ AttributeName: "other", KeyType: "HASH" as const }],
    Projection: { ProjectionType: "ALL" as const },
  };
  const create = (more: Partial<CreateTableCommandInput>) =>
    tables.client.send(
      new CreateTableCommand({
        TableName: "refused",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [id],
        KeySchema: [hash],
        ...more,
      }),
    );

  test.each<[string, Partial<CreateTableCommandInput>, string]>([
    [
      "with a short name",
      { TableName: "ab" },
      "TableName must be at least 3 characters long and at most 255 characters long",
    ],
    [
      "with a strange name",
      { TableName: "abc;" },
      "1 validation error detected: Value 'abc;' at 'tableName' failed to satisfy constraint: "
        + "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    ],
    [
      "without capacity",
      { BillingMode: "PROVISIONED" },
      `${INVALID}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
    ],
    [
      "with capacity on demand",
      { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      `${INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
    ],
    [
      "with an attribute that no key uses",
      { AttributeDefinitions: [id, other] },
      `${INVALID}Number of attributes in KeySchema does not exactly match number of attributes defined in `
        + "AttributeDefinitions",
    ],
    [
      "with a key that is not defined",
      { AttributeDefinitions: [other] },
      `${INVALID}Some index key attributes are not defined in AttributeDefinitions. `
        + "Keys: [id], AttributeDefinitions: [other]",
    ],
    ["with an attribute twice", { AttributeDefinitions: [id, id] }, "Cannot have two attributes with the same name"],
    [
      "with a sort key first",
      { KeySchema: [{ AttributeName: "id", KeyType: "RANGE" }] },
      "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
    ],
    [
      "with two partition keys",
      { AttributeDefinitions: [id, other], KeySchema: [hash, { AttributeName: "other", KeyType: "HASH" }] },
      "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
    ],
    [
      "with one key twice",
      { KeySchema: [hash, { AttributeName: "id", KeyType: "RANGE" }] },
      "Both the Hash Key and the Range Key element in the KeySchema have the same name",
    ],
    [
      "with no global indexes in a list",
      { GlobalSecondaryIndexes: [] },
      `${INVALID}List of GlobalSecondaryIndexes is empty`,
    ],
    [
      "with no local indexes in a list",
      { LocalSecondaryIndexes: [] },
      `${INVALID}List of LocalSecondaryIndexes is empty`,
    ],
    [
      "with a local index and no sort key",
      {
        AttributeDefinitions: [id, other],
        LocalSecondaryIndexes: [{ ...index, KeySchema: [hash, { AttributeName: "other", KeyType: "RANGE" }] }],
      },
      `${INVALID}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
    ],
    [
      "with an index that projects nothing known",
      { AttributeDefinitions: [id, other], GlobalSecondaryIndexes: [{ ...index, Projection: {} }] },
      `${INVALID}Unknown ProjectionType: null`,
    ],
    [
      "with an index that includes nothing",
      {
        AttributeDefinitions: [id, other],
        GlobalSecondaryIndexes: [{ ...index, Projection: { ProjectionType: "INCLUDE" } }],
      },
      `${INVALID}ProjectionType is INCLUDE, but NonKeyAttributes is not specified`,
    ],
    [
      "with two indexes of one name",
      { AttributeDefinitions: [id, other], GlobalSecondaryIndexes: [index, index] },
      `${INVALID}Duplicate index name: index`,
    ],
    [
      "with limits of on-demand capacity that is provisioned",
      {
        BillingMode: "PROVISIONED",
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
        OnDemandThroughput: { MaxReadRequestUnits: 5 },
      },
      `${INVALID}MaxReadRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.`,
    ],
    [
      "with limits that leave no capacity",
      { OnDemandThroughput: { MaxReadRequestUnits: 0 } },
      `${INVALID}MaxReadRequestUnits must be at least 1, or -1 for no limit`,
    ],
    [
      "with a stream that shows nothing",
      { StreamSpecification: { StreamEnabled: true } },
      `${INVALID}Table is being created with a stream but StreamViewType is missing`,
    ],
  ])("%s", async (_, more, message) => {
    expect(await refusal(create(more))).toEqual(invalid(message));
  });

  test("that is there already", async () => {
    expect(await refusal(create({ TableName }))).toEqual({
      name: "ResourceInUseException",
      message: `Table already exists: ${TableName}`,
    });
  });
});

describe("many at once", () => {
  const DELETE = { DeleteRequest: { Key } };
  const write = (requests: object[]) =>
    tables.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));

  test("a batch names each item once", async () => {
    expect(await refusal(write([DELETE, DELETE]))).toEqual(
      invalid("Provided list of item keys contains duplicates"),
    );
    const Keys = [Key, Key];
    expect(
      await refusal(tables.client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }))),
    ).toEqual(invalid("Provided list of item keys contains duplicates"));
  });

  test("a batch's request is a put or a delete", async () => {
    expect((await refusal(write([{}]))).message).toContain("Supplied AttributeValue is empty");
    expect((await refusal(write([{ ...DELETE, PutRequest: { Item: Key } }]))).message).toContain(
      "Supplied AttributeValue has more than one datatypes set",
    );
  });

  test("a batch writes 25 items at most and reads 100", async () => {
    const keys = Array.from({ length: 101 }, (_, at) => ({ id: S("a"), at: N(at) }));
    const deletes = keys.slice(0, 26).map((each) => ({ DeleteRequest: { Key: each } }));
    expect((await refusal(write(deletes))).message).toContain("Member must have length less than or equal to 25");
    const read = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: keys } } });
    expect((await refusal(tables.client.send(read))).message).toContain(
      "Member must have length less than or equal to 100",
    );
  });

  const transact = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
    tables.client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }));
  const check = { TableName, Key, ConditionExpression: "attribute_exists(id)" };

  test("a transaction's action is one of four", async () => {
    const message = "TransactItems can only contain one of Check, Put, Update or Delete";
    expect(await refusal(transact([{}]))).toEqual(invalid(message));
    expect(await refusal(transact([{ ConditionCheck: { ...check, TableName }, Delete: { TableName, Key } }]))).toEqual(
      invalid(message),
    );
  });

  test("a transaction touches each item once", async () => {
    const Delete = { TableName, Key };
    expect(await refusal(transact([{ Delete }, { Delete }]))).toEqual(
      invalid("Transaction request cannot include multiple operations on one item"),
    );
  });

  test("a transaction says of each action why it could not be done", async () => {
    const Update = { TableName, Key: { id: S("u"), at: N(1) }, UpdateExpression: "SET x = absent" };
    const failure = await failureOf(transact([{ ConditionCheck: { ...check, TableName } }, { Update }]));
    expect(failure).toMatchObject({
      name: "TransactionCanceledException",
      message:
        "Transaction cancelled, please refer cancellation reasons for specific reasons "
        + "[ConditionalCheckFailed, ValidationError]",
      CancellationReasons: [
        { Code: "ConditionalCheckFailed", Message: "The conditional request failed" },
        {
          Code: "ValidationError",
          Message: "The provided expression refers to an attribute that does not exist in the item",
        },
      ],
    });
  });
});

test("a tag on what is no table's name is refused", async () => {
  const Tags = [{ Key: "a", Value: "b" }];
  const tag = (ResourceArn: string) => refusal(tables.client.send(new TagResourceCommand({ ResourceArn, Tags })));
  expect(await tag("nope")).toEqual(invalid("Invalid TableArn: Invalid ResourceArn provided as input nope"));
  const arn = "arn:aws:dynamodb:us-east-1:111111111111:table/nope";
  expect(await tag(arn)).toEqual({
    name: "ResourceNotFoundException",
    message: `Requested resource not found: ResourcArn: ${arn} not found`,
  });
});
