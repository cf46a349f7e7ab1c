import { resourceContext, type StackParts } from "../apply/deployment.ts";
import type { StackQuery } from "../requests.ts";
import { readState, resourceOwners } from "../state/read-state.ts";
import { versionOf } from "./history.ts";
import type { Preparation } from "./prepare.ts";

/**
 * What must be renamed and taken over for an earlier version to have the resources that it had: those that were
 * renamed since go on under their old names, and those that were let go and still exist come back.
 */
export async function relocationsTo(
  parts: StackParts,
  { scope, stack }: StackQuery,
  serial: number,
): Promise<Pick<Preparation, "renames" | "imports">> {
  const version = await versionOf(parts, { scope, stack }, serial);
  const renames: Record<string, string> = {};
  const imports: Record<string, string> = {};
  const recorded = await parts.store.read(async (tx) => {
    const { resources } = await readState(tx, scope, stack);
    const names = new Set(resources.keys());
    const now = new Map([...resources.values()].map((each) => [keyOf(each), each.logicalId]));
    const lost = (version?.resources ?? []).filter((each) => !now.has(keyOf(each)) && !resources.has(each.logicalId));
    for (const each of version?.resources ?? []) {
      const name = now.get(keyOf(each));
      if (name !== undefined && name !== each.logicalId) renames[name] = each.logicalId;
    }
    if (lost.length === 0) return names;
    const owners = await resourceOwners(tx, scope);
    for (const { logicalId, type, id } of lost) {
      const registered = parts.registry.get(type);
      if (!registered || owners(type, id)) continue;
      const ctx = resourceContext({ parts, scope, stack }, registered, logicalId);
      if (await registered.type.handlers.read(tx, id, ctx)) imports[logicalId] = id;
    }
    return names;
  });
  return { renames: withoutTaken(renames, recorded), imports };
}

/** Without those whose old name another resource has by now, and keeps. */
function withoutTaken(renames: Record<string, string>, recorded: ReadonlySet<string>): Record<string, string> {
  const free = Object.entries(renames).filter(([, to]) => !recorded.has(to) || renames[to] !== undefined);
  const left = Object.fromEntries(free);
  return free.length === Object.keys(renames).length ? left : withoutTaken(left, recorded);
}

const keyOf = ({ type, id }: { readonly type: string; readonly id: string }) => JSON.stringify([type, id]);
