import type { AnyResourceType } from "../../services/resource-type.ts";
import { isMap, type Value } from "../expressions/value.ts";

export type Tags = Readonly<Record<string, string>>;

/**
 * Properties with the stack's own tags where the type keeps tags. What the resource says itself wins, and stands first;
 * tags that are known only after apply stay as they are until then.
 */
export function withStackTags(properties: Value, { tags: place }: AnyResourceType, tags: Tags): Value {
  const names = Object.keys(tags).sort();
  if (!place || names.length === 0 || !isMap(properties)) return properties;
  const own = properties[place.property];
  if (place.form === "map") {
    if (own !== undefined && !isMap(own)) return properties;
    const missing = names.filter((name) => own === undefined || !Object.hasOwn(own, name));
    const added = Object.fromEntries(missing.map((name) => [name, tags[name] ?? ""]));
    return { ...properties, [place.property]: { ...own, ...added } };
  }
  if (own !== undefined && !Array.isArray(own)) return properties;
  const list: readonly Value[] = own ?? [];
  const known = new Set(list.map((tag) => (isMap(tag) ? tag["Key"] : undefined)));
  const missing = names.filter((name) => !known.has(name)).map((name) => ({ Key: name, Value: tags[name] ?? "" }));
  return { ...properties, [place.property]: [...list, ...missing] };
}
