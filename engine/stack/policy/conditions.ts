import { Type, type Static } from "typebox";
import { isUnknownValue } from "./rule.ts";

const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const scalars = Type.Array(scalar, { minItems: 1 });

/** What a value must be: itself, or operators that must all hold. */
export const testSchema = Type.Union([
  scalar,
  Type.Object(
    {
      is: Type.Optional(scalar),
      not: Type.Optional(scalar),
      in: Type.Optional(scalars),
      notIn: Type.Optional(scalars),
      matches: Type.Optional(Type.String({ description: "A regular expression that the whole text matches." })),
      atLeast: Type.Optional(Type.Number()),
      atMost: Type.Optional(Type.Number()),
      contains: Type.Optional(scalar),
      exists: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
]);
export type Test = Static<typeof testSchema>;
export type Conditions = Readonly<Record<string, Test>>;

/** A value at a path, and the path that leads to it. */
export interface Found {
  readonly path: string;
  /** Undefined when nothing is there. */
  readonly value: unknown;
}

/** Values at a path; `*` stands for every element of a list or map. One without a value when there is none. */
export function valuesAt(properties: unknown, path: string): readonly Found[] {
  let found: readonly Found[] = [{ path: "", value: properties }];
  for (const step of path.split(".")) {
    found = found.flatMap(({ path: before, value }) => {
      const below = (key: string, inner: unknown) => ({ path: before === "" ? key : `${before}.${key}`, value: inner });
      if (typeof value !== "object" || value === null) return [below(step, undefined)];
      if (step === "*") return Object.entries(value).map(([key, inner]) => below(key, inner));
      return [below(step, Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined)];
    });
  }
  return found;
}

const same = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a !== "object" && a !== undefined && String(a) === String(b));

type Operators = Exclude<Test, string | number | boolean>;
const operatorsOf = (test: Test): Operators => (typeof test === "object" ? test : { is: test });

/** Whether a value passes; undefined when that shows only after apply. */
export function passes(test: Test, value: unknown): boolean | undefined {
  const { exists, ...others } = operatorsOf(test);
  if (exists !== undefined && exists !== (value !== undefined)) return false;
  if (Object.keys(others).length === 0) return true;
  if (isUnknownValue(value)) return undefined;
  return Object.entries(others).every(([operator, wanted]) => holds(operator as keyof Operators, wanted, value));
}

function holds(operator: keyof Operators, wanted: unknown, value: unknown): boolean {
  switch (operator) {
    case "is":
      return same(value, wanted);
    case "not":
      return !same(value, wanted);
    case "in":
      return (wanted as readonly unknown[]).some((each) => same(value, each));
    case "notIn":
      return !(wanted as readonly unknown[]).some((each) => same(value, each));
    case "matches":
      return typeof value === "string" && new RegExp(`^(?:${String(wanted)})$`, "u").test(value);
    case "atLeast":
      return Number(value) >= Number(wanted);
    case "atMost":
      return Number(value) <= Number(wanted);
    case "contains":
      return Array.isArray(value)
        ? value.some((each) => same(each, wanted))
        : typeof value === "string" && value.includes(String(wanted));
    case "exists":
      return wanted === (value !== undefined);
  }
}

const WORDS: Readonly<Record<keyof Operators, string>> = {
  is: "is",
  not: "is not",
  in: "is one of",
  notIn: "is none of",
  matches: "matches",
  atLeast: "is at least",
  atMost: "is at most",
  contains: "contains",
  exists: "exists",
};

/** `is at least 30`. */
export function testText(test: Test): string {
  const words = Object.entries(operatorsOf(test)).map(([operator, wanted]) => {
    if (operator === "exists") return wanted === true ? "is set" : "is not set";
    return `${WORDS[operator as keyof Operators]} ${[wanted].flat().join(", ")}`;
  });
  return words.join(" and ");
}
