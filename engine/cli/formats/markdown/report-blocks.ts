import type { Finding } from "../../../stack/policy/finding.ts";
import type { CostReport } from "../../../stack/cost/report.ts";
import { amountText, differenceText, monthlyText } from "../../text/cost-words.ts";
import { SYMBOLS } from "../../text/plan-words.ts";
import { code, prose } from "./escape.ts";
import type { Block } from "./fit.ts";
import { RANKS, ROWS_OPEN_MAX } from "./stack-blocks.ts";
import { folded, tableOf } from "./table.ts";

/** The blocks of what a report tells of all its stacks together. */

const placeOf = ({ file = "", range }: Pick<Finding, "file" | "range">) =>
  range ? `${file}:${range.line}` : file;

const subjectOf = ({ resource = "", path }: Finding) =>
  code(path === undefined ? resource : `${resource}.${path}`);

export function findingBlocks(findings: readonly Finding[]): Block[] {
  if (findings.length === 0) return [];
  const rows = findings.map((finding) => [
    finding.severity === "error" ? "**error**" : finding.severity,
    code(finding.rule),
    subjectOf(finding),
    prose(finding.message) + (finding.hint === undefined ? "" : `<br>${prose(finding.hint)}`),
    code(placeOf(finding)),
  ]);
  const table = tableOf(["", "Rule", "Resource", "Finding", "Where"], rows);
  const block: Block = { ...table, tail: "\n", noun: ["finding", "findings"], rank: RANKS.findings };
  return [rows.length > ROWS_OPEN_MAX ? folded(`${rows.length} findings`, block) : block];
}

export function waivedBlocks(findings: readonly Finding[]): Block[] {
  if (findings.length === 0) return [];
  const rows = findings.map((finding) => [
    code(finding.rule),
    subjectOf(finding),
    prose(finding.message),
    prose(finding.waived?.reason ?? ""),
    prose(finding.waived?.expires ?? ""),
  ]);
  const table = tableOf(["Rule", "Resource", "Finding", "Waived because", "Until"], rows);
  const noun = ["waived finding", "waived findings"] as const;
  const block = { ...table, tail: "\n", noun, rank: RANKS.waived };
  return [folded(`${rows.length} ${rows.length === 1 ? noun[0] : noun[1]}`, block)];
}

export function costBlock(cost: CostReport): Block {
  const { before, after, currency, pricesAsOf, usageFile } = cost;
  const rows = cost.resources.map((each) => [
    SYMBOLS[each.action].trim(),
    code(each.resource),
    monthlyText(each.before) ?? "",
    monthlyText(each.after) ?? "",
    [...new Set((each.after ?? each.before)?.unknown.map(({ what, why }) => prose(`${what}: ${why}`)))].join("<br>"),
  ]);
  const table = tableOf(["", "Resource", "Before", "After", "Unknown"], rows);
  const usage = usageFile === undefined ? "" : `, usage as in ${code(usageFile)}`;
  const total =
    `${amountText(before.amount)} → ${amountText(after.amount)} ${currency} a month ` +
    `(${differenceText(before.amount, after.amount)})`;
  const tail = `\nTotal: ${total}. Prices of ${prose(pricesAsOf)}${usage}.\n`;
  return folded("Cost of each resource", { ...table, tail, noun: ["cost", "costs"], rank: RANKS.cost });
}
