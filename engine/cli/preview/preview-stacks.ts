import { publishAssets } from "../../apps/publish-assets.ts";
import { COMMANDS, type CommandEvent } from "../../gateway/commands.ts";
import type { Engine } from "../../gateway/engine.ts";
import type { Scope } from "../../services/context.ts";
import { objects } from "../../services/objects/service.ts";
import type { StackEvent } from "../../stack/apply/stack-event.ts";
import type { Plan } from "../../stack/plan/plan.ts";
import type { PlannedResource } from "../../stack/plan/planned-resource.ts";
import type { DeployResult } from "../../stack/requests.ts";
import { awaitsOnlyOthers } from "../apps/awaited-stacks.ts";
import { shownPlan, shownResult, type StackReport } from "../formats/report.ts";
import { stepsOf } from "../formats/steps.ts";
import type { DeclaredStack } from "./stacks-in-tree.ts";
import type { Ground } from "./work.ts";

const nobodyListens = () => undefined;

/** What a preview finds out about stacks, or about a Terraform configuration. */
export interface Previewed {
  readonly stacks: readonly StackReport[];
  /** Every resource whole, for prices and policies; absent when nothing could be planned. */
  readonly resources?: readonly PlannedResource[];
}

/**
 * Plans each stack on an engine that nobody else uses and, when they are to be applied, deploys it before the next one
 * is planned. After a failure the stacks that depend on the failed one are only planned.
 */
export async function previewStacks(
  ground: Ground,
  stacks: readonly DeclaredStack[],
  isApplied: boolean,
): Promise<Previewed> {
  const reports: StackReport[] = [];
  const resources: PlannedResource[] = [];
  /** Those that are not as they are declared. */
  const open = new Set<string>();
  for (const stack of stacks) {
    const awaited = stack.dependencies.filter((name) => open.has(name));
    const { report, found } = await previewStack(ground, stack, isApplied && awaited.length === 0);
    resources.push(...found);
    const awaits = awaited.length > 0 && awaitsOnlyOthers(report.diagnostics) ? awaited : undefined;
    const isThere = report.plan?.isEmpty === true || report.result?.status === "deployed";
    if (!isThere) open.add(stack.name);
    reports.push(awaits ? { ...report, awaits } : report);
  }
  return { stacks: reports, ...(reports.some(({ plan }) => plan !== undefined) && { resources }) };
}

async function previewStack(ground: Ground, stack: DeclaredStack, isApplied: boolean) {
  const { engine } = ground;
  const scope = { ...ground.scope, ...stack.scope };
  const input = { stack: stack.name, source: stack.source, parameters: stack.parameters };
  const planning = { ...input, ...(stack.tags && { tags: stack.tags }), isRefreshed: true };
  const inspected = await COMMANDS.inspect(engine, scope, planning, nobodyListens);
  const { plan, diagnostics, resources: found = [] } = inspected;
  if (!plan) return { report: { stack: stack.name, diagnostics }, found };
  const report: StackReport = { stack: stack.name, diagnostics, plan: shownPlan(plan) };
  if (!isApplied || plan.isEmpty) return { report, found };
  await publish(engine, scope, stack);
  const { result, events } = await applied(engine, scope, plan, stack.parameters);
  return { report: { ...report, result: shownResult(result), steps: stepsOf(plan, events) }, found };
}

/** Deploys a stack as it is declared, whatever there is. */
export async function deployStack({ engine, scope }: Ground, stack: DeclaredStack): Promise<DeployResult> {
  const { name, source, parameters, tags } = stack;
  const where = { ...scope, ...stack.scope };
  await publish(engine, where, stack);
  return engine.stacks.deploy({ scope: where, stack: name, source, parameters, tags });
}

async function applied(
  engine: Engine,
  scope: Scope,
  plan: Plan,
  parameters: Readonly<Record<string, string>>,
): Promise<{ readonly result: DeployResult; readonly events: readonly StackEvent[] }> {
  const secretNames = plan.secrets?.names ?? [];
  const secrets = Object.fromEntries(Object.entries(parameters).filter(([name]) => secretNames.includes(name)));
  const events: StackEvent[] = [];
  const onEvent = (event: CommandEvent) => {
    if ("stackEvent" in event) events.push(event.stackEvent);
  };
  return { result: await COMMANDS.deploy(engine, scope, { plan, secrets }, onEvent), events };
}

const publish = (engine: Engine, scope: Scope, { assets }: DeclaredStack): Promise<void> =>
  publishAssets(assets, scope, (operation, input, body) =>
    engine.calls.call(objects, operation as never, input as never, { ...scope, ...(body && { body }) }),
  );
