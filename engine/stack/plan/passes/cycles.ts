import { problem } from "../../diagnostics/diagnostic.ts";
import { dependencyOrder } from "../order.ts";
import type { Pass } from "../graph.ts";

/** Before anything walks the graph: finds the order of walking, or names the circle that makes one impossible. */
export const cycles: Pass = (graph) => {
  const ids = [...graph.nodes.keys()];
  const { order, cycle } = dependencyOrder(ids, (id) => graph.nodes.get(id)?.dependencies ?? []);
  if (!cycle) return { ...graph, order };
  const at = graph.nodes.get(cycle[0] ?? "")?.declaration;
  const found = problem("CS1110", `resources depend on each other in a circle: ${cycle.join(" -> ")}`, at?.span,
    "remove one of these references, or move the shared value into a parameter");
  return { ...graph, order, problems: [...graph.problems, found] };
};
