import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ServiceError } from "../../errors.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import { bindCondition, holds } from "./condition.ts";
import { parseCondition, parseProjection, parseUpdate } from "./parser.ts";
import { Placeholders } from "./placeholders.ts";
import { bindProjection, projected } from "./projection.ts";
import { bindUpdate, updated } from "./update.ts";

const ITEM: Item = {
  id: { S: "a" },
  n: { N: "5" },
  big: { N: "100000000000000000000" },
  flag: { BOOL: true },
  nothing: { NULL: true },
  bin: { B: new Uint8Array([1, 2, 3]) },
  tags: { SS: ["x", "y"] },
  nums: { NS: ["1", "2"] },
  lst: { L: [{ N: "1" }, { S: "two" }, { M: { deep: { S: "d" } } }] },
  doc: { M: { one: { N: "1" }, "a.b": { S: "dotted" } } },
};
const VALUES: Record<string, AttributeValue> = {
  ":a": { S: "a" },
  ":5": { N: "5.0" },
  ":4": { N: "4" },
  ":6": { N: "6" },
  ":x": { S: "x" },
  ":one": { N: "1" },
  ":l": { L: [{ S: "new" }] },
  ":yx": { SS: ["y", "x"] },
  ":bin": { B: new Uint8Array([1, 2]) },
  ":true": { BOOL: true },
  ":type": { S: "SS" },
  ":bad": { S: "QQ" },
  ":m": { M: {} },
  ":two": { S: "two" },
  ":empty": { S: "" },
};
const NAMES = { "#s": "status", "#dot": "a.b", "#m": "doc" };
const used = (text: string) => ({
  names: Object.fromEntries(Object.entries(NAMES).filter(([name]) => text.includes(name))),
  values: Object.fromEntries(
    Object.entries(VALUES).filter(([name]) => new RegExp(`${name}(?![A-Za-z0-9_])`).test(text)),
  ),
});
const placeholders = (text: string) => {
  const { names, values } = used(text);
  return new Placeholders(
    Object.keys(names).length > 0 ? names : undefined,
    Object.keys(values).length > 0 ? values : undefined,
  );
};
const condition = (text: string) => holds(bindCondition("condition", text, placeholders(text)), ITEM);
const update = (text: string, item: Item = ITEM) => updated(item, bindUpdate(text, placeholders(text)));
const project = (text: string) => projected(ITEM, bindProjection(text, placeholders(text)));

describe("conditions", () => {
  test.each([
    "id = :a",
    "n = :5",
    "n <> :a",
    "absent <> :a",
    "NOT absent = :a",
    "n BETWEEN :4 AND :6",
    "n IN (:4, :5)",
    "n > :4 AND n < :6",
    "id = :x OR n = :5 AND flag = :true",
    "(id = :x OR n = :5) AND flag = :true",
    "attribute_exists(doc.one)",
    "attribute_not_exists(doc.two)",
    "attribute_type(tags, :type)",
    "begins_with(id, :a)",
    "begins_with(bin, :bin)",
    "contains(tags, :x)",
    "contains(nums, :one)",
    "contains(lst, :two)",
    "contains(bin, :bin)",
    "contains(id, :empty)",
    "size(tags) < :5",
    "size(id) = :one",
    "tags = :yx",
    "lst[2].deep <> :x",
    "#m.#dot <> id",
    "doc.one = lst[0]",
    "(n) = (:5)",
    "n between :4 and :6 and Not (id = :x)",
    "big > n",
    "NOT NOT id = :a",
  ])("%s holds", (text) => expect(condition(text)).toBe(true));

  test.each([
    "id = :x",
    "id > :5",
    "absent = :a",
    "absent < :a",
    "n BETWEEN :6 AND :6",
    "flag > :a",
    "lst[9] = :x",
    "doc.one.deeper = :x",
    "contains(n, :one)",
    "begins_with(n, :a)",
    "attribute_type(n, :type)",
    "size(n) = :5",
  ])("%s does not hold", (text) => expect(condition(text)).toBe(false));

  test.each([
    ["", "The expression can not be empty;"],
    ["id = ", 'Syntax error; token: "<EOF>", near: "= "'],
    ["id == :a", 'Syntax error; token: "=", near: "== :a"'],
    ["id = :a %", 'Syntax error; token: "%", near: ":a %"'],
    ["id", 'Syntax error; token: "<EOF>", near: "id"'],
    ["status = :a", "Attribute name is a reserved keyword; reserved keyword: status"],
    ["#q = :a", "An expression attribute name used in the document path is not defined; attribute name: #q"],
    ["id = :q", "An expression attribute value used in expression is not defined; attribute value: :q"],
    ["((id = :a))", "The expression has redundant parentheses;"],
    ["nope(id)", "Invalid function name; function: nope"],
    ["if_not_exists(id, :a) = :a", "The function is not allowed in a condition expression; function: if_not_exists"],
    ["size(id)", "The function is not allowed to be used this way in an expression; function: size"],
    [
      "contains(id)",
      "Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1",
    ],
    ["attribute_exists(:a)", "Operator or function requires a document path; operator or function: attribute_exists"],
    [
      "attribute_type(id, :bad)",
      "Invalid attribute type name found; type: QQ, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
    ],
    [
      "begins_with(id, :5)",
      "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
    ],
    ["id < :m", "Incorrect operand type for operator or function; operator or function: <, operand type: M"],
    [
      "id = id",
      "The first operand must be distinct from the remaining operands for this operator or function; "
        + "operator: =, first operand: [id]",
    ],
    [
      "n BETWEEN :6 AND :4",
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
        + "lower bound operand: AttributeValue: {N:6}, upper bound operand: AttributeValue: {N:4}",
    ],
    [`id = :a AND ${"NOT ".repeat(300)} n = :5`, "nested too deeply"],
  ])("%s is refused", (text, message) => expect(() => condition(text)).toThrow(message));
});

