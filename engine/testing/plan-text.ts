import { plannedText } from "../stack/plan/planned-text.ts";
import type { Action, Drift, Plan, PropertyChange, ResourceChange } from "../stack/plan/plan.ts";

const ACTION_SIGNS: Readonly<Record<Action, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  retain: "o",
  import: "=",
  rename: "»",
  none: " ",
};
const COUNTED: readonly (readonly [Action, string])[] = [
  ["create", "to create"],
  ["update", "to update"],
  ["replace", "to replace"],
  ["delete", "to delete"],
  ["retain", "to let go"],
  ["import", "to import"],
  ["rename", "to rename"],
  ["none", "unchanged"],
];

/**
 * A plan as text, without colour: what tests compare and what the command line dresses up. One idea per line, the
 * answer first.
 */
export function formatPlan(plan: Plan): string {
  const counts = COUNTED.flatMap(([action, words]) =>
    plan.summary[action] > 0 ? [`${plan.summary[action]} ${words}`] : [],
  );
  const lines = [`${plan.stack}  ${plural(plan.changes.length, "resource")}: ${counts.join(", ") || "nothing"}`];
  lines.push(...plan.changes.filter((change) => change.action !== "none").flatMap(changeLines));
  lines.push(
    ...plan.outputs.map((output) => `  output ${output.name}: ${shown(output, "old")} -> ${shown(output, "new")}`),
  );
  lines.push(...plan.drift.map(driftLine));
  return lines.join("\n");
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

function changeLines(change: ResourceChange): string[] {
  const title = `  ${ACTION_SIGNS[change.action]} ${change.type} ${change.logicalId}`;
  const head = change.reasons.length > 0 ? `${title}  (${change.reasons.join("; ")})` : title;
  return [head, ...change.properties.map((each) => `      ${propertyText(each)}`)];
}

/** `CIDRBlock  "10.0.0.0/24" -> "10.0.1.0/24"  forces replacement`. */
function propertyText(change: PropertyChange): string {
  const values = change.old === undefined ? shown(change, "new") : `${shown(change, "old")} -> ${shown(change, "new")}`;
  const notes = [
    change.forcesReplacement && "forces replacement",
    change.cause === "drift" && "undoes a change made outside",
  ];
  return [`${change.path}  ${values}`, ...notes.filter((note) => note !== false)].join("  ");
}

function shown(holder: { readonly old?: unknown; readonly new?: unknown }, side: "old" | "new"): string {
  return plannedText(holder[side]);
}

function driftLine(drift: Drift): string {
  if (drift.isGone) return `  drift: ${drift.logicalId} (${drift.id}) was deleted outside this stack`;
  const [recorded, live] = [drift.recorded, drift.live].map(plannedText);
  return `  drift: ${drift.logicalId} was changed outside this stack: ${drift.path} ${recorded} -> ${live}`;
}
