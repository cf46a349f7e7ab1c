import { errors } from "../errors.ts";
import { isInNetwork, networkOf } from "./networks.ts";

/** One value of a message that a condition is held against. */
export type Value = string | number | boolean | null;
/** Whether a value is wanted. */
export type Condition = (value: Value) => boolean;

const refuse = (reason: string) => errors.FilterInvalid({ reason });
const isScalar = (value: unknown): value is Value =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

function textOf(operator: string, operand: unknown): string {
  if (typeof operand !== "string") throw refuse(`${operator} match pattern must be a string`);
  return operand;
}

const prefix = (operand: unknown, name: string): Condition => {
  const text = textOf(name, operand);
  return (value) => typeof value === "string" && value.startsWith(text);
};
const suffix = (operand: unknown, name: string): Condition => {
  const text = textOf(name, operand);
  return (value) => typeof value === "string" && value.endsWith(text);
};

function equalsIgnoreCase(operand: unknown, name: string): Condition {
  const text = textOf(name, operand).toLowerCase();
  return (value) => typeof value === "string" && value.toLowerCase() === text;
}

function cidr(operand: unknown, name: string): Condition {
  const network = networkOf(textOf(name, operand));
  if (network === undefined) throw refuse("Malformed CIDR, one '/' required");
  return (value) => typeof value === "string" && isInNetwork(network, value);
}

const BOUND_MAX = 1e9;
const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** `["=", 5]`, `[">", 0]`, or a range: a lower bound and then an upper one. */
function numeric(operand: unknown): Condition {
  if (!Array.isArray(operand)) throw refuse("Value of numeric must be an array.");
  if (operand.length === 0) throw refuse("Invalid member in numeric match: ]");
  if (operand.length > 4 || operand.length % 2 !== 0) throw refuse("Too many elements in numeric expression");
  const steps = [operand.slice(0, 2), operand.slice(2)].filter((step) => step.length > 0);
  const checks = steps.map(([name, bound]) => {
    const compare = COMPARISONS[String(name)];
    if (compare === undefined) throw refuse(`Unrecognized numeric range operator: ${String(name)}`);
    if (typeof bound !== "number") throw refuse(`Value of ${String(name)} must be numeric`);
    if (Math.abs(bound) > BOUND_MAX)
      throw refuse(`Value of ${String(name)} must be between -1.0E9 and 1.0E9, inclusive`);
    return { name: String(name), compare, bound };
  });
  const [lower, upper] = checks;
  if (upper !== undefined && lower !== undefined) {
    if (!lower.name.startsWith(">") || !upper.name.startsWith("<")) throw refuse("Bad numeric range operator");
    if (lower.bound >= upper.bound) throw refuse("Bottom must be less than top");
  }
  return (value) => typeof value === "number" && checks.every(({ compare, bound }) => compare(value, bound));
}

const ANYTHING_BUT_OPERATORS = { prefix, suffix, "equals-ignore-case": equalsIgnoreCase };

function anythingBut(operand: unknown): Condition {
  if (isScalar(operand)) return (value) => value !== operand;
  if (Array.isArray(operand)) {
    if (operand.length === 0 || !operand.every(isScalar)) throw refuse("Inside anything but list, start|null|boolean");
    return (value) => !operand.includes(value);
  }
  const [[name, inner] = ["", undefined], ...more] = Object.entries(operand as Record<string, unknown>);
  const build = ANYTHING_BUT_OPERATORS[name as keyof typeof ANYTHING_BUT_OPERATORS];
  if (build === undefined || more.length > 0) throw refuse(`Unsupported anything-but pattern: ${name}`);
  const unwanted = (Array.isArray(inner) ? inner : [inner]).map((one) => build(one, name));
  return (value) => !unwanted.some((matches) => matches(value));
}

const OPERATORS: Readonly<Record<string, (operand: unknown, name: string) => Condition>> = {
  prefix,
  suffix,
  cidr,
  numeric,
  "equals-ignore-case": equalsIgnoreCase,
  "anything-but": anythingBut,
};

/** What an element of a key's list asks: a value that is there, or that none is. */
export type Wish = { readonly condition: Condition } | { readonly isThere: boolean };

export function wishOf(element: unknown): Wish {
  if (isScalar(element)) return { condition: (value) => value === element };
  if (Array.isArray(element)) throw refuse("Match value must be String, number, true, false, or null");
  const [[name, operand] = ["", undefined], ...more] = Object.entries(element as Record<string, unknown>);
  if (more.length > 0) throw refuse("Only one key allowed in match expression");
  if (name === "exists") {
    if (typeof operand !== "boolean") throw refuse("exists match pattern must be either true or false.");
    return { isThere: operand };
  }
  const build = OPERATORS[name];
  if (build === undefined) throw refuse(`Unrecognized match type ${name}`);
  return { condition: build(operand, name) };
}
