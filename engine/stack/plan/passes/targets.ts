import { problem, type Problem } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/suggestion.ts";
import type { Node, Pass } from "../graph.ts";

/**
 * Before changes are worked out, so that what is not targeted keeps the values it has: leaves the targets and what
 * they depend on.
 */
export const targets: Pass = (graph, input) => {
  if (input.targets.length === 0) return graph;
  const problems: Problem[] = [...graph.problems];
  const wanted = new Set<string>();
  const open = [...input.targets];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = graph.nodes.get(id);
    if (!node)
      problems.push(
        problem("CS2004", `there is no resource "${id}" to target`, undefined, didYouMean(id, graph.nodes.keys())),
      );
    if (!node || wanted.has(id)) continue;
    wanted.add(id);
    open.push(...node.dependencies);
  }
  const nodes = new Map<string, Node>();
  for (const node of graph.nodes.values()) {
    if (wanted.has(node.logicalId)) nodes.set(node.logicalId, node);
    else if (node.record) nodes.set(node.logicalId, withoutDeclaration(node));
  }
  return { ...graph, nodes, order: graph.order.filter((id) => nodes.has(id)), problems };
};

function withoutDeclaration(node: Node): Node {
  const { declaration: _untargeted, ...rest } = node;
  return {
    ...rest,
    action: node.movedFrom === undefined ? "none" : "rename",
    reasons: [],
    dependencies: node.record?.dependencies ?? [],
  };
}
