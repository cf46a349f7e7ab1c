import type { StackParts } from "../apply/deployment.ts";
import type { HistoryEntry, StackQuery, VersionDetails, VersionedResource } from "../requests.ts";
import {
  deploymentSpace,
  stackRecords,
  versionRecords,
  versionResourceSpace,
  versionSpace,
  type DeploymentRecord,
  type VersionRecord,
  type VersionResource,
} from "../state/model.ts";
import { masked } from "./look.ts";

/** Every deployment of a stack, the last one first; those that succeeded with the serial that they made. */
export async function historyOf({ store }: StackParts, { scope, stack }: StackQuery): Promise<readonly HistoryEntry[]> {
  const { account, region } = scope;
  return store.read(async (tx) => {
    const serials = new Map<string, number>();
    for await (const { value } of tx.scan<VersionRecord>(versionSpace.range(account, region, stack)))
      serials.set(value.deploymentId, value.serial);
    const current = (await stackRecords.get(tx, account, region, stack))?.serial;
    const found: HistoryEntry[] = [];
    for await (const { value } of tx.scan<DeploymentRecord>(deploymentSpace.range(account, region, stack)))
      found.push(entryOf(value, serials.get(value.id), current));
    return found.sort((a, b) => b.startedAtMs - a.startedAtMs || (b.serial ?? b.from) - (a.serial ?? a.from));
  });
}

function entryOf(log: DeploymentRecord, serial: number | undefined, current: number | undefined): HistoryEntry {
  const { id, kind, status, file, plannedSteps, restores, startedAtMs, endedAtMs, cause } = log;
  return {
    deploymentId: id,
    from: log.serial,
    ...(serial !== undefined && { serial }),
    isCurrent: serial !== undefined && serial === current,
    kind,
    status,
    file,
    plannedSteps,
    startedAtMs,
    ...(restores !== undefined && { restores }),
    ...(endedAtMs !== undefined && { endedAtMs }),
    ...(cause && { cause }),
  };
}

/** A version as it was deployed, with every resource that the stack had then. */
export async function versionOf(
  { store }: StackParts,
  { scope, stack }: StackQuery,
  serial: number,
): Promise<VersionDetails | undefined> {
  const { account, region } = scope;
  return store.read(async (tx) => {
    const version = await versionRecords.get(tx, account, region, stack, serial);
    if (!version) return undefined;
    const { parameters, secretParameters, ...rest } = version;
    const resources = new Map<string, VersionedResource>();
    for await (const { key, value } of tx.scan<VersionResource>(versionResourceSpace.range(account, region, stack))) {
      const [, , , at, logicalId] = versionResourceSpace.parts(key);
      if (at > serial) break;
      const { type, id, properties, sensitive } = value;
      if (value.isGone) resources.delete(logicalId);
      else resources.set(logicalId, { logicalId, type, id, properties: masked(properties, sensitive) });
    }
    return { ...rest, parameters: masked(parameters, secretParameters), resources: [...resources.values()] };
  });
}

