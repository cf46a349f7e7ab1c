import { startingWith } from "../../kernel/key.ts";
import type { Scope } from "../../services/context.ts";
import { apply, giveUp } from "../apply/apply.ts";
import { cleanUp } from "../apply/cleanup.ts";
import type { StackParts } from "../apply/deployment.ts";
import { holdingLease } from "../apply/lock.ts";
import { takeOver, type TakenOver } from "../apply/take-over.ts";
import { undo, type Remaining } from "../apply/undo.ts";
import { countSteps } from "../apply/journal.ts";
import { stackRecords, stackSpace, type StackRecord } from "../state/model.ts";
import type { SettleOptions, SettleResult } from "../requests.ts";
import { planTemplate } from "./prepare.ts";

export const INTERRUPTED = {
  code: "Interrupted",
  message: "The deployment was interrupted before it ended.",
} as const;

/** Nothing is guessed: a step that is in the journal was taken, one that is not was not. */
export async function settleStack(parts: StackParts, options: SettleOptions): Promise<SettleResult> {
  const { stack } = options;
  const taken = await takeOver(parts, options, "interrupted", options);
  if (!taken) return finishCleaning(parts, options);
  if ("refused" in taken) return { status: "locked", stack };
  const { deployment, log, record } = taken;
  const isUndoing = record.status === "rolling-back";
  const isResumed = options.how === "resume" && !isUndoing;
  const head = {
    stack,
    deploymentId: log.id,
    startedAtMs: log.startedAtMs,
    plannedSteps: log.plannedSteps,
    takenSteps: await countSteps(deployment),
  };
  options.onFound?.({ ...head, how: isResumed ? "resume" : log.onFailure === "keep" && !isUndoing ? "keep" : "undo" });
  return holdingLease(deployment, async () => {
    const resumed = isResumed ? await resume(parts, taken) : undefined;
    if (resumed) return { ...head, ...resumed };
    // The first cause is kept however often the undoing has to be begun again.
    const cause = isUndoing ? (record.cause ?? INTERRUPTED) : INTERRUPTED;
    if (isUndoing) {
      const remaining = await undo(deployment, cause);
      return { ...head, status: remaining.length === 0 ? "undone" : "rollback-failed", cause, remaining };
    }
    const { status, remaining } = await giveUp(deployment, cause);
    return { ...head, status: SETTLED[status], cause, remaining };
  });
}

/** What earlier deployments left to be removed outside the store. */
async function finishCleaning(parts: StackParts, { scope, stack, onEvent }: SettleOptions): Promise<SettleResult> {
  const record = await parts.store.read((tx) => stackRecords.get(tx, scope.account, scope.region, stack));
  const remaining: Remaining[] = [];
  for (const id of record?.cleaning ?? [])
    remaining.push(...(await cleanUp({ parts, scope, stack, id, emit: onEvent ?? (() => undefined) })));
  return { status: "clean", stack, ...(remaining.length > 0 && { remaining }) };
}

const SETTLED = {
  deployed: "resumed",
  "rolled-back": "undone",
  "rollback-failed": "rollback-failed",
  kept: "kept",
} as const;

/** Plans again from what is there by now: what was done needs nothing more, the rest goes on in the same journal. */
async function resume(
  parts: StackParts,
  { deployment, log }: TakenOver,
): Promise<Pick<SettleResult, "status" | "cause" | "remaining"> | undefined> {
  const source = log.kind === "destroy" ? undefined : { file: log.file, text: log.template };
  const { planned, input } = await planTemplate(parts, {
    scope: deployment.scope,
    stack: deployment.stack,
    source,
    parameters: log.parameters,
    targets: log.targets,
    imports: log.imports,
    renames: log.renames,
    tags: log.tags,
  });
  if (!planned || !input) return undefined;
  const applied = await apply(deployment, input, planned);
  if (applied.status === "deployed") return { status: "resumed" };
  return { status: SETTLED[applied.status], cause: applied.cause, remaining: applied.remaining };
}

export async function settleAll(
  parts: StackParts,
  options: Omit<SettleOptions, "scope" | "stack">,
): Promise<readonly SettleResult[]> {
  const open: { scope: Scope; stack: string }[] = [];
  await parts.store.read(async (tx) => {
    for await (const { key, value } of tx.scan<StackRecord>(startingWith(["stacks", "stack"]))) {
      const [account, region, stack] = stackSpace.parts(key);
      if (value.deploymentId !== undefined || value.cleaning) open.push({ scope: { account, region }, stack });
    }
  });
  const settled: SettleResult[] = [];
  for (const each of open) settled.push(await settleStack(parts, { ...options, ...each }));
  return settled;
}

