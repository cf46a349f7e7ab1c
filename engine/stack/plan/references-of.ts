import { parts } from "../expressions/expression.ts";
import type { Node } from "./graph.ts";
import type { Reference } from "./plan.ts";
import { declaredAt } from "./sensitive.ts";

/** What a property's declaration refers to, each said once: where a change of it may come from. */
export function referencesOf(node: Node, path: readonly string[], nodes: ReadonlyMap<string, Node>): Reference[] {
  const expression = declaredAt(node, path);
  if (!expression) return [];
  const found = new Map<string, Reference>();
  for (const part of parts(expression)) {
    if (part.kind === "parameter") found.set(part.declaration.name, { parameter: part.declaration.name });
    if (part.kind !== "reference" || part.name.startsWith("AWS::")) continue;
    const { name, attribute } = part;
    const reference: Reference = !nodes.has(name)
      ? { parameter: name }
      : { resource: name, ...(attribute !== undefined && { attribute }) };
    found.set(attribute === undefined ? name : `${name}.${attribute}`, reference);
  }
  return [...found.values()];
}
