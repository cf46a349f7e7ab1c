import {
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";
import { L, M, N, placeholders, S, type Item } from "../../../testing/dynamodb-values.ts";

let tables: TestTables;
let TableName = "";
const Key = { id: S("a") };

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

describe("an update", () => {
  beforeEach(async () => {
    TableName = await tables.create();
  });
  const before: Item = {
    ...Key,
    n: N(5),
    s: S("text"),
    tags: { SS: ["a", "b"] },
    odds: { NS: ["1", "3"] },
    seq: L(N(0), N(1), N(2)),
    doc: M({ x: N(1), part: M({ y: N(2) }) }),
  };
  const values: Item = {
    ":one": N(1),
    ":half": N("0.5"),
    ":s": S("new"),
    ":l": L(S("p"), S("q")),
    ":m": M({ k: S("v") }),
    ":b": { SS: ["b", "c"] },
    ":all": { SS: ["a", "b"] },
    ":5": { NS: ["5"] },
    ":big": N("99999999999999999999999999999999999999"),
    ":null": { NULL: true },
  };
  const update = async (UpdateExpression: string, more: object = {}) => {
    await tables.client.send(new PutItemCommand({ TableName, Item: before }));
    return tables.client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression,
        ReturnValues: "ALL_NEW",
        ...placeholders(UpdateExpression, values),
        ...more,
      }),
    );
  };

  test.each<[string, Item]>([
    ["SET s = :s", { s: S("new") }],
    ["set s = :s", { s: S("new") }],
    ["SET fresh = :m", { fresh: M({ k: S("v") }) }],
    ["SET n = n + :one", { n: N(6) }],
    ["SET n = n - :half", { n: N("4.5") }],
    ["SET n = (n - :half)", { n: N("4.5") }],
    ["SET n = (n) - (:half)", { n: N("4.5") }],
    ["SET n = ((n) - :half)", { n: N("4.5") }],
    ["SET n = :one - n", { n: N(-4) }],
    ["SET twin = s", { twin: S("text") }],
    ["SET s = n, n = :one", { s: N(5), n: N(1) }],
    ["SET n = if_not_exists(n, :one)", { n: N(5) }],
    ["SET alt = if_not_exists(alt, :one)", { alt: N(1) }],
    ["SET alt = if_not_exists(alt, n) + :one", { alt: N(6) }],
    ["SET doc.x = :s", { doc: M({ x: S("new"), part: M({ y: N(2) }) }) }],
    ["SET doc.part.z = :one", { doc: M({ x: N(1), part: M({ y: N(2), z: N(1) }) }) }],
    ["SET seq[1] = :s", { seq: L(N(0), S("new"), N(2)) }],
    ["SET seq[9] = :s", { seq: L(N(0), N(1), N(2), S("new")) }],
    ["SET seq = list_append(seq, :l)", { seq: L(N(0), N(1), N(2), S("p"), S("q")) }],
    ["SET seq = list_append(:l, seq)", { seq: L(S("p"), S("q"), N(0), N(1), N(2)) }],
    ["SET fresh = list_append(if_not_exists(fresh, :l), :l)", { fresh: L(S("p"), S("q"), S("p"), S("q")) }],
    ["SET #n = :null", { name: { NULL: true } }],
    ["REMOVE seq[0]", { seq: L(N(1), N(2)) }],
    ["REMOVE seq[0], seq[2]", { seq: L(N(1)) }],
    ["REMOVE seq[7]", {}],
    ["REMOVE doc.x", { doc: M({ part: M({ y: N(2) }) }) }],
    ["REMOVE absent", {}],
    ["ADD n :half", { n: N("5.5") }],
    ["ADD fresh :one", { fresh: N(1) }],
    ["ADD tags :b", { tags: { SS: ["a", "b", "c"] } }],
    ["ADD odds :5", { odds: { NS: ["1", "3", "5"] } }],
    ["ADD fresh :b", { fresh: { SS: ["b", "c"] } }],
    ["ADD doc.hits :one", { doc: M({ x: N(1), part: M({ y: N(2) }), hits: N(1) }) }],
    ["DELETE tags :b", { tags: { SS: ["a"] } }],
    ["DELETE absent :b", {}],
    ["SET s = :s REMOVE doc ADD n :one DELETE tags :b", { s: S("new"), n: N(6), tags: { SS: ["a"] }, doc: S("") }],
  ])("%s", async (expression, changed) => {
    const { Attributes } = await update(expression);
    const expected: Item = { ...before, ...changed };
    if (expression.includes("REMOVE doc ")) delete expected["doc"];
    expect(Attributes).toEqual(expected);
    expect((await tables.client.send(new GetItemCommand({ TableName, Key }))).Item).toEqual(expected);
  });

  test("that deletes a set's last members removes the attribute", async () => {
    const { Attributes } = await update("DELETE tags :all");
    expect(Attributes?.["tags"]).toBeUndefined();
  });

  test.each([
    ["NONE", undefined],
    ["ALL_OLD", before],
    ["ALL_NEW", { ...before, n: N(6), doc: M({ x: S("new"), part: M({ y: N(2) }) }) }],
    ["UPDATED_OLD", { n: N(5), doc: M({ x: N(1) }) }],
    ["UPDATED_NEW", { n: N(6), doc: M({ x: S("new") }) }],
  ])("returns %s", async (ReturnValues, expected) => {
    expect((await update("SET n = n + :one, doc.x = :s", { ReturnValues })).Attributes).toEqual(expected);
  });

  test.each([
    [
      "SET id = :s",
      "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key",
    ],
    [
      "REMOVE id",
      "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key",
    ],
    ["SET absent.x = :s", "The document path provided in the update expression is invalid for update"],
    ["SET s.x = :s", "The document path provided in the update expression is invalid for update"],
    ["SET s[0] = :s", "The document path provided in the update expression is invalid for update"],
    ["SET n = absent + :one", "The provided expression refers to an attribute that does not exist in the item"],
    ["SET n = absent", "The provided expression refers to an attribute that does not exist in the item"],
    ["SET n = s + :one", "An operand in the update expression has an incorrect data type"],
    ["SET n = list_append(s, :l)", "An operand in the update expression has an incorrect data type"],
    ["ADD s :one", "An operand in the update expression has an incorrect data type"],
    ["DELETE odds :b", "An operand in the update expression has an incorrect data type"],
    ["SET n = ((n + :one))", "Invalid UpdateExpression: The expression has redundant parentheses;"],
    [
      "SET n = (n + :one) + :one",
      'Invalid UpdateExpression: Syntax error; token: "+", near: ") + :one"',
    ],
    [
      "SET n = n + :s",
      "Invalid UpdateExpression: Incorrect operand type for operator or function; "
        + "operator or function: +, operand type: S",
    ],
    [
      "ADD n :s",
      "Invalid UpdateExpression: Incorrect operand type for operator or function; "
        + "operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
    ],
    [
      "DELETE n :one",
      "Invalid UpdateExpression: Incorrect operand type for operator or function; "
        + "operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND",
    ],
    [
      "SET s = :s, s = :one",
      "Invalid UpdateExpression: Two document paths overlap with each other; "
        + "must remove or rewrite one of these paths; path one: [s], path two: [s]",
    ],
    [
      "SET doc = :m, doc.x = :s",
      "Invalid UpdateExpression: Two document paths overlap with each other; "
        + "must remove or rewrite one of these paths; path one: [doc], path two: [doc, x]",
    ],
    [
      "SET seq[0] = :s REMOVE seq.x",
      "Invalid UpdateExpression: Two document paths conflict with each other; "
        + "must remove or rewrite one of these paths; path one: [seq, [0]], path two: [seq, x]",
    ],
    [
      "SET s = :s SET n = :one",
      'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    ],
    ["SET s :s", 'Invalid UpdateExpression: Syntax error; token: ":s", near: "s :s"'],
    ["s = :s", 'Invalid UpdateExpression: Syntax error; token: "s", near: "s ="'],
    [
      "SET s = size(n)",
      "Invalid UpdateExpression: The function is not allowed in an update expression; function: size",
    ],
    ["SET s = upper(s)", "Invalid UpdateExpression: Invalid function name; function: upper"],
    [
      "SET s = if_not_exists(s)",
      "Invalid UpdateExpression: Incorrect number of operands for operator or function; "
        + "operator or function: if_not_exists, number of operands: 1",
    ],
    [
      "SET s = if_not_exists(:s, :one)",
      "Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists",
    ],
    ["SET n = n + :big", "Attempting to store more than 38 significant digits in a Number"],
  ])("%s is refused", async (expression, message) => {
    expect(await refusal(update(expression))).toEqual({ name: "ValidationException", message });
  });

  test("makes an item where there is none, with its key alone too", async () => {
    const made = await tables.client.send(
      new UpdateItemCommand({ TableName, Key: { id: S("fresh") }, ReturnValues: "ALL_NEW" }),
    );
    expect(made.Attributes).toEqual({ id: S("fresh") });
  });

  test("of a number that would grow past its limits is refused", async () => {
    const Item = { ...Key, n: N(`9e125`) };
    await tables.client.send(new PutItemCommand({ TableName, Item }));
    const add = { UpdateExpression: "ADD n :n", ExpressionAttributeValues: { ":n": N("9e125") } };
    expect(await refusal(tables.client.send(new UpdateItemCommand({ TableName, Key, ...add })))).toEqual({
      name: "ValidationException",
      message: "Number overflow. Attempting to store a number with magnitude larger than supported range",
    });
  });
});
