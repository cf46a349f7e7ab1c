/** JSON Schema, as far as types and templates use it. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
}

const FUNCTION: Schema = { $ref: "#/definitions/function" };
const LOOP: Schema = { $ref: "#/definitions/loop" };
/** Texts that the language takes as numbers and as true and false. */
const NUMBER_TEXT: Schema = { type: "string", pattern: "^[+-]?(\\d+([.]\\d*)?|[.]\\d+)([eE][+-]?\\d+)?$" };
const BOOLEAN_TEXT: Schema = { enum: ["true", "false"] };

/** A schema of values as a template may write them: at every place a function may stand for the value. */
export function orFunction(schema: Schema): Schema {
  const { description, default: usual, ...rest } = schema;
  const notes = { ...(description !== undefined && { description }), ...(usual !== undefined && { default: usual }) };
  const written = writtenForms(withFunctionsWithin(rest as Schema));
  return { ...notes, anyOf: [...written, FUNCTION] };
}

/** The language takes texts for numbers and truth values, and those for texts. */
function writtenForms(schema: Schema): readonly Schema[] {
  if (schema.anyOf && Object.keys(schema).length === 1) return schema.anyOf;
  if (schema.type === "integer" || schema.type === "number") return [schema, NUMBER_TEXT];
  if (schema.type === "boolean") return [schema, BOOLEAN_TEXT];
  return schema.type === "string" ? [schema, { type: ["number", "boolean"] }] : [schema];
}

function withFunctionsWithin(schema: Schema): Schema {
  const inner = (schemas: Readonly<Record<string, Schema>> | undefined) =>
    schemas && Object.fromEntries(Object.entries(schemas).map(([name, each]) => [name, orFunction(each)]));
  const { properties, patternProperties, additionalProperties, items, anyOf } = schema;
  return {
    ...schema,
    ...(properties && { properties: inner(properties) }),
    ...((properties || patternProperties) && {
      patternProperties: { ...inner(patternProperties), "^Fn::ForEach::": LOOP },
    }),
    ...(typeof additionalProperties === "object" && { additionalProperties: orFunction(additionalProperties) }),
    ...(items && { items: orFunction(items) }),
    ...(anyOf && { anyOf: anyOf.map(withFunctionsWithin) }),
  };
}
