import {
  BatchGetItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValueUpdate,
  type Condition,
  type ExpectedAttributeValue,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";
import { L, N, S, type Item } from "../../../testing/dynamodb-values.ts";

let tables: TestTables;
let TableName = "";
const Key = { id: S("a") };
const stored: Item = { ...Key, name: S("Ada"), n: N(5), tags: { SS: ["x", "y"] }, list: L(N(1)) };

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

const INVALID = "One or more parameter values were invalid: ";

describe("Expected", () => {
  beforeAll(async () => {
    TableName = await tables.create();
    await tables.client.send(new PutItemCommand({ TableName, Item: stored }));
  });
  const check = (Expected: Record<string, ExpectedAttributeValue>, more: object = {}) =>
    tables.client.send(new UpdateItemCommand({ TableName, Key, Expected, ...more }));

  test.each<[string, Record<string, ExpectedAttributeValue>]>([
    ["a value", { n: { Value: N("5.0") } }],
    ["a value that exists", { n: { Value: N(5), Exists: true } }],
    ["no attribute", { missing: { Exists: false } }],
    ["EQ", { name: { ComparisonOperator: "EQ", AttributeValueList: [S("Ada")] } }],
    ["EQ with Value", { name: { ComparisonOperator: "EQ", Value: S("Ada") } }],
    ["NE", { name: { ComparisonOperator: "NE", AttributeValueList: [S("Bob")] } }],
    ["LT", { n: { ComparisonOperator: "LT", AttributeValueList: [N(6)] } }],
    ["LE", { n: { ComparisonOperator: "LE", AttributeValueList: [N(5)] } }],
    ["GT", { n: { ComparisonOperator: "GT", AttributeValueList: [N(4)] } }],
    ["GE", { n: { ComparisonOperator: "GE", AttributeValueList: [N(5)] } }],
    ["BETWEEN", { n: { ComparisonOperator: "BETWEEN", AttributeValueList: [N(4), N(6)] } }],
    ["IN", { n: { ComparisonOperator: "IN", AttributeValueList: [N(4), N(5)] } }],
    ["NULL", { missing: { ComparisonOperator: "NULL" } }],
    ["NOT_NULL", { n: { ComparisonOperator: "NOT_NULL" } }],
    ["CONTAINS", { tags: { ComparisonOperator: "CONTAINS", AttributeValueList: [S("x")] } }],
    ["NOT_CONTAINS", { tags: { ComparisonOperator: "NOT_CONTAINS", AttributeValueList: [S("z")] } }],
    ["BEGINS_WITH", { name: { ComparisonOperator: "BEGINS_WITH", AttributeValueList: [S("A")] } }],
    ["several that all hold", { n: { Value: N(5) }, name: { Value: S("Ada") } }],
  ])("%s holds", async (_, expected) => {
    expect((await check(expected)).$metadata.httpStatusCode).toBe(200);
  });

  test("several of which one holds, joined with OR", async () => {
    const expected = { n: { Value: N(7) }, name: { Value: S("Ada") } };
    expect((await refusal(check(expected))).name).toBe("ConditionalCheckFailedException");
    expect((await check(expected, { ConditionalOperator: "OR" })).$metadata.httpStatusCode).toBe(200);
  });

  test.each<[string, Record<string, ExpectedAttributeValue>, string]>([
    ["no value", { n: {} }, `${INVALID}Value must be provided when Exists is null for Attribute: n`],
    [
      "a value of what must not exist",
      { n: { Exists: false, Value: N(1) } },
      `${INVALID}Value cannot be used when Exists is set to false for Attribute: n`,
    ],
    [
      "a list without an operator",
      { n: { AttributeValueList: [N(1)] } },
      `${INVALID}AttributeValueList can only be used with a ComparisonOperator for Attribute: n`,
    ],
    [
      "a value and a list",
      { n: { Value: N(1), AttributeValueList: [N(1)], ComparisonOperator: "EQ" } },
      `${INVALID}Value and AttributeValueList cannot be used together for Attribute: n`,
    ],
    [
      "Exists and an operator",
      { n: { Exists: true, Value: N(1), ComparisonOperator: "EQ" } },
      `${INVALID}Exists and ComparisonOperator cannot be used together for Attribute: n`,
    ],
    [
      "an operator without a value",
      { n: { ComparisonOperator: "LT" } },
      `${INVALID}Value or AttributeValueList must be used with ComparisonOperator: LT for Attribute: n`,
    ],
    [
      "too many values",
      { n: { ComparisonOperator: "LT", AttributeValueList: [N(1), N(2)] } },
      `${INVALID}Invalid number of argument(s) for the LT ComparisonOperator`,
    ],
    [
      "a value that has no order",
      { n: { ComparisonOperator: "LT", AttributeValueList: [L()] } },
      `${INVALID}ComparisonOperator LT is not valid for L AttributeValue type`,
    ],
  ])("with %s is refused", async (_, expected, message) => {
    expect(await refusal(check(expected))).toEqual({ name: "ValidationException", message });
  });

  test("beside an expression is refused", async () => {
    const more = { ConditionExpression: "attribute_exists(id)" };
    expect(await refusal(check({ n: { Value: N(5) } }, more))).toEqual({
      name: "ValidationException",
      message:
        "Can not use both expression and non-expression parameters in the same request: "
        + "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}",
    });
  });

  test("guards puts and deletes too", async () => {
    const Expected = { id: { Exists: false } };
    for (const command of [
      new PutItemCommand({ TableName, Item: stored, Expected }),
      new DeleteItemCommand({ TableName, Key, Expected }),
    ]) {
      expect((await refusal(tables.client.send(command as PutItemCommand))).name).toBe(
        "ConditionalCheckFailedException",
      );
    }
  });

  test("with an operator for one condition is refused", async () => {
    expect(await refusal(check({ n: { Value: N(5) } }, { ConditionalOperator: "OR" }))).toEqual({
      name: "ValidationException",
      message: "ConditionalOperator can only be used when Filter or Expected has two or more elements",
    });
  });
});

describe("AttributeUpdates", () => {
  beforeEach(async () => {
    TableName = await tables.create();
    await tables.client.send(new PutItemCommand({ TableName, Item: stored }));
  });
  const update = async (AttributeUpdates: Record<string, AttributeValueUpdate>) =>
    (await tables.client.send(new UpdateItemCommand({ TableName, Key, AttributeUpdates, ReturnValues: "ALL_NEW" })))
      .Attributes;

  test.each<[string, Record<string, AttributeValueUpdate>, Item]>([
    ["PUT", { name: { Action: "PUT", Value: S("Bob") } }, { name: S("Bob") }],
    ["PUT by default", { fresh: { Value: N(1) } }, { fresh: N(1) }],
    ["ADD to a number", { n: { Action: "ADD", Value: N(2) } }, { n: N(7) }],
    ["ADD to a set", { tags: { Action: "ADD", Value: { SS: ["z"] } } }, { tags: { SS: ["x", "y", "z"] } }],
    ["ADD to a list", { list: { Action: "ADD", Value: L(N(2)) } }, { list: L(N(1), N(2)) }],
    ["ADD to nothing", { count: { Action: "ADD", Value: N(2) } }, { count: N(2) }],
    ["DELETE from a set", { tags: { Action: "DELETE", Value: { SS: ["x"] } } }, { tags: { SS: ["y"] } }],
  ])("%s", async (_, updates, changed) => {
    expect(await update(updates)).toEqual({ ...stored, ...changed });
  });

  test("DELETE removes an attribute", async () => {
    expect(await update({ name: { Action: "DELETE" } })).not.toHaveProperty("name");
  });

  test.each<[string, Record<string, AttributeValueUpdate>, string]>([
    [
      "PUT without a value",
      { n: { Action: "PUT" } },
      "Only DELETE action is allowed when no attribute value is specified",
    ],
    ["ADD of a text", { n: { Action: "ADD", Value: S("x") } }, "ADD action is not supported for the type S"],
    [
      "DELETE of a number",
      { n: { Action: "DELETE", Value: N(1) } },
      "DELETE action with value is not supported for the type N",
    ],
    [
      "a key attribute",
      { id: { Value: S("b") } },
      "Cannot update attribute id. This attribute is part of the key",
    ],
  ])("%s is refused", async (_, updates, message) => {
    expect(await refusal(update(updates))).toEqual({ name: "ValidationException", message: INVALID + message });
  });
});

describe("reads from before expressions", () => {
  beforeAll(async () => {
    TableName = await tables.create({
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "at", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
    });
    for (const at of [1, 2, 3, 4]) {
      await tables.client.send(
        new PutItemCommand({ TableName, Item: { ...Key, at: N(at), odd: { BOOL: at % 2 === 1 }, n: N(10 * at) } }),
      );
    }
  });
  const is = (value: Item[string]): Condition => ({ ComparisonOperator: "EQ", AttributeValueList: [value] });
  const query = (KeyConditions: Record<string, Condition>, more: object = {}) =>
    tables.client.send(new QueryCommand({ TableName, KeyConditions, ...more }));

  test.each<[string, Condition, number[]]>([
    ["EQ", is(N(2)), [2]],
    ["LT", { ComparisonOperator: "LT", AttributeValueList: [N(3)] }, [1, 2]],
    ["GE", { ComparisonOperator: "GE", AttributeValueList: [N(3)] }, [3, 4]],
    ["BETWEEN", { ComparisonOperator: "BETWEEN", AttributeValueList: [N(2), N(3)] }, [2, 3]],
  ])("KeyConditions with %s", async (_, at, expected) => {
    const { Items } = await query({ id: is(S("a")), at });
    expect(Items?.map((item) => Number(item["at"]?.N))).toEqual(expected);
  });

  test("QueryFilter and ScanFilter filter", async () => {
    const QueryFilter = { odd: is({ BOOL: true }) };
    expect((await query({ id: is(S("a")) }, { QueryFilter })).Count).toBe(2);
    const filters = { odd: is({ BOOL: true }), n: is(N(20)) };
    const scan = (more: object) => tables.client.send(new ScanCommand({ TableName, ScanFilter: filters, ...more }));
    expect((await scan({})).Count).toBe(0);
    expect((await scan({ ConditionalOperator: "OR" })).Count).toBe(3);
  });

  test("AttributesToGet projects everywhere", async () => {
    const AttributesToGet = ["n"];
    const full = { ...Key, at: N(2) };
    const { Item } = await tables.client.send(new GetItemCommand({ TableName, Key: full, AttributesToGet }));
    expect(Item).toEqual({ n: N(20) });
    const { Responses } = await tables.client.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [full], AttributesToGet } } }),
    );
    expect(Responses?.[TableName]).toEqual([{ n: N(20) }]);
    expect((await query({ id: is(S("a")), at: is(N(2)) }, { AttributesToGet })).Items).toEqual([{ n: N(20) }]);
  });

  test.each<[string, Record<string, Condition>, object, string]>([
    ["nothing", {}, {}, "Conditions can be of length 1 or 2 only"],
    ["no partition", { at: is(N(1)) }, {}, "Query condition missed key schema element: id"],
    [
      "an operator that no key can answer",
      { id: is(S("a")), at: { ComparisonOperator: "NE", AttributeValueList: [N(1)] } },
      {},
      "Attempted conditional constraint is not an indexable operation",
    ],
    [
      "an expression beside",
      { id: is(S("a")) },
      { FilterExpression: "attribute_exists(n)" },
      "Can not use both expression and non-expression parameters in the same request: "
        + "Non-expression parameters: {KeyConditions} Expression parameters: {FilterExpression}",
    ],
    [
      "names for expressions that are not there",
      { id: is(S("a")) },
      { ExpressionAttributeNames: { "#n": "n" } },
      "ExpressionAttributeNames can only be specified when using expressions",
    ],
    [
      "an attribute twice",
      { id: is(S("a")) },
      { AttributesToGet: ["n", "n"] },
      `${INVALID}Duplicate value in attribute name: n`,
    ],
    [
      "an operator without filters",
      { id: is(S("a")) },
      { ConditionalOperator: "OR" },
      "ConditionalOperator cannot be used without Filter or Expected",
    ],
  ])("KeyConditions with %s are refused", async (_, conditions, more, message) => {
    expect(await refusal(query(conditions, more))).toEqual({ name: "ValidationException", message });
  });
});
