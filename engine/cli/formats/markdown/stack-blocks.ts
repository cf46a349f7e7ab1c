import type { Finding } from "../../../stack/policy/finding.ts";
import { driftSentences, SYMBOLS } from "../../text/plan-words.ts";
import { elapsedText } from "../../text/progress.ts";
import { diagnosed, failuresOf, OWN_RULES, ownDiagnostics } from "../problems.ts";
import { waitingText, type StackReport, type StepReport } from "../report.ts";
import { outputRow, resourceRows, type PropertyRow, type ResourceRow } from "../rows.ts";
import { visible, visibleWithin } from "../visible.ts";
import { code, fenced, prose } from "./escape.ts";
import type { Block } from "./fit.ts";
import { folded, tableOf } from "./table.ts";

/** What of a report gets room first, when there is too little for all. */
export const RANKS = {
  problems: 0,
  findings: 1,
  resources: 2,
  drift: 3,
  properties: 4,
  cost: 5,
  outputs: 6,
  operations: 7,
  waived: 8,
  graph: 9,
} as const;

/** A longer table is folded. */
export const ROWS_OPEN_MAX = 20;
const PROPERTIES_NAMED_MAX = 3;
const VALUE_MAX = 600;

/** The blocks of one stack. */
export function stackBlocks(stack: StackReport): Block[] {
  const rows = resourceRows(stack);
  return [
    ...problemBlocks(stack),
    ...resourceBlocks(rows),
    ...driftBlocks(stack),
    ...propertyBlocks(rows),
    ...outputBlocks(stack),
  ];
}

/** What failed, and why there is no plan: said first. */
function problemBlocks(stack: StackReport): Block[] {
  const { result, awaits } = stack;
  const items = [
    ...[...failuresOf(stack), ...ownDiagnostics(stack).map((each) => diagnosed(stack, each))].map(problemItem),
    ...(result?.skipped ?? []).map((each) => `- ${code(each.logicalId)} is left behind, as ${code(each.id)}\n`),
    ...(awaits ? [`- ${waitingText(awaits.map((name) => code(name)))}\n`] : []),
  ];
  return listOf(items, ["problem", "problems"], RANKS.problems);
}

function problemItem({ rule, severity, resource = "", message, hint, file, range }: Finding): string {
  const name = rule in OWN_RULES ? "" : ` ${rule}`;
  const subject = resource === "" ? "" : ` ${code(resource)}:`;
  const cure = hint === undefined ? "" : `; ${prose(hint)}`;
  const place = range ? ` (${code(`${file ?? ""}:${range.line}`)})` : "";
  return `- **${severity}**${name}${subject} ${prose(message)}${cure}${place}\n`;
}

const listOf = (items: readonly string[], noun: Block["noun"], rank: number): Block[] =>
  items.length === 0 ? [] : [{ head: "", items, close: "", tail: "\n", noun, rank }];

function resourceBlocks(rows: readonly ResourceRow[]): Block[] {
  if (rows.length === 0) return [];
  const table = tableOf(
    ["", "Resource", "Type", "Change", "Outcome", "Where"],
    rows.map((row) => [
      SYMBOLS[row.action].trim(),
      code(row.logicalId),
      prose(row.type),
      changeCell(row),
      row.step ? outcomeText(row.step) : "",
      code(row.place),
    ]),
  );
  const block: Block = { ...table, tail: "\n", noun: ["resource", "resources"], rank: RANKS.resources };
  return [rows.length > ROWS_OPEN_MAX ? folded(`${rows.length} resources`, block) : block];
}

/** `update Labels.tier and Size`, `replace forced by CIDRBlock`, `create web-assets`. */
function changeCell({ action, words, detail, properties, reasons }: ResourceRow): string {
  const forcing = properties.filter((each) => each.forcesReplacement);
  const [link, named] = action === "replace" && forcing.length > 0 ? ["forced by", forcing] : ["", properties];
  const names = named.slice(0, PROPERTIES_NAMED_MAX).map(({ path }) => code(path));
  const more = named.length > names.length ? ` and ${named.length - names.length} more` : "";
  const isLoss = action === "replace" || action === "delete";
  const what = [isLoss ? `**${words}**` : words, link, names.length > 0 ? names.join(", ") + more : code(detail)];
  return [what.filter((part) => part !== "").join(" "), ...reasons.map((reason) => prose(reason))].join("<br>");
}

const OUTCOMES: Readonly<Record<StepReport["status"], string>> = {
  done: "done",
  failed: "**failed**",
  skipped: "not reached",
  undone: "undone",
  "not-undone": "**not undone**",
};

const outcomeText = ({ status, elapsedMs }: StepReport) =>
  elapsedMs === undefined ? OUTCOMES[status] : `${OUTCOMES[status]}, ${elapsedText(elapsedMs)}`;

function driftBlocks({ plan }: StackReport): Block[] {
  const items = plan ? driftSentences(plan).map((sentence) => `- drift: ${prose(sentence)}\n`) : [];
  const [block] = listOf(items, ["drift", "drifts"], RANKS.drift);
  if (!block) return [];
  return [items.length > ROWS_OPEN_MAX ? folded(`${items.length} changes made elsewhere`, block) : block];
}

/** Each property with its value before and after, in the colours that reviews have for them. */
function propertyBlocks(rows: readonly ResourceRow[]): Block[] {
  const items = rows.flatMap((row) =>
    row.properties.map((property, index) => (index === 0 ? diffHead(row) : "") + diffLines(property)),
  );
  if (items.length === 0) return [];
  const { open, close } = fenced("diff", items);
  const count = `${items.length} ${items.length === 1 ? "property" : "properties"}`;
  const block: Block = { head: open, items, close, tail: "", noun: ["property", "properties"], rank: RANKS.properties };
  return [folded(`${count} before and after`, block)];
}

const diffHead = ({ logicalId, type, words }: ResourceRow) =>
  `@@ ${visible(logicalId)} (${visible(type)}): ${words} @@\n`;

function diffLines({ path, before, after, remarks }: PropertyRow): string {
  const line = (sign: string, value: string, more = "") =>
    `${sign} ${visible(path)}: ${visibleWithin(value, VALUE_MAX)}${more}\n`;
  const remark = remarks.length > 0 ? `  (${remarks.join(", ")})` : "";
  if (after === undefined) return line("-", before ?? "", remark);
  return (before === undefined ? "" : line("-", before)) + line("+", after, remark);
}

function outputBlocks({ plan, result }: StackReport): Block[] {
  const planned = (plan?.outputs ?? []).map(outputRow);
  const given = Object.entries(result?.outputs ?? {});
  const noun = ["output", "outputs"] as const;
  if (given.length > 0) {
    const rows = given.map(([name, { value, description = "" }]) => [
      code(name),
      code(typeof value === "string" ? value : JSON.stringify(value)),
      prose(description),
    ]);
    const block = { ...tableOf(["Output", "Value", "What it is"], rows), tail: "\n", noun, rank: RANKS.outputs };
    return [folded(`${rows.length} ${rows.length === 1 ? "output" : "outputs"}`, block)];
  }
  if (planned.length === 0) return [];
  const rows = planned.map(({ name, action, before = "", after = "" }) => [
    SYMBOLS[action],
    code(name),
    code(before),
    code(after),
  ]);
  const block = { ...tableOf(["", "Output", "Before", "After"], rows), tail: "\n", noun, rank: RANKS.outputs };
  return [folded(`${rows.length} ${rows.length === 1 ? "output changes" : "outputs change"}`, block)];
}
