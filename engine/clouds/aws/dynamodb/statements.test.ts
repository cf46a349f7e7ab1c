import {
  BatchExecuteStatementCommand,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  PutItemCommand,
  type AttributeValue,
  type ExecuteStatementCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { failureOf, refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

let tables: TestTables;
let table = "";

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());
beforeEach(async () => {
  table = await tables.create({
    AttributeDefinitions: [
      { AttributeName: "artist", AttributeType: "S" },
      { AttributeName: "year", AttributeType: "N" },
      { AttributeName: "genre", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "artist", KeyType: "HASH" },
      { AttributeName: "year", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-genre",
        KeySchema: [{ AttributeName: "genre", KeyType: "HASH" }],
        Projection: { ProjectionType: "ALL" },
      },
    ],
  });
});

type Item = Record<string, AttributeValue>;
const song = (artist: string, year: number, more: Item = {}): Item => ({
  artist: { S: artist },
  year: { N: String(year) },
  ...more,
});
const put = (Item: Item) => tables.client.send(new PutItemCommand({ TableName: table, Item }));
const execute = (Statement: string, more: Partial<ExecuteStatementCommandInput> = {}) =>
  tables.client.send(new ExecuteStatementCommand({ Statement: Statement.replaceAll("$T", `"${table}"`), ...more }));
const items = async (Statement: string, more: Partial<ExecuteStatementCommandInput> = {}) =>
  (await execute(Statement, more)).Items;

describe("SELECT", () => {
  beforeEach(async () => {
    await put(song("Abba", 1974, { title: { S: "Waterloo" }, genre: { S: "pop" } }));
    await put(song("Abba", 1976, { title: { S: "Fernando" }, genre: { S: "pop" }, tags: { SS: ["a", "b"] } }));
    await put(song("Abba", 1980, { title: { S: "Happy New Year" }, rating: { N: "4" } }));
    const at = { M: { uk: { L: [{ N: "2" }] } } };
    await put(song("Blur", 1997, { title: { S: "Song 2" }, genre: { S: "rock" }, at }));
  });
  const titles = async (where: string, more: Partial<ExecuteStatementCommandInput> = {}) =>
    (await items(`SELECT title FROM $T ${where}`, more))?.map(({ title }) => title?.S).sort();

  test("reads one item by its key", async () => {
    expect(await items("SELECT * FROM $T WHERE artist = 'Blur' AND \"year\" = 1997")).toMatchObject([
      { title: { S: "Song 2" } },
    ]);
  });
  test("reads every item without a condition", async () => {
    expect(await items("select * from $T")).toHaveLength(4);
  });
  test("reads a partition, in the order of its sort key and against it", async () => {
    const years = async (order: string) =>
      (await items(`SELECT "year" FROM $T WHERE artist = 'Abba' ${order}`))?.map(({ year }) => year?.N);
    expect(await years("")).toEqual(["1974", "1976", "1980"]);
    expect(await years('ORDER BY "year" DESC')).toEqual(["1980", "1976", "1974"]);
  });
  test.each([
    ["artist = 'Abba' AND \"year\" > 1974", ["Fernando", "Happy New Year"]],
    ["artist = 'Abba' AND \"year\" BETWEEN 1974 AND 1976", ["Fernando", "Waterloo"]],
    ["artist IN ['Abba', 'Blur'] AND \"year\" >= 1980", ["Happy New Year", "Song 2"]],
    ["begins_with(title, 'Wat')", ["Waterloo"]],
    ["contains(tags, 'b')", ["Fernando"]],
    ["attribute_type(rating, 'N')", ["Happy New Year"]],
    ["size(title) < 7", ["Song 2"]],
    ["genre IS MISSING", ["Happy New Year"]],
    ["genre IS NOT MISSING AND artist <> 'Abba'", ["Song 2"]],
    ["NOT (artist = 'Abba') OR rating = 4", ["Happy New Year", "Song 2"]],
    ["title IN ('Song 2', 'Waterloo')", ["Song 2", "Waterloo"]],
    ["at.uk[0] = 2", ["Song 2"]],
    ["title != 'Song 2' AND genre = 'pop'", ["Fernando", "Waterloo"]],
  ])("where %s", async (condition, expected) => {
    expect(await titles(`WHERE ${condition}`)).toEqual(expected);
  });
  test("names what lies within documents by the end of its path", async () => {
    const where = "WHERE artist = 'Blur' AND \"year\" = 1997";
    const expected = [{ uk: { L: [{ N: "2" }] }, "uk[0]": { N: "2" }, title: { S: "Song 2" } }];
    expect(await items(`SELECT at.uk, at.uk[0], at.none, title FROM $T ${where}`)).toEqual(expected);
    expect(await items("SELECT at.uk, at.uk[0], title FROM $T WHERE title = 'Song 2'")).toEqual(expected);
  });
  test("takes its values from parameters", async () => {
    const Parameters = [{ S: "Abba" }, { N: "1980" }];
    expect(await titles('WHERE artist = ? AND "year" = ?', { Parameters })).toEqual(["Happy New Year"]);
  });
  test("reads an index", async () => {
    expect(await items("SELECT title FROM $T.\"by-genre\" WHERE genre = 'rock'")).toEqual([{ title: { S: "Song 2" } }]);
  });
  test("answers page by page", async () => {
    const first = await execute("SELECT * FROM $T WHERE artist = 'Abba'", { Limit: 2 });
    expect(first.Items).toHaveLength(2);
    expect(first.LastEvaluatedKey).toEqual(song("Abba", 1976));
    const NextToken = first.NextToken;
    expect(await items("SELECT * FROM $T WHERE artist = 'Abba'", { NextToken })).toHaveLength(1);
    expect(await refusal(execute("SELECT * FROM $T", { NextToken }))).toEqual({
      name: "ValidationException",
      message: "NextToken does not match request",
    });
  });
  test("counts its capacity", async () => {
    const { ConsumedCapacity } = await execute("SELECT * FROM $T WHERE artist = 'Blur'", {
      ReturnConsumedCapacity: "TOTAL",
      ConsistentRead: true,
    });
    expect(ConsumedCapacity).toEqual({ TableName: table, CapacityUnits: 1 });
  });
});

describe("writes", () => {
  test("INSERT makes an item of any values", async () => {
    expect(
      await items(
        "INSERT INTO $T VALUE {'artist': 'it''s', 'year': 1, 'l': [1, 'a', true, null], "
          + "'s': <<1, 2>>, 'm': {'x': -2.50}}",
      ),
    ).toEqual([]);
    expect(await items("SELECT * FROM $T")).toEqual([
      song("it's", 1, {
        l: { L: [{ N: "1" }, { S: "a" }, { BOOL: true }, { NULL: true }] },
        s: { NS: ["1", "2"] },
        m: { M: { x: { N: "-2.5" } } },
      }),
    ]);
  });
  test("INSERT takes an item as a parameter, and not over another", async () => {
    const Parameters = [{ M: song("a", 1) }];
    await execute("INSERT INTO $T VALUE ?", { Parameters });
    expect(await refusal(execute("INSERT INTO $T VALUE ?", { Parameters }))).toEqual({
      name: "DuplicateItemException",
      message: "Duplicate primary key exists in table",
    });
  });
  test("UPDATE sets, computes, adds to sets and removes", async () => {
    await put(song("a", 1, { n: { N: "1" }, s: { SS: ["x"] }, t: { SS: ["p", "q"] }, gone: { S: "" }, l: { L: [] } }));
    await execute(
      "UPDATE $T SET n = n + 5 SET s = set_add(s, <<'y'>>) SET t = set_delete(t, <<'p'>>) "
        + "SET l = list_append(l, [7]) SET \"new\" = 'v' REMOVE gone WHERE artist = 'a' AND \"year\" = 1",
    );
    expect(await items("SELECT * FROM $T")).toEqual([
      song("a", 1, {
        n: { N: "6" },
        s: { SS: ["x", "y"] },
        t: { SS: ["q"] },
        l: { L: [{ N: "7" }] },
        new: { S: "v" },
      }),
    ]);
  });
  test.each([
    ["ALL OLD", song("a", 1, { n: { N: "1" }, o: { S: "o" } })],
    ["ALL NEW", song("a", 1, { n: { N: "2" }, o: { S: "o" } })],
    ["MODIFIED OLD", { n: { N: "1" } }],
    ["MODIFIED NEW", { n: { N: "2" } }],
  ])("UPDATE returns %s", async (which, expected) => {
    await put(song("a", 1, { n: { N: "1" }, o: { S: "o" } }));
    const where = `WHERE artist = 'a' AND "year" = 1 RETURNING ${which} *`;
    expect(await items(`UPDATE $T SET n = 2 ${where}`)).toEqual([expected]);
  });
  test.each([
    ["MODIFIED OLD", "SET fresh = 1"],
    ["MODIFIED NEW", "REMOVE n"],
  ])("UPDATE has nothing to return of %s where it does %s", async (which, change) => {
    await put(song("a", 1, { n: { N: "1" } }));
    expect(await items(`UPDATE $T ${change} WHERE artist = 'a' AND "year" = 1 RETURNING ${which} *`)).toEqual([]);
  });
  test("UPDATE of an item that is not there, or whose condition fails, is refused", async () => {
    const failure = { name: "ConditionalCheckFailedException", message: "The conditional request failed" };
    expect(await refusal(execute("UPDATE $T SET n = 2 WHERE artist = 'a' AND \"year\" = 1"))).toEqual(failure);
    await put(song("a", 1, { n: { N: "1" } }));
    const wrong = "UPDATE $T SET n = 2 WHERE artist = 'a' AND \"year\" = 1 AND n > 5";
    expect(await refusal(execute(wrong))).toEqual(failure);
  });
  test("DELETE removes an item and returns it; one that is not there is no failure", async () => {
    await put(song("a", 1));
    const statement = "DELETE FROM $T WHERE artist = 'a' AND \"year\" = 1 RETURNING ALL OLD *";
    expect(await items(statement)).toEqual([song("a", 1)]);
    expect(await items(statement)).toEqual([]);
  });
});

describe("a wrong statement", () => {
  const WITHOUT_KEY = "Where clause does not contain a mandatory equality on all key attributes";
  test.each([
    ["SELEC * FROM $T", "Statement wasn't well formed, can't be processed: Unexpected \"SELEC\" at 0"],
    ["SELECT * FROM $T WHERE", "Statement wasn't well formed, can't be processed: Unexpected end of the statement"],
    ["UPDATE $T SET n = 1 WHERE artist = 'a'", WITHOUT_KEY],
    ["DELETE FROM $T WHERE \"year\" = 1", WITHOUT_KEY],
    ["SELECT * FROM $T WHERE artist = ?", "Number of parameters in request and statement don't match."],
    ["SELECT * FROM $T ORDER BY \"year\"", "Must have WHERE clause in the statement when using ORDER BY clause."],
    [
      "SELECT * FROM $T WHERE title = 'x' ORDER BY \"year\"",
      "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
    ],
    [
      "SELECT * FROM $T WHERE artist = 'x' ORDER BY title",
      "Variable reference title in ORDER BY clause must be part of the primary key",
    ],
    ["SELECT * FROM $T.nothing", "The table does not have the specified index: nothing"],
    ["EXISTS (SELECT * FROM $T WHERE artist = 'a')", "EXISTS can only be used in a transaction"],
    [
      "DELETE FROM $T WHERE artist = 'a' AND \"year\" = 1 RETURNING ALL NEW *",
      "Statement wasn't well formed, can't be processed: DELETE returns nothing but ALL OLD *",
    ],
  ])("%s is refused", async (statement, message) => {
    expect(await refusal(execute(statement))).toEqual({ name: "ValidationException", message });
  });
  test("on a table that is not there says so", async () => {
    expect((await refusal(execute("SELECT * FROM nothing"))).name).toBe("ResourceNotFoundException");
  });
});

describe("several statements", () => {
  const key = "artist = 'a' AND \"year\" = 1";
  const sent = (...texts: string[]) => texts.map((text) => ({ Statement: text.replaceAll("$T", `"${table}"`) }));

  test("a batch does each for itself and says of each how it went", async () => {
    await put(song("b", 1));
    const { Responses } = await tables.client.send(
      new BatchExecuteStatementCommand({
        Statements: sent(
          "INSERT INTO $T VALUE {'artist': 'a', 'year': 1}",
          "INSERT INTO $T VALUE {'artist': 'b', 'year': 1}",
          "UPDATE $T SET n = 1 WHERE artist = 'c' AND \"year\" = 1",
          "UPDATE nothing SET n = 1 WHERE a = 1",
          "DELETE $T",
        ),
      }),
    );
    expect(Responses?.map(({ TableName, Error }) => TableName ?? Error?.Code)).toEqual([
      table,
      "DuplicateItem",
      "ConditionalCheckFailed",
      "ResourceNotFound",
      "ValidationError",
    ]);
    const read = await tables.client.send(
      new BatchExecuteStatementCommand({ Statements: sent(`SELECT * FROM $T WHERE ${key}`) }),
    );
    expect(read.Responses).toEqual([{ TableName: table, Item: song("a", 1) }]);
  });
  test("a transaction does all or nothing, and EXISTS checks", async () => {
    await put(song("a", 1, { n: { N: "1" } }));
    const transact = (...texts: string[]) =>
      tables.client.send(new ExecuteTransactionCommand({ TransactStatements: sent(...texts) }));
    const insert = "INSERT INTO $T VALUE {'artist': 'z', 'year': 1}";
    const cancelled = await failureOf(transact(`EXISTS (SELECT * FROM $T WHERE ${key} AND n = 2)`, insert));
    expect(cancelled).toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "ConditionalCheckFailed" }, { Code: "None" }],
    });
    expect(await items("SELECT * FROM $T")).toHaveLength(1);
    await transact(`EXISTS (SELECT * FROM $T WHERE ${key} AND n = 1)`, insert);
    expect(await failureOf(transact(insert))).toMatchObject({ CancellationReasons: [{ Code: "DuplicateItem" }] });
    const { Responses } = await transact(
      `SELECT n FROM $T WHERE ${key}`,
      "SELECT * FROM $T WHERE artist = 'x' AND \"year\" = 1",
    );
    expect(Responses).toEqual([{ Item: { n: { N: "1" } } }, {}]);
  });
  test("a transaction returns nothing of what it writes", async () => {
    const TransactStatements = sent(`DELETE FROM $T WHERE ${key} RETURNING ALL OLD *`);
    expect(await refusal(tables.client.send(new ExecuteTransactionCommand({ TransactStatements })))).toEqual({
      name: "ValidationException",
      message: "A transaction's statements take no RETURNING clause",
    });
  });
  test("reads and writes do not stand in one request", async () => {
    const TransactStatements = sent(`SELECT * FROM $T WHERE ${key}`, `DELETE FROM $T WHERE ${key}`);
    expect(
      (await refusal(tables.client.send(new ExecuteTransactionCommand({ TransactStatements })))).name,
    ).toBe("ValidationException");
  });
});
