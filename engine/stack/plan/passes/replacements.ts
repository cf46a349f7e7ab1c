import { problem, type Problem } from "../../diagnostics/diagnostic.ts";
import { spanAt } from "../../expressions/expression.ts";
import { equalValues } from "../../expressions/value.ts";
import type { Graph, Node, Pass } from "../graph.ts";

/**
 * After changes, because only now it is known what is replaced. A successor is made before its predecessor goes, so
 * that a failed deployment can go back; one that must keep a unique name therefore cannot be made, and is refused here
 * rather than in the middle of the deployment.
 */
export const replacements: Pass = (graph) => {
  const problems: Problem[] = [...graph.problems];
  for (const node of graph.nodes.values()) {
    const name = keptName(node);
    if (name === undefined || !node.declaration) continue;
    const property = String(node.registered?.type.nameProperty);
    problems.push(
      problem(
        "CS2001",
        `${node.logicalId} must be replaced but keeps its ${property} "${name}", which must be unique`,
        spanAt(node.declaration.properties, [property]),
        `give it another ${property}, or leave it out to have one generated`,
      ),
    );
  }
  problems.push(...leftBehind(graph));
  return { ...graph, problems };
};

/** What is replaced cannot go while something that is not targeted holds on to it. */
function leftBehind({ nodes }: Graph): Problem[] {
  return [...nodes.values()].flatMap(({ logicalId, declaration, record, action }) => {
    if (declaration || !record || (action !== "none" && action !== "rename")) return [];
    const replaced = record.dependencies.find((id) => nodes.get(id)?.action === "replace");
    if (replaced === undefined) return [];
    const message = `${replaced} must be replaced, and ${logicalId}, which depends on it, is not targeted`;
    return [problem("CS2012", message, nodes.get(replaced)?.declaration?.span, `add --target ${logicalId}`)];
  });
}

function keptName(node: Node): string | undefined {
  const { record, desired, registered } = node;
  const property = (registered?.type as { readonly nameProperty?: string } | undefined)?.nameProperty;
  if (node.action !== "replace" || property === undefined || !record || record.type !== registered?.type.name)
    return undefined;
  const name = desired?.[property];
  return typeof name === "string" && equalValues(name, record.live[property]) ? name : undefined;
}
