import { invariant } from "../../platform/invariant.ts";
import type { Transaction } from "../../kernel/store.ts";
import { equalValues } from "../expressions/value.ts";
import type { LiveState } from "../plan/live-state.ts";
import { isReadBack } from "../plan/differences.ts";
import type { RegisteredType } from "../registry/registry.ts";
import {
  deploymentRecords,
  journalSpace,
  resourceRecords,
  stackRecords,
  type FailureCause,
  type JournalEntry,
  type Properties,
  type ResourceRecord,
  type StepEntry,
} from "../state/model.ts";
import { failureOf, resourceContext, type Deployment } from "./deployment.ts";
import { appendEvent, eventOf } from "./events.ts";
import { releaseLock, renewLease, requireLease } from "./lock.ts";
import { appendJournal } from "./step.ts";

/** A step that could not be undone, and why. */
export interface Remaining {
  readonly logicalId: string;
  readonly id: string;
  readonly code: string;
  readonly message: string;
}

/**
 * The journal backwards: what was created goes, what was updated gets its properties back. What was to be deleted is
 * still there.
 */
export async function undo(deployment: Deployment, cause: FailureCause): Promise<readonly Remaining[]> {
  const { parts, scope, stack, lease } = deployment;
  const started = eventOf(deployment, { status: "rolling-back", cause });
  await parts.store.transact(async (tx) => {
    await requireLease(tx, scope, stack, lease);
    const record = await stackRecords.get(tx, scope.account, scope.region, stack);
    invariant(record, "a deployment that is undone has a stack");
    stackRecords.put(tx, { ...record, status: "rolling-back", cause }, scope.account, scope.region, stack);
    appendEvent(tx, deployment, started);
  });
  deployment.emit(started);
  const remaining: Remaining[] = [];
  for (const { position, entry } of await stepsToUndo(deployment)) {
    const failure = await undoStep(deployment, position, entry);
    if (failure)
      remaining.push({ logicalId: entry.logicalId, id: entry.id, code: failure.code, message: failure.message });
  }
  await finishUndo(deployment, cause, remaining);
  return remaining;
}

async function stepsToUndo({
  parts,
  scope,
  stack,
  id,
}: Deployment): Promise<{ readonly position: number; readonly entry: StepEntry }[]> {
  const steps: { position: number; entry: StepEntry }[] = [];
  const undone = new Set<number>();
  await parts.store.read(async (tx) => {
    for await (const { key, value } of tx.scan<JournalEntry>(
      journalSpace.range(scope.account, scope.region, stack, id),
    )) {
      if (value.step === "undone") undone.add(value.position);
      else steps.push({ position: journalSpace.parts(key)[4], entry: value });
    }
  });
  return steps.filter(({ position }) => !undone.has(position)).reverse();
}

async function undoStep(deployment: Deployment, position: number, entry: StepEntry): Promise<FailureCause | undefined> {
  const { parts, scope, stack, lease } = deployment;
  const { logicalId, type, id } = entry;
  await renewLease(parts.store, parts.clock, scope, stack, lease);
  const undone = eventOf(deployment, { status: "undone", logicalId, type, id });
  try {
    await parts.store.transact(async (tx) => {
      await requireLease(tx, scope, stack, lease);
      await reverse(tx, deployment, entry);
      if (entry.before) resourceRecords.put(tx, entry.before, scope.account, scope.region, stack, logicalId);
      else resourceRecords.remove(tx, scope.account, scope.region, stack, logicalId);
      appendJournal(tx, deployment, { step: "undone", position });
      appendEvent(tx, deployment, undone);
    });
    deployment.emit(undone);
    return undefined;
  } catch (error) {
    const failure = failureOf(error, logicalId);
    const failed = eventOf(deployment, { status: "undo-failed", logicalId, type, id, cause: failure });
    await parts.store.transact(async (tx) => {
      await requireLease(tx, scope, stack, lease);
      appendEvent(tx, deployment, failed);
    });
    deployment.emit(failed);
    return failure;
  }
}

async function reverse(tx: Transaction, deployment: Deployment, entry: StepEntry): Promise<void> {
  const { registry } = deployment.parts;
  const registered = registry.get(entry.type);
  invariant(registered, "a type that was applied is registered");
  const ctx = resourceContext(deployment, registered, entry.logicalId, { isUndo: true });
  if (entry.step !== "updated") await registered.type.handlers.delete(tx, entry.id, ctx);
  if (entry.step === "created") return;
  invariant(entry.before && entry.liveBefore, "what was updated or replaced has a state to go back to");
  // A successor may have taken something over from its predecessor (an attached volume), which goes back with the
  // properties.
  const old = registry.get(entry.before.type);
  invariant(old, "a type that was applied is registered");
  await putBack(tx, deployment, old, entry.before, entry.liveBefore);
}

async function putBack(
  tx: Transaction,
  deployment: Deployment,
  registered: RegisteredType,
  before: ResourceRecord,
  liveBefore: Properties,
): Promise<void> {
  const ctx = resourceContext(deployment, registered, before.logicalId, { isUndo: true });
  const { handlers } = registered.type;
  const live = (await handlers.read(tx, before.id, ctx)) as LiveState | undefined;
  if (!live) return;
  const unreadable = Object.entries(before.properties).filter(([property]) => !isReadBack(registered.type, property));
  if (equalValues(live.properties, liveBefore) && unreadable.length === 0) return;
  await handlers.update(tx, before.id, { ...liveBefore, ...Object.fromEntries(unreadable) }, live.properties, ctx);
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
    // What never deployed, or was destroyed before, has nothing to be `deployed` with.
    const status = !isComplete ? "rollback-failed" : record.template === "" ? "failed" : "deployed";
    stackRecords.put(
      tx,
      isComplete ? { ...rest, status, cause } : { ...rest, deploymentId: deploymentId ?? id, status, cause },
      account,
      region,
      stack,
    );
    deploymentRecords.put(
      tx,
      { ...log, status: isComplete ? "rolled-back" : "rollback-failed", cause, endedAtMs: ended.atMs },
      account,
      region,
      stack,
      id,
    );
    appendEvent(tx, deployment, ended);
    releaseLock(tx, scope, stack, lease);
  });
  deployment.emit(ended);
}
