import { readShippedFile } from "../../platform/shipped-files.ts";

/** JSON Schema, but `$ref` names a definition of the type. */
export interface FactSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, FactSchema>>;
  readonly patternProperties?: Readonly<Record<string, FactSchema>>;
  readonly additionalProperties?: boolean | FactSchema;
  readonly required?: readonly string[];
  readonly items?: FactSchema;
  readonly anyOf?: readonly FactSchema[];
  readonly [keyword: string]: unknown;
}

/**
 * What CloudFormation's registry says of a type, in `models/cloudformation/<type>.json`. Paths lead through lists and
 * maps with `*`: `LifecycleConfiguration.Rules.*.Prefix`.
 */
export interface TypeFacts {
  readonly name: string;
  readonly identifier: readonly string[];
  /** What `Ref` gives: a property or an attribute. */
  readonly ref: string;
  /** What `Fn::GetAtt` can ask for. */
  readonly attributes: readonly string[];
  readonly required: readonly string[];
  /** What an update requires: nothing is said of what can be changed in place. */
  readonly replaces: Readonly<Record<string, "always" | "sometimes">>;
  readonly writeOnly: readonly string[];
  /** The property that holds tags. */
  readonly tags?: string;
  /** Those that a template can set. */
  readonly properties: Readonly<Record<string, FactSchema>>;
  readonly attributeTypes: Readonly<Record<string, FactSchema>>;
  readonly definitions: Readonly<Record<string, FactSchema>>;
}

/** `AWS::S3::Bucket` -> `models/cloudformation/aws-s3-bucket.json`. */
export const factsFile = (type: string) => `models/cloudformation/${type.toLowerCase().replaceAll("::", "-")}.json`;

/** The facts of a type that ships. */
export const readTypeFacts = (type: string): TypeFacts =>
  JSON.parse(readShippedFile(factsFile(type)).toString()) as TypeFacts;

/** A schema with its definitions put in place. */
export function expandSchema(schema: FactSchema, definitions: TypeFacts["definitions"]): FactSchema {
  const expanded = new Map<string, FactSchema>();
  const expand = (each: FactSchema): FactSchema => {
    const { $ref, ...rest } = each;
    if ($ref !== undefined) return { ...definition($ref), ...rest };
    return {
      ...rest,
      ...(rest.properties && { properties: members(rest.properties) }),
      ...(rest.patternProperties && { patternProperties: members(rest.patternProperties) }),
      ...(typeof rest.additionalProperties === "object" && {
        additionalProperties: expand(rest.additionalProperties),
      }),
      ...(rest.items && { items: expand(rest.items) }),
      ...(rest.anyOf && { anyOf: rest.anyOf.map(expand) }),
    };
  };
  const members = (schemas: Readonly<Record<string, FactSchema>>) =>
    Object.fromEntries(Object.entries(schemas).map(([name, each]) => [name, expand(each)]));
  const definition = (name: string): FactSchema => {
    const known = expanded.get(name);
    if (known) return known;
    const made = expand(definitions[name] ?? {});
    expanded.set(name, made);
    return made;
  };
  return expand(schema);
}
