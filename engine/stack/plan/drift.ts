import { equalValues, type Value } from "../expressions/value.ts";
import type { Registry } from "../registry/registry.ts";
import type { ResourceRecord, StackRecord } from "../state/model.ts";
import { expand, isReadBack } from "./differences.ts";
import type { Node } from "./graph.ts";
import type { LiveState } from "./live-state.ts";
import { plainValue, type Drift, type PlannedValue } from "./plan.ts";
import { secrecyOf, type Secrecy } from "./sensitive.ts";

type Values = { readonly [name: string]: Value };

/** What was changed outside the stack: the live state held against the recorded one, property by property. */
export function driftOf(node: Node, secrecy: Secrecy): Drift[] {
  const { record, live, isImported } = node;
  if (!record || !live || isImported) return [];
  const head = { logicalId: node.logicalId, type: record.type, id: record.id };
  if (live === "gone") return [{ ...head, isGone: true }];
  const drifts: Drift[] = [];
  expand([], readBack(node, record.live), readBack(node, live.properties), (path, recorded, actual) => {
    const shown = (value: Value) => plainValue(secrecy.maskedBefore(node, path, value));
    drifts.push({
      ...head,
      isGone: false,
      path: path.join("."),
      ...(recorded !== undefined && { recorded: shown(recorded) }),
      ...(actual !== undefined && { live: shown(actual) }),
    });
  });
  return drifts;
}

const readBack = ({ registered }: Node, values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([property, value]) => value !== undefined && (!registered || isReadBack(registered.type, property)),
    ),
  );

/** `NOT_CHECKED`: this engine does not have the type. */
export type ResourceDriftStatus = "IN_SYNC" | "MODIFIED" | "DELETED" | "NOT_CHECKED";

export interface PropertyDrift {
  /** A property, or as deep within one as the difference goes. */
  readonly path: string;
  /** `DELETED`: it is recorded and no longer there. `ADDED`: it is there and not recorded. */
  readonly status: "IN_SYNC" | "MODIFIED" | "DELETED" | "ADDED";
  readonly recorded?: PlannedValue;
  readonly live?: PlannedValue;
}

export interface ResourceDrift {
  readonly logicalId: string;
  readonly type: string;
  readonly id: string;
  readonly status: ResourceDriftStatus;
  readonly dependencies: readonly string[];
  readonly properties: readonly PropertyDrift[];
}

/** What a stack's resources are, held against what they were when it was deployed. */
export interface DriftReport {
  readonly version: 1;
  readonly stack: string;
  readonly serial: number;
  /** The template it was deployed from. */
  readonly file: string;
  readonly status: "IN_SYNC" | "DRIFTED";
  readonly summary: Readonly<Record<ResourceDriftStatus, number>>;
  readonly resources: readonly ResourceDrift[];
}

export function driftReport(
  stack: StackRecord,
  records: Iterable<ResourceRecord>,
  live: ReadonlyMap<string, LiveState | "gone">,
  registry: Registry,
): DriftReport {
  const secrecy = secrecyOf({ template: undefined, nodes: new Map(), exports: new Map() });
  const resources = [...records].map((record) => resourceDrift(record, live.get(record.logicalId), registry, secrecy));
  const summary = { IN_SYNC: 0, MODIFIED: 0, DELETED: 0, NOT_CHECKED: 0 };
  for (const { status } of resources) summary[status] += 1;
  const isDrifted = summary.MODIFIED + summary.DELETED > 0;
  const { name, serial, file } = stack;
  return { version: 1, stack: name, serial, file, status: isDrifted ? "DRIFTED" : "IN_SYNC", summary, resources };
}

function resourceDrift(
  record: ResourceRecord,
  live: LiveState | "gone" | undefined,
  registry: Registry,
  secrecy: Secrecy,
): ResourceDrift {
  const { logicalId, type, id, dependencies } = record;
  const head = { logicalId, type, id, dependencies };
  if (!live) return { ...head, status: "NOT_CHECKED", properties: [] };
  if (live === "gone") return { ...head, status: "DELETED", properties: [] };
  const registered = registry.get(type);
  const node: Node = {
    logicalId,
    dependencies,
    record,
    live,
    action: "none",
    reasons: [],
    differences: [],
    ...(registered && { registered }),
  };
  const differing = driftOf(node, secrecy).map((each) => propertyDrift(each));
  const [before, now] = [readBack(node, record.live), readBack(node, live.properties)];
  const same = Object.entries(before).flatMap(([path, value]): PropertyDrift[] => {
    if (!equalValues(value, now[path])) return [];
    const shown = plainValue(secrecy.maskedBefore(node, [path], value));
    return [{ path, status: "IN_SYNC", recorded: shown, live: shown }];
  });
  return { ...head, status: differing.length > 0 ? "MODIFIED" : "IN_SYNC", properties: [...differing, ...same] };
}

function propertyDrift({ path = "", recorded, live }: Drift): PropertyDrift {
  const status = recorded === undefined ? "ADDED" : live === undefined ? "DELETED" : "MODIFIED";
  return { path, status, ...(recorded !== undefined && { recorded }), ...(live !== undefined && { live }) };
}
