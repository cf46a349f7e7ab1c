import { invariant } from "../../platform/invariant.ts";
import type { Transaction } from "../../kernel/store.ts";
import { equalValues } from "../expressions/value.ts";
import { dependencyOrder } from "../plan/order.ts";
import { exportInUse, exportNamesOf } from "../plan/outputs.ts";
import {
  deploymentRecords,
  exportRecords,
  importRecords,
  resourceRecords,
  stackRecords,
  type OutputRecord,
  type ResourceRecord,
  type StackRecord,
} from "../state/model.ts";
import { isKeptBy, type DeletionPolicy } from "../template/template.ts";
import { firstImporter } from "../state/read-state.ts";
import { withAttempts } from "./attempts.ts";
import type { Conclusion } from "./conclusion.ts";
import { transactWatched } from "../watched.ts";
import { failureOf, resourceContext, StepFailed, type Deployment, type StackParts } from "./deployment.ts";
import { appendEvent, eventOf, keepEvent } from "./events.ts";
import type { StackEvent } from "./stack-event.ts";
import { appendJournal } from "./journal.ts";
import { releaseLock, requireLease } from "./lock.ts";
import { outsideOf } from "./outside.ts";
import { putVersion } from "./put-version.ts";

/**
 * The last transaction: every deletion, the stack's new record, its outputs and exports, all or nothing. So a deletion
 * that is refused (a bucket that holds objects) still finds everything in place to go back to, and no moment exists in
 * which a part of the stack is gone and the rest is not.
 */
export async function commit(deployment: Deployment, conclusion: Conclusion): Promise<StackRecord> {
  const { parts, scope, stack, lease } = deployment;
  const transaction = async (tx: Transaction, watched: StackParts) => {
    await requireLease(tx, scope, stack, lease);
    const events: StackEvent[] = [];
    let hasCleanup = false;
    for (const each of inDeletionOrder(conclusion)) {
      if (each.isDeleted) await deleteResource(tx, { ...deployment, parts: watched }, each.record, each.policy);
      const outside = each.isDeleted ? outsideOf(each.record, deployment.id) : undefined;
      if (outside) appendJournal(tx, deployment, { step: "cleanup", ...outside });
      hasCleanup ||= outside !== undefined;
      const { logicalId, type, id } = each.record;
      events.push(
        eventOf(deployment, { status: "done", logicalId, type, id, action: each.isDeleted ? "delete" : "retain" }),
      );
    }
    putRecords(tx, deployment, conclusion);
    const record = await putStack(tx, deployment, conclusion, hasCleanup);
    events.push(eventOf(deployment, { status: "succeeded" }));
    for (const event of events) appendEvent(tx, deployment, event);
    releaseLock(tx, scope, stack, lease);
    return { record, events };
  };
  const { record, events } = await withAttempts(() => transactWatched(parts, transaction), {
    clock: parts.clock,
    signal: deployment.signal,
    onRetry: (error) => {
      const cause = failureOf(error, "");
      const which = cause.logicalId === undefined ? {} : { logicalId: cause.logicalId };
      return keepEvent(deployment, { status: "retrying", ...which, action: "delete", cause });
    },
  });
  for (const event of events) deployment.emit(event);
  return record;
}

/** A resource that the stack no longer has, and the policy by which it goes or is let go. */
interface Going {
  readonly record: ResourceRecord;
  readonly isDeleted: boolean;
  readonly policy: DeletionPolicy;
}

/** What goes: what the template dropped and what was replaced, dependants first. */
function inDeletionOrder({ kept, dropped }: Conclusion): Going[] {
  const going = [
    ...dropped.flatMap((each) => [{ ...each, policy: each.record.deletionPolicy }, ...predecessors(each.record)]),
    ...[...kept.values()].flatMap(predecessors),
  ];
  const byKey = new Map(going.map((each, index) => [String(index), each]));
  const keysOf = new Map<string, string[]>();
  for (const [key, { record }] of byKey) keysOf.set(record.logicalId, [...(keysOf.get(record.logicalId) ?? []), key]);
  const { order } = dependencyOrder([...byKey.keys()], (key) =>
    (byKey.get(key)?.record.dependencies ?? []).flatMap((logicalId) => keysOf.get(logicalId) ?? []),
  );
  invariant(order.length === going.length, "recorded dependencies have no circle");
  return [...order].reverse().flatMap((key) => byKey.get(key) ?? []);
}

const predecessors = (record: ResourceRecord): Going[] =>
  (record.replaced ?? []).map((old) => {
    const policy = old.updateReplacePolicy;
    return { record: old, isDeleted: !isKeptBy(policy), policy };
  });