describe("updates", () => {
  test.each([
    ["SET n = n + :one", { n: { N: "6" } }],
    ["SET fresh = if_not_exists(absent, :one) - :5", { fresh: { N: "-4" } }],
    ["SET lst = list_append(lst, :l)", { lst: { L: [...(ITEM["lst"]?.L ?? []), { S: "new" }] } }],
    [
      "SET lst[7] = :x, lst[6] = :two REMOVE lst[0]",
      { lst: { L: [{ S: "two" }, { M: { deep: { S: "d" } } }, { S: "two" }, { S: "x" }] } },
    ],
    ["SET doc.one = n, #m.#dot = id", { doc: { M: { one: { N: "5" }, "a.b": { S: "a" } } } }],
    ["SET id2 = n, n2 = id", { id2: { N: "5" }, n2: { S: "a" } }],
    ["ADD n :5, fresh :one", { n: { N: "10" }, fresh: { N: "1" } }],
    ["ADD tags :yx", { tags: { SS: ["x", "y"] } }],
    ["SET lst[2].deep = :x", { lst: { L: [{ N: "1" }, { S: "two" }, { M: { deep: { S: "x" } } }] } }],
  ])("%s", (text, expected) => {
    expect(update(text)).toEqual({ ...ITEM, ...expected });
  });

  test("what is removed is gone, and a set that loses all its members too", () => {
    const { tags: _tags, flag: _flag, ...rest } = ITEM;
    expect(update("DELETE tags :yx REMOVE flag, absent")).toEqual(rest);
  });

  test("the old item stays as it was", () => {
    const before = structuredClone(ITEM);
    update("SET doc.one = :x, lst[0] = :x REMOVE lst[1]");
    expect(ITEM).toEqual(before);
  });

  test.each([
    ["SET n = :one SET id = :a", 'The "SET" section can only be used once in an update expression;'],
    [
      "SET doc = :m, doc.one = :one",
      "Two document paths overlap with each other; must remove or rewrite one of these paths; "
        + "path one: [doc], path two: [doc, one]",
    ],
    [
      "SET lst.x = :m REMOVE lst[0]",
      "Two document paths conflict with each other; must remove or rewrite one of these paths; "
        + "path one: [lst, x], path two: [lst, [0]]",
    ],
    ["ADD n :a", "operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"],
    ["DELETE tags :one", "operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND"],
    ["SET n = n + :a", "Incorrect operand type for operator or function; operator or function: +, operand type: S"],
    [
      "SET n = list_append(lst, :a)",
      "Incorrect operand type for operator or function; operator or function: list_append, operand type: S",
    ],
    ["SET n = size(lst)", "The function is not allowed in an update expression; function: size"],
    [
      "SET n = if_not_exists(:a, :a)",
      "Operator or function requires a document path; operator or function: if_not_exists",
    ],
    ["SET n = absent", "The provided expression refers to an attribute that does not exist in the item"],
    ["SET n = id + :one", "An operand in the update expression has an incorrect data type"],
    ["SET absent.x = :a", "The document path provided in the update expression is invalid for update"],
    ["SET doc[0] = :a", "The document path provided in the update expression is invalid for update"],
    ["SET __proto__ = :a", "CloudStacks does not store an attribute named __proto__"],
    ["ADD id :one", "An operand in the update expression has an incorrect data type"],
    ["FROB n", 'Syntax error; token: "FROB", near: "FROB n"'],
  ])("%s is refused", (text, message) => expect(() => update(text)).toThrow(message));
});

describe("projections", () => {
  test.each([
    ["id, absent", { id: { S: "a" } }],
    [
      "doc.one, lst[2].deep, lst[0]",
      { doc: { M: { one: { N: "1" } } }, lst: { L: [{ N: "1" }, { M: { deep: { S: "d" } } }] } },
    ],
    ["#m.#dot", { doc: { M: { "a.b": { S: "dotted" } } } }],
    ["doc.two, id.deep, lst[9]", {}],
  ])("%s", (text, expected) => expect(project(text)).toEqual(expected));

  test("paths inside each other are refused", () =>
    expect(() => project("doc, doc.one")).toThrow("Two document paths overlap"));
});

test("the parser never fails with anything but its own error", () => {
  const word = fc.constantFrom(
    "a",
    "b.c",
    "[0]",
    "#n",
    ":v",
    "(",
    ")",
    ",",
    "=",
    "<",
    "<>",
    "AND",
    "OR",
    "NOT",
    "BETWEEN",
    "IN",
    "SET",
    "REMOVE",
    "ADD",
    "DELETE",
    "size",
    "contains(",
    "if_not_exists(",
    "+",
    "-",
    "1",
    "%",
    "\u{1F600}",
    " ",
    "\n",
    "status",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word, { maxLength: 40 }).map((words) => words.join(" ")),
  );
  fc.assert(
    fc.property(text, (given) => {
      for (const parse of [
        () => parseCondition("condition", given),
        () => parseUpdate("update", given),
        () => parseProjection("projection", given),
      ]) {
        try {
          parse();
        } catch (error) {
          expect(error).toBeInstanceOf(ServiceError);
          expect((error as ServiceError).code).toBe("InvalidExpression");
        }
      }
    }),
    { numRuns: 3000 },
  );
});
