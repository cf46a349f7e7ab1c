import type {
  Action,
  OutputChange,
  PlannedValue,
  PropertyChange,
  ResourceChange,
} from "../../stack/plan/plan.ts";
import { plannedText } from "../../stack/plan/planned-text.ts";
import type { ShownPlan } from "../formats/report.ts";
import type { Colors } from "../output.ts";
import {
  cutText,
  cutValue,
  driftSentences,
  placeText,
  reasonsOf,
  summaryText,
  SYMBOLS,
  UNKNOWN,
} from "./plan-words.ts";
import { alignColumns, visibleLength, wrapped } from "./table.ts";

export function paint(colors: Colors, action: Action, text: string): string {
  if (action === "create" || action === "import") return colors.green(text);
  if (action === "update" || action === "rename") return colors.yellow(text);
  if (action === "replace") return colors.magenta(text);
  return action === "delete" ? colors.red(text) : text;
}

/** How long a value and an id may be before they are cut, from roomy to narrow. */
interface Room {
  readonly value: number;
  readonly id: number;
}
const ROOMY: Room = { value: 48, id: 24 };
const ROOMS: readonly Room[] = [ROOMY, { value: 48, id: 14 }, { value: 30, id: 12 }, { value: 20, id: 10 }];
const HEAD_GAP = 3;

/** The answer on the left, where it comes from on the right; below it where the terminal is too narrow for both. */
export function headText(answer: string, origin: string, width: number): string {
  const room = width - visibleLength(answer) - visibleLength(origin);
  return room < HEAD_GAP ? `${answer}\n${origin}` : answer + " ".repeat(room) + origin;
}

/** A plan and whose it is. */
type NamedPlan = ShownPlan & { readonly stack: string };

/** A plan as a person reads it: what happens, why, and where it is said. */
export function planText(plan: NamedPlan, colors: Colors, width: number, elapsedMs?: number): string {
  const count = plan.changes.length;
  const resources = count === 1 ? "resource" : "resources";
  const answer = `${colors.bold(plan.stack)}  ${count} ${resources}: ${summaryText(plan.summary)}`;
  const elapsed = elapsedMs === undefined ? "" : `, ${Math.round(elapsedMs)} ms`;
  const blocks = [
    changeLines(plan, colors, width),
    alignColumns(
      plan.outputs.map((output) => outputCells(output, colors)),
      "  ",
    ),
    driftLines(plan, colors, width),
  ].filter((lines) => lines.length > 0);
  return [
    headText(answer, colors.dim(`plan of serial ${plan.serial}${elapsed}`), width),
    ...blocks.flatMap((lines) => ["", ...lines]),
  ].join("\n");
}

/** One line a change, as wide as the terminal allows; where that is too narrow, properties stand below. */
function changeLines(plan: ShownPlan, colors: Colors, width: number): string[] {
  const changes = plan.changes.filter((change) => change.action !== "none");
  const reasons = new Map(changes.map((change) => [change, reasonsOf(change, plan)]));
  const below = (change: ResourceChange) =>
    (reasons.get(change) ?? []).flatMap((reason) => wrapped(`└ ${reason}`, width, "    ", "      "));
  for (const room of ROOMS) {
    const rows = changes.flatMap((change) => changeRows(change, plan.file, colors, room));
    const lines = alignColumns(
      rows.map(({ cells }) => cells),
      "  ",
    );
    if (lines.some((line) => visibleLength(line) > width)) continue;
    return lines.flatMap((line, index) => {
      const last = rows[index]?.last;
      return last ? [line, ...below(last)] : [line];
    });
  }
  // Where properties stand below, they say where they are.
  const placeCell = (change: ResourceChange) =>
    shownProperties(change).length === 0 ? [colors.dim(placeText(plan.file, change.range))] : [];
  return changes.flatMap((change) => [
    ...alignColumns([[...titleCells(change, colors, ROOMY), ...placeCell(change)]], "  "),
    ...shownProperties(change).flatMap((property) =>
      wrapped(propertyCells(property, plan.file, colors, ROOMY).join("  "), width, "      ", "        "),
    ),
    ...below(change),
  ]);
}

const titleCells = (change: ResourceChange, colors: Colors, room: Room) => [
  `${paint(colors, change.action, SYMBOLS[change.action])} ${change.type}`,
  change.logicalId,
  cutText((change.action === "create" ? change.name : (change.id ?? change.name)) ?? "", room.id),
];

/** What a new resource is made with stands in the template. */
const shownProperties = (change: ResourceChange) => (change.action === "create" ? [] : change.properties);

/** A line for each property, the first with the resource; `last` is set where its reasons follow. */
function changeRows(
  change: ResourceChange,
  file: string,
  colors: Colors,
  room: Room,
): { readonly cells: readonly string[]; readonly last?: ResourceChange }[] {
  const [first, ...more] = shownProperties(change).map((property) => propertyCells(property, file, colors, room));
  const rows: { cells: readonly string[]; last?: ResourceChange }[] = [
    { cells: [...titleCells(change, colors, room), ...(first ?? [colors.dim(placeText(file, change.range))])] },
    ...more.map((cells) => ({ cells: ["", "", "", ...cells] })),
  ];
  const last = rows.at(-1);
  if (last) last.last = change;
  return rows;
}

function propertyCells(property: PropertyChange, file: string, colors: Colors, room: Room): string[] {
  const forces = property.forcesReplacement ? `  ${colors.magenta("forces replacement")}` : "";
  const drift = property.cause === "drift" ? `  ${colors.dim("(changed outside)")}` : "";
  const shown = (value: PlannedValue) => cutValue(plannedText(value), room.value);
  return [
    property.path,
    `${shown(property.old)} -> ${shown(property.new)}${forces}${drift}`,
    colors.dim(placeText(file, property.range)),
  ];
}

function outputCells(output: OutputChange, colors: Colors): string[] {
  const action: Action =
    output.old === undefined ? "create" : output.new === undefined && !output.isKnownAfterApply ? "delete" : "update";
  const value = output.isKnownAfterApply ? UNKNOWN : cutText(plannedText(output.new), ROOMY.value);
  const change = output.old === undefined ? value : `${cutText(plannedText(output.old), ROOMY.value)} -> ${value}`;
  return [`${paint(colors, action, SYMBOLS[action])} output`, output.name, change];
}

const driftLines = (plan: ShownPlan, colors: Colors, width: number): string[] =>
  driftSentences(plan).flatMap((sentence) => wrapped(`${colors.yellow("drift:")} ${sentence}`, width, "  ", "    "));
