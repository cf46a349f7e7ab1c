import type { Action } from "../../../stack/plan/plan.ts";
import type { Report, StackReport } from "../report.ts";
import { resourceRows } from "../rows.ts";

export interface GraphNode {
  /** Of the whole graph: `web/Net`. */
  readonly id: string;
  readonly stack: string;
  readonly name: string;
  readonly type: string;
  readonly action: Action;
  /** What happens to it, in words. */
  readonly words: string;
  /** It could not be deployed. */
  readonly isFailed: boolean;
}

/** `from` depends on `to`: it comes later, and goes earlier. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** The resources of a report and what they depend on. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export function graphOf({ stacks }: Pick<Report, "stacks">): Graph {
  const parts = stacks.map(stackGraph);
  return { nodes: parts.flatMap(({ nodes }) => nodes), edges: parts.flatMap(({ edges }) => edges) };
}

function stackGraph(report: StackReport): Graph {
  const { stack, plan, drift } = report;
  const idOf = (logicalId: string) => `${stack}/${logicalId}`;
  const rows = new Map(resourceRows(report).map((row) => [row.logicalId, row]));
  const declared = plan?.changes ?? drift?.resources ?? [];
  const nodes = declared.map(({ logicalId, type }): GraphNode => {
    const row = rows.get(logicalId);
    return {
      id: idOf(logicalId),
      stack,
      name: logicalId,
      type,
      action: row?.action ?? "none",
      words: row?.words ?? "unchanged",
      isFailed: row?.step?.status === "failed",
    };
  });
  const known = new Set(nodes.map(({ id }) => id));
  const edges = declared.flatMap(({ logicalId, dependencies }) =>
    [...new Set(dependencies)]
      .filter((name) => name !== logicalId && known.has(idOf(name)))
      .map((name) => ({ from: idOf(logicalId), to: idOf(name) })),
  );
  return { nodes, edges };
}

/** The stacks of a graph, each with its nodes. */
export function nodesByStack({ nodes }: Graph): ReadonlyMap<string, readonly GraphNode[]> {
  const found = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    const so = found.get(node.stack);
    if (so) so.push(node);
    else found.set(node.stack, [node]);
  }
  return found;
}
