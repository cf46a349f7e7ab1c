import { importedRecord, importProblems } from "../imports.ts";
import { problem, type Problem } from "../../diagnostics/diagnostic.ts";
import { holds } from "../../expressions/template-environment.ts";
import { plannedEnvironment } from "../planned-environment.ts";
import type { Node, Pass } from "../graph.ts";

const NOT_HERE = "this engine does not have it: `cloudstack types` lists what it has";

/**
 * First, because everything else is about these: a node for every resource that the template declares and no condition
 * leaves out.
 */
export const declared: Pass = (graph, input) => {
  const { template } = input;
  if (!template) return graph;
  const problems: Problem[] = [...graph.problems];
  const environment = plannedEnvironment({ ...input, template }, graph.nodes, (each) => problems.push(each));
  const nodes = new Map<string, Node>(graph.nodes);
  const oldNames = new Map(input.renames.map(({ from, to }) => [to, from]));
  for (const declaration of template.resources.values()) {
    const registered = input.registry.get(declaration.type);
    if (!registered) {
      const meant = input.registry.nearest(declaration.type);
      problems.push(
        problem(
          "CS1201",
          `unknown resource type "${declaration.type}"`,
          declaration.typeSpan,
          meant === undefined ? NOT_HERE : `did you mean "${meant}"?`,
        ),
      );
    }
    if (!holds(environment, declaration.condition)) continue;
    const { logicalId } = declaration;
    const movedFrom = oldNames.get(logicalId);
    const known = input.state.resources.get(logicalId);
    const imported = known ? undefined : importedRecord(declaration, input);
    const record = known ?? imported;
    const live = imported ? input.imports.get(logicalId)?.live : input.live?.get(logicalId);
    nodes.set(logicalId, {
      logicalId,
      declaration,
      dependencies: [],
      action: "none",
      reasons: [],
      differences: [],
      ...(registered && { registered }),
      ...(movedFrom !== undefined && { movedFrom }),
      ...(imported && { isImported: true }),
      ...(record && { record }),
      ...(live && { live }),
    });
  }
  problems.push(...importProblems(template, input));
  return { ...graph, nodes, problems };
};
