import { isResolvable } from "./tokens/resolvable.ts";

/** The property of a type that holds tags, as a map of key and value or as a list of `{ Key, Value }`. */
export interface Tagging {
  readonly property: string;
  readonly form: "map" | "list";
}

type Properties = Readonly<Record<string, unknown>>;

/** Properties with tags that come from around the resource; its own win. */
export function taggedProperties(
  properties: Properties,
  tagging: Tagging | undefined,
  tags: ReadonlyMap<string, string>,
): Properties {
  if (!tagging || tags.size === 0) return properties;
  const own = properties[tagging.property];
  if (isResolvable(own))
    throw new Error(`its ${tagging.property} are known only when it is deployed, so that tags cannot be added`);
  const added = tagging.form === "map" ? mapOf(own, tags) : listOf(own, tags);
  return { ...properties, [tagging.property]: added };
}

const mapOf = (own: unknown, tags: ReadonlyMap<string, string>) => ({
  ...Object.fromEntries(tags),
  ...(own as Properties | undefined),
});

function listOf(own: unknown, tags: ReadonlyMap<string, string>): unknown[] {
  const list = (own ?? []) as readonly { readonly Key?: unknown }[];
  const keys = new Set(list.map((tag) => tag.Key));
  const added = [...tags].filter(([key]) => !keys.has(key)).map(([Key, Value]) => ({ Key, Value }));
  return [...list, ...added];
}
