import type { DriftReport, PropertyDrift, ResourceDrift } from "../../stack/plan/drift.ts";
import { plannedText } from "../../stack/plan/planned-text.ts";
import type { Colors } from "../output.ts";
import { headText, paint } from "./plan.ts";
import { SYMBOLS } from "./plan-words.ts";
import { alignColumns } from "./table.ts";

const COUNTED = [
  ["MODIFIED", "modified"],
  ["DELETED", "deleted"],
  ["NOT_CHECKED", "not checked"],
  ["IN_SYNC", "in sync"],
] as const;

/** `1 modified, 1 deleted, 1 in sync`. */
export const driftSummaryText = (summary: DriftReport["summary"]): string =>
  COUNTED.flatMap(([status, words]) => (summary[status] > 0 ? [`${summary[status]} ${words}`] : [])).join(", ") ||
  "nothing";

/** What was changed outside a stack, and how to put it back. */
export function driftText(report: DriftReport, colors: Colors, width: number, elapsedMs: number): string {
  const { stack, serial, summary, resources } = report;
  const count = resources.length;
  const noun = count === 1 ? "resource" : "resources";
  const answer = `${colors.bold(stack)}  ${count} ${noun}: ${driftSummaryText(summary)}`;
  const origin = colors.dim(`drift from serial ${serial}, ${Math.round(elapsedMs)} ms`);
  const rows = resources.flatMap((resource) => rowsOf(resource, colors));
  const hint = `Put it back with: cloudstack deploy ${report.file} --stack ${stack}`;
  return [
    headText(answer, origin, width),
    ...(rows.length > 0 ? ["", ...alignColumns(rows, "  ")] : []),
    ...(report.status === "DRIFTED" ? ["", hint] : []),
  ].join("\n");
}

function rowsOf({ logicalId, type, id, status, properties }: ResourceDrift, colors: Colors): string[][] {
  if (status === "IN_SYNC") return [];
  const title = (action: "update" | "delete" | "none") => [
    `${paint(colors, action, SYMBOLS[action])} ${type}`,
    logicalId,
    id,
  ];
  if (status === "DELETED") return [[...title("delete"), "deleted outside this stack"]];
  if (status === "NOT_CHECKED") return [[...title("none"), "not checked: this engine does not have the type"]];
  const [first, ...more] = properties.filter((each) => each.status !== "IN_SYNC").map(propertyCells);
  return [[...title("update"), ...(first ?? [])], ...more.map((cells) => ["", "", "", ...cells])];
}

const propertyCells = ({ path, recorded, live }: PropertyDrift) => [
  path,
  `${plannedText(recorded)} -> ${plannedText(live)}`,
];
