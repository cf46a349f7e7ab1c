import { readTypeFacts, type FactSchema, type TypeFacts } from "../../clouds/aws/cloudformation-facts.ts";
import { invariant } from "../../platform/invariant.ts";
import { describeType, type PropertyDescription } from "../../services/describe-type.ts";
import type { PropertySchema } from "../../services/property-schema.ts";
import type { AnyResourceType } from "../../services/resource-type.ts";
import { camelName, className, constantName, pascalName, singular } from "../../stack/registry/construct-names.ts";
import type { Attribute, Choice, ConstructClass, Field, Structure } from "./structure.ts";

/** A part of a type's schema, with the part of the registry's facts that names its structures. */
interface Part {
  readonly schema: PropertySchema;
  readonly fact: FactSchema | undefined;
  /** As `describeType` has it: `Rules.*.Prefix`. */
  readonly path: string;
  /** What a structure here is called when the facts have no name for it. */
  readonly name: string;
}

/** What TypeScript calls a part's values, and the structure in them. */
interface Source {
  readonly text: string;
  /** The constants for the texts that it can be. */
  readonly choice?: Choice | undefined;
  readonly structure?: Field["structure"];
}

/** What is known of a type so far. */
interface Reading {
  readonly type: AnyResourceType;
  readonly className: string;
  readonly facts: TypeFacts | undefined;
  readonly described: ReadonlyMap<string, PropertyDescription>;
  readonly structures: Map<string, Structure>;
  /** By the name of the property and its texts. */
  readonly choices: Map<string, Choice>;
}

/** The construct of a resource type. */
export function readConstructClass(type: AnyResourceType): ConstructClass {
  const name = className(type.name);
  const reading: Reading = {
    type,
    className: name,
    facts: type.name.startsWith("AWS::") ? readTypeFacts(type.name) : undefined,
    described: new Map(describeType(type).properties.map((each) => [each.path, each])),
    structures: new Map(),
    choices: new Map(),
  };
  const properties = type.properties as PropertySchema;
  const fact = reading.facts && { properties: reading.facts.properties };
  structureAt(reading, { schema: properties, fact, path: "", name: `${name}Props` }, `${name}Props`);
  return {
    name,
    type: type.name,
    summary: type.summary,
    tags: type.tags && { property: type.tags.property, form: type.tags.form },
    structures: [...reading.structures.values()],
    choices: [...reading.choices.values()],
    attributes: attributesOf(type),
  };
}

function attributesOf(type: AnyResourceType): Attribute[] {
  const schemas = (type.attributes as PropertySchema).properties ?? {};
  return Object.entries(schemas).map(([called, schema]) => ({
    name: `attr${pascalName(called)}`,
    called,
    isText: schema.type === "string" || textsOf(schema) !== undefined,
    description: schema.description ?? `The attribute \`${called}\`.`,
  }));
}

/** Reads a map of known properties; the first of several uses of a definition gives its name and documentation. */
function structureAt(reading: Reading, part: Part, name: string): void {
  const { schema, fact, path } = part;
  const known = reading.structures.get(name);
  // Its place in the order is here, though what is within it comes first.
  if (!known) reading.structures.set(name, { name, summary: "", fields: [] });
  const fields = Object.entries(schema.properties ?? {})
    .filter(([, each]) => !each.not)
    .map(([called, each]): Field => {
      const inner = path === "" ? called : `${path}.${called}`;
      const within = `${path === "" ? reading.className : name}${pascalName(called)}`;
      const source = sourceOf(reading, { schema: each, fact: fact?.properties?.[called], path: inner, name: within });
      return {
        name: camelName(called),
        called,
        source: source.text,
        isRequired: (schema.required?.includes(called) ?? false) && each.default === undefined,
        documentation: documentationOf(reading.described.get(inner), source.choice),
        ...(source.structure && { structure: source.structure }),
      };
    });
  checkNames(name, fields);
  const summary =
    path === "" ? `The properties of ${reading.type.name}.` : `\`${path}\` of ${reading.type.name}.`;
  // A definition used in several places has what any of them accepts.
  const more = (known?.fields ?? []).filter((field) => !fields.some((each) => each.name === field.name));
  reading.structures.set(name, { name, summary: known?.summary || summary, fields: [...fields, ...more] });
}

function checkNames(name: string, fields: readonly Field[]): void {
  const names = fields.map((field) => field.name);
  const areDifferent = new Set(names).size === names.length;
  invariant(areDifferent, `the properties of ${name} have different names: ${names.join(", ")}`);
}

/** A text takes tokens within; every other value can be a token as a whole. */
function sourceOf(reading: Reading, part: Part): Source {
  const source = valueSource(reading, part);
  const isAny = source.text === "string" || source.text === "unknown";
  return isAny ? source : { ...source, text: `${source.text} | IResolvable` };
}

