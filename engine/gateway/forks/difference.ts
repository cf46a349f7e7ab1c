import type { Key } from "../../kernel/store.ts";
import type { Scope } from "../../services/context.ts";
import type { Value } from "../../stack/expressions/value.ts";
import { expand } from "../../stack/plan/differences.ts";
import type { Engine } from "../engine.ts";
import { type Listed, listResources } from "../list-resources.ts";
import type { ResourceListing } from "../resource-listing.ts";

/** One property as it was when the fork was made, and as it is in the fork; absent where there is none. */
export interface PropertyDifference {
  /** As deep within a property as the difference goes. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface ResourceDifference {
  readonly type: string;
  readonly id: string;
  readonly action: "create" | "update" | "delete";
  readonly properties: readonly PropertyDifference[];
}

/** What a fork has changed since it was made; what its base has done since is no part of it. */
export interface ForkDifference {
  readonly fork: string;
  readonly resources: readonly ResourceDifference[];
  /**
   * How many records of each part of the engine were written or deleted: also those behind no resource, such as
   * objects and messages.
   */
  readonly records: Readonly<Record<string, number>>;
}

const idOf = ({ type, id }: Pick<ResourceListing, "type" | "id">) => JSON.stringify([type, id]);

/** Costs what listing the resources of the scope costs, twice; nothing when the fork has changed nothing. */
export async function differenceOf(main: Engine, name: string, scope: Scope): Promise<ForkDifference> {
  const { forks } = main;
  const fork = await forks.storeOf(name);
  const changed = fork.changedKeys();
  const records = countByPart(changed);
  if (changed.length === 0) return { fork: name, resources: [], records };
  const { registry, calls } = await forks.engineOf(name);
  const listIn = (store: Listed["store"]) => listResources({ registry, calls, store }, scope);
  const before = await listIn({ read: (run) => fork.readOrigin(run) });
  const after = new Map((await listIn(fork)).map((each) => [idOf(each), each]));
  const resources: ResourceDifference[] = [];
  for (const old of before) {
    const now = after.get(idOf(old));
    after.delete(idOf(old));
    const properties = propertiesBetween(old.properties, now?.properties);
    const action = now === undefined ? "delete" : "update";
    if (now === undefined || properties.length > 0) resources.push({ type: old.type, id: old.id, action, properties });
  }
  for (const { type, id, properties } of after.values())
    resources.push({ type, id, action: "create", properties: propertiesBetween(undefined, properties) });
  return { fork: name, resources: resources.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)), records };
}

function countByPart(keys: readonly Key[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [part] of keys) counts[String(part)] = (counts[String(part)] ?? 0) + 1;
  return counts;
}

function propertiesBetween(before: unknown = {}, after: unknown = {}): PropertyDifference[] {
  const found: PropertyDifference[] = [];
  expand([], before as Value, after as Value, (path, from, to) =>
    found.push({
      path: path.join("."),
      ...(from !== undefined && { before: from }),
      ...(to !== undefined && { after: to }),
    }),
  );
  return found;
}
