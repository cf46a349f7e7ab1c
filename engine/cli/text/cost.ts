import type { CostReport, MonthlyCost, ResourceCost } from "../../stack/cost/report.ts";
import type { Colors } from "../output.ts";
import { amountText, costText, monthlyText } from "./cost-words.ts";
import { headText, paint } from "./plan.ts";
import { SYMBOLS } from "./plan-words.ts";
import { alignColumns } from "./table.ts";

const NOTHING = "-";

/** What a plan costs in a month: its sum, and each resource with what its figure is made of. */
export function costReportText(subject: string, report: CostReport, colors: Colors, width: number): string {
  const origin = `prices of ${report.pricesAsOf}, without free tiers and taxes`;
  const rows = report.resources.map((each) => [
    `${paint(colors, each.action, SYMBOLS[each.action])} ${each.type}`,
    each.resource,
    `${monthlyText(each.before) ?? NOTHING} -> ${monthlyText(each.after) ?? NOTHING}`,
  ]);
  const lines = alignColumns(rows, "  ");
  return [
    headText(`${colors.bold(subject)}  ${costText(report)}`, colors.dim(origin), width),
    "",
    ...report.resources.flatMap((each, index) => [lines[index] ?? "", ...partLines(each, colors)]),
  ].join("\n");
}

function partLines({ before, after }: ResourceCost, colors: Colors): string[] {
  const { items, unknown }: MonthlyCost = after ?? before ?? { items: [], unknown: [] };
  const rows = items.map(({ what, quantity, unit, price, amount }) => [
    what,
    `${amountText(amount)}`,
    colors.dim(`${quantity} x ${price} per ${unit}`),
  ]);
  const open = unknown.map(({ what, why }) => [what, "unknown", colors.dim(why)]);
  return alignColumns([...rows, ...open], "      ");
}
