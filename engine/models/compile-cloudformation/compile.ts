import type { FactSchema, TypeFacts } from "../../clouds/aws/cloudformation-facts.ts";
import type { RegistrySchema, SourceSchema, SpecifiedType } from "./sources.ts";

/** Keywords that say what a value may be. Texts, formats and what only another property decides are left out. */
const KEPT = [
  "$ref",
  "type",
  "enum",
  "const",
  "default",
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "minItems",
  "maxItems",
  "uniqueItems",
  "insertionOrder",
  "additionalProperties",
  "required",
] as const;
/** Keywords whose value is a map of schemas. */
const MAPS = ["properties", "patternProperties"] as const;

// A JSON pointer of the registry, `/properties/Rules/*/Id`, as a path: `Rules.*.Id`.
const pathOf = (pointer: string) =>
  pointer.replace("/properties/", "").replaceAll("/properties/", "/").replaceAll("/", ".");
const pathsOf = (pointers: readonly string[] | undefined) => (pointers ?? []).map(pathOf).sort();

/** One type's facts: what the registry and the service specification say, without their words. */
export function compileType(schema: RegistrySchema, specified: SpecifiedType | undefined): TypeFacts {
  const readOnly = pathsOf(schema.readOnlyProperties);
  const identifier = schema.primaryIdentifier.map(pathOf);
  const settable = Object.keys(schema.properties).filter((name) => !readOnly.includes(name)).sort();
  const tags = schema.tagging?.tagProperty && pathOf(schema.tagging.tagProperty);
  return {
    name: schema.typeName,
    identifier,
    ref: (specified?.cfnRefIdentifier ?? identifier)[0] ?? "",
    attributes: [...new Set([...readOnly, ...Object.keys(specified?.attributes ?? {})])].sort(),
    required: [...(schema.required ?? [])].sort(),
    replaces: replacementOf(schema, specified, settable),
    writeOnly: pathsOf(schema.writeOnlyProperties),
    ...(tags !== undefined && settable.includes(tags) && { tags }),
    properties: Object.fromEntries(settable.map((name) => [name, compileSchema(schema.properties[name] ?? {})])),
    attributeTypes: Object.fromEntries(
      readOnly.flatMap((name) => (name.includes(".") ? [] : [[name, compileSchema(schema.properties[name] ?? {})]])),
    ),
    definitions: Object.fromEntries(
      Object.entries(schema.definitions ?? {}).sort(byKey).map(([name, each]) => [name, compileSchema(each)]),
    ),
  };
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);

/**
 * What an update requires. Of whole properties the specification decides, because it follows the documentation; the
 * registry also knows of parts of them, and of types that the specification lacks.
 */
function replacementOf(
  schema: RegistrySchema,
  specified: SpecifiedType | undefined,
  settable: readonly string[],
): TypeFacts["replaces"] {
  const [always, sometimes] = [pathsOf(schema.createOnlyProperties), pathsOf(schema.conditionalCreateOnlyProperties)];
  const rules: Record<string, "always" | "sometimes"> = {};
  for (const path of sometimes) rules[path] = "sometimes";
  for (const path of always) rules[path] = "always";
  for (const name of settable) {
    const said = specified?.properties[name]?.causesReplacement;
    if (said === "yes") rules[name] = "always";
    if (said === "maybe") rules[name] = "sometimes";
  }
  const known = Object.entries(rules).filter(([path]) => settable.includes(path.split(".")[0] ?? ""));
  return Object.fromEntries(known.sort(byKey));
}

function compileSchema(source: SourceSchema): FactSchema {
  const schema: Record<string, unknown> = {};
  for (const keyword of KEPT) if (source[keyword] !== undefined) schema[keyword] = source[keyword];
  for (const keyword of MAPS) {
    // The registry now and then gives a list the members that its elements have.
    if (source[keyword] === undefined || source["type"] === "array") continue;
    const members = Object.entries(source[keyword] as Readonly<Record<string, SourceSchema>>);
    schema[keyword] = Object.fromEntries(members.map(([name, each]) => [name, compileSchema(each)]));
  }
  if (source["items"] !== undefined) schema["items"] = compileSchema(source["items"] as SourceSchema);
  if (typeof schema["$ref"] === "string") schema["$ref"] = schema["$ref"].replace("#/definitions/", "");
  if (typeof schema["pattern"] === "string" && !isPattern(schema["pattern"])) delete schema["pattern"];
  // Lists say that their order means something unless they say otherwise.
  if (schema["insertionOrder"] === true) delete schema["insertionOrder"];
  if (schema["uniqueItems"] === false) delete schema["uniqueItems"];
  return { ...schema, ...optionsOf(source) };
}

/** Alternatives between kinds of values; those that only say which members go together are left out. */
function optionsOf(source: SourceSchema): FactSchema {
  const options = ((source["anyOf"] ?? source["oneOf"] ?? []) as readonly SourceSchema[])
    .filter((option) => option["format"] !== "json")
    .map(compileSchema)
    .filter((option) => option.type !== undefined || option.$ref !== undefined || option.properties !== undefined);
  if (options.length === 0) return {};
  return options.length === 1 ? (options[0] ?? {}) : { anyOf: options };
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u").test("") || true;
  } catch {
    return false;
  }
}
