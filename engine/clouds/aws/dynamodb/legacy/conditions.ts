import type { AttributeValue, Condition, ExpectedAttributeValue } from "../../../../models/aws/dynamodb.generated.ts";
import { validationFailure } from "../model.ts";
import type { Terms } from "./terms.ts";

const INVALID = "One or more parameter values were invalid: ";
const refused = (reason: string) => validationFailure(INVALID + reason);

interface OperatorRow {
  readonly count: { readonly min: number; readonly max: number };
  /** The kinds of value it takes; every kind without it. */
  readonly kinds?: readonly string[];
  readonly text: (name: string, values: readonly string[]) => string;
}

const exactly = (count: number) => ({ min: count, max: count });
const ORDERED = ["S", "N", "B"];
const comparison = (sign: string, kinds?: readonly string[]): OperatorRow => ({
  count: exactly(1),
  ...(kinds && { kinds }),
  text: (name, [value]) => `${name} ${sign} ${value}`,
});

const OPERATORS: Readonly<Record<string, OperatorRow>> = {
  EQ: comparison("="),
  NE: comparison("<>"),
  LE: comparison("<=", ORDERED),
  LT: comparison("<", ORDERED),
  GE: comparison(">=", ORDERED),
  GT: comparison(">", ORDERED),
  NOT_NULL: { count: exactly(0), text: (name) => `attribute_exists(${name})` },
  NULL: { count: exactly(0), text: (name) => `attribute_not_exists(${name})` },
  CONTAINS: { count: exactly(1), kinds: ORDERED, text: (name, [value]) => `contains(${name}, ${value})` },
  NOT_CONTAINS: { count: exactly(1), kinds: ORDERED, text: (name, [value]) => `NOT contains(${name}, ${value})` },
  BEGINS_WITH: { count: exactly(1), kinds: ["S", "B"], text: (name, [value]) => `begins_with(${name}, ${value})` },
  IN: { count: { min: 1, max: 100 }, kinds: ORDERED, text: (name, values) => `${name} IN (${values.join(", ")})` },
  BETWEEN: { count: exactly(2), kinds: ORDERED, text: (name, [low, high]) => `${name} BETWEEN ${low} AND ${high}` },
};

function textOf(attribute: string, operator: string, values: readonly AttributeValue[], terms: Terms): string {
  const row = OPERATORS[operator] as OperatorRow;
  if (values.length < row.count.min || values.length > row.count.max) {
    throw refused(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  }
  for (const value of values) {
    const kind = Object.keys(value)[0] ?? "";
    if (row.kinds && !row.kinds.includes(kind)) {
      throw refused(`ComparisonOperator ${operator} is not valid for ${kind} AttributeValue type`);
    }
  }
  return row.text(
    terms.name(attribute),
    values.map((value) => terms.value(value)),
  );
}

function joined(parts: readonly string[], operator: string | undefined): string | undefined {
  if (operator !== undefined && parts.length === 0) {
    throw validationFailure("ConditionalOperator cannot be used without Filter or Expected");
  }
  if (operator !== undefined && parts.length === 1) {
    throw validationFailure(
      "ConditionalOperator can only be used when Filter or Expected has two or more elements",
    );
  }
  return parts.length === 0 ? undefined : parts.join(` ${operator ?? "AND"} `);
}

/** `QueryFilter` and `ScanFilter` as a filter, `KeyConditions` as a key condition. */
export function conditionsOf(
  conditions: Readonly<Record<string, Condition>> | undefined,
  operator: string | undefined,
  terms: Terms,
): string | undefined {
  const parts = Object.entries(conditions ?? {}).map(([attribute, { ComparisonOperator, AttributeValueList = [] }]) =>
    textOf(attribute, ComparisonOperator, AttributeValueList, terms),
  );
  return joined(parts, operator);
}

const INDEXABLE: ReadonlySet<string> = new Set(["EQ", "LE", "LT", "GE", "GT", "BEGINS_WITH", "BETWEEN"]);

export function keyConditionsOf(
  conditions: Readonly<Record<string, Condition>>,
  terms: Terms,
): string {
  const all = Object.values(conditions);
  if (all.length < 1 || all.length > 2) throw validationFailure("Conditions can be of length 1 or 2 only");
  if (all.some(({ ComparisonOperator }) => !INDEXABLE.has(ComparisonOperator))) {
    throw validationFailure("Attempted conditional constraint is not an indexable operation");
  }
  return conditionsOf(conditions, undefined, terms) as string;
}

function expectation(attribute: string, wanted: ExpectedAttributeValue, terms: Terms): string {
  const { Value, Exists, ComparisonOperator, AttributeValueList } = wanted;
  const where = `for Attribute: ${attribute}`;
  if (Exists !== undefined && ComparisonOperator !== undefined) {
    throw refused(`Exists and ComparisonOperator cannot be used together ${where}`);
  }
  if (Value !== undefined && AttributeValueList !== undefined) {
    throw refused(`Value and AttributeValueList cannot be used together ${where}`);
  }
  if (ComparisonOperator === undefined) {
    if (AttributeValueList !== undefined) {
      throw refused(`AttributeValueList can only be used with a ComparisonOperator ${where}`);
    }
    if (Exists === false && Value !== undefined) {
      throw refused(`Value cannot be used when Exists is set to false ${where}`);
    }
    if (Exists === false) return textOf(attribute, "NULL", [], terms);
    if (Value === undefined) throw refused(`Value must be provided when Exists is ${Exists ?? "null"} ${where}`);
    return textOf(attribute, "EQ", [Value], terms);
  }
  const values = AttributeValueList ?? (Value === undefined ? [] : [Value]);
  if (values.length === 0 && ComparisonOperator !== "NULL" && ComparisonOperator !== "NOT_NULL") {
    throw refused(`Value or AttributeValueList must be used with ComparisonOperator: ${ComparisonOperator} ${where}`);
  }
  return textOf(attribute, ComparisonOperator, values, terms);
}

/** `Expected` as a condition. */
export function expectedOf(
  expected: Readonly<Record<string, ExpectedAttributeValue>> | undefined,
  operator: string | undefined,
  terms: Terms,
): string | undefined {
  const parts = Object.entries(expected ?? {}).map(([attribute, wanted]) => expectation(attribute, wanted, terms));
  return joined(parts, operator);
}
