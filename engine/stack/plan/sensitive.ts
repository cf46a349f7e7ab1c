import { parts } from "../expressions/expression.ts";
import type { Template } from "../template/template.ts";
import type { Node } from "./graph.ts";

export const MASK = "****";

/** The declared properties whose values must not be shown, by name. */
export const sensitiveProperties = (node: Node, template: Template | undefined): readonly string[] =>
  Object.keys(node.desired ?? {}).filter((property) => isSensitive(node, property, template));

/** Whether a property's value must not be shown: its type says so, or a `NoEcho` parameter is part of it. */
export function isSensitive(node: Node, property: string, template: Template | undefined): boolean {
  if ((node.registered?.type.sensitive as readonly string[] | undefined)?.includes(property)) return true;
  const expression = node.declaration?.properties.entries.find((entry) => entry.key === property)?.value;
  if (!expression || !template) return false;
  for (const part of parts(expression)) {
    if (part.kind === "reference" && template.parameters.get(part.name)?.isSecret) return true;
  }
  return false;
}
