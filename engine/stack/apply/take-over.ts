import type { Scope } from "../../services/context.ts";
import { deploymentRecords, stackRecords, type DeploymentRecord, type StackRecord } from "../state/model.ts";
import { conductOf, type RunningOptions, type Refusal } from "./begin.ts";
import type { Deployment, StackParts } from "./deployment.ts";
import { claimantOf, isLease, takeLock, type Lease } from "./lock.ts";

/**
 * Which unfinished deployment: one that was `interrupted` before it ended, one whose `rollback-failed`, or the last one
 * that failed and was `kept`.
 */
export type Unfinished = "interrupted" | "rollback-failed" | "kept";

export interface TakenOver {
  readonly deployment: Deployment;
  readonly log: DeploymentRecord;
  /** The stack as it was left. */
  readonly record: StackRecord;
}

interface Found {
  readonly lease: Lease;
  readonly log: DeploymentRecord;
  readonly record: StackRecord;
}

/** Takes the lock of an unfinished deployment, when nobody holds it any more; undefined when there is none. */
export async function takeOver(
  parts: StackParts,
  { scope, stack }: { readonly scope: Scope; readonly stack: string },
  wanted: Unfinished,
  options: RunningOptions & { readonly isHolderGone?: boolean | undefined },
): Promise<TakenOver | Refusal | undefined> {
  const { account, region } = scope;
  const nowMs = parts.clock.nowMs();
  const found = await parts.store.transact(async (tx): Promise<Found | Refusal | undefined> => {
    const record = await stackRecords.get(tx, account, region, stack);
    const id = record && unfinishedId(record, wanted);
    const log = id === undefined ? undefined : await deploymentRecords.get(tx, account, region, stack, id);
    if (!record || !log) return undefined;
    const lease = await takeLock(tx, scope, stack, log.id, claimantOf(parts, options.isHolderGone), nowMs);
    if (!isLease(lease)) return { refused: "locked", lock: lease };
    if (wanted === "kept") stackRecords.put(tx, reopened(record, log.id), account, region, stack);
    return { lease, log, record };
  });
  if (!found || "refused" in found) return found;
  const { lease, log, record } = found;
  const onFailure = options.onFailure ?? log.onFailure;
  return { deployment: { parts, scope, stack, id: log.id, lease, onFailure, ...conductOf(options) }, log, record };
}

function unfinishedId({ deploymentId, status, kept }: StackRecord, wanted: Unfinished): string | undefined {
  if (wanted === "kept") return deploymentId === undefined ? kept?.at(-1) : undefined;
  return (status === "rollback-failed") === (wanted === "rollback-failed") ? deploymentId : undefined;
}

/** From here on it counts as one that is being rolled back: a crash is settled by going on with it. */
function reopened({ kept = [], ...rest }: StackRecord, deploymentId: string): StackRecord {
  const earlier = kept.slice(0, -1);
  return { ...rest, status: "rolling-back", deploymentId, ...(earlier.length > 0 && { kept: earlier }) };
}
