import { invariant } from "../../platform/invariant.ts";
import { deploymentRecords, stackRecords, type FailureCause } from "../state/model.ts";
import type { Deployment } from "./deployment.ts";
import { appendEvent, eventOf } from "./events.ts";
import { openSteps } from "./journal.ts";
import { releaseLock, requireLease } from "./lock.ts";
import { undoOnce } from "./undo.ts";

/**
 * Ends a failed deployment without undoing it. What it made stays, what it replaced still lives, and its journal leads
 * back: a later deployment goes on from here, a rollback returns to where the first one that was kept began.
 */
export async function keep(deployment: Deployment, cause: FailureCause): Promise<void> {
  const { parts, scope, stack, lease, id } = deployment;
  // What only began outside the store belongs to nobody: the next deployment would begin it anew.
  const begun = (await openSteps(deployment)).filter(({ entry }) => entry.step === "begun");
  if (begun.length > 0) await undoOnce(deployment, begun);
  const { account, region } = scope;
  const ended = eventOf(deployment, { status: "kept", cause });
  await parts.store.transact(async (tx) => {
    await requireLease(tx, scope, stack, lease);
    const record = await stackRecords.get(tx, account, region, stack);
    const log = await deploymentRecords.get(tx, account, region, stack, id);
    invariant(record && log, "a deployment that ends has a stack and a record");
    const { deploymentId: _ended, kept = [], ...rest } = record;
    stackRecords.put(tx, { ...rest, status: "failed", kept: [...kept, id], cause }, account, region, stack);
    deploymentRecords.put(tx, { ...log, status: "kept", cause, endedAtMs: ended.atMs }, account, region, stack, id);
    appendEvent(tx, deployment, ended);
    releaseLock(tx, scope, stack, lease);
  });
  deployment.emit(ended);
}
