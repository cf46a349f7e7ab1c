import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { withoutUndefined } from "../expressions/value.ts";
import type { ResourceRecord } from "../state/model.ts";
import type { ResourceDeclaration, Template } from "../template/template.ts";
import type { PlanInput } from "./graph.ts";

/**
 * What a resource that exists already would be recorded as before anything about it changes: nothing declared, all of
 * it as it is. Undefined when it is not to be imported, or cannot be.
 */
export function importedRecord(declaration: ResourceDeclaration, input: PlanInput): ResourceRecord | undefined {
  const { logicalId, type, deletionPolicy, updateReplacePolicy } = declaration;
  const wanted = input.imports.get(logicalId);
  if (!wanted?.live) return undefined;
  return {
    version: 1,
    logicalId,
    type,
    id: wanted.live.id,
    properties: {},
    live: withoutUndefined(wanted.live.properties),
    attributes: withoutUndefined(wanted.live.attributes),
    sensitive: [],
    dependencies: [],
    deletionPolicy,
    updateReplacePolicy,
  };
}

/** Why some of what is to be imported cannot be. One that was imported before is there, and no problem. */
export function importProblems(template: Template, { imports, state, stack }: PlanInput): Problem[] {
  return [...imports].flatMap(([logicalId, { id, span, live, owner }]) => {
    const declaration = template.resources.get(logicalId);
    if (!declaration) {
      const message = `there is no resource "${logicalId}" to import ${id} as`;
      return [problem("CS1103", message, span, didYouMean(logicalId, template.resources.keys()))];
    }
    const at = span ?? declaration.span;
    const recorded = state.resources.get(logicalId);
    if (recorded?.id === id) return [];
    if (recorded) return [problem("CS2011", `${logicalId} is ${recorded.id} already, so it cannot become ${id}`, at)];
    if (!live) return [problem("CS2011", `there is no ${declaration.type} with the id "${id}"`, at)];
    if (!owner) return [];
    const [message, hint] =
      owner.stack === stack
        ? [
            `${id} is this stack's ${owner.logicalId}`,
            `rename it: Moved: [{From: ${owner.logicalId}, To: ${logicalId}}]`,
          ]
        : [
            `${id} belongs to stack ${owner.stack}, as ${owner.logicalId}`,
            `let it go there first (Removed: [${owner.logicalId}])`,
          ];
    return [problem("CS2011", message, at, hint)];
  });
}
