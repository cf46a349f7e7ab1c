import { apply } from "../apply/apply.ts";
import { begin, type RunningOptions } from "../apply/begin.ts";
import type { StackParts } from "../apply/deployment.ts";
import { holdingLease } from "../apply/lock.ts";
import { problem } from "../diagnostics/diagnostic.ts";
import { maskedOutputs } from "../plan/outputs.ts";
import { hashOf } from "../plan/make-plan.ts";
import type { Plan } from "../plan/plan.ts";
import type { DeployResult, PlanOptions, SavedPlan } from "../requests.ts";
import { equalValues } from "../expressions/value.ts";
import { planTemplate, type Preparation, type Prepared } from "./prepare.ts";
import { refusalProblem, refused } from "./refusals.ts";

export async function deployTemplate(
  parts: StackParts,
  request: PlanOptions | SavedPlan,
  options: RunningOptions,
): Promise<DeployResult> {
  if (!("plan" in request)) return deployPreparation(parts, request, options);
  const { plan: saved } = request;
  const { hash, ...body } = saved;
  if (hashOf(body) !== hash) {
    return refused(problem("CS2006", "the saved plan was changed after it was made", undefined, "make a new one"));
  }
  const { secrets = {} } = request;
  const missing = (saved.secrets?.names ?? []).filter((name) => secrets[name] === undefined);
  if (missing.length > 0) return refused(...missing.map(missingSecret));
  const prepared = await planTemplate(parts, preparationOf(saved, secrets));
  if (prepared.plan && prepared.plan.secrets?.proof !== saved.secrets?.proof) {
    const message = "the NoEcho parameters are not the ones that the saved plan was made with";
    return refused(problem("CS2008", message, undefined, "give the same values, or plan again"));
  }
  if (prepared.plan?.hash !== hash) {
    const message = `the saved plan no longer holds: ${whatMoved(saved, prepared)}`;
    return refused(problem("CS2005", message, undefined, "plan again"));
  }
  return deployPrepared(parts, prepared, options);
}

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

export async function deployPreparation(
  parts: StackParts,
  preparation: Preparation,
  options: RunningOptions,
): Promise<DeployResult> {
  return deployPrepared(parts, await planTemplate(parts, preparation), options);
}

async function deployPrepared(
  parts: StackParts,
  prepared: Prepared,
  options: RunningOptions,
): Promise<DeployResult> {
  const { plan, planned, input, diagnostics } = prepared;
  if (!plan || !planned || !input) return { status: "refused", diagnostics };
  const current = input.state.stack;
  const isSameText =
    current?.status === "deployed" &&
    current.template === plan.template &&
    equalValues(current.parameters, input.given) &&
    equalValues(current.tags ?? {}, plan.tags) &&
    current.deploymentId === undefined;
  if (plan.kind === "deploy" && plan.isEmpty && isSameText) {
    return { status: "unchanged", diagnostics, plan, serial: current.serial, outputs: maskedOutputs(current.outputs) };
  }
  const deployment = await begin(parts, { plan, given: input.given }, options);
  if ("refused" in deployment) {
    return { ...refused(refusalProblem(plan.stack, deployment, parts.clock.nowMs())), plan };
  }
  const applied = await holdingLease(deployment, () => apply(deployment, input, planned));
  const head = { diagnostics, plan, deploymentId: deployment.id };
  if (applied.status === "deployed") {
    const { stack, timings, remaining } = applied;
    const outputs = maskedOutputs(stack.outputs);
    return { ...head, status: "deployed", serial: stack.serial, outputs, timings, remaining };
  }
  return { ...head, status: applied.status, serial: plan.serial, cause: applied.cause, remaining: applied.remaining };
}
