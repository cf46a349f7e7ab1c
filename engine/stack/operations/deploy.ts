import { apply } from "../apply/apply.ts";
import { begin, type RunningOptions } from "../apply/begin.ts";
import type { StackParts } from "../apply/deployment.ts";
import { holdingLease } from "../apply/lock.ts";
import { maskedOutputs } from "../plan/outputs.ts";
import type { DeployResult, PlanOptions, SavedPlan } from "../requests.ts";
import { equalValues } from "../expressions/value.ts";
import { prepareAgain } from "./prepare-again.ts";
import { planTemplate, type Preparation, type Prepared } from "./prepare.ts";
import { refusalProblem, refused } from "./refusals.ts";

export async function deployTemplate(
  parts: StackParts,
  request: PlanOptions | SavedPlan,
  options: RunningOptions,
): Promise<DeployResult> {
  if (!("plan" in request)) return deployPreparation(parts, request, options);
  const prepared = await prepareAgain(parts, request);
  if ("refusals" in prepared) return refused(...prepared.refusals);
  return deployPrepared(parts, prepared, options);
}

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
