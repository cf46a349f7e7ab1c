import { invariant } from "../../platform/invariant.ts";
import { deploymentRecords, stackRecords, type FailureCause, type StackRecord } from "../state/model.ts";
import { transactWatched } from "../watched.ts";
import { withAttempts } from "./attempts.ts";
import { anyFailureOf, failureOf, type Deployment } from "./deployment.ts";
import { appendEvent, eventOf, keepEvent } from "./events.ts";
import { appendJournal, openSteps, resourceIdOf, type TakenStep } from "./journal.ts";
import { releaseLock, requireLease } from "./lock.ts";
import { undoOutside } from "./outside.ts";
import { putRecordBack, reverse } from "./reverse.ts";
import { walk } from "./walk.ts";

/** A step that could not be undone, and why. */
export interface Remaining {
  readonly logicalId: string;
  readonly id: string;
  readonly code: string;
  readonly message: string;
}

/**
 * The journal backwards: what was created goes, what was updated gets its properties back. What was to be deleted is
 * still there. What cannot be undone stays in the journal, to be tried again or to be skipped.
 */
export async function undo(
  deployment: Deployment,
  cause: FailureCause,
  skipped: ReadonlySet<string> = new Set(),
): Promise<readonly Remaining[]> {
  const steps = await openSteps(deployment);
  await beginUndo(deployment, cause, steps.length);
  for (const step of steps) if (skipped.has(step.entry.logicalId)) await skip(deployment, step);
  let left = steps.filter(({ entry }) => !skipped.has(entry.logicalId));
  let failures = new Map<TakenStep, FailureCause>();
  while (left.length > 0) {
    failures = await undoOnce(deployment, left);
    // What was in the way of a step may be gone now that the others are undone.
    if (failures.size === left.length) break;
    left = left.filter((step) => failures.has(step));
  }
  const remaining: Remaining[] = [];
  for (const [{ entry }, { code, message }] of failures) {
    const { logicalId, type } = entry;
    const id = resourceIdOf(entry);
    await keepEvent(deployment, { status: "undo-failed", logicalId, type, id, cause: { logicalId, code, message } });
    remaining.push({ logicalId, id, code, message });
  }
  await finishUndo(deployment, cause, remaining);
  return remaining;
}

async function beginUndo(deployment: Deployment, cause: FailureCause, steps: number): Promise<void> {
  const { parts, scope, stack, lease } = deployment;
  const started = eventOf(deployment, { status: "rolling-back", cause, steps });
  await parts.store.transact(async (tx) => {
    await requireLease(tx, scope, stack, lease);
    const record = await stackRecords.get(tx, scope.account, scope.region, stack);
    invariant(record, "a deployment that is undone has a stack");
    stackRecords.put(tx, { ...record, status: "rolling-back", cause }, scope.account, scope.region, stack);
    appendEvent(tx, deployment, started);
  });
  deployment.emit(started);
}

/** Every step once, each after those that were taken later and depend on it; gives the ones that failed. */
export async function undoOnce(
  deployment: Deployment,
  steps: readonly TakenStep[],
): Promise<Map<TakenStep, FailureCause>> {
  const byPosition = new Map(steps.map((step) => [String(step.position), step]));
  const dependants = dependantSteps(steps);
  const failures = new Map<TakenStep, FailureCause>();
  await walk(
    [...byPosition.keys()],
    (position) => dependants(byPosition.get(position)),
    deployment.concurrency,
    async (position) => {
      const step = byPosition.get(position);
      invariant(step, "a walk goes over what it was given");
      const failure = await undoStep(deployment, step);
      if (failure) failures.set(step, failure);
      return true;
    },
  );
  return failures;
}

