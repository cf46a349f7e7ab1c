import type { PropertySchema } from "../../services/property-schema.ts";
import { ctyList, ctyMap, ctyObject, type CtyType } from "../../protocols/terraform/cty-type.ts";
import type { Attribute, Attributes } from "../../protocols/terraform/schema.ts";
import { snakeCase } from "./names.ts";

/** How a property looks to Terraform, by which its values are changed from one form to the other. */
export type Shape =
  | { readonly kind: "scalar"; readonly type: "string" | "number" | "bool" }
  /** A value of any form: a text that holds JSON. */
  | { readonly kind: "json" }
  | { readonly kind: "list" | "map"; readonly element: Shape }
  | { readonly kind: "object"; readonly fields: Fields };

/** Fields of an object by their names in Terraform. */
export type Fields = Readonly<Record<string, Field>>;

export interface Field {
  /** Its name in templates. */
  readonly property: string;
  readonly shape: Shape;
  readonly isRequired: boolean;
  readonly hasDefault: boolean;
  readonly description?: string;
}

const SCALARS: Readonly<Record<string, "string" | "number" | "bool">> = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "bool",
};
const JSON_TEXT: Shape = { kind: "json" };

/** The shape of a property's values. What has no one form, such as a policy, is JSON. */
export function shapeOf(schema: PropertySchema): Shape {
  if (schema.properties) return { kind: "object", fields: fieldsOf(schema) };
  const constants = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (constants) return scalarOf(constants.map((each) => typeof each)) ?? JSON_TEXT;
  if (schema.anyOf) return shapeOfOptions(schema.anyOf);
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  if (types.includes("array") && types.length === 1) return collection("list", schema.items);
  if (types.includes("object") && types.length === 1) {
    const values = Object.values(schema.patternProperties ?? {})[0] ?? schema.additionalProperties;
    // Nothing may be said within: that it is there is all it says.
    if (values === false) return { kind: "object", fields: {} };
    return collection("map", typeof values === "object" ? values : undefined);
  }
  return scalarOf(types) ?? JSON_TEXT;
}

function scalarOf(types: readonly string[]): Shape | undefined {
  const found = new Set(types.map((type) => SCALARS[type]));
  const [type] = found;
  return found.size === 1 && type ? { kind: "scalar", type } : undefined;
}

function collection(kind: "list" | "map", items: PropertySchema | undefined): Shape {
  const element = items && shapeOf(items);
  return element && element.kind !== "json" && !isTooDeep(element) ? { kind, element } : JSON_TEXT;
}

/** Objects in lists of lists would have to be given with all their attributes. */
const isTooDeep = (shape: Shape): boolean =>
  (shape.kind === "list" || shape.kind === "map") &&
  (shape.element.kind === "object" || shape.element.kind === "json" || isTooDeep(shape.element));

function shapeOfOptions(options: readonly PropertySchema[]): Shape {
  const shapes = options.map(shapeOf);
  const types = shapes.map((shape) => (shape.kind === "scalar" ? shape.type : ""));
  const scalar = scalarOf(types.map((type) => (type === "bool" ? "boolean" : type)));
  if (scalar) return scalar;
  if (!shapes.every((shape) => shape.kind === "object")) return JSON_TEXT;
  // One of several objects: every attribute may be there, and the schema says which of them go together.
  const fields = Object.assign({}, ...shapes.map((shape) => shape.fields)) as Fields;
  return {
    kind: "object",
    fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, { ...field, isRequired: false }])),
  };
}

/** Everything that may be said within a map of known properties; what is refused is not there. */
export function fieldsOf(schema: PropertySchema): Fields {
  const entries = Object.entries(schema.properties ?? {}).filter(([, each]) => !each.not);
  return Object.fromEntries(
    entries.map(([property, each]): [string, Field] => [
      snakeCase(property),
      {
        property,
        shape: shapeOf(each),
        isRequired: schema.required?.includes(property) ?? false,
        hasDefault: each.default !== undefined,
        ...(each.description !== undefined && { description: each.description }),
      },
    ]),
  );
}

/** What Terraform is told of a shape. Only the outermost object of a collection can leave attributes out. */
export function attributeType(shape: Shape): Pick<Attribute, "type" | "nested"> {
  if (shape.kind === "object" && Object.keys(shape.fields).length > 0)
    return { nested: { nesting: "single", attributes: nestedAttributes(shape.fields) } };
  if ((shape.kind === "list" || shape.kind === "map") && shape.element.kind === "object")
    return { nested: { nesting: shape.kind, attributes: nestedAttributes(shape.element.fields) } };
  return { type: plainType(shape) };
}

function plainType(shape: Shape): CtyType {
  if (shape.kind === "scalar") return shape.type;
  if (shape.kind === "json") return "string";
  if (shape.kind === "object") return ctyObject({});
  return shape.kind === "list" ? ctyList(plainType(shape.element)) : ctyMap(plainType(shape.element));
}

const nestedAttributes = (fields: Fields): Attributes =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]): [string, Attribute] => [
      name,
      { ...attributeType(field.shape), ...describedBy(field), use: nestedUse(field) },
    ]),
  );

const nestedUse = ({ isRequired, hasDefault }: Field): Attribute["use"] => {
  if (isRequired && !hasDefault) return "required";
  return hasDefault ? "optional-computed" : "optional";
};

/** A text that holds JSON says so. */
export function describedBy({ description, shape }: Field): { readonly description?: string } {
  if (shape.kind !== "json") return description === undefined ? {} : { description };
  return { description: [description, "JSON, as jsonencode writes it."].filter(Boolean).join(" ") };
}

/** The same attributes where they are only shown: in data sources, and for what nobody can set. */
export function shownAttribute(attribute: Attribute): Attribute {
  const { nested, isWriteOnly: _never, ...rest } = attribute;
  return {
    ...rest,
    use: "computed",
    ...(nested && {
      nested: {
        ...nested,
        attributes: Object.fromEntries(
          Object.entries(nested.attributes).map(([name, each]) => [name, shownAttribute(each)]),
        ),
      },
    }),
  };
}