function valueSource(reading: Reading, part: Part): Source {
  const { schema } = part;
  const fact = factOf(reading, part.fact);
  const texts = textsOf(schema);
  if (texts)
    return { text: texts.map((each) => JSON.stringify(each)).join(" | "), choice: choiceOf(reading, part, texts) };
  if (schema.anyOf) {
    const options = schema.anyOf.map((option, index) =>
      valueSource(reading, { ...part, schema: option, fact: fact.anyOf?.[index] }),
    );
    return unionOf(options);
  }
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  return types.length === 0 ? { text: "unknown" } : unionOf(types.map((type) => typeSource(reading, part, type)));
}

function unionOf(options: readonly Source[]): Source {
  const texts = [...new Set(options.map(({ text }) => text))];
  const structure = options.find((option) => option.structure)?.structure;
  if (texts.includes("unknown")) return { text: "unknown" };
  const choice = options.find((option) => option.choice)?.choice;
  return { text: texts.join(" | "), ...(structure && { structure }), ...(choice && { choice }) };
}

const SCALARS: Readonly<Record<string, string>> = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
};

function typeSource(reading: Reading, part: Part, type: string): Source {
  const { schema, path, name } = part;
  const fact = factOf(reading, part.fact);
  if (type === "array") {
    if (!schema.items) return { text: "unknown[]" };
    const inner = sourceOf(reading, {
      schema: schema.items,
      fact: fact.items,
      path: `${path}.*`,
      name: singular(name),
    });
    const text = inner.text.includes(" ") ? `(${inner.text})[]` : `${inner.text}[]`;
    return { ...inner, text };
  }
  if (type !== "object") return { text: SCALARS[type] ?? "unknown" };
  if (schema.properties) {
    const called = structureName(reading, part);
    structureAt(reading, part.fact ? { ...part, fact } : part, called);
    return { text: called, structure: { name: called, isMap: false } };
  }
  const values = Object.values(schema.patternProperties ?? {})[0] ?? schema.additionalProperties;
  if (typeof values !== "object") return { text: "{ readonly [name: string]: unknown }" };
  const valueFact = Object.values(fact.patternProperties ?? {})[0] ?? fact.additionalProperties;
  const inner = sourceOf(reading, {
    schema: values,
    fact: typeof valueFact === "object" ? valueFact : undefined,
    path: `${path}.*`,
    name: singular(name),
  });
  return {
    text: `{ readonly [name: string]: ${inner.text} }`,
    ...(inner.structure && { structure: { name: inner.structure.name, isMap: true } }),
  };
}

const factOf = ({ facts }: Reading, fact: FactSchema | undefined): FactSchema =>
  fact?.$ref === undefined ? (fact ?? {}) : (facts?.definitions[fact.$ref] ?? {});

/** CloudFormation's own name for it where it has one. */
function structureName({ className: owner }: Reading, { fact, name }: Part): string {
  if (fact?.$ref === undefined) return name;
  const pascal = pascalName(fact.$ref);
  return owner.endsWith(pascal) ? `${owner}${pascal}Definition` : `${owner}${pascal}`;
}

/** The texts that a schema allows, when it allows only some. */
function textsOf(schema: PropertySchema): readonly string[] | undefined {
  const constants = schema.anyOf?.map((option) => option.const);
  const allowed = schema.enum ?? (schema.const === undefined ? constants : [schema.const]);
  if (!allowed || allowed.length === 0) return undefined;
  return allowed.every((each) => typeof each === "string") ? allowed : undefined;
}

/** Constants for texts; properties of one name that take the same texts share them. */
function choiceOf(reading: Reading, { path, name }: Part, texts: readonly string[]): Choice | undefined {
  const members = texts.map((value) => ({ name: constantName(value), value }));
  const names = new Set(members.map((each) => each.name));
  if (texts.length < 2 || names.size < members.length || names.has("")) return undefined;
  const key = JSON.stringify([path.split(".").at(-1), texts]);
  const known = reading.choices.get(key);
  const choice = known ?? { name, summary: `What \`${path}\` of ${reading.type.name} can be.`, members };
  reading.choices.set(key, choice);
  return choice;
}

function documentationOf(
  described: PropertyDescription | undefined,
  choice: Choice | undefined,
): readonly string[] {
  if (!described) return [];
  const { description, isRecordedOnly, isSensitive, isWriteOnly, limits, refersTo, replaces } = described;
  return [
    description,
    choice ? `Constants: ${choice.name}.` : undefined,
    limits.length > 0 ? `${sentence(limits.join(", "))}.` : undefined,
    refersTo === undefined ? undefined : `Takes the \`ref\` of a ${refersTo}.`,
    { never: undefined, sometimes: "A change may replace the resource.", always: "A change replaces the resource." }[
      replaces
    ],
    isRecordedOnly ? "Recorded only: nothing acts on it yet." : undefined,
    isWriteOnly ? "Never read back." : undefined,
    isSensitive ? "Masked wherever it would be shown." : undefined,
    described.default === undefined ? undefined : `@default ${JSON.stringify(described.default)}`,
  ].filter((line) => line !== undefined);
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
