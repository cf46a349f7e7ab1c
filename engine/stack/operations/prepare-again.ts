import type { StackParts } from "../apply/deployment.ts";
import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { equalValues } from "../expressions/value.ts";
import { hashOf } from "../plan/make-plan.ts";
import type { Plan } from "../plan/plan.ts";
import type { SavedPlan } from "../requests.ts";
import { planTemplate, type Preparation, type Prepared } from "./prepare.ts";

/** A saved plan, made again exactly; or why it does not hold any more. */
export async function prepareAgain(
  parts: StackParts,
  { plan: saved, secrets = {} }: SavedPlan,
): Promise<Prepared | { readonly refusals: readonly Problem[] }> {
  const { hash, ...body } = saved;
  if (hashOf(body) !== hash)
    return refusedWith("CS2006", "the saved plan was changed after it was made", "make a new one");
  const missing = (saved.secrets?.names ?? []).filter((name) => secrets[name] === undefined);
  if (missing.length > 0) return { refusals: missing.map(missingSecret) };
  const prepared = await planTemplate(parts, preparationOf(saved, secrets));
  if (prepared.plan && prepared.plan.secrets?.proof !== saved.secrets?.proof) {
    const message = "the NoEcho parameters are not the ones that the saved plan was made with";
    return refusedWith("CS2008", message, "give the same values, or plan again");
  }
  if (prepared.plan?.hash === hash) return prepared;
  return refusedWith("CS2005", `the saved plan no longer holds: ${whatMoved(saved, prepared)}`, "plan again");
}

const refusedWith = (code: Problem["code"], message: string, hint: string) => ({
  refusals: [problem(code, message, undefined, hint)],
});

/** A plan holds all that it was made from, so it is made again and must come out the same. */
function preparationOf(plan: Plan, secrets: Readonly<Record<string, string>>): Preparation {
  const { account, region, stack, file, template: text, tags, targets, imports, renames, isRefreshed } = plan;
  const again = Object.entries(secrets).filter(([name]) => plan.secrets?.names.includes(name));
  const parameters = { ...plan.parameters, ...Object.fromEntries(again) };
  const source = plan.kind === "destroy" ? undefined : { file, text };
  return { scope: { account, region }, stack, source, parameters, tags, targets, imports, renames, isRefreshed };
}

const NAMED_MAX = 3;

/** Why a plan made again is another one: the stack has moved, or what is live, exported or understood has. */
function whatMoved(saved: Plan, { plan, state }: Prepared): string {
  const serial = state?.stack?.serial ?? 0;
  if (serial !== saved.serial) return `the stack was at serial ${saved.serial} and is at serial ${serial} now`;
  if (!plan) return "planning it again finds problems";
  const before = new Map(saved.changes.map((each) => [each.logicalId, each]));
  const after = plan.changes.filter((each) => !equalValues(each, before.get(each.logicalId)));
  const names = after.slice(0, NAMED_MAX).map((each) => each.logicalId);
  const more = after.length > NAMED_MAX ? ` and ${after.length - NAMED_MAX} more` : "";
  if (names.length > 0) return `the plan for ${names.join(", ")}${more} is another one now`;
  return "what it was made from has changed since (an export, an output, or this engine)";
}

const missingSecret = (name: string) =>
  problem(
    "CS2008",
    `the saved plan needs the value of ${name} again: a plan keeps no NoEcho parameter`,
    undefined,
    `give it: --parameter ${name}=VALUE`,
  );
