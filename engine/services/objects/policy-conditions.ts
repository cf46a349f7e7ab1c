import { isObject } from "../../platform/is-object.ts";
import { matchesPattern } from "./policy-patterns.ts";

/** The access point that a request came through, by the keys that conditions ask for it with, in lower case. */
export type PolicyFacts = Readonly<Partial<Record<(typeof KNOWN)[number], string>>>;
const KNOWN = ["s3:dataaccesspointaccount", "s3:dataaccesspointarn", "s3:accesspointnetworkorigin"] as const;
const isKnown = (name: string): name is (typeof KNOWN)[number] => (KNOWN as readonly string[]).includes(name);

type Test = (value: string, wanted: string) => boolean;
const equals: Test = (value, wanted) => value === wanted;
const isLike: Test = (value, wanted) => matchesPattern(wanted, value);
const OPERATORS: Readonly<Record<string, Test>> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  StringLike: isLike,
  ArnEquals: isLike,
  ArnLike: isLike,
};

function testOf(operator: string): { readonly test: Test; readonly isNegated: boolean } | undefined {
  const plain = operator.replace("Not", "");
  const test = OPERATORS[plain];
  return test && { test, isNegated: plain !== operator };
}

/** Undefined where a test asks for something that is not known here, or in a way that is not. */
function passes(operator: string, name: string, wanted: unknown, facts: PolicyFacts): boolean | undefined {
  const found = testOf(operator);
  const key = name.toLowerCase();
  if (!found || !isKnown(key)) return undefined;
  const value = facts[key];
  const isThere = value !== undefined && [wanted].flat().some((one) => found.test(value, String(one)));
  return isThere !== found.isNegated;
}

/** What is no map asks for nothing that is known. */
const entriesOf = (map: unknown): readonly (readonly [string, unknown])[] =>
  isObject(map) ? Object.entries(map) : [["", undefined]];

/** Whether a statement's condition holds: true, false, or undefined where that cannot be told. */
export function holds(condition: unknown, facts: PolicyFacts): boolean | undefined {
  if (condition === undefined) return true;
  const answers = new Set(
    entriesOf(condition).flatMap(([operator, tests]) =>
      entriesOf(tests).map(([name, wanted]) => passes(operator, name, wanted, facts)),
    ),
  );
  if (answers.has(false)) return false;
  return answers.has(undefined) ? undefined : true;
}
