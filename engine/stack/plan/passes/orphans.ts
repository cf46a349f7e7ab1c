import { isKeptBy } from "../../template/template.ts";
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
    const isKept = isDetached || isKeptBy(record.deletionPolicy);
    const why = input.template ? "no longer in the template" : "the stack is destroyed";
    const isSnapshotted = record.deletionPolicy === "Snapshot";
    const policy = isKept ? "; its DeletionPolicy keeps it" : isSnapshotted ? "; a snapshot of it is kept" : "";
    nodes.set(record.logicalId, {
      logicalId: record.logicalId,
      record,
      dependencies: record.dependencies,
      differences: [],
      action: isKept ? "retain" : "delete",
      reasons: [isDetached ? "the template lets it go: Removed" : why + policy],
      ...(registered && { registered }),
      ...(live && { live }),
    });
  }
  return { ...graph, nodes };
};
