import { ServiceError } from "../../errors.ts";
import { errors, type ExpressionKind } from "../errors.ts";
import { normalizedValue, type AttributeValue } from "../values/attribute-value.ts";
import type { Operand, Parsed, ParsedOperand, Path } from "./tree.ts";

export type Names = Readonly<Record<string, string>>;
export type Values = Readonly<Record<string, AttributeValue>>;

const nameKey = /^#[A-Za-z0-9_]+$/;
const valueKey = /^:[A-Za-z0-9_]+$/;

function checkedNames(names: Names): void {
  const keys = Object.keys(names);
  if (keys.length === 0) throw errors.EmptyPlaceholders({ which: "names" });
  const wrong = keys.find((key) => !nameKey.test(key));
  if (wrong !== undefined)
    throw errors.InvalidPlaceholder({ which: "names", reason: `invalid key: Syntax error; key: "${wrong}"` });
}

function checkedValues(values: Values): Values {
  const keys = Object.keys(values);
  if (keys.length === 0) throw errors.EmptyPlaceholders({ which: "values" });
  const checked: Record<string, AttributeValue> = {};
  for (const key of keys) {
    if (!valueKey.test(key))
      throw errors.InvalidPlaceholder({ which: "values", reason: `invalid key: Syntax error; key: "${key}"` });
    try {
      checked[key] = normalizedValue(values[key] as AttributeValue);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw errors.InvalidPlaceholder({ which: "values", reason: `invalid value: ${error.message} for key ${key}` });
    }
  }
  return checked;
}

/** The names and values one request brings for its expressions. Binding an expression notes which of them it used. */
export class Placeholders {
  private readonly names: Names | undefined;
  private readonly values: Values | undefined;
  private readonly used = new Set<string>();

  constructor(names: Names | undefined, values: Values | undefined) {
    if (names) checkedNames(names);
    this.names = names;
    this.values = values && checkedValues(values);
  }

  /** Refuses an expression that uses what the request does not define. */
  claim(expression: ExpressionKind, parsed: Parsed<unknown>): void {
    for (const name of parsed.names) {
      if (this.names === undefined || !Object.hasOwn(this.names, name)) {
        throw errors.InvalidExpression({
          expression,
          reason: `An expression attribute name used in the document path is not defined; attribute name: ${name}`,
        });
      }
      this.used.add(name);
    }
    for (const value of parsed.values) {
      if (this.values === undefined || !Object.hasOwn(this.values, value)) {
        throw errors.InvalidExpression({
          expression,
          reason: `An expression attribute value used in expression is not defined; attribute value: ${value}`,
        });
      }
      this.used.add(value);
    }
  }

  /** Refuses leftovers: almost always a misspelt placeholder. `possible`: the expressions this operation takes. */
  refuseUnused(hasExpression: boolean, possible: readonly ExpressionKind[]): void {
    for (const which of ["names", "values"] as const) {
      const given = this[which];
      if (given === undefined) continue;
      if (!hasExpression) throw errors.PlaceholdersWithoutExpression({ which, possible });
      const unused = Object.keys(given).filter((key) => !this.used.has(key));
      if (unused.length > 0) throw errors.UnusedPlaceholders({ which, keys: unused });
    }
  }

  path(path: Path): Path {
    if (this.names === undefined) return path;
    const names = this.names;
    return path.map((step) => (typeof step === "string" && step.startsWith("#") ? (names[step] ?? step) : step));
  }

  operand(operand: ParsedOperand): Operand {
    switch (operand.type) {
      case "path":
        return { type: "path", path: this.path(operand.path) };
      case "placeholder":
        return { type: "constant", value: this.values?.[operand.name] as AttributeValue };
      case "call":
        return { type: "call", name: operand.name, operands: operand.operands.map((inner) => this.operand(inner)) };
    }
  }
}
