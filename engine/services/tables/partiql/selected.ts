import { valueAt } from "../expressions/paths.ts";
import type { Path } from "../expressions/tree.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";

/** `x` for `m.x`, `l[0]` for `m.l[0]`: statements answer with the end of a path, not with the documents around it. */
function nameOf(path: Path): string {
  const from = path.findLastIndex((step) => typeof step === "string");
  return path.slice(from).reduce<string>((name, step) => name + (typeof step === "number" ? `[${step}]` : step), "");
}

/** What a SELECT names of an item. */
export function selected(item: Item, paths: readonly Path[]): Item {
  const result: Record<string, AttributeValue> = {};
  for (const path of paths) {
    const value = valueAt(item, path);
    if (value) result[nameOf(path)] = value;
  }
  return result;
}
