import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { spanAt } from "../expressions/expression.ts";
import { maskTexts, secretTexts } from "../parameters/mask-texts.ts";
import { isStored, referenceProblems } from "../parameters/resolve-stored.ts";
import type { StoredValues } from "../parameters/stored-values.ts";
import type { Node } from "../plan/graph.ts";
import type { Planned } from "../plan/make-plan.ts";
import type { TemplateInputs } from "./read-inputs.ts";

/** What the passes of a plan do not look at: policies that a type cannot follow, and dynamic references. */
export const checkPlan = (planned: Planned, stored: StoredValues | undefined): readonly Problem[] =>
  [...planned.graph.nodes.values()].flatMap((node) => [...policyProblems(node), ...storedProblems(node, stored)]);

/** References as they are once the texts around them are worked out. */
function storedProblems({ declaration, desired }: Node, stored: StoredValues | undefined): readonly Problem[] {
  if (!declaration || !isStored(desired)) return [];
  return referenceProblems(desired, stored, (path) => spanAt(declaration.properties, path));
}

const policyProblems = ({ declaration, registered }: Node): readonly Problem[] =>
  (declaration?.statedPolicies ?? []).flatMap(({ policy, span }) =>
    policy === "Snapshot" && registered && !registered.type.handlers.snapshot
      ? problem("CS1208", `${registered.type.name} cannot be kept as a snapshot`, span, "use Retain")
      : [],
  );

/** Problems as they may be shown: they quote what was given, and that may be a secret. */
export function shownProblems(problems: readonly Problem[], read: TemplateInputs | undefined): readonly Problem[] {
  const declared = [...(read?.template?.parameters.values() ?? [])].filter((each) => each.isSecret);
  const secrets = declared.flatMap(({ name }) => secretTexts(read?.parameters.get(name)));
  if (secrets.length === 0) return problems;
  return problems.map((each) => ({
    ...each,
    message: maskTexts(each.message, secrets),
    ...(each.hint !== undefined && { hint: maskTexts(each.hint, secrets) }),
  }));
}
