import { ctyOf } from "../../../engine/gateway/terraform-provider/form.ts";
import { mappingOf, type Mapping } from "../../../engine/gateway/terraform-provider/mapping.ts";
import { snakeCase } from "../../../engine/gateway/terraform-provider/names.ts";
import type { Value } from "../../../engine/stack/expressions/value.ts";
import type { Registry } from "../../../engine/stack/registry/registry.ts";
import type { Change, Properties, TypeSample } from "../../../engine/testing/type-samples/sample.ts";

/** Resources of one configuration in Terraform's JSON: by type, then by name. */
export type Resources = Record<string, Record<string, Record<string, unknown>>>;

/** The label under which a sample's own resource stands for a change. */
export const labelOf = (property: string): string => snakeCase(property);

const requireMapping = (registry: Registry, type: string): Mapping => {
  const registered = registry.get(type);
  const mapping = registered && mappingOf(registered);
  if (!mapping) throw new Error(`There is no ${type} in Terraform.`);
  return mapping;
};

/** Writes a template's resources as Terraform has them; each label begins with `prefix`. */
export function addResources(
  into: Resources,
  registry: Registry,
  prefix: string,
  template: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>,
): void {
  const labels = new Map(Object.keys(template).map((id) => [id, `${prefix}_${snakeCase(id)}`]));
  /** `${cloudstacks_queue.x.arn}` */
  const reference = (logicalId: string, attribute?: string): string => {
    const mapping = requireMapping(registry, template[logicalId]?.Type ?? logicalId);
    const name = snakeCase(attribute ?? (mapping.type.ref as string));
    return `\${${mapping.name}.${labels.get(logicalId)}.${name}}`;
  };
  const resolved = (value: unknown): Value => {
    if (typeof value !== "object" || value === null) return value as Value;
    if (Array.isArray(value)) return value.map(resolved);
    const held = value as Record<string, unknown>;
    if (typeof held["Ref"] === "string") return reference(held["Ref"]);
    const [target, attribute] = (held["Fn::GetAtt"] ?? []) as string[];
    if (target !== undefined) return reference(target, attribute);
    const within = /\$\{(\w+)(?:\.(\w+))?\}/g;
    if (typeof held["Fn::Sub"] === "string")
      return held["Fn::Sub"].replaceAll(within, (_, id: string, name?: string) => reference(id, name));
    return Object.fromEntries(Object.entries(held).map(([key, each]) => [key, resolved(each)]));
  };
  for (const [logicalId, { Type, Properties: properties = {} }] of Object.entries(template)) {
    const mapping = requireMapping(registry, Type);
    const declared = resolved(properties) as Readonly<Record<string, Value>>;
    const entries = Object.entries(mapping.fields).flatMap(([name, { property, shape }]) =>
      declared[property] === undefined ? [] : [[name, withoutNull(ctyOf(shape, declared[property]))]],
    );
    (into[mapping.name] ??= {})[labels.get(logicalId) as string] = Object.fromEntries(entries);
  }
}

/** What is left out in a configuration is not written. */
function withoutNull(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutNull);
  const entries = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(entries.map(([key, each]) => [key, withoutNull(each)]));
}

/** A sample's resource before and after a change of one property. */
export function propertiesAround({ base }: TypeSample, property: string, change: Change) {
  const before = { ...base, ...change.beside };
  return {
    before: "from" in change ? { ...before, [property]: change.from } : before,
    after: { ...before, ...change.along, [property]: change.to },
  };
}
