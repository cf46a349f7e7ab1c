import { isObject } from "../../platform/is-object.ts";
import { tagsByKey, type PlannedProperties } from "../../stack/plan/planned-resource.ts";
import type { Registry } from "../../stack/registry/registry.ts";
import type { LikenessOf } from "../../stack/terraform-plan/likeness.ts";
import type { TagsProperty } from "../../services/resource-type.ts";
import { mappingOf, type Mapping } from "./mapping.ts";
import type { Fields, Shape } from "./shape.ts";

/** How resources of our own provider are called in templates. */
export function ownLikeness(registry: Registry): LikenessOf {
  const mappings = new Map<string, Mapping>();
  for (const name of registry.names) {
    const registered = registry.get(name);
    const mapping = registered && mappingOf(registered);
    if (mapping) mappings.set(mapping.name, mapping);
  }
  return (type, before, after) => {
    const mapping = mappings.get(type);
    if (!mapping) return undefined;
    const { fields, type: own } = mapping;
    const properties = after && propertiesOf(fields, after);
    const tags = own.tags as TagsProperty | undefined;
    return {
      type: own.name,
      ...(before && { before: propertiesOf(fields, before) }),
      ...(properties && { after: properties }),
      ...(tags && properties && { tags: tagsByKey(properties[tags.property]) }),
    };
  };
}

const propertiesOf = (fields: Fields, attributes: PlannedProperties): PlannedProperties =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, { property, shape }]) =>
      attributes[name] === undefined ? [] : [[property, plain(attributes[name], shape)]],
    ),
  );

function plain(value: unknown, shape: Shape): unknown {
  if (isObject(value) && Object.hasOwn(value, "knownAfterApply")) return value;
  if (shape.kind === "list" && Array.isArray(value)) return value.map((each) => plain(each, shape.element));
  if (shape.kind === "object" && isObject(value)) return propertiesOf(shape.fields, value);
  if (shape.kind === "map" && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each, shape.element)]));
  // A text that holds JSON stays one: whoever reads a policy reads both.
  return value;
}
