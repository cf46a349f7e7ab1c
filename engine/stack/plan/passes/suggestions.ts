import { problem, type Problem } from "../../diagnostics/diagnostic.ts";
import { canonicalJson, firstUnknown } from "../../expressions/value.ts";
import type { Node, Pass } from "../graph.ts";

/**
 * Last, over what was decided: a resource that goes while its like comes under another name was probably renamed, and
 * need not be made anew.
 */
export const suggestions: Pass = (graph) => {
  const nodes = [...graph.nodes.values()];
  const going = byContent(nodes.filter(({ action, record }) => action === "delete" && record?.properties));
  if (going.size === 0) return graph;
  const coming = byContent(nodes.filter(({ action, record }) => action === "create" && !record));
  const problems: Problem[] = [];
  for (const [content, [created, ...more]] of coming) {
    const [deleted, ...others] = going.get(content) ?? [];
    // Of several that are alike nobody knows which is meant.
    if (!created || !deleted || more.length > 0 || others.length > 0) continue;
    const [from, to] = [deleted.logicalId, created.logicalId];
    problems.push(
      problem(
        "CS2007",
        `${to} is declared as ${from} was: ${from} will be deleted and ${to} made anew`,
        created.declaration?.span,
        `to keep it under its new name, add to the template: Moved: [{From: ${from}, To: ${to}}]`,
      ),
    );
  }
  return problems.length === 0 ? graph : { ...graph, problems: [...graph.problems, ...problems] };
};

/** Nodes by type and properties; those with something unknown are like no other. */
function byContent(nodes: readonly Node[]): Map<string, Node[]> {
  const found = new Map<string, Node[]>();
  for (const node of nodes) {
    const properties = node.action === "create" ? node.desired : node.record?.properties;
    if (properties === undefined || firstUnknown(properties)) continue;
    const content = canonicalJson([node.declaration?.type ?? node.record?.type, properties]);
    const alike = found.get(content);
    if (alike) alike.push(node);
    else found.set(content, [node]);
  }
  return found;
}
