import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import type { Environment, RuleParameter } from "../expressions/environment.ts";
import { evaluate } from "../expressions/evaluate.ts";
import { truthOf } from "../expressions/functions/logic.ts";
import { isMap, isUnknown, type Value } from "../expressions/value.ts";
import type { LiveState } from "../plan/live-state.ts";
import type { RuleDeclaration, Template } from "../template/template.ts";
import type { ResolvedParameters } from "./resolve-parameters.ts";

/**
 * Evaluates the rules of a template for the parameters it is given; what depends on a parameter without a value is
 * left open.
 */
export function checkRules(template: Template, resolved: ResolvedParameters, known: Environment): readonly Problem[] {
  const problems: Problem[] = [];
  const parameters = ruleParameters(template, resolved);
  const report = (each: Problem) => problems.push(each);
  const environment: Environment = { ...known, ruleParameters: () => parameters, report };
  for (const rule of template.rules.values()) checkRule(rule, environment, problems);
  return problems;
}

function checkRule(rule: RuleDeclaration, environment: Environment, problems: Problem[]): void {
  const applies = rule.condition ? truth(evaluate(rule.condition, environment)) : true;
  if (applies === "neither" && rule.condition)
    problems.push(problem("CS1307", `the RuleCondition of ${rule.name} is no condition`, rule.condition.span));
  if (applies !== true) return;
  for (const { assert, description, span } of rule.assertions) {
    const holds = truth(evaluate(assert, environment));
    if (holds === "neither") problems.push(problem("CS1307", `an Assert of ${rule.name} is no condition`, span));
    if (holds === false)
      problems.push(problem("CS1306", `rule ${rule.name} does not hold${description ? `: ${description}` : ""}`, span));
  }
}

const truth = (value: Value | undefined): boolean | "neither" | "unknown" =>
  isUnknown(value) ? "unknown" : (truthOf(value) ?? "neither");

function ruleParameters(template: Template, { values, things }: ResolvedParameters): readonly RuleParameter[] {
  return [...template.parameters.values()].map(({ name, type }) => ({
    name,
    type: type.name,
    value: values.get(name) ?? "",
    attribute(attribute) {
      if (isUnknown(values.get(name))) return values.get(name);
      const found = (things.get(name) ?? []).map((each) => attributeOf(each, attribute, type.thing?.attributes));
      if (found.length === 0 || found.includes(undefined)) return undefined;
      return type.isList ? (found as readonly Value[]) : found[0];
    },
  }));
}

/** A label of what a parameter names (`Tags.owner`), or one of the attributes its type has. */
function attributeOf(
  { properties }: LiveState,
  attribute: string,
  attributes: Readonly<Record<string, string>> = {},
): Value | undefined {
  const tag = /^Tags\.(.+)$/.exec(attribute)?.[1];
  if (tag === undefined) return properties[attributes[attribute] ?? ""];
  const labels = properties["Labels"];
  return isMap(labels) ? (labels[tag] ?? "") : undefined;
}
