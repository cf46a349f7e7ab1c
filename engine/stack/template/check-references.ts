import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { parts, type Expression } from "../expressions/expression.ts";
import { PSEUDO_PARAMETERS } from "../parameters/pseudo.ts";
import { hasReference } from "../parameters/stored-values.ts";
import type { Template } from "./template.ts";

/**
 * Finds references to what the template does not have, before anything is evaluated. Attributes are checked with the
 * types. When loops could not be written out (`isPartial`), what they would make may be named too.
 */
export function checkReferences(template: Template, all: Problem[], isPartial: boolean): void {
  const problems = isPartial ? [] : all;
  const check = (expression: Expression, mayUseResources: boolean, mayUseStored = false) => {
    for (const part of parts(expression)) {
      if (!mayUseStored && part.kind === "literal" && typeof part.value === "string" && hasReference(part.value)) {
        const message = "a dynamic reference can only stand in the properties of a resource";
        problems.push(problem("CS1112", message, part.span));
      }
      if (part.kind === "condition") checkCondition(part.name, part.span, template, problems);
      if (part.kind === "reference")
        checkReference(part.name, part.attribute !== undefined, part.span, mayUseResources, template, problems);
    }
  };
  for (const condition of template.conditions.values()) check(condition, false);
  for (const { condition, assertions } of template.rules.values()) {
    for (const expression of [condition, ...assertions.map((each) => each.assert)])
      if (expression) check(expression, false);
  }
  for (const resource of template.resources.values()) {
    check(resource.properties, true, true);
    if (resource.condition) checkCondition(resource.condition.name, resource.condition.span, template, problems);
    for (const { logicalId, span } of resource.dependsOn) {
      if (template.resources.has(logicalId)) continue;
      problems.push(
        problem(
          "CS1103",
          `there is no resource "${logicalId}"`,
          span,
          didYouMean(logicalId, template.resources.keys()),
        ),
      );
    }
  }
  for (const output of template.outputs.values()) {
    check(output.value, true);
    if (output.exportName) check(output.exportName, false);
    if (output.condition) checkCondition(output.condition.name, output.condition.span, template, problems);
  }
}

function checkCondition(name: string, span: Span, template: Template, problems: Problem[]): void {
  if (template.conditions.has(name)) return;
  problems.push(
    problem("CS1105", `there is no condition "${name}"`, span, didYouMean(name, template.conditions.keys())),
  );
}

function checkReference(
  name: string,
  isAttribute: boolean,
  span: Span,
  mayUseResources: boolean,
  template: Template,
  problems: Problem[],
): void {
  if (template.resources.has(name)) {
    if (!mayUseResources) {
      problems.push(
        problem("CS1111", `"${name}" is a resource; only parameters, mappings and conditions can be used here`, span),
      );
    }
    return;
  }
  if (!isAttribute && (template.parameters.has(name) || PSEUDO_PARAMETERS.includes(name))) return;
  const candidates = isAttribute
    ? template.resources.keys()
    : [...template.resources.keys(), ...template.parameters.keys(), ...PSEUDO_PARAMETERS];
  const what = isAttribute ? "resource" : "resource or parameter";
  problems.push(problem("CS1103", `there is no ${what} "${name}"`, span, didYouMean(name, candidates)));
}
