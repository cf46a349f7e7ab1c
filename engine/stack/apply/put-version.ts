import type { Transaction } from "../../kernel/store.ts";
import { equalValues } from "../expressions/value.ts";
import { versionRecords, versionResources, type StackRecord, type VersionResource } from "../state/model.ts";
import type { Conclusion } from "./conclusion.ts";
import type { Deployment } from "./deployment.ts";

const GONE: VersionResource = { type: "", id: "", properties: {}, sensitive: [], isGone: true };

/**
 * Keeps what was deployed as a version to go back to. Of resources only those that this deployment changed are written;
 * the others stand as an earlier version left them.
 */
export function putVersion(
  tx: Transaction,
  { scope, stack, id }: Deployment,
  { plan, kept, recorded, dropped, formerNames }: Conclusion,
  { serial, file, template, parameters, secretParameters, tags = {}, updatedAtMs: atMs }: StackRecord,
  isAfterKept: boolean,
): void {
  const { account, region } = scope;
  const { kind, targets } = plan;
  const version = { serial, deploymentId: id, kind, targets, file, template, parameters, secretParameters, tags, atMs };
  versionRecords.put(tx, version, account, region, stack, serial);
  const untouched = new Set(plan.changes.flatMap((each) => (each.action === "none" ? [each.logicalId] : [])));
  for (const { logicalId, type, id: resourceId, properties, sensitive } of kept.values()) {
    const before = recorded.get(logicalId);
    const isSame = before?.id === resourceId && equalValues(before.properties, properties);
    // What a failed deployment changed and kept is no change to this one, but is to the versions.
    if (untouched.has(logicalId) && isSame && !isAfterKept) continue;
    const resource = { type, id: resourceId, properties, sensitive };
    versionResources.put(tx, resource, account, region, stack, serial, logicalId);
  }
  const gone = new Set([...dropped.map(({ record }) => record.logicalId), ...formerNames]);
  for (const logicalId of gone) {
    if (kept.has(logicalId)) continue;
    versionResources.put(tx, GONE, account, region, stack, serial, logicalId);
  }
}
