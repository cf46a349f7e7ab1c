import type { PropertySchema } from "../../services/property-schema.ts";
import type { AnyResourceType } from "../../services/resource-type.ts";
import type { RegisteredType } from "../../stack/registry/registry.ts";
import type { Attribute, Attributes, BlockSchema } from "../../protocols/terraform/schema.ts";
import { resourceName, snakeCase } from "./names.ts";
import { attributeType, describedBy, fieldsOf, shownAttribute, type Fields } from "./shape.ts";

/** Of every resource: the engine's name for it, which import takes. */
export const ID = "id";
const ID_DESCRIPTION = "The engine's name for it, which import takes.";
/** Beside a secret that is kept nowhere: whoever changes the secret changes this, so that it is sent again. */
export const versionOf = (name: string): string => `${name}_version`;

/** A resource type as Terraform sees it. */
export interface Mapping {
  /** `cloudstacks_bucket` */
  readonly name: string;
  readonly registered: RegisteredType;
  readonly type: AnyResourceType;
  /** What may be declared. */
  readonly fields: Fields;
  /** What is only told: attributes that are no properties. */
  readonly outputs: Fields;
  /** Names of fields that Terraform keeps nowhere: secrets that are never read back. */
  readonly secrets: readonly string[];
  readonly schema: BlockSchema;
  readonly dataSchema: BlockSchema;
}

const has = (names: unknown, property: string): boolean =>
  (names as readonly string[] | undefined)?.includes(property) ?? false;

/** Words that Terraform keeps for itself in a resource. */
const RESERVED = new Set(["count", "for_each", "depends_on", "lifecycle", "provider", "provisioner", "connection", ID]);

/** What has one of Terraform's own names has its type's before it: `table_id` for the attribute `Id` of a Table. */
function renamed(type: string, fields: Fields): Fields {
  const own = snakeCase(type.split("::").at(-1) ?? type);
  const nameFor = (name: string) => (RESERVED.has(name) ? `${own}_${name}` : name);
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [nameFor(name), field]));
}

/**
 * The mapping of a type; undefined for one with a part outside the store, which a provider without a journal could not
 * settle after a crash.
 */
export function mappingOf(registered: RegisteredType): Mapping | undefined {
  const { type } = registered;
  if (type.outside) return undefined;
  const fields = renamed(type.name, fieldsOf(type.properties as PropertySchema));
  const attributes = renamed(type.name, fieldsOf(type.attributes as PropertySchema));
  const outputs = Object.fromEntries(Object.entries(attributes).filter(([name]) => fields[name] === undefined));
  const secrets = Object.entries(fields).flatMap(([name, { property }]) =>
    has(type.writeOnly, property) && has(type.sensitive, property) ? [name] : [],
  );
  const schema = {
    version: 0,
    description: type.summary,
    attributes: attributesOf(type, fields, outputs, secrets),
  };
  const shown = Object.entries(schema.attributes).filter(([, { isWriteOnly }]) => !isWriteOnly);
  return {
    name: resourceName(type.name),
    registered,
    type,
    fields,
    outputs,
    secrets,
    schema,
    dataSchema: {
      ...schema,
      attributes: {
        ...Object.fromEntries(shown.map(([name, each]) => [name, shownAttribute(each)])),
        [ID]: { type: "string", use: "required", description: ID_DESCRIPTION },
      },
    },
  };
}

function attributesOf(
  type: AnyResourceType,
  fields: Fields,
  outputs: Fields,
  secrets: readonly string[],
): Attributes {
  const declared = Object.entries(fields).flatMap(([name, field]): [string, Attribute][] => {
    const { property, isRequired, hasDefault } = field;
    const isReadBack = !has(type.writeOnly, property);
    const optional = isReadBack || hasDefault ? "optional-computed" : "optional";
    const attribute: Attribute = {
      ...attributeType(field.shape),
      ...describedBy(field),
      use: isRequired && !hasDefault ? "required" : optional,
      ...(has(type.sensitive, property) && { isSensitive: true }),
    };
    if (!secrets.includes(name)) return [[name, attribute]];
    const version: Attribute = {
      type: "string",
      use: "optional",
      description: `Any text; when it changes, ${name} is sent again.`,
    };
    return [
      [name, { ...attribute, use: isRequired ? "required" : "optional", isWriteOnly: true }],
      [versionOf(name), version],
    ];
  });
  const told = Object.entries(outputs).map(([name, field]): [string, Attribute] => [
    name,
    shownAttribute({ ...attributeType(field.shape), ...describedBy(field), use: "computed" }),
  ]);
  const id: Attribute = { type: "string", use: "computed", description: ID_DESCRIPTION };
  return { ...Object.fromEntries([...declared, ...told]), [ID]: id };
}
