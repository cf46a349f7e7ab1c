import type { CalledOperation } from "../../../gateway/called-operations.ts";
import type { Finding } from "../../../stack/policy/finding.ts";
import type { CostReport } from "../../../stack/cost/report.ts";
import { amountText, differenceText, monthlyText } from "../../text/cost-words.ts";
import { SYMBOLS } from "../../text/plan-words.ts";
import { graphOf } from "../graph/graph.ts";
import { mermaidLines } from "../graph/mermaid.ts";
import type { Report } from "../report.ts";
import { code, fenced, prose } from "./escape.ts";
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

/** What was asked of services. */
export function operationBlocks(operations: readonly CalledOperation[]): Block[] {
  if (operations.length === 0) return [];
  const rows = operations.map(({ cloud, service, operation, resource, count }) => [
    prose(`${cloud} ${service}`.trim()),
    code(operation),
    code(resource),
    String(count),
  ]);
  const noun = ["operation", "operations"] as const;
  const table = tableOf(["Service", "Operation", "Resource", "Times"], rows);
  const summary = `${rows.length} ${rows.length === 1 ? noun[0] : noun[1]} called`;
  return [folded(summary, { ...table, tail: "\n", noun, rank: RANKS.operations })];
}

const NODES_MAX = 60;

/** A drawing, where there is something to draw and it can be taken in. */
export function graphBlocks(report: Report): Block[] {
  const graph = graphOf(report);
  if (graph.edges.length === 0 || graph.nodes.length > NODES_MAX) return [];
  const drawing = mermaidLines(graph).join("\n");
  const { open, close } = fenced("mermaid", [drawing]);
  const noun = ["drawing", "drawings"] as const;
  const block = { head: open, items: [`${drawing}\n`], close, tail: "\n", noun, rank: RANKS.graph };
  return [folded("The resources and what they depend on", block)];
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
