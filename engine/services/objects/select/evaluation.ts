import { errors } from "../errors.ts";
import type { Expression, Query } from "./expression.ts";

/** A record: columns by name in their order (CSV), or any JSON value. */
export type Row = unknown;

/** What a path that leads nowhere gives: less than null. */
export const MISSING = Symbol("missing");

const AGGREGATES: ReadonlySet<string> = new Set(["COUNT", "SUM", "AVG", "MIN", "MAX"]);
const invalid = (why: string) => errors.SelectInvalid({ why });
const isNothing = (value: unknown): boolean => value === null || value === MISSING;

function member(value: unknown, step: string | number, isExact: boolean): unknown {
  if (typeof value !== "object" || value === null) return MISSING;
  if (Array.isArray(value)) return typeof step === "number" ? ((value[step] as unknown) ?? MISSING) : MISSING;
  const record = value as Record<string, unknown>;
  const name = String(step);
  if (Object.hasOwn(record, name)) return record[name];
  if (isExact) return MISSING;
  const found = Object.keys(record).find((key) => key.toLowerCase() === name.toLowerCase());
  return found === undefined ? positional(record, name) : record[found];
}

/** `_1` is the first column, also where columns have names. */
function positional(record: Record<string, unknown>, name: string): unknown {
  const at = /^_(\d+)$/.exec(name)?.[1];
  const value = at === undefined ? undefined : Object.values(record)[Number(at) - 1];
  return value === undefined ? MISSING : value;
}

const numberOf = (value: unknown): number | undefined => {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
};

/** Below, equal, above; undefined for values that cannot be compared. A text beside a number is taken as one. */
function compare(left: unknown, right: unknown): number | undefined {
  if (isNothing(left) || isNothing(right)) return undefined;
  if (typeof left === "number" || typeof right === "number") {
    const [a, b] = [numberOf(left), numberOf(right)];
    return a === undefined || b === undefined ? undefined : a - b;
  }
  if (typeof left === "boolean" || typeof right === "boolean") return String(left) === String(right) ? 0 : undefined;
  const [a, b] = [String(left), String(right)];
  return a === b ? 0 : a < b ? -1 : 1;
}

function like(value: unknown, pattern: unknown, escape: unknown): boolean | null {
  if (isNothing(value) || isNothing(pattern)) return null;
  let source = "";
  const signs = [...String(pattern)];
  for (let at = 0; at < signs.length; at += 1) {
    const sign = signs[at] ?? "";
    if (escape !== undefined && sign === escape) source += quoted(signs[(at += 1)] ?? "");
    else source += sign === "%" ? ".*" : sign === "_" ? "." : quoted(sign);
  }
  return new RegExp(`^${source}$`, "s").test(String(value));
}
const quoted = (sign: string): string => (/[.*+?^${}()|[\]\\]/.test(sign) ? `\\${sign}` : sign);

const CASTS: Readonly<Record<string, (value: unknown) => unknown>> = {
  INT: (value) => truncated(value),
  INTEGER: (value) => truncated(value),
  FLOAT: numberOf,
  DECIMAL: numberOf,
  NUMERIC: numberOf,
  STRING: String,
  CHAR: String,
  VARCHAR: String,
  BOOL: (value) => booleanOf(value),
  BOOLEAN: (value) => booleanOf(value),
  TIMESTAMP: (value) => timestampOf(value),
};
const truncated = (value: unknown): number | undefined => {
  const number = numberOf(value);
  return number === undefined ? undefined : Math.trunc(number);
};
const booleanOf = (value: unknown): boolean | undefined =>
  ({ true: true, false: false, "1": true, "0": false })[String(value).toLowerCase()];
const timestampOf = (value: unknown): string | undefined => {
  const ms = Date.parse(String(value));
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
};

function cast(value: unknown, type: string): unknown {
  if (isNothing(value)) return value;
  const convert = CASTS[type];
  if (!convert) throw invalid(`Unknown type ${type} in CAST`);
  const converted = convert(value);
  if (converted === undefined)
    throw errors.SelectFailed({
      code: "CastFailed",
      why: "Attempt to convert from one data type to another using CAST failed in the SQL expression.",
    });
  return converted;
}

const FUNCTIONS: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  LOWER: ([text]) => (isNothing(text) ? text : String(text).toLowerCase()),
  UPPER: ([text]) => (isNothing(text) ? text : String(text).toUpperCase()),
  TRIM: ([text]) => (isNothing(text) ? text : String(text).trim()),
  CHAR_LENGTH: ([text]) => (isNothing(text) ? text : [...String(text)].length),
  CHARACTER_LENGTH: ([text]) => (isNothing(text) ? text : [...String(text)].length),
  SUBSTRING: ([text, from, length]) => {
    if (isNothing(text)) return text;
    const start = Number(from) - 1;
    const end = length === undefined ? undefined : start + Number(length);
    return String(text).slice(Math.max(0, start), end === undefined ? undefined : Math.max(0, end));
  },
  COALESCE: (args) => args.find((value) => !isNothing(value)) ?? null,
  NULLIF: ([left, right]) => (compare(left, right) === 0 ? null : left),
  TO_STRING: ([value]) => (isNothing(value) ? value : String(value)),
};

