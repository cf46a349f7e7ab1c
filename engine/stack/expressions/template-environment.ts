import type { Scope } from "../../services/context.ts";
import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { NO_VALUE, pseudoValue } from "../parameters/pseudo.ts";
import type { Template } from "../template/template.ts";
import type { Environment, OtherStack } from "./environment.ts";
import { evaluate } from "./evaluate.ts";
import { truthOf } from "./functions/logic.ts";
import { isUnknown, Unknown, type Value } from "./value.ts";

/** What is known of a resource: its attributes (some perhaps unknown), and which of them `Ref` gives. */
export interface KnownResource {
  readonly ref: string;
  readonly attributes: { readonly [name: string]: Value };
}

export interface EnvironmentParts {
  readonly scope: Scope;
  readonly stack: string;
  readonly template: Pick<Template, "mappings" | "conditions">;
  readonly parameters: ReadonlyMap<string, Value>;
  readonly exports: ReadonlyMap<string, { readonly value: Value }>;
  /** The other stacks that `Fn::GetStackOutput` names, by region and name. */
  readonly others?: ReadonlyMap<string, OtherStack> | undefined;
  resource(logicalId: string): KnownResource | undefined;
  report(problem: Problem): void;
}

export const otherStackKey = (name: string, region: string): string => `${region}/${name}`;

/**
 * What a template's expressions see: its parameters, conditions and mappings, the exports of others, and resources as
 * far as known.
 */
export function templateEnvironment(parts: EnvironmentParts): Environment {
  const { template, parameters, scope, stack } = parts;
  const conditions = new Map<string, boolean | Unknown | "underway">();

  const environment: Environment = {
    region: scope.region,
    report: parts.report,
    mapping: (name) => template.mappings.get(name),
    exported: (name) => parts.exports.get(name)?.value,
    otherStack: (name, region) => parts.others?.get(otherStackKey(name, region)),
    reference(name) {
      const value = parameters.get(name) ?? pseudoValue(name, scope, stack);
      if (value !== undefined || name === NO_VALUE) return value;
      const resource = parts.resource(name);
      return resource?.attributes[resource.ref] ?? new Unknown(name);
    },
    attribute: (name, attribute) => parts.resource(name)?.attributes[attribute] ?? new Unknown(`${name}.${attribute}`),
    condition(name) {
      const known = conditions.get(name);
      if (known === "underway") {
        parts.report(problem("CS1110", `condition ${name} depends on itself`, template.conditions.get(name)?.span));
        return new Unknown(`condition ${name}`);
      }
      if (known !== undefined) return known;
      const expression = template.conditions.get(name);
      if (!expression) return new Unknown(`condition ${name}`);
      conditions.set(name, "underway");
      const value = evaluate(expression, environment);
      const truth = isUnknown(value) ? value : truthOf(value);
      if (truth === undefined)
        parts.report(problem("CS1102", `condition ${name} is neither true nor false`, expression.span));
      const result = truth ?? new Unknown(`condition ${name}`);
      conditions.set(name, result);
      return result;
    },
  };
  return environment;
}

/**
 * Whether a condition holds; one that cannot be known yet (a parameter without a value, while validating) counts as
 * holding.
 */
export const holds = (environment: Environment, condition: { readonly name: string } | undefined): boolean =>
  condition === undefined || environment.condition(condition.name) !== false;
