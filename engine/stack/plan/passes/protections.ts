import { problem, type Problem } from "../../diagnostics/diagnostic.ts";
import type { Node, Pass } from "../graph.ts";
import { allows, UPDATE_ACTION_OF, type StackPolicy } from "../stack-policy.ts";

/** A rollback that failed is finished before anything else is built on what it left. */
export const unfinished = (stack: string, deploymentId: string): Problem =>
  problem(
    "CS3006",
    `the rollback of deployment ${deploymentId} of stack ${stack} is not finished`,
    undefined,
    `finish it first: cloudstack continue-rollback ${stack}`,
  );

/**
 * After everything is decided, because what is forbidden is a change: a protected stack is not destroyed, and what its
 * policy denies is not changed. Told here, before anything is touched.
 */
export const protections: Pass = (graph, { stack, state, template }) => {
  const { isProtected, policy, status, deploymentId = "" } = state.stack ?? {};
  if (status === "rollback-failed") return { ...graph, problems: [...graph.problems, unfinished(stack, deploymentId)] };
  if (!template) {
    if (!isProtected) return graph;
    const hint = `to destroy it: cloudstack protect ${stack} --off`;
    const found = problem("CS3010", `stack ${stack} is protected from being destroyed`, undefined, hint);
    return { ...graph, problems: [...graph.problems, found] };
  }
  if (!policy) return graph;
  const denied = [...graph.nodes.values()].flatMap((node) => denial(stack, policy, node));
  return { ...graph, problems: [...graph.problems, ...denied] };
};

function denial(stack: string, policy: StackPolicy, node: Node): Problem[] {
  const action = UPDATE_ACTION_OF[node.action];
  const { record, logicalId, declaration } = node;
  // What is taken in from outside is not the stack's yet.
  if (!action || !record || node.isImported) return [];
  if (allows(policy, { action, logicalId, type: record.type })) return [];
  const message = `the policy of stack ${stack} denies ${action} of ${logicalId}`;
  return [problem("CS3009", message, declaration?.span, `see it: cloudstack policy ${stack}`)];
}
