import {
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf, refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";
import { B, EVERY_KIND, L, M, N, placeholders, S, type Item } from "../../../testing/dynamodb-values.ts";

let tables: TestTables;
let TableName = "";
const Key = { id: S("a") };

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

const subject: Item = { ...Key, ...EVERY_KIND };
const VALUES: Item = {
  ":ada": S("Ada Lovelace"),
  ":prefix": S("Ada"),
  ":part": S("Love"),
  ":n35": N(35),
  ":n36": N("36.0"),
  ":n37": N(37),
  ":s36": S("36"),
  ":bits": B(1, 2, 3),
  ":head": B(1, 2),
  ":two": N(2),
  ":three": N(3),
  ":math": S("math"),
  ":tags": { SS: ["engine", "math"] },
  ":one": N(1),
  ":byte": B(2),
  ":london": S("London"),
  ":null": { NULL: true },
  ":true": { BOOL: true },
  ":x": S("x"),
  ":l3": L(N(3)),
  ":moment": M({ x: N(1) }),
  ":typeS": S("S"),
  ":typeL": S("L"),
  ":typeNS": S("NS"),
  ":twelve": N(12),
  ":blank": S(""),
};

describe("a condition", () => {
  beforeAll(async () => {
    TableName = await tables.create();
    await tables.client.send(new PutItemCommand({ TableName, Item: subject }));
  });
  const check = (ConditionExpression: string) =>
    tables.client.send(
      new UpdateItemCommand({ TableName, Key, ConditionExpression, ...placeholders(ConditionExpression, VALUES) }),
    );

  test.each([
    "#n = :ada",
    ":ada = #n",
    "age = :n36",
    "age <> :s36",
    "age < :n37",
    "age <= :n36",
    "age > :n35",
    "age >= :n36",
    ":n37 > age",
    "age BETWEEN :n35 AND :n37",
    "age IN (:n35, :n36)",
    "NOT age = :n35",
    "NOT NOT age = :n36",
    "age = :n36 AND #n = :ada",
    "age = :n35 OR #n = :ada",
    "age = :n36 OR age = :n35 AND #n = :prefix",
    "(age = :n36 OR age = :n35) AND #n = :ada",
    "bits = :bits",
    "bits > :head",
    "attribute_exists(#n)",
    "attribute_exists(doc.city)",
    "attribute_exists(seq[2][0])",
    "attribute_not_exists(absent)",
    "attribute_not_exists(doc.nix)",
    "attribute_not_exists(seq[9])",
    "attribute_not_exists(#n.part)",
    "attribute_type(#n, :typeS)",
    "attribute_type(seq, :typeL)",
    "attribute_type(odds, :typeNS)",
    "begins_with(#n, :prefix)",
    "begins_with(bits, :head)",
    "contains(#n, :part)",
    "contains(bits, :byte)",
    "contains(tags, :math)",
    "contains(odds, :three)",
    "contains(blobs, :byte)",
    "contains(seq, :x)",
    "contains(seq, :l3)",
    "size(#n) = :twelve",
    "size(bits) = :three",
    "size(tags) = :two",
    "size(seq) = :three",
    "size(doc) = :two",
    "size(blank) < :one",
    "tags = :tags",
    "doc.city = :london",
    "doc.moment = :moment",
    "seq[0] = :x",
    "seq[1] = :two",
    "#d = :x OR attribute_exists(#d)",
    "nothing = :null",
    "yes = :true",
    "blank = :blank",
    "absent <> :x",
    "attribute_not_exists(absent) AND attribute_exists(id)",
    "seq[1] < age",
    "contains(#n, id) OR attribute_exists(id)",
  ])("%s holds", async (condition) => {
    expect((await check(condition)).$metadata.httpStatusCode).toBe(200);
  });

  test.each([
    "#n = :prefix",
    "age = :s36",
    "age <> :n36",
    "age < :s36",
    "absent = :x",
    "absent < :n35",
    "NOT attribute_exists(id)",
    "age BETWEEN :n37 AND :n37",
    "age IN (:n35, :n37)",
    "attribute_type(#n, :typeL)",
    "begins_with(#n, :part)",
    "begins_with(age, :prefix)",
    "contains(tags, :part)",
    "contains(age, :part)",
    "contains(absent, :part)",
    "size(age) = :two",
    "size(absent) = :one",
    "yes = :null",
    "seq[7] = :x",
    "doc.city.deeper = :london",
    "age = :n36 AND #n = :prefix",
    "age = :n35 OR #n = :prefix",
  ])("%s does not hold", async (condition) => {
    expect((await refusal(check(condition))).name).toBe("ConditionalCheckFailedException");
  });

  test.each([
    ["age =", 'Syntax error; token: "<EOF>", near: "="'],
    ["age == :n35", 'Syntax error; token: "=", near: "== :n35"'],
    ["age : :n35", 'Syntax error; token: ":", near: "age : :n35"'],
    ["(age = :n36", 'Syntax error; token: "<EOF>", near: ":n36"'],
    ["((age = :n36))", "The expression has redundant parentheses;"],
    ["", "The expression can not be empty;"],
    ["name = :ada", "Attribute name is a reserved keyword; reserved keyword: name"],
    ["size(size) = :one", "Attribute name is a reserved keyword; reserved keyword: size"],
    [
      "#x = :ada",
      "An expression attribute name used in the document path is not defined; attribute name: #x",
    ],
    [
      "age = :undefined",
      "An expression attribute value used in expression is not defined; attribute value: :undefined",
    ],
    ["exists(age)", "Invalid function name; function: exists"],
    [
      "if_not_exists(age, :one) = :one",
      "The function is not allowed in a condition expression; function: if_not_exists",
    ],
    [
      "attribute_exists(age, :one)",
      "Incorrect number of operands for operator or function; "
        + "operator or function: attribute_exists, number of operands: 2",
    ],
    [
      "attribute_exists(:one)",
      "Operator or function requires a document path; operator or function: attribute_exists",
    ],
    [
      "begins_with(age, :n35)",
      "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
    ],
    [
      "age < :true",
      "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
    ],
    [
      "age BETWEEN :n37 AND :n35",
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
        + "lower bound operand: AttributeValue: {N:37}, upper bound operand: AttributeValue: {N:35}",
    ],
    [
      "age BETWEEN :s36 AND :n37",
      "The BETWEEN operator requires same data type for lower and upper bounds; "
        + "lower bound operand: AttributeValue: {S:36}, upper bound operand: AttributeValue: {N:37}",
    ],
    [
      "attribute_type(age, :prefix)",
      "Invalid attribute type name found; type: Ada, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
    ],
    ["age = age", "The first operand must be distinct from the remaining operands for this operator or function; "
      + "operator: =, first operand: [age]"],
    ["size(#n)", "The function is not allowed to be used this way in an expression; function: size"],
    ["a[b] = :one", 'Syntax error; token: "b", near: "[b]"'],
    ["a[-1] = :one", 'Syntax error; token: "-", near: "[-1"'],
  ])("%s is refused: %s", async (condition, reason) => {
    expect(await refusal(check(condition))).toEqual({
      name: "ValidationException",
      message: `Invalid ConditionExpression: ${reason}`,
    });
  });

  test("that fails can show the item, for a put, an update and a delete", async () => {
    const ConditionExpression = "attribute_not_exists(id)";
    const ReturnValuesOnConditionCheckFailure = "ALL_OLD";
    for (const command of [
      new PutItemCommand({ TableName, Item: Key, ConditionExpression, ReturnValuesOnConditionCheckFailure }),
      new UpdateItemCommand({ TableName, Key, ConditionExpression, ReturnValuesOnConditionCheckFailure }),
      new DeleteItemCommand({ TableName, Key, ConditionExpression, ReturnValuesOnConditionCheckFailure }),
    ]) {
      expect(await failureOf(tables.client.send(command as PutItemCommand))).toMatchObject({
        name: "ConditionalCheckFailedException",
        Item: { age: N(36) },
      });
    }
  });
});
