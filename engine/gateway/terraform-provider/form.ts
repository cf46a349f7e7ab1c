import { canonicalJson, equalValues, isMap, Unknown, type Value } from "../../stack/expressions/value.ts";
import {
  Decimal,
  isCtyList,
  isCtyObject,
  isUnknownCty,
  UNKNOWN,
  type CtyObject,
  type CtyValue,
} from "../../protocols/terraform/cty-value.ts";
import type { PathStep } from "../../protocols/terraform/provider.ts";
import type { Fields, Shape } from "./shape.ts";

type Path = readonly PathStep[];
export type Values = { readonly [property: string]: Value };

/** A value of Terraform's that no template could hold. */
export class UnusableValue extends Error {
  override name = "UnusableValue";
  readonly path: Path;
  constructor(path: Path, message: string) {
    super(message);
    this.path = path;
  }
}

/** What stands in a text that holds JSON; a text that is no JSON of a map or list stands for itself. */
function jsonIn(text: string): Value {
  try {
    const value = JSON.parse(text) as Value;
    return typeof value === "object" && value !== null ? value : text;
  } catch (problem) {
    if (problem instanceof SyntaxError) return text;
    throw problem;
  }
}
const jsonText = (value: Value): string => (typeof value === "string" ? value : canonicalJson(value));

/**
 * A value from Terraform as templates have it; undefined for null.
 * Errors: `UnusableValue`
 */
export function valueOf(shape: Shape, cty: CtyValue, path: Path): Value | undefined {
  if (cty === null) return undefined;
  if (isUnknownCty(cty)) return new Unknown("apply");
  if (cty instanceof Decimal)
    throw new UnusableValue(path, `${cty.text} has more digits than CloudStacks keeps of a number.`);
  if (shape.kind === "json") return jsonIn(cty as string);
  if (shape.kind === "list" && isCtyList(cty))
    return cty.map((each, index) => valueOf(shape.element, each, [...path, { index }]) ?? null);
  if (shape.kind === "map" && isCtyObject(cty)) {
    return Object.fromEntries(
      Object.entries(cty).map(([key, each]) => [key, valueOf(shape.element, each, [...path, { key }]) ?? null]),
    );
  }
  return shape.kind === "object" && isCtyObject(cty) ? valuesOf(shape.fields, cty, path) : (cty as Value);
}

/** An object from Terraform as properties; what is null is not there. */
export function valuesOf(fields: Fields, cty: CtyObject, path: Path = []): Values {
  const entries = Object.entries(fields).flatMap(([name, { property, shape }]): [string, Value][] => {
    const value = valueOf(shape, cty[name] ?? null, [...path, { attribute: name }]);
    return value === undefined ? [] : [[property, value]];
  });
  return Object.fromEntries(entries);
}

/** A value as Terraform has it; null for undefined. */
export function ctyOf(shape: Shape, value: Value | undefined): CtyValue {
  if (value === undefined || value === null) return null;
  if (value instanceof Unknown) return UNKNOWN;
  switch (shape.kind) {
    case "json":
      return jsonText(value);
    case "scalar":
      return scalarCty(shape.type, value);
    case "list":
      return (value as readonly Value[]).map((each) => ctyOf(shape.element, each));
    case "map":
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, ctyOf(shape.element, each)]));
    case "object": {
      const held = isMap(value) ? value : (jsonIn(value as string) as Values);
      return Object.fromEntries(
        Object.entries(shape.fields).map(([name, field]) => [name, ctyOf(field.shape, held[field.property])]),
      );
    }
  }
}

/** Handlers may report a number as text, and the other way round. */
function scalarCty(type: "string" | "number" | "bool", value: Value): CtyValue {
  if (type === "string") return String(value);
  return type === "number" ? Number(value) : value === true || value === "true";
}

/**
 * What will be there: what the configuration says, in its own words, with the defaults of what it leaves open. JSON
 * that means what was there before stays in the words it had.
 */
export function plannedCty(shape: Shape, config: CtyValue, desired: Value | undefined, prior: CtyValue): CtyValue {
  if (config === null) return ctyOf(shape, desired);
  if (isUnknownCty(config)) return UNKNOWN;
  if (shape.kind === "json") {
    const isSame = typeof prior === "string" && equalValues(jsonIn(prior), jsonIn(config as string));
    return isSame ? prior : config;
  }
  if (shape.kind === "list" && isCtyList(config)) {
    const [before, items] = [isCtyList(prior) ? prior : [], (desired ?? []) as readonly Value[]];
    return config.map((each, i) => plannedCty(shape.element, each, items[i], before[i] ?? null));
  }
  if ((shape.kind !== "map" && shape.kind !== "object") || !isCtyObject(config)) return config;
  const before = isCtyObject(prior) ? prior : {};
  const held = isMap(desired) ? desired : {};
  const members =
    shape.kind === "object"
      ? Object.entries(shape.fields).map(([key, { property, shape: part }]) => ({ key, property, part }))
      : Object.keys(config).map((key) => ({ key, property: key, part: shape.element }));
  return Object.fromEntries(
    members.map(({ key, property, part }) => [
      key,
      plannedCty(part, config[key] ?? null, held[property], before[key] ?? null),
    ]),
  );
}

/** A way into properties as a way into what Terraform has, as deep as that goes. */
export function pathOf(fields: Fields, path: readonly (string | number)[]): PathStep[] {
  const [first, ...rest] = path;
  const found = Object.entries(fields).find(([, { property }]) => property === first);
  return found ? [{ attribute: found[0] }, ...stepsInto(found[1].shape, rest)] : [];
}

function stepsInto(shape: Shape, path: readonly (string | number)[]): PathStep[] {
  const [first, ...rest] = path;
  if (first === undefined) return [];
  if (shape.kind === "object") return pathOf(shape.fields, path);
  if (shape.kind === "list" && typeof first === "number") return [{ index: first }, ...stepsInto(shape.element, rest)];
  return shape.kind === "map" ? [{ key: String(first) }, ...stepsInto(shape.element, rest)] : [];
}
