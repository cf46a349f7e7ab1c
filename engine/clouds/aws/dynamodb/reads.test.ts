import {
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";
import { EVERY_KIND, L, M, N, placeholders, S, type Item } from "../../../testing/dynamodb-values.ts";

let tables: TestTables;
let TableName = "";
const Key = { id: S("a") };

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

const subject: Item = { ...Key, ...EVERY_KIND };
describe("a projection", () => {
  beforeAll(async () => {
    TableName = await tables.create();
    await tables.client.send(new PutItemCommand({ TableName, Item: subject }));
  });
  const get = async (ProjectionExpression: string) =>
    (
      await tables.client.send(
        new GetItemCommand({ TableName, Key, ProjectionExpression, ...placeholders(ProjectionExpression, {}) }),
      )
    ).Item;
  test.each<[string, Item]>([
    ["id", Key],
    ["#n, age", { name: S("Ada Lovelace"), age: N(36) }],
    ["doc.city", { doc: M({ city: S("London") }) }],
    ["doc.city, doc.#moment.x", { doc: M({ city: S("London"), moment: M({ x: N(1) }) }) }],
    ["seq[1]", { seq: L(N(2)) }],
    ["seq[2][0], seq[0]", { seq: L(S("x"), L(N(3))) }],
    ["absent, age", { age: N(36) }],
    ["#d", { "a.b": S("dotted") }],
    ["doc.nix", {}],
  ])("%s", async (expression, expected) => {
    expect(await get(expression.replace("#moment", "moment"))).toEqual(expected);
  });
  test.each([
    ["doc, doc.city", "Two document paths overlap with each other; must remove or rewrite one of these paths; "
      + "path one: [doc], path two: [doc, city]"],
    ["age,", 'Syntax error; token: "<EOF>", near: ","'],
    ["name", "Attribute name is a reserved keyword; reserved keyword: name"],
    ["", "The expression can not be empty;"],
  ])("%s is refused", async (expression, reason) => {
    expect(await refusal(get(expression))).toEqual({
      name: "ValidationException",
      message: `Invalid ProjectionExpression: ${reason}`,
    });
  });
});

describe("a query", () => {
  beforeAll(async () => {
    TableName = await tables.create({
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "moment", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "moment", KeyType: "RANGE" },
      ],
    });
    for (const moment of ["a", "ab", "b", "ba", "c"]) {
      const Item = { ...Key, moment: S(moment), odd: { BOOL: moment.length === 1 } };
      await tables.client.send(new PutItemCommand({ TableName, Item }));
    }
  });
  const values = { ":id": S("a"), ":b": S("b"), ":a": S("a"), ":c": S("c"), ":n": N(1), ":yes": { BOOL: true } };
  const query = (KeyConditionExpression: string, more: Partial<QueryCommandInput> = {}) => {
    const texts = `${KeyConditionExpression} ${more.FilterExpression ?? ""}`;
    return tables.client.send(
      new QueryCommand({ TableName, KeyConditionExpression, ...placeholders(texts, values), ...more }),
    );
  };
  const found = async (condition: string, more: Partial<QueryCommandInput> = {}) =>
    (await query(condition, more)).Items?.map(({ moment }) => moment?.S);

  test.each([
    ["id = :id", ["a", "ab", "b", "ba", "c"]],
    [":id = id", ["a", "ab", "b", "ba", "c"]],
    ["id = :id AND moment = :b", ["b"]],
    ["moment = :b AND id = :id", ["b"]],
    ["id = :id AND moment < :b", ["a", "ab"]],
    ["id = :id AND moment <= :b", ["a", "ab", "b"]],
    ["id = :id AND moment > :b", ["ba", "c"]],
    ["id = :id AND moment >= :b", ["b", "ba", "c"]],
    ["id = :id AND :b > moment", ["a", "ab"]],
    ["id = :id AND moment BETWEEN :a AND :b", ["a", "ab", "b"]],
    ["id = :id AND begins_with(moment, :b)", ["b", "ba"]],
    ["(id = :id) AND (moment = :c)", ["c"]],
    ["id = :b", []],
  ])("where %s", async (condition, expected) => {
    expect(await found(condition)).toEqual(expected);
    expect(await found(condition, { ScanIndexForward: false })).toEqual([...expected].reverse());
  });

  test("filters after it has read, and counts both", async () => {
    const answer = await query("id = :id", { FilterExpression: "odd = :yes" });
    expect([answer.Count, answer.ScannedCount]).toEqual([3, 5]);
    const counted = await query("id = :id", { FilterExpression: "odd = :yes", Select: "COUNT" });
    expect([counted.Count, counted.ScannedCount, counted.Items]).toEqual([3, 5, undefined]);
  });

  test("stops moment its limit, before the filter", async () => {
    const first = await query("id = :id", { Limit: 2, FilterExpression: "odd = :yes" });
    expect([first.Count, first.ScannedCount, first.LastEvaluatedKey]).toEqual([1, 2, { ...Key, moment: S("ab") }]);
    expect(await found("id = :id", { ExclusiveStartKey: first.LastEvaluatedKey })).toEqual(["b", "ba", "c"]);
  });

  test.each([
    ["moment = :b", "Query condition missed key schema element: id"],
    ["id > :id", "Query key condition not supported"],
    ["id = :id AND alt = :b", "Query condition missed key schema element: moment"],
    ["id = :n", "One or more parameter values were invalid: Condition parameter type does not match schema type"],
    ["id = :id OR moment = :b", "Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: OR"],
    [
      "id = :id AND moment <> :b",
      "Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: <>",
    ],
    [
      "id = :id AND NOT moment = :b",
      "Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: NOT",
    ],
    [
      "id = :id AND moment IN (:b)",
      "Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: IN",
    ],
    [
      "id = :id AND attribute_exists(moment)",
      "Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: attribute_exists",
    ],
    [
      "id = :id AND moment > :a AND moment < :b",
      "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key",
    ],
    [
      "id = :id AND moment.x = :b",
      "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes",
    ],
  ])("where %s is refused", async (condition, message) => {
    expect(await refusal(query(condition))).toEqual({ name: "ValidationException", message });
  });

  test.each([
    ["partition", "id = :v", 2048, "Size of hashkey has exceeded the maximum size limit of2048 bytes"],
    [
      "sort",
      "id = :a AND moment > :v",
      1024,
      "Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
    ],
  ])("by a %s key that is too long for any item is refused", async (_, condition, bytes, message) => {
    const asked = (size: number) =>
      refusal(
        query(condition, {
          ExpressionAttributeValues: { ":v": S("x".repeat(size)), ...(condition.includes(":a") && { ":a": S("a") }) },
        }),
      );
    expect((await asked(bytes)).name).toBeUndefined();
    expect(await asked(bytes + 1)).toEqual({
      name: "ValidationException",
      message: `One or more parameter values were invalid: ${message}`,
    });
  });

  test.each<[string, Partial<QueryCommandInput>, string]>([
    [
      "a filter on a key",
      { FilterExpression: "moment = :b" },
      "Filter Expression can only contain non-primary key attributes: Primary key attribute: moment",
    ],
    ["an index that is not there", { IndexName: "none" }, "The table does not have the specified index: none"],
    [
      "a start key of another partition",
      { ExclusiveStartKey: { id: S("z"), moment: S("a") } },
      "The provided starting key is outside query boundaries based on provided conditions",
    ],
    [
      "half a start key",
      { ExclusiveStartKey: { id: S("a") } },
      "The provided starting key is invalid: The provided key element does not match the schema",
    ],
    [
      "specific attributes that are not named",
      { Select: "SPECIFIC_ATTRIBUTES" },
      "1 validation error detected: "
        + "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    ],
    [
      "a count of named attributes",
      { Select: "COUNT", ProjectionExpression: "odd" },
      "1 validation error detected: Cannot specify the ProjectionExpression when choosing to get only the Count",
    ],
    [
      "projected attributes without an index",
      { Select: "ALL_PROJECTED_ATTRIBUTES" },
      "1 validation error detected: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
    ],
    [
      "a limit of nothing",
      { Limit: 0 },
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: "
        + "Member must have value greater than or equal to 1",
    ],
    [
      "values that are not used",
      { ExpressionAttributeValues: { ":id": S("a"), ":unused": S("b") } },
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:unused}",
    ],
  ])("with %s is refused", async (_, more, message) => {
    expect(await refusal(query("id = :id", more))).toEqual({ name: "ValidationException", message });
  });

  test.each<[string, Partial<QueryCommandInput>, string]>([
    ["a key condition", { KeyConditionExpression: "id =" }, 'Invalid KeyConditionExpression: Syntax error; '
      + 'token: "<EOF>", near: "="'],
    ["a filter", { FilterExpression: "id" }, 'Invalid FilterExpression: Syntax error; token: "<EOF>", near: "id"'],
    ["values", { ExpressionAttributeValues: { ":id": S("a"), ":no": N(1) } },
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:no}"],
    ["a selection", { Select: "SPECIFIC_ATTRIBUTES" }, "1 validation error detected: "
      + "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"],
  ])("of a table that is not there is refused for %s first", async (_, more, message) => {
    const values = { ":id": S("a") };
    const wrong = { TableName: "nowhere", KeyConditionExpression: "id = :id", ExpressionAttributeValues: values };
    expect(await refusal(tables.client.send(new QueryCommand({ ...wrong, ...more })))).toEqual({
      name: "ValidationException",
      message,
    });
  });

  test("without a key condition is refused", async () => {
    expect(await refusal(tables.client.send(new QueryCommand({ TableName })))).toEqual({
      name: "ValidationException",
      message: "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    });
  });
});

describe("a scan", () => {
  beforeAll(async () => {
    TableName = await tables.create();
    for (let i = 0; i < 40; i++) {
      await tables.client.send(new PutItemCommand({ TableName, Item: { id: S(`item-${i}`), n: N(i) } }));
    }
  });
  const scan = (more: object = {}) => tables.client.send(new ScanCommand({ TableName, ...more }));

  test.each([1, 2, 3, 7])("in %i segments sees every item once", async (TotalSegments) => {
    const seen: (string | undefined)[] = [];
    for (let Segment = 0; Segment < TotalSegments; Segment++) {
      let ExclusiveStartKey: Item | undefined;
      do {
        const page = await scan({ Segment, TotalSegments, Limit: 5, ExclusiveStartKey });
        seen.push(...(page.Items ?? []).map(({ id }) => id?.S));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
    }
    expect(seen).toHaveLength(40);
    expect(new Set(seen).size).toBe(40);
  });

  test("of a table that is not there is refused for its filter first", async () => {
    expect(await refusal(scan({ TableName: "nowhere", FilterExpression: "a b" }))).toEqual({
      name: "ValidationException",
      message: 'Invalid FilterExpression: Syntax error; token: "b", near: "a b"',
    });
  });

  test("filters", async () => {
    const answer = await scan({ FilterExpression: "n < :n", ExpressionAttributeValues: { ":n": N(10) } });
    expect([answer.Count, answer.ScannedCount]).toEqual([10, 40]);
  });

  test.each([
    [
      { Segment: 0 },
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    ],
    [
      { TotalSegments: 2 },
      "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    ],
    [
      { Segment: 2, TotalSegments: 2 },
      "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
        + "Segment: 2 is not less than TotalSegments: 2",
    ],
  ])("with %o is refused", async (more, message) => {
    expect(await refusal(scan(more))).toEqual({ name: "ValidationException", message });
  });
});
