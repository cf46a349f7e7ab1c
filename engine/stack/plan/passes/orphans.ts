import type { Node, Pass } from "../graph.ts";

/**
 * After the declared ones, because it is their complement: what the stack has and the template no longer does goes, or
 * is let go.
 */
export const orphans: Pass = (graph, input) => {
  const nodes = new Map<string, Node>(graph.nodes);
  for (const record of input.state.resources.values()) {
    if (nodes.has(record.logicalId)) continue;
    const registered = input.registry.get(record.type);
    const live = input.live?.get(record.logicalId);
    const isDetached = input.template?.relocations.removed.has(record.logicalId) === true;
    const isKept = isDetached || record.deletionPolicy !== "Delete";
    const why = input.template ? "no longer in the template" : "the stack is destroyed";
    const policy = isKept ? `${why}; its DeletionPolicy keeps it` : why;
    nodes.set(record.logicalId, {
      logicalId: record.logicalId,
      record,
      dependencies: record.dependencies,
      differences: [],
      action: isKept ? "retain" : "delete",
      reasons: [isDetached ? "the template lets it go: Removed" : policy],
      ...(registered && { registered }),
      ...(live && { live }),
    });
  }
  return { ...graph, nodes };
};
