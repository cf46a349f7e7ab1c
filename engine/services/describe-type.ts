import type { PropertySchema } from "./property-schema.ts";
import type { AnyResourceType, Replacement } from "./resource-type.ts";

/** What a template can say about one property, or about a part of one, and what becomes of it. */
export interface PropertyDescription {
  /** `Name`, `PartitionKey.Type`, `GlobalIndexes.*.Name`: `*` is each element of a list or map. */
  readonly path: string;
  /** In words: `text`, `list of maps`. */
  readonly type: string;
  readonly description?: string;
  readonly isRequired: boolean;
  readonly default?: unknown;
  readonly allowed?: readonly unknown[];
  /** What limits the value beyond its type, in words: `3 to 63 characters`, `matches ^[a-z]+$`. */
  readonly limits: readonly string[];
  /** Whether a change replaces the resource; `sometimes` depends on the values. */
  readonly replaces: "never" | "sometimes" | "always";
  readonly isWriteOnly: boolean;
  readonly isSensitive: boolean;
  /** Kept, but nothing acts on it yet. */
  readonly isRecordedOnly: boolean;
  /** The cloud's type has it, and nothing acts on it: a template that sets it is refused. */
  readonly isRefused: boolean;
  /** The type whose `Ref` it takes. */
  readonly refersTo?: string;
}

export interface TypeDescription {
  readonly name: string;
  readonly summary: string;
  /** The native type that shows the same records. */
  readonly twinOf?: string;
  /** Depth first, in the order of the row. */
  readonly properties: readonly PropertyDescription[];
  readonly attributes: readonly { readonly name: string; readonly type: string; readonly description?: string }[];
  /** The attribute that `Ref` gives. */
  readonly ref: string;
  readonly examples: readonly { readonly title: string; readonly properties: unknown }[];
}

/** Everything there is to tell about a resource type, from its row alone. */
export function describeType(type: AnyResourceType): TypeDescription {
  const attributes = (type.attributes as PropertySchema).properties ?? {};
  return {
    name: type.name,
    summary: type.summary,
    ...(type.twinOf !== undefined && { twinOf: type.twinOf }),
    properties: describeMembers(type, type.properties as PropertySchema, ""),
    attributes: Object.entries(attributes).map(([name, schema]) => ({
      name,
      type: typeInWords(schema),
      ...(schema.description !== undefined && { description: schema.description }),
    })),
    ref: type.ref,
    examples: type.examples,
  };
}

function describeMembers(type: AnyResourceType, map: PropertySchema, prefix: string): PropertyDescription[] {
  return Object.entries(map.properties ?? {}).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    const { inner, steps } = innermost(schema);
    return [
      describeProperty(type, path, schema, map.required?.includes(name) ?? false),
      ...describeMembers(type, inner, `${path}.${steps}`),
    ];
  });
}

/** Through lists and maps of the same to what they hold. */
function innermost(schema: PropertySchema): { readonly inner: PropertySchema; readonly steps: string } {
  const held = schema.items ?? valuesOf(schema);
  const option = schema.anyOf?.find((each) => each.properties ?? each.items);
  if (!held) return option ? innermost(option) : { inner: schema, steps: "" };
  const { inner, steps } = innermost(held);
  return { inner, steps: `*.${steps}` };
}

function describeProperty(
  type: AnyResourceType,
  path: string,
  schema: PropertySchema,
  isRequired: boolean,
): PropertyDescription {
  const allowed = allowedBy(schema);
  const has = (names: readonly string[] | undefined) => names?.some((name) => isWithin(path, name)) ?? false;
  const refersTo = (type.references as Readonly<Record<string, string>> | undefined)?.[path];
  return {
    path,
    type: typeInWords(schema),
    ...(schema.description !== undefined && { description: schema.description }),
    isRequired,
    ...(schema.default !== undefined && { default: schema.default }),
    ...(allowed && { allowed }),
    limits: limitsOf(schema),
    replaces: replacesWhen(type.replacement as Readonly<Record<string, Replacement>>, path),
    isWriteOnly: has(type.writeOnly as readonly string[] | undefined),
    isSensitive: has(type.sensitive as readonly string[] | undefined),
    isRecordedOnly: has(type.recordedOnly as readonly string[] | undefined),
    isRefused: schema.not !== undefined,
    ...(refersTo !== undefined && { refersTo }),
  };
}

const isWithin = (path: string, outer: string) => {
  const [inside, around] = [path, outer].map((each) => each.replaceAll(".*", ""));
  return inside === around || inside?.startsWith(`${around}.`) === true;
};

function replacesWhen(rules: Readonly<Record<string, Replacement>>, path: string): PropertyDescription["replaces"] {
  const entries = Object.entries(rules);
  const around = entries.find(([name]) => isWithin(path, name));
  if (around) return around[1] === "always" ? "always" : "sometimes";
  return entries.some(([name]) => isWithin(name, path)) ? "sometimes" : "never";
}

/** The schema of a map's values, whatever its keys. */
const valuesOf = (schema: PropertySchema): PropertySchema | undefined =>
  Object.values(schema.patternProperties ?? {})[0] ??
  (typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined);

function allowedBy(schema: PropertySchema): readonly unknown[] | undefined {
  if (schema.enum) return schema.enum;
  if (schema.const !== undefined) return [schema.const];
  const constants = schema.anyOf?.map((option) => option.const) ?? [];
  return constants.length > 0 && constants.every((each) => each !== undefined) ? constants : undefined;
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  integer: "whole number",
  boolean: "true or false",
  object: "map",
  null: "nothing",
};
const PLURALS: Readonly<Record<string, string>> = {
  text: "texts",
  number: "numbers",
  "whole number": "whole numbers",
  map: "maps",
};

function typeInWords(schema: PropertySchema): string {
  if (schema.not) return "nothing";
  if (allowedBy(schema)) return typeof allowedBy(schema)?.[0] === "string" ? "text" : "value";
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeInWords))].join(" or ");
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  if (types.length === 0) return "anything";
  return types.map((each) => wordFor(each, schema)).join(" or ");
}

function wordFor(type: string, schema: PropertySchema): string {
  if (type === "array") return schema.items ? `list of ${plural(typeInWords(schema.items))}` : "list";
  const values = type === "object" && !schema.properties ? valuesOf(schema) : undefined;
  return values ? `map of ${plural(typeInWords(values))}` : (WORDS[type] ?? type);
}

const plural = (word: string) => PLURALS[word] ?? word;

function span(from: number | undefined, to: number | undefined, noun: string): string[] {
  if (from === undefined && to === undefined) return [];
  if (to === undefined) return [`at least ${from}${noun}`];
  return [from === undefined ? `at most ${to}${noun}` : `${from} to ${to}${noun}`];
}

function limitsOf(schema: PropertySchema): string[] {
  return [
    ...span(schema.minimum, schema.maximum, ""),
    ...span(schema.minLength, schema.maxLength, " characters"),
    ...span(schema.minItems, schema.maxItems, " elements"),
    ...(schema.pattern === undefined ? [] : [`matches ${schema.pattern}`]),
  ];
}
