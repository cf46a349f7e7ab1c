import { problem, type Problem } from "../../diagnostics/diagnostic.ts";
import { didYouMeanOneOf } from "../../diagnostics/suggestion.ts";
import type { Graph, Node, Pass } from "../graph.ts";

/**
 * Before changes are worked out, so that what is not targeted keeps the values it has: leaves the targets and what
 * they depend on; of a target that goes, what depends on it, which must go or let go of it first.
 */
export const targets: Pass = (graph, input) => {
  if (input.targets.length === 0) return graph;
  const problems: Problem[] = [...graph.problems];
  const wanted = new Set<string>();
  const dependants = recordedDependants(graph);
  const open = [...input.targets];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = graph.nodes.get(id);
    if (!node)
      problems.push(
        problem("CS2004", `there is no resource "${id}" to target`, undefined, didYouMeanOneOf(id, graph.nodes.keys())),
      );
    if (!node || wanted.has(id)) continue;
    wanted.add(id);
    open.push(...(node.declaration ? node.dependencies : (dependants.get(id) ?? [])));
  }
  const nodes = new Map<string, Node>();
  for (const node of graph.nodes.values()) {
    if (wanted.has(node.logicalId)) nodes.set(node.logicalId, node);
    else if (node.record) nodes.set(node.logicalId, withoutDeclaration(node));
  }
  return { ...graph, nodes, order: graph.order.filter((id) => nodes.has(id)), problems };
};

/** Who depended on whom when the stack was deployed. */
function recordedDependants({ nodes }: Graph): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { logicalId, record } of nodes.values()) {
    for (const each of record?.dependencies ?? []) {
      const already = found.get(each);
      if (already) already.push(logicalId);
      else found.set(each, [logicalId]);
    }
  }
  return found;
}

function withoutDeclaration(node: Node): Node {
  const { declaration: _untargeted, ...rest } = node;
  return {
    ...rest,
    action: node.movedFrom === undefined ? "none" : "rename",
    reasons: [],
    dependencies: node.record?.dependencies ?? [],
  };
}
