import type { Problem } from "../diagnostics/diagnostic.ts";
import { spanAt } from "../expressions/expression.ts";
import { maskTexts, secretTexts } from "../parameters/mask-texts.ts";
import { isStored, referenceProblems } from "../parameters/resolve-stored.ts";
import type { StoredValues } from "../parameters/stored-values.ts";
import type { Planned } from "../plan/make-plan.ts";
import type { TemplateInputs } from "./read-inputs.ts";

/** What is wrong with the dynamic references of a plan, as they are once the texts around them are worked out. */
export function storedProblems({ graph }: Planned, stored: StoredValues | undefined): readonly Problem[] {
  return [...graph.nodes.values()].flatMap(({ declaration, desired }) =>
    declaration && isStored(desired)
      ? referenceProblems(desired, stored, (path) => spanAt(declaration.properties, path))
      : [],
  );
}

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
