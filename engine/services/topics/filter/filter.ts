import { isObject } from "../../../platform/is-object.ts";
import { errors } from "../errors.ts";
import type { Attributes } from "../model/message.ts";
import { wishOf, type Value, type Wish } from "./conditions.ts";

/** Which part of a message a filter looks at. */
export type FilterScope = "attributes" | "body";

const KEYS_MAX = 5;
const COMBINATIONS_MAX = 150;
const refuse = (reason: string) => errors.FilterInvalid({ reason });

/** The values that a message has at a path; undefined when it has nothing there. */
type Lookup = (path: readonly string[]) => readonly Value[] | undefined;
type Matcher = (lookup: Lookup) => boolean;

interface Compiled {
  readonly matches: Matcher;
  /** What counts towards the limits. */
  readonly keys: number;
  readonly combinations: number;
}
type PolicyObject = Readonly<Record<string, unknown>>;

function isGranted(wish: Wish, values: readonly Value[] | undefined): boolean {
  if ("isThere" in wish) return (values !== undefined) === wish.isThere;
  return values?.some(wish.condition) === true;
}

function compileKey(path: readonly string[], elements: readonly unknown[]): Compiled {
  if (elements.length === 0) throw refuse("Empty arrays are not allowed");
  const wishes = elements.map(wishOf);
  return {
    matches(lookup) {
      const values = lookup(path);
      return wishes.some((wish) => isGranted(wish, values));
    },
    keys: 1,
    combinations: wishes.length * path.length,
  };
}

/** `$or` means alternatives only where it could mean nothing else: two or more objects. */
const isAlternatives = (name: string, value: unknown): value is PolicyObject[] =>
  name === "$or" && Array.isArray(value) && value.length > 1 && value.every(isObject);

function compileObject(policy: PolicyObject, path: readonly string[], scope: FilterScope): Compiled {
  const parts = Object.entries(policy).map(([name, value]): Compiled => {
    if (isAlternatives(name, value)) return anyOf(value.map((one) => compileObject(one, path, scope)));
    if (Array.isArray(value)) return compileKey([...path, name], value);
    if (!isObject(value)) throw refuse(`"${name}" must be an object or an array`);
    if (scope === "attributes")
      throw refuse("Filter policy scope MessageAttributes does not support nested filter policy");
    return compileObject(value, [...path, name], scope);
  });
  if (parts.length === 0 && path.length > 0) throw refuse("Empty objects are not allowed");
  return {
    matches: (lookup) => parts.every(({ matches }) => matches(lookup)),
    keys: parts.reduce((sum, { keys }) => sum + keys, 0),
    combinations: parts.reduce((product, { combinations }) => product * combinations, 1),
  };
}

const anyOf = (alternatives: readonly Compiled[]): Compiled => ({
  matches: (lookup) => alternatives.some(({ matches }) => matches(lookup)),
  keys: Math.max(...alternatives.map(({ keys }) => keys)),
  combinations: alternatives.reduce((sum, { combinations }) => sum + combinations, 0),
});

function parsed(filter: string): PolicyObject {
  let policy: unknown;
  try {
    policy = JSON.parse(filter);
  } catch {
    throw refuse("failed to parse JSON");
  }
  if (!isObject(policy)) throw refuse("Filter must be an object");
  return policy;
}

/** Which messages pass. */
export type Filter = (message: { readonly message: string; readonly attributes?: Attributes }) => boolean;

/**
 * Reads a filter.
 * Errors: `FilterInvalid` with what is wrong
 * Source: SNS Developer Guide, "Amazon SNS message filtering"
 */
export function compileFilter(filter: string, scope: FilterScope): Filter {
  const { matches, keys, combinations } = compileObject(parsed(filter), [], scope);
  if (keys > KEYS_MAX) throw refuse(`Filter policy can not have more than ${KEYS_MAX} keys`);
  if (combinations > COMBINATIONS_MAX) throw refuse("Filter policy is too complex");
  if (scope === "body") {
    return ({ message }) => {
      const body = jsonOf(message);
      return isObject(body) && matches((path) => valuesAt(body, path));
    };
  }
  return ({ attributes = {} }) => matches(([name = ""]) => attributeValues(attributes[name]));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A list holds each of its elements, also when they are objects on the way. */
function valuesAt(value: unknown, path: readonly string[]): readonly Value[] | undefined {
  if (Array.isArray(value)) {
    const found = value.map((element) => valuesAt(element, path)).filter((values) => values !== undefined);
    return found.length > 0 ? found.flat() : undefined;
  }
  const [name, ...rest] = path;
  if (name === undefined) return isObject(value) ? undefined : [value as Value];
  return isObject(value) && Object.hasOwn(value, name) ? valuesAt(value[name], rest) : undefined;
}

function attributeValues(attribute: Attributes[string] | undefined): readonly Value[] | undefined {
  if (attribute === undefined) return undefined;
  const { type, value } = attribute;
  if (typeof value !== "string") return [];
  if (type === "String.Array") return jsonOf(value) as Value[];
  return [type === "Number" || type.startsWith("Number.") ? Number(value) : value];
}
