import type { PropertySchema } from "../../services/property-schema.ts";
import type { Problem, Span } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/diagnostic.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { hasReference } from "../parameters/stored-values.ts";
import { equalValues, isList, isMap, isUnknown, type Value } from "../expressions/value.ts";

type Schema = PropertySchema<Value>;
type Path = readonly (string | number)[];
interface Checking {
  readonly typeName: string;
  readonly spanOf: (path: Path, wanted: "key" | "value") => Span;
  readonly problems: Problem[];
}

/**
 * Checks a resource's properties against its type and gives them in the type's own form: texts where a number or
 * boolean is wanted become one (and the other way round), as the template language has it, and defaults are filled in.
 * What is not known yet is taken as it is.
 */
export function checkProperties(
  typeName: string,
  schema: unknown,
  value: Value,
  spanOf: Checking["spanOf"],
  problems: Problem[],
): { readonly [name: string]: Value } {
  const checked = check(schema as Schema, value, [], { typeName, spanOf, problems });
  return isMap(checked) ? checked : {};
}

const nameOf = (path: Path) =>
  path.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("");

function report(
  checking: Checking,
  code: DiagnosticCode,
  message: string,
  path: Path,
  hint?: string,
  wanted: "key" | "value" = "value",
): void {
  checking.problems.push(problem(code, message, checking.spanOf(path, wanted), hint));
}

function check(schema: Schema, value: Value, path: Path, checking: Checking): Value {
  if (schema.not) return refuse(value, path, checking);
  // What is resolved later is checked then.
  if (isUnknown(value) || (typeof value === "string" && hasReference(value))) return value;
  if (schema.anyOf) return checkAnyOf(schema.anyOf, value, path, checking);
  if (schema.const !== undefined || schema.enum) return checkEnum(schema, value, path, checking);
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  if (types.length === 0) return value;
  const coerced = types.map((type) => coerce(type, value)).find((each) => each !== undefined);
  if (coerced === undefined) {
    report(
      checking,
      "CS1204",
      `${nameOf(path)} of ${checking.typeName} takes ${types.map(typeName).join(" or ")}, not ${described(value)}`,
      path,
    );
    return value;
  }
  if (typeof coerced === "string") checkText(schema, coerced, path, checking);
  if (typeof coerced === "number") checkNumber(schema, coerced, path, checking);
  if (isList(coerced)) return checkList(schema, coerced, path, checking);
  return isMap(coerced) ? checkMap(schema, coerced, path, checking) : coerced;
}

function refuse(value: Value, path: Path, checking: Checking): Value {
  const message = `${nameOf(path)} of ${checking.typeName} is not supported yet`;
  report(checking, "CS1211", message, path, `leave it out; cloudstack explain ${checking.typeName}`, "key");
  return value;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  null: "nothing",
};
const typeName = (type: string) => TYPE_NAMES[type] ?? type;

function described(value: Value): string {
  if (isList(value)) return "a list";
  return isMap(value) ? "a map" : JSON.stringify(value);
}

const NUMBER = /^[+-]?(\d+([.]\d*)?|[.]\d+)([eE][+-]?\d+)?$/;

/** The value as this type, or undefined when it is not one. */
function coerce(type: string, value: Value): Value | undefined {
  switch (type) {
    case "string":
      return typeof value === "number" || typeof value === "boolean"
        ? String(value)
        : typeof value === "string"
          ? value
          : undefined;
    case "number":
    case "integer": {
      const number = typeof value === "string" && NUMBER.test(value) ? Number(value) : value;
      return typeof number === "number" && (type === "number" || Number.isInteger(number)) ? number : undefined;
    }
    case "boolean":
      return value === true || value === "true" ? true : value === false || value === "false" ? false : undefined;
    case "array":
      return isList(value) ? value : undefined;
    case "object":
      return isMap(value) ? value : undefined;
    case "null":
      return value === null ? value : undefined;
    default:
      return undefined;
  }
}

function checkAnyOf(options: readonly Schema[], value: Value, path: Path, checking: Checking): Value {
  const constants = options.map((option) => option.const).filter((each) => each !== undefined);
  if (constants.length === options.length) return checkEnum({ enum: constants }, value, path, checking);
  const ofItsKind = options.filter((option) => takesKindOf(option, value));
  let fewest: { readonly checked: Value; readonly problems: readonly Problem[] } | undefined;
  // Whoever has written a map wants to hear what is wrong within it, not that a text would do, too.
  for (const option of ofItsKind.length > 0 ? ofItsKind : options) {
    const problems: Problem[] = [];
    const checked = check(option, value, path, { ...checking, problems });
    if (problems.length === 0) return checked;
    if (!fewest || problems.length < fewest.problems.length) fewest = { checked, problems };
  }
  checking.problems.push(...(fewest?.problems ?? []));
  return fewest?.checked ?? value;
}

