import type { RunningOptions } from "../apply/begin.ts";
import type { StackParts } from "../apply/deployment.ts";
import { holdingLease } from "../apply/lock.ts";
import { takeOver, type TakenOver } from "../apply/take-over.ts";
import { undo } from "../apply/undo.ts";
import { openSteps, resourceIdOf } from "../apply/journal.ts";
import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import type {
  ContinueRollbackRequest,
  DeployResult,
  RollbackPlan,
  RollbackRequest,
  StackQuery,
} from "../requests.ts";
import { stackRecords, versionRecords, type StackRecord, type VersionRecord } from "../state/model.ts";
import { deployPreparation, deployTemplate } from "./deploy.ts";
import { planTemplate, type Preparation } from "./prepare.ts";
import { relocationsTo } from "./relocations-to.ts";
import { refusalProblem, refused } from "./refusals.ts";
import { INTERRUPTED } from "./settle.ts";
import { unknownStack } from "./unknown-stack.ts";

type Way =
  | { readonly kept: readonly string[]; readonly stack: StackRecord }
  | { readonly version: VersionRecord; readonly stack: StackRecord }
  | { readonly problem: Problem };

/** How a stack goes back: by the journals of failed deployments that were kept, or to a recorded version. */
async function wayBack(parts: StackParts, { scope, stack, to }: RollbackRequest): Promise<Way> {
  const { account, region } = scope;
  return parts.store.read(async (tx): Promise<Way> => {
    const record = await stackRecords.get(tx, account, region, stack);
    if (!record) return { problem: unknownStack(stack) };
    if (to === undefined && record.kept) return { kept: record.kept, stack: record };
    const serial = to ?? record.serial - 1;
    const version = serial > 0 ? await versionRecords.get(tx, account, region, stack, serial) : undefined;
    if (!version) return { problem: noVersion(stack, to, record.serial) };
    if (version.targets.length === 0) return { version, stack: record };
    const message = `version ${serial} of stack ${stack} was deployed in part (${version.targets.join(", ")} targeted)`;
    return { problem: problem("CS3007", message, undefined, "choose a version that was deployed whole") };
  });
}

function noVersion(stack: string, to: number | undefined, last: number): Problem {
  if (to === undefined) return problem("CS3008", `stack ${stack} has no version before serial ${last}`);
  const known = last === 0 ? "it was never deployed" : `it has 1 to ${last}: cloudstack history ${stack}`;
  return problem("CS3007", `stack ${stack} has no version ${to}`, undefined, known);
}

const preparationOf = async (
  parts: StackParts,
  { scope, stack }: StackQuery,
  version: VersionRecord,
): Promise<Preparation> => ({
  scope,
  stack,
  ...(await relocationsTo(parts, { scope, stack }, version.serial)),
  source: version.kind === "destroy" ? undefined : { file: version.file, text: version.template },
  parameters: version.parameters,
  tags: version.tags ?? {},
});

export async function planRollback(parts: StackParts, request: RollbackRequest): Promise<RollbackPlan> {
  const way = await wayBack(parts, request);
  if ("problem" in way) return { diagnostics: refused(way.problem).diagnostics };
  if ("kept" in way) return { diagnostics: [], kept: way.kept, serial: way.stack.serial };
  const { plan, diagnostics } = await planTemplate(parts, await preparationOf(parts, request, way.version));
  return { diagnostics, restores: way.version.serial, ...(plan && { plan }) };
}

/** To a version it goes as any deployment does, forwards to a new serial; failed ones that were kept are undone. */
export async function rollback(
  parts: StackParts,
  request: RollbackRequest,
  options: RunningOptions,
): Promise<DeployResult> {
  const way = await wayBack(parts, request);
  if ("problem" in way) return refused(way.problem);
  if ("kept" in way) return undoKept(parts, request, options);
  const { version } = way;
  const restoring = { ...options, restores: version.serial };
  // A plan keeps no secrets; the version does.
  if (request.plan) return deployTemplate(parts, { plan: request.plan, secrets: version.parameters }, restoring);
  return deployPreparation(parts, await preparationOf(parts, request, version), restoring);
}

async function undoKept(parts: StackParts, query: StackQuery, options: RunningOptions): Promise<DeployResult> {
  let result = refused(problem("CS3008", `no failed deployment of stack ${query.stack} was kept`));
  for (;;) {
    const taken = await takeOver(parts, query, "kept", options);
    if (!taken) return result;
    if ("refused" in taken) return refused(refusalProblem(query.stack, taken, parts.clock.nowMs()));
    result = await undoTaken(taken, new Set());
    if (result.status !== "rolled-back") return result;
  }
}

/** Goes on with a rollback that failed, and lets go what its user gives up. */
export async function continueRollback(
  parts: StackParts,
  request: ContinueRollbackRequest,
  options: RunningOptions,
): Promise<DeployResult> {
  const { scope, stack, skip = [] } = request;
  const record = await parts.store.read((tx) => stackRecords.get(tx, scope.account, scope.region, stack));
  if (record?.status !== "rollback-failed" || record.deploymentId === undefined)
    return refused(problem("CS3008", `stack ${stack} has no rollback that failed`));
  const steps = await openSteps({ parts, scope, stack, id: record.deploymentId });
  const open = new Set(steps.map(({ entry }) => entry.logicalId));
  const unknown = skip.filter((id) => !open.has(id));
  if (unknown.length > 0) return refused(...unknown.map((id) => nothingToSkip(id, open)));
  const taken = await takeOver(parts, request, "rollback-failed", options);
  if (!taken) return refused(problem("CS3008", `the rollback of stack ${stack} has just been finished`));
  if ("refused" in taken) return refused(refusalProblem(stack, taken, parts.clock.nowMs()));
  const result = await undoTaken(taken, new Set(skip));
  const given = steps.filter(({ entry }) => skip.includes(entry.logicalId));
  return { ...result, skipped: given.map(({ entry }) => ({ logicalId: entry.logicalId, id: resourceIdOf(entry) })) };
}

const nothingToSkip = (logicalId: string, open: ReadonlySet<string>) =>
  problem("CS3008", `nothing of ${logicalId} remains to be undone`, undefined, `what remains: ${[...open].join(", ")}`);

async function undoTaken(
  { deployment, log, record }: TakenOver,
  skipped: ReadonlySet<string>,
): Promise<DeployResult> {
  const cause = record.cause ?? log.cause ?? INTERRUPTED;
  const remaining = await holdingLease(deployment, () => undo(deployment, cause, skipped));
  return {
    status: remaining.length === 0 ? "rolled-back" : "rollback-failed",
    diagnostics: [],
    deploymentId: log.id,
    serial: record.serial,
    cause,
    remaining,
  };
}
