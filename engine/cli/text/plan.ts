import type {
  Action,
  Drift,
  OutputChange,
  Plan,
  PlannedValue,
  PropertyChange,
  ResourceChange,
} from "../../stack/plan/plan.ts";
import { plannedText } from "../../stack/plan/planned-text.ts";
import type { Colors } from "../output.ts";
import { alignColumns, visibleLength } from "./table.ts";

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

export function paint(colors: Colors, action: Action, text: string): string {
  if (action === "create" || action === "import") return colors.green(text);
  if (action === "update" || action === "rename") return colors.yellow(text);
  if (action === "replace") return colors.magenta(text);
  return action === "delete" ? colors.red(text) : text;
}

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
const VALUE_LENGTH_MAX = 48;

/** `2 to create, 1 to update, 3 unchanged`. */
export function summaryText(summary: Plan["summary"]): string {
  const parts = COUNTED.flatMap(([action, words]) => (summary[action] ? [`${summary[action]} ${words}`] : []));
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}

/** A planned value on one line; long ones are cut. */
export function valueText(value: PlannedValue): string {
  const text = plannedText(value);
  return text.length <= VALUE_LENGTH_MAX ? text : `${text.slice(0, VALUE_LENGTH_MAX - 1)}…`;
}

const shortId = (id: string | undefined) => (id === undefined ? "" : id.length <= 24 ? id : `${id.slice(0, 23)}…`);
const place = (file: string, range?: { readonly line: number }) => (range ? `${file}:${range.line}` : "");

/** A plan as a person reads it: what happens, why, and where it is said. */
export function planText(plan: Plan, colors: Colors, width: number, elapsedMs?: number): string {
  const count = plan.changes.length;
  const resources = count === 1 ? "resource" : "resources";
  const head = `${colors.bold(plan.stack)}  ${count} ${resources}: ${summaryText(plan.summary)}`;
  const origin = colors.dim(
    `plan of serial ${plan.serial}${elapsedMs === undefined ? "" : `, ${Math.round(elapsedMs)} ms`}`,
  );
  const gap = " ".repeat(Math.max(3, width - visibleLength(head) - visibleLength(origin)));
  const changes = plan.changes.filter((change) => change.action !== "none");
  const blocks = [
    changeLines(changes, plan.file, colors),
    alignColumns(
      plan.outputs.map((output) => outputCells(output, colors)),
      "  ",
    ),
    driftLines(plan.drift, plan.isEmpty, colors),
  ].filter((lines) => lines.length > 0);
  return [head + gap + origin, ...blocks.flatMap((lines) => ["", ...lines])].join("\n");
}

function changeLines(changes: readonly ResourceChange[], file: string, colors: Colors): string[] {
  const rows: string[][] = [];
  const under: Map<number, readonly string[]> = new Map();
  for (const change of changes) {
    const what = `${paint(colors, change.action, SYMBOLS[change.action])} ${change.type}`;
    const name = shortId(change.action === "create" ? change.name : (change.id ?? change.name));
    const shown = change.action === "create" ? [] : change.properties;
    const first = shown[0];
    rows.push([
      what,
      change.logicalId,
      name,
      ...propertyCells(first, file, colors),
      ...(first ? [] : [colors.dim(place(file, change.range))]),
    ]);
    for (const property of shown.slice(1)) rows.push(["", "", "", ...propertyCells(property, file, colors)]);
    under.set(rows.length - 1, reasonsOf(change));
  }
  const lines = alignColumns(rows, "  ");
  return lines.flatMap((line, index) => [line, ...(under.get(index) ?? []).map((reason) => `    └ ${reason}`)]);
}

/** What the property lines do not say already. */
function reasonsOf(change: ResourceChange): readonly string[] {
  const isSaidByProperties = change.action === "update" || change.properties.some((each) => each.forcesReplacement);
  return change.action === "create" || (isSaidByProperties && change.properties.length > 0) ? [] : change.reasons;
}

function propertyCells(property: PropertyChange | undefined, file: string, colors: Colors): string[] {
  if (property === undefined) return [];
  const forces = property.forcesReplacement ? `  ${colors.magenta("forces replacement")}` : "";
  const drift = property.cause === "drift" ? `  ${colors.dim("(changed outside)")}` : "";
  return [
    property.path,
    `${valueText(property.old)} -> ${valueText(property.new)}${forces}${drift}`,
    colors.dim(place(file, property.range)),
  ];
}

function outputCells(output: OutputChange, colors: Colors): string[] {
  const action: Action =
    output.old === undefined ? "create" : output.new === undefined && !output.isKnownAfterApply ? "delete" : "update";
  const value = output.isKnownAfterApply ? "(known after apply)" : valueText(output.new);
  const change = output.old === undefined ? value : `${valueText(output.old)} -> ${value}`;
  return [`${paint(colors, action, SYMBOLS[action])} output`, output.name, change];
}

const change = ({ recorded, live }: Drift) => `${valueText(recorded)} -> ${valueText(live)}`;

function driftLines(drift: readonly Drift[], isEmpty: boolean, colors: Colors): string[] {
  const restores = isEmpty ? "" : "; this plan restores it";
  return drift.map((each) => {
    const what = each.isGone
      ? `${each.logicalId} (${each.id}) was deleted outside this stack`
      : `${each.logicalId} was changed outside this stack: ${each.path} ${change(each)}`;
    return `  ${colors.yellow("drift:")} ${what}${restores}`;
  });
}