/** Whether a value is a text, a number, a list or a map where the schema takes one, whatever is in it. */
function takesKindOf({ anyOf, type = [] }: Schema, value: Value): boolean {
  if (anyOf) return anyOf.some((option) => takesKindOf(option, value));
  const types = typeof type === "string" ? [type] : type;
  return types.length === 0 || types.some((each) => coerce(each, value) !== undefined);
}

function checkEnum(schema: Schema, value: Value, path: Path, checking: Checking): Value {
  const allowed = schema.enum ?? [schema.const ?? null];
  const found = allowed.find(
    (each) => equalValues(each, value) || (typeof value !== "object" && String(each) === String(value)),
  );
  if (found !== undefined) return found;
  report(
    checking,
    "CS1205",
    `${nameOf(path)} of ${checking.typeName} cannot be ${described(value)}`,
    path,
    (typeof value === "string" ? didYouMean(value, allowed.map(String)) : undefined) ??
      `use one of ${allowed.map(String).join(", ")}`,
  );
  return value;
}

function checkText(schema: Schema, text: string, path: Path, checking: Checking): void {
  const what = `${nameOf(path)} of ${checking.typeName}`;
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(text)) {
    report(checking, "CS1206", `${what} cannot be "${text}"`, path, `it must match ${schema.pattern}`);
  }
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  if (text.length < minLength) report(checking, "CS1207", `${what} must have at least ${minLength} characters`, path);
  if (text.length > maxLength) report(checking, "CS1207", `${what} must have at most ${maxLength} characters`, path);
}

function checkNumber(schema: Schema, number: number, path: Path, checking: Checking): void {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  const what = `${nameOf(path)} of ${checking.typeName}`;
  if (number < minimum) report(checking, "CS1207", `${what} must be at least ${minimum}, not ${number}`, path);
  if (number > maximum) report(checking, "CS1207", `${what} must be at most ${maximum}, not ${number}`, path);
}

function checkList(schema: Schema, list: readonly Value[], path: Path, checking: Checking): Value {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items } = schema;
  const what = `${nameOf(path)} of ${checking.typeName}`;
  if (list.length < minItems) report(checking, "CS1207", `${what} must have at least ${minItems} elements`, path);
  if (list.length > maxItems) report(checking, "CS1207", `${what} must have at most ${maxItems} elements`, path);
  return items ? list.map((item, i) => check(items, item, [...path, i], checking)) : list;
}

function checkMap(schema: Schema, map: { readonly [key: string]: Value }, path: Path, checking: Checking): Value {
  const properties = schema.properties ?? {};
  const patterns = Object.entries(schema.patternProperties ?? {});
  const what = path.length === 0 ? checking.typeName : `${nameOf(path)} of ${checking.typeName}`;
  const checked: Record<string, Value> = {};
  for (const [key, value] of Object.entries(map)) {
    const additional = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
    const inner =
      properties[key] ?? patterns.find(([pattern]) => new RegExp(pattern, "u").test(key))?.[1] ?? additional;
    if (inner) checked[key] = check(inner, value, [...path, key], checking);
    // A type's own properties are closed even when its schema forgets to say so: a property nobody acts on is refused.
    else if (schema.additionalProperties === false || schema.properties) {
      const names = Object.keys(properties);
      report(
        checking,
        "CS1203",
        `unknown property "${key}" of ${what}`,
        [...path, key],
        didYouMean(key, names) ?? (names.length > 0 ? `${what} takes ${names.join(", ")}` : undefined),
        "key",
      );
    } else checked[key] = value;
  }
  for (const [key, inner] of Object.entries(properties)) {
    if (checked[key] === undefined && map[key] === undefined && inner.default !== undefined)
      checked[key] = inner.default;
  }
  for (const key of schema.required ?? []) {
    if (checked[key] !== undefined || map[key] !== undefined) continue;
    report(checking, "CS1202", `${what} needs the property "${key}"`, path);
  }
  return checked;
}
