import { fileOf } from "../../stack/diagnostics/source.ts";
import type { SourceRange } from "../../stack/diagnostics/source-range.ts";
import type { Action, Drift, Plan, ResourceChange } from "../../stack/plan/plan.ts";
import { plannedText } from "../../stack/plan/planned-text.ts";
import { consequencesOf } from "./consequences.ts";

/** What is said of a plan, in text and in every other format. */

/** The letter of an action, the same with and without colour. */
export const SYMBOLS: Readonly<Record<Action, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  retain: "^",
  import: "=",
  rename: "»",
  none: " ",
};

/** What an action has done, once it is. */
export const DONE: Readonly<Record<Action, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  retain: "kept",
  import: "imported",
  rename: "renamed",
  none: "unchanged",
};

const COUNTED: readonly (readonly [Action, string])[] = [
  ["create", "to create"],
  ["update", "to update"],
  ["replace", "to replace"],
  ["delete", "to delete"],
  ["import", "to import"],
  ["rename", "to rename"],
  ["retain", "to keep without the stack"],
  ["none", "unchanged"],
];

/** `2 to create, 1 to update, 3 unchanged`. */
export function summaryText(summary: Plan["summary"]): string {
  const parts = COUNTED.flatMap(([action, words]) => (summary[action] ? [`${summary[action]} ${words}`] : []));
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}

/** What is cut of a quoted text keeps its closing quotation mark. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = text.startsWith('"') && text.endsWith('"') ? '…"' : "…";
  return text.slice(0, length - end.length) + end;
}

export const UNKNOWN = "(known after apply)";

/** What is not known yet is said so, even where there is no room to say whose it is. */
export const cutValue = (text: string, length: number) =>
  text.length > length && text.startsWith("(known after apply") ? UNKNOWN : cutText(text, length);

/** The same, once it is done: `2 created, 1 updated, 3 unchanged`. */
export function doneText(summary: Plan["summary"]): string {
  const parts = COUNTED.flatMap(([action]) => (summary[action] ? [`${summary[action]} ${DONE[action]}`] : []));
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}

/** `web.yaml:12`; empty for what has no place. */
export const placeText = (file: string, range?: SourceRange) =>
  range ? `${fileOf(file, range)}:${range.line}` : "";

/** Why, beyond what the action and the properties say already. */
export function reasonsOf(change: ResourceChange, plan: Pick<Plan, "changes">): readonly string[] {
  const isSaid =
    change.action === "update" ||
    change.action === "delete" ||
    (change.action === "create" && change.id === undefined && change.reasons.includes("new in the template")) ||
    (change.action === "import" && change.properties.length === 0) ||
    (change.action === "replace" && change.properties.some((each) => each.forcesReplacement));
  const moved = change.movedFrom !== undefined && change.action !== "rename";
  return [
    ...(moved ? [`it was called ${change.movedFrom}`] : []),
    ...(isSaid ? [] : change.reasons),
    ...consequencesOf(change, plan),
  ];
}

/** A sentence for each drift: what was changed outside the stack, and what becomes of it. */
export function driftSentences(plan: Pick<Plan, "changes" | "drift">): string[] {
  const changes = new Map(plan.changes.map((change) => [change.logicalId, change]));
  return plan.drift.map((drift) => `${driftedText(drift)}; ${outcomeOf(drift, changes.get(drift.logicalId))}`);
}

const driftedText = ({ logicalId, id, isGone, path = "", recorded, live }: Drift) =>
  isGone
    ? `${logicalId} (${id}) was deleted outside this stack`
    : `${logicalId} was changed outside this stack: ${path} ${plannedText(recorded)} -> ${plannedText(live)}`;

const isWithin = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}.`);

/** What becomes of a drift. */
function outcomeOf({ isGone, path = "" }: Drift, change: ResourceChange | undefined): string {
  if (change === undefined) return "it is not part of this plan";
  if (change.action === "delete") return "this plan deletes it";
  if (isGone) return change.action === "create" ? "this plan creates it again" : "this plan leaves it at that";
  const isChanged = change.properties.some((each) => isWithin(each.path, path) || isWithin(path, each.path));
  return isChanged ? "this plan restores it" : "this plan leaves it at that";
}
