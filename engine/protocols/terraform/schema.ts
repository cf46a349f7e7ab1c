import { ctyList, ctyMap, ctyObject, ctyTypeBytes, type CtyType } from "./cty-type.ts";
import type { Message } from "./protobuf.ts";

/** How many of its objects a nested attribute holds. */
export type Nesting = "single" | "list" | "map";

interface Described {
  readonly description?: string;
}

/** An attribute of a block or of a nested object. */
export interface Attribute extends Described {
  /** Absent when `nested` says what it holds. */
  readonly type?: CtyType;
  readonly nested?: { readonly nesting: Nesting; readonly attributes: Attributes };
  readonly use: "required" | "optional" | "computed" | "optional-computed";
  readonly isSensitive?: boolean;
  readonly isWriteOnly?: boolean;
}
export type Attributes = Readonly<Record<string, Attribute>>;

/** What a resource, a data source or the provider itself takes and gives. */
export interface BlockSchema extends Described {
  readonly version: number;
  readonly attributes: Attributes;
}

export interface FunctionParameter extends Described {
  readonly name: string;
  readonly type: CtyType;
  readonly allowsNull?: boolean;
}
export interface FunctionSchema {
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly FunctionParameter[];
  readonly variadic?: FunctionParameter;
  readonly returns: CtyType;
}

export interface ProviderSchema {
  readonly provider: BlockSchema;
  readonly resources: Readonly<Record<string, BlockSchema>>;
  readonly dataSources: Readonly<Record<string, BlockSchema>>;
  readonly ephemeralResources: Readonly<Record<string, BlockSchema>>;
  readonly functions: Readonly<Record<string, FunctionSchema>>;
}

/** The type of an attribute's value. */
export function typeOfAttribute({ type, nested }: Attribute): CtyType {
  if (!nested) return type ?? "dynamic";
  const object = typeOfAttributes(nested.attributes);
  if (nested.nesting === "single") return object;
  return nested.nesting === "list" ? ctyList(object) : ctyMap(object);
}

/** The type of an object with these attributes. */
export const typeOfAttributes = (attributes: Attributes): CtyType =>
  ctyObject(Object.fromEntries(Object.entries(attributes).map(([name, each]) => [name, typeOfAttribute(each)])));

/** Everything by which Terraform knows that this provider speaks its present language. */
export const SERVER_CAPABILITIES = { planDestroy: true, schemaOptional: true, moveResourceState: true };

const NESTING_NUMBERS: Readonly<Record<Nesting, number>> = { single: 1, list: 2, map: 4 };

const isRequired = ({ use }: Attribute) => use === "required";
const isOptional = ({ use }: Attribute) => use === "optional" || use === "optional-computed";
const isComputed = ({ use }: Attribute) => use === "computed" || use === "optional-computed";

const mapped = <T, To>(items: Readonly<Record<string, T>>, change: (item: T) => To): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(items).map(([name, item]) => [name, change(item)]));

/** A whole provider as the message `GetProviderSchema.Response`. */
export function schemaMessage(schema: ProviderSchema): Message {
  return {
    provider: blockMessage(schema.provider),
    resourceSchemas: mapped(schema.resources, blockMessage),
    dataSourceSchemas: mapped(schema.dataSources, blockMessage),
    ephemeralResourceSchemas: mapped(schema.ephemeralResources, blockMessage),
    functions: mapped(schema.functions, functionMessage),
    serverCapabilities: SERVER_CAPABILITIES,
  };
}

const blockMessage = ({ version, attributes, description }: BlockSchema): Message => ({
  version,
  block: { version, attributes: attributeMessages(attributes), description },
});

const attributeMessages = (attributes: Attributes): Message[] =>
  Object.entries(attributes).map(([name, each]) => ({
    name,
    ...(each.nested
      ? {
          nestedType: {
            attributes: attributeMessages(each.nested.attributes),
            nesting: NESTING_NUMBERS[each.nested.nesting],
          },
        }
      : { type: ctyTypeBytes(typeOfAttribute(each)) }),
    description: each.description,
    required: isRequired(each),
    optional: isOptional(each),
    computed: isComputed(each),
    sensitive: each.isSensitive ?? false,
    writeOnly: each.isWriteOnly ?? false,
  }));

export const functionMessage = ({ summary, description, parameters, variadic, returns }: FunctionSchema): Message => ({
  parameters: parameters.map(parameterMessage),
  ...(variadic && { variadicParameter: parameterMessage(variadic) }),
  result: { type: ctyTypeBytes(returns) },
  summary,
  description,
});

const parameterMessage = ({ name, type, description, allowsNull }: FunctionParameter): Message => ({
  name,
  type: ctyTypeBytes(type),
  description,
  allowNullValue: allowsNull ?? false,
});

type Json = Readonly<Record<string, unknown>>;

/**
 * The same as `terraform providers schema -json` prints it, for tools that make code of it.
 * Source: Terraform's documentation, "providers schema", format version 1.0
 */
export function schemaJson(source: string, schema: ProviderSchema): Json {
  return {
    format_version: "1.0",
    provider_schemas: {
      [source]: {
        provider: blockJson(schema.provider),
        resource_schemas: mapped(schema.resources, blockJson),
        data_source_schemas: mapped(schema.dataSources, blockJson),
        ephemeral_resource_schemas: mapped(schema.ephemeralResources, blockJson),
        functions: mapped(schema.functions, functionJson),
      },
    },
  };
}

const described = ({ description }: Described): Json => ({
  ...(description !== undefined && { description }),
  description_kind: "plain",
});

const blockJson = (block: BlockSchema): Json => ({
  version: block.version,
  block: { attributes: attributesJson(block.attributes), ...described(block) },
});

const attributesJson = (attributes: Attributes): Json =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, each]) => [
      name,
      {
        ...(each.nested
          ? {
              nested_type: {
                attributes: attributesJson(each.nested.attributes),
                nesting_mode: each.nested.nesting,
              },
            }
          : { type: each.type }),
        ...described(each),
        ...(isRequired(each) && { required: true }),
        ...(isOptional(each) && { optional: true }),
        ...(isComputed(each) && { computed: true }),
        ...(each.isSensitive && { sensitive: true }),
        ...(each.isWriteOnly && { write_only: true }),
      },
    ]),
  );

const functionJson = ({ summary, description, parameters, variadic, returns }: FunctionSchema): Json => ({
  ...(description !== undefined && { description }),
  summary,
  return_type: returns,
  ...(parameters.length > 0 && { parameters: parameters.map(parameterJson) }),
  ...(variadic && { variadic_parameter: parameterJson(variadic) }),
});

const parameterJson = ({ name, type, description, allowsNull }: FunctionParameter): Json => ({
  name,
  ...(description !== undefined && { description }),
  ...(allowsNull && { is_nullable: true }),
  type,
});
