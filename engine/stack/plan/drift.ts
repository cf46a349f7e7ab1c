import type { Value } from "../expressions/value.ts";
import { expand, isReadBack } from "./differences.ts";
import type { Node } from "./graph.ts";
import { plainValue, type Drift } from "./plan.ts";
import type { Secrecy } from "./sensitive.ts";

type Values = { readonly [name: string]: Value };

/** What was changed outside the stack: the live state held against the recorded one, property by property. */
export function driftOf(node: Node, secrecy: Secrecy): Drift[] {
  const { record, live, registered, isImported } = node;
  if (!record || !live || isImported) return [];
  const head = { logicalId: node.logicalId, type: record.type, id: record.id };
  if (live === "gone") return [{ ...head, isGone: true }];
  const drifts: Drift[] = [];
  const visible = (values: Values) =>
    Object.fromEntries(
      Object.entries(values).filter(([property]) => !registered || isReadBack(registered.type, property)),
    );
  expand([], visible(record.live), visible(live.properties), (path, recorded, actual) => {
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