/** Positions of the later steps that concern the same resource, or one that depended on it before or after. */
function dependantSteps(steps: readonly TakenStep[]): (step: TakenStep | undefined) => readonly string[] {
  const concerned = new Map<string, TakenStep[]>();
  for (const step of steps) {
    const { logicalId, dependencies = [], before } = step.entry;
    for (const id of new Set([logicalId, ...dependencies, ...(before?.dependencies ?? [])])) {
      const found = concerned.get(id);
      if (found) found.push(step);
      else concerned.set(id, [step]);
    }
  }
  return (step) =>
    (step && concerned.get(step.entry.logicalId)?.filter((each) => each.position > step.position))?.map(
      ({ position }) => String(position),
    ) ?? [];
}

async function undoStep(
  deployment: Deployment,
  { position, entry }: TakenStep,
): Promise<FailureCause | undefined> {
  const { parts, scope, stack, lease } = deployment;
  const { logicalId, type } = entry;
  const id = resourceIdOf(entry);
  const undone = eventOf(deployment, { status: "undone", logicalId, type, id });
  const attempt = async () => {
    // First outside, which can be repeated; the store tells for good that it is undone.
    await undoOutside(deployment, entry);
    await transactWatched(parts, async (tx, watched) => {
      await requireLease(tx, scope, stack, lease);
      if (entry.step !== "begun") {
        await reverse(tx, { ...deployment, parts: watched }, entry);
        await putRecordBack(tx, deployment, entry);
      }
      appendJournal(tx, deployment, { step: "undone", position });
      appendEvent(tx, deployment, undone);
    });
  };
  try {
    await withAttempts(attempt, {
      clock: parts.clock,
      onRetry: (error) =>
        keepEvent(deployment, { status: "retrying", logicalId, type, id, cause: failureOf(error, logicalId) }),
    });
    deployment.emit(undone);
    return undefined;
  } catch (error) {
    return anyFailureOf(error, logicalId);
  }
}

/** The record is as it was before; the resource stays as it is now, which a later plan shows as drift, or is let go. */
async function skip(deployment: Deployment, { position, entry }: TakenStep): Promise<void> {
  const { parts, scope, stack, lease } = deployment;
  const { logicalId, type } = entry;
  const event = eventOf(deployment, { status: "undo-skipped", logicalId, type, id: resourceIdOf(entry) });
  await parts.store.transact(async (tx) => {
    await requireLease(tx, scope, stack, lease);
    if (entry.step !== "begun") await putRecordBack(tx, deployment, entry);
    appendJournal(tx, deployment, { step: "undone", position, isSkipped: true });
    appendEvent(tx, deployment, event);
  });
  deployment.emit(event);
}

async function finishUndo(deployment: Deployment, cause: FailureCause, remaining: readonly Remaining[]): Promise<void> {
  const { parts, scope, stack, lease, id } = deployment;
  const { account, region } = scope;
  const isComplete = remaining.length === 0;
  const ended = eventOf(deployment, { status: isComplete ? "rolled-back" : "rollback-failed", cause });
  await parts.store.transact(async (tx) => {
    await requireLease(tx, scope, stack, lease);
    const record = await stackRecords.get(tx, account, region, stack);
    const log = await deploymentRecords.get(tx, account, region, stack, id);
    invariant(record && log, "a deployment that is undone has a stack and a record");
    const { deploymentId, ...rest } = record;
    const after: StackRecord = isComplete
      ? { ...rest, status: statusAfterUndo(deployment, record), cause }
      : { ...rest, deploymentId: deploymentId ?? id, status: "rollback-failed", cause };
    stackRecords.put(tx, after, account, region, stack);
    const status = isComplete ? "rolled-back" : "rollback-failed";
    deploymentRecords.put(tx, { ...log, status, cause, endedAtMs: ended.atMs }, account, region, stack, id);
    appendEvent(tx, deployment, ended);
    releaseLock(tx, scope, stack, lease);
  });
  deployment.emit(ended);
}

/** What never deployed, or was destroyed before, has nothing to be `deployed` with. */
function statusAfterUndo({ onFailure }: Deployment, { serial, template, kept }: StackRecord): StackRecord["status"] {
  if (onFailure === "delete") return "destroyed";
  return kept !== undefined || serial === 0 || template === "" ? "failed" : "deployed";
}