async function deleteResource(
  tx: Transaction,
  deployment: Deployment,
  { logicalId, type, id }: ResourceRecord,
  policy: DeletionPolicy,
): Promise<void> {
  const registered = deployment.parts.registry.get(type);
  if (!registered) {
    throw new StepFailed({
      logicalId,
      code: "CS1201",
      message: `${id} cannot be deleted: this engine has no resource type "${type}".`,
    });
  }
  const { handlers } = registered.type;
  const ctx = resourceContext(deployment, registered, logicalId);
  try {
    const isThere = policy === "Snapshot" && (await handlers.read(tx, id, ctx)) !== undefined;
    if (isThere) await handlers.snapshot?.(tx, id, ctx);
    await handlers.delete(tx, id, ctx);
  } catch (error) {
    throw new StepFailed(failureOf(error, logicalId), error);
  }
}

function putRecords(
  tx: Transaction,
  { scope, stack }: Deployment,
  { kept, dropped, plan, recorded }: Conclusion,
): void {
  const { account, region } = scope;
  for (const { record } of dropped) resourceRecords.remove(tx, account, region, stack, record.logicalId);
  const unchanged = new Set(
    plan.changes.flatMap(({ action, logicalId }) => (action === "none" || action === "rename" ? [logicalId] : [])),
  );
  for (const record of kept.values()) {
    const { replaced, ...rest } = record;
    // Steps have written their own records; what stayed is written only where something about it moved.
    const isMoved = unchanged.has(record.logicalId) && !equalValues(rest, recorded.get(record.logicalId));
    if (replaced || isMoved) resourceRecords.put(tx, rest, account, region, stack, record.logicalId);
  }
}

async function putStack(
  tx: Transaction,
  deployment: Deployment,
  conclusion: Conclusion,
  hasCleanup: boolean,
): Promise<StackRecord> {
  const { plan, given, outputs, imports, secretParameters, nested } = conclusion;
  const { scope, stack, id, parts } = deployment;
  const { account, region } = scope;
  const nowMs = parts.clock.nowMs();
  const before = await stackRecords.get(tx, account, region, stack);
  const log = await deploymentRecords.get(tx, account, region, stack, id);
  invariant(before && log, "a deployment that is committed has a stack and a record");
  await putExports(tx, deployment, before, outputs);
  for (const name of before.imports) importRecords.remove(tx, account, region, name, stack);
  for (const name of imports) importRecords.put(tx, true, account, region, name, stack);
  const isDestroyed = plan.kind === "destroy";
  const record: StackRecord = {
    version: 1,
    name: stack,
    serial: before.serial + 1,
    status: isDestroyed ? "destroyed" : "deployed",
    file: plan.file,
    template: plan.template,
    parameters: given,
    secretParameters,
    outputs,
    imports,
    ...(nested.length > 0 && { nested }),
    ...((hasCleanup || before.cleaning) && { cleaning: [...(before.cleaning ?? []), ...(hasCleanup ? [id] : [])] }),
    ...(!isDestroyed && staying(before)),
    tags: plan.tags,
    createdAtMs: before.createdAtMs,
    updatedAtMs: nowMs,
  };
  stackRecords.put(tx, record, account, region, stack);
  putVersion(tx, deployment, conclusion, record, before.kept !== undefined);
  deploymentRecords.put(tx, { ...log, status: "succeeded", endedAtMs: nowMs }, account, region, stack, id);
  return record;
}

/** What is said of a stack and not by its template. */
const staying = ({ isProtected, policy }: StackRecord) => ({
  ...(isProtected && { isProtected }),
  ...(policy && { policy }),
});

async function putExports(
  tx: Transaction,
  { scope, stack }: Deployment,
  before: StackRecord,
  outputs: Readonly<Record<string, OutputRecord>>,
): Promise<void> {
  const { account, region } = scope;
  const names = new Set(exportNamesOf(outputs));
  for (const name of exportNamesOf(before.outputs)) {
    if (names.has(name)) continue;
    const importer = await firstImporter(tx, scope, name, stack);
    if (importer !== undefined)
      throw new StepFailed({ code: "CS2002", message: `${exportInUse(name, "deleted", importer)}.` });
    exportRecords.remove(tx, account, region, name);
  }
  for (const { exportName, value, isSensitive = false } of Object.values(outputs)) {
    if (exportName === undefined) continue;
    const owner = await exportRecords.get(tx, account, region, exportName);
    if (owner && owner.stack !== stack) {
      throw new StepFailed({ code: "CS2003", message: `"${exportName}" is already exported by stack ${owner.stack}.` });
    }
    const isMoved = !owner || !equalValues(owner.value, value);
    const importer = owner && isMoved ? await firstImporter(tx, scope, exportName, stack) : undefined;
    if (importer !== undefined)
      throw new StepFailed({ code: "CS2002", message: `${exportInUse(exportName, "updated", importer)}.` });
    if (isMoved || owner.isSensitive !== isSensitive)
      exportRecords.put(tx, { stack, value, isSensitive }, account, region, exportName);
  }
}