function arithmetic(operator: string, left: unknown, right: unknown): unknown {
  if (isNothing(left) || isNothing(right)) return null;
  if (operator === "||") return String(left) + String(right);
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined)
    throw errors.SelectFailed({ code: "EvaluatorInvalidArguments", why: `${operator} takes numbers.` });
  if (operator === "+") return a + b;
  if (operator === "-") return a - b;
  if (operator === "*") return a * b;
  if (b === 0) throw errors.SelectFailed({ code: "EvaluatorInvalidArguments", why: "Division by zero." });
  return operator === "/" ? a / b : a % b;
}

function logical(operator: string, left: unknown, right: () => unknown): boolean | null {
  const isDecided = operator === "AND" ? left === false : left === true;
  if (isDecided) return left as boolean;
  const other = right();
  if (operator === "AND" ? other === false : other === true) return other as boolean;
  return typeof left === "boolean" && typeof other === "boolean" ? other : null;
}

function comparison(operator: string, order: number | undefined): boolean | null {
  if (order === undefined) return null;
  if (operator === "=") return order === 0;
  if (operator === "<>" || operator === "!=") return order !== 0;
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0;
  return operator === ">" ? order > 0 : order >= 0;
}

/** Evaluates expressions over one record. */
export class Evaluator {
  private readonly alias: string | undefined;

  constructor({ alias }: Pick<Query, "alias">) {
    this.alias = alias?.toLowerCase();
  }

  value(expression: Expression, row: Row): unknown {
    switch (expression.kind) {
      case "literal":
        return expression.value;
      case "path":
        return this.path(expression.steps, expression.isExact, row);
      case "cast":
        return cast(this.value(expression.of, row), expression.type);
      case "call":
        return this.call(expression.name, expression.args, row);
      case "case": {
        const branch = expression.branches.find(({ when }) => this.value(when, row) === true);
        return this.value(branch?.gives ?? expression.otherwise, row);
      }
      case "binary":
        return this.binary(expression, row);
      case "minus":
        return arithmetic("-", 0, this.value(expression.of, row));
      default:
        return this.test(expression, row);
    }
  }

  private path(steps: readonly (string | number)[], isExact: boolean, row: Row): unknown {
    const [first] = steps;
    const isOfAlias = typeof first === "string" && (first.toLowerCase() === this.alias || /^s3object$/i.test(first));
    let found: unknown = row;
    for (const step of isOfAlias ? steps.slice(1) : steps) found = member(found, step, isExact);
    return found;
  }

  private call(name: string, args: readonly Expression[], row: Row): unknown {
    const run = FUNCTIONS[name];
    if (!run) throw invalid(`Unknown function ${name}`);
    return run(args.map((arg) => this.value(arg, row)));
  }

  private binary(expression: Expression & { kind: "binary" }, row: Row): unknown {
    const { operator, left, right } = expression;
    if (operator === "AND" || operator === "OR")
      return logical(operator, this.value(left, row), () => this.value(right, row));
    const [a, b] = [this.value(left, row), this.value(right, row)];
    return ["+", "-", "*", "/", "%", "||"].includes(operator)
      ? arithmetic(operator, a, b)
      : comparison(operator, compare(a, b));
  }

  private test(
    expression: Expression & { kind: "not" | "is" | "in" | "between" | "like" },
    row: Row,
  ): boolean | null {
    const value = this.value(expression.of, row);
    switch (expression.kind) {
      case "not":
        return typeof value === "boolean" ? !value : null;
      case "is": {
        // Columns of CSV that are empty are null, as S3 has it.
        const isThere = expression.what === "MISSING" ? value === MISSING : isNothing(value) || value === "";
        return isThere !== expression.isNot;
      }
      case "in":
        return expression.list.some((item) => compare(value, this.value(item, row)) === 0);
      case "between": {
        const [low, high] = [
          compare(value, this.value(expression.low, row)),
          compare(value, this.value(expression.high, row)),
        ];
        return low === undefined || high === undefined ? null : low >= 0 && high <= 0;
      }
      case "like": {
        const escape = expression.escape && this.value(expression.escape, row);
        return like(value, this.value(expression.pattern, row), escape);
      }
    }
  }
}

/** True when an expression is made of all records, not of each. */
export const isAggregate = (expression: Expression): boolean =>
  expression.kind === "call" && AGGREGATES.has(expression.name);

/** Gathers one aggregate. */
export class Aggregate {
  private readonly name: string;
  private readonly of: Expression;
  private count = 0;
  private sum = 0;
  private extreme: unknown = null;

  constructor(expression: Expression) {
    if (expression.kind !== "call" || expression.args.length !== 1)
      throw invalid("Aggregates stand alone in their column and take one argument");
    this.name = expression.name;
    this.of = expression.args[0] as Expression;
  }

  take(evaluator: Evaluator, row: Row): void {
    const value = evaluator.value(this.of, row);
    if (isNothing(value)) return;
    this.count += 1;
    if (this.name === "SUM" || this.name === "AVG") this.sum += Number(arithmetic("+", 0, value));
    const order = this.extreme === null ? undefined : compare(value, this.extreme);
    const isBetter = order !== undefined && (this.name === "MIN" ? order < 0 : order > 0);
    if (this.extreme === null || isBetter) this.extreme = value;
  }

  result(): unknown {
    if (this.name === "COUNT") return this.count;
    if (this.count === 0) return null;
    if (this.name === "SUM") return this.sum;
    return this.name === "AVG" ? this.sum / this.count : this.extreme;
  }
}
