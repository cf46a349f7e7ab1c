import { problem, type Problem } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/suggestion.ts";
import { parts, type Expression } from "../../expressions/expression.ts";
import type { Template } from "../../template/template.ts";
import type { Node, Pass, PlanInput } from "../graph.ts";

/**
 * After all nodes are there, because an edge needs both ends: what a node refers to must exist before it and outlive
 * it.
 */
export const references: Pass = (graph, input) => {
  const { template } = input;
  if (!template) return graph;
  const problems: Problem[] = [...graph.problems];
  const nodes = new Map<string, Node>();
  for (const node of graph.nodes.values()) {
    const { declaration } = node;
    if (!declaration) {
      nodes.set(node.logicalId, node);
      continue;
    }
    const found = new Set(referencedBy(declaration.properties, template, input, graph.nodes, problems));
    for (const { logicalId } of declaration.dependsOn)
      if (graph.nodes.get(logicalId)?.declaration) found.add(logicalId);
    nodes.set(node.logicalId, { ...node, dependencies: [...found] });
  }
  for (const output of template.outputs.values()) {
    // An output that its condition leaves out may name what the same condition leaves out.
    if (!output.condition) referencedBy(output.value, template, input, graph.nodes, problems);
  }
  return { ...graph, nodes, problems };
};

/** The resources an expression uses. What stands in a branch of `Fn::If` counts too: which one is taken may change. */
function referencedBy(
  expression: Expression,
  template: Template,
  input: PlanInput,
  nodes: ReadonlyMap<string, Node>,
  problems: Problem[],
): string[] {
  const found: string[] = [];
  const inBranches = new Set<Expression>();
  for (const part of parts(expression)) {
    if (part.kind === "call" && part.function === "Fn::If") for (const inner of parts(part)) inBranches.add(inner);
  }
  for (const part of parts(expression)) {
    if (part.kind !== "reference" || !template.resources.has(part.name)) continue;
    const type = input.registry.get(template.resources.get(part.name)?.type ?? "")?.type;
    if (part.attribute !== undefined && type) {
      const attributes = Object.keys(type.attributes.properties as object);
      if (!attributes.includes(part.attribute.split(".")[0] ?? "") && !attributes.includes(part.attribute)) {
        problems.push(
          problem(
            "CS1104",
            `${type.name} has no attribute "${part.attribute}"`,
            part.span,
            didYouMean(part.attribute, attributes) ?? `it has ${attributes.join(", ")}`,
          ),
        );
      }
    }
    if (nodes.get(part.name)?.declaration) found.push(part.name);
    else if (!inBranches.has(part)) {
      problems.push(
        problem(
          "CS1113",
          `"${part.name}" is left out by its condition, and this refers to it`,
          part.span,
          "use the same condition here, or choose with Fn::If",
        ),
      );
    }
  }
  return found;
}
