import type { CalledOperation } from "../../../gateway/called-operations.ts";
import type { CostReport } from "../../../stack/cost/report.ts";
import type { Finding } from "../../../stack/policy/finding.ts";
import { amountText, differenceText, monthlyText } from "../../text/cost-words.ts";
import { SYMBOLS } from "../../text/plan-words.ts";
import { OWN_RULES } from "../problems.ts";
import { code, element, folded, place, table, together, type Markup } from "./element.ts";

/** What a page tells of all stacks together. */

const placeOf = ({ file = "", range }: Pick<Finding, "file" | "range">) => (range ? `${file}:${range.line}` : file);

const hintLine = (hint: string | undefined): Markup[] =>
  hint === undefined ? [] : [element("br", {}), element("span", { class: "reason" }, hint)];

export function problemItem(finding: Finding): Markup {
  const { rule, severity, resource, message, hint } = finding;
  return element(
    "li",
    { class: severity },
    element("strong", {}, rule in OWN_RULES ? severity : `${severity} ${rule}`),
    " ",
    ...(resource === undefined ? [] : [code(resource), ": "]),
    message,
    ...(placeOf(finding) === "" ? [] : [" (", place(placeOf(finding)), ")"]),
    ...hintLine(hint),
  );
}

export function findingsSection(findings: readonly Finding[]): Markup[] {
  if (findings.length === 0) return [];
  const open = findings.filter(({ waived }) => !waived);
  const waived = findings.filter((finding) => finding.waived);
  return [
    element(
      "section",
      {},
      element("h2", {}, "Findings"),
      ...(open.length > 0 ? [findingsTable(open)] : []),
      ...(waived.length > 0 ? [folded(`${waived.length} waived`, findingsTable(waived))] : []),
    ),
  ];
}

const findingsTable = (findings: readonly Finding[]): Markup =>
  table(
    ["Severity", "Rule", "Resource", "Finding", "Waived", "Where"].map((heading) => ({ heading })),
    findings.map((finding) => {
      const { rule, severity, stack = "", resource = stack, path, message, hint, waived } = finding;
      const isError = severity === "error" && !waived;
      return {
        cells: [
          isError ? element("strong", { class: "failed-text" }, severity) : severity,
          code(rule),
          code(path === undefined ? resource : `${resource}.${path}`),
          together(message, ...hintLine(hint)),
          waived ? `until ${waived.expires}: ${waived.reason}` : "",
          place(placeOf(finding)),
        ],
      };
    }),
  );

export function costSection(cost: CostReport): Markup {
  const { before, after, currency, pricesAsOf, usageFile } = cost;
  const difference = differenceText(before.amount, after.amount);
  const total = `${amountText(before.amount)} → ${amountText(after.amount)} ${currency} a month (${difference})`;
  const usage = usageFile === undefined ? "" : `, usage as in ${usageFile}`;
  return element(
    "section",
    {},
    element("h2", {}, "Cost ", element("small", {}, total)),
    table(
      [
        { heading: "Change" },
        { heading: "Resource" },
        { heading: "Type" },
        { heading: "Before", isFigure: true },
        { heading: "After", isFigure: true },
        { heading: "Unknown" },
      ],
      cost.resources.map((each) => ({
        cells: [
          SYMBOLS[each.action].trim(),
          code(each.resource),
          each.type,
          monthlyText(each.before) ?? "",
          monthlyText(each.after) ?? "",
          (each.after ?? each.before)?.unknown.map(({ what, why }) => `${what}: ${why}`).join("; ") ?? "",
        ],
      })),
    ),
    element("p", { class: "faint" }, `Prices of ${pricesAsOf}${usage}. What has no figure is in no total.`),
  );
}

export function operationsSection(operations: readonly CalledOperation[]): Markup[] {
  if (operations.length === 0) return [];
  const rows = operations.map(({ cloud, service, operation, resource, count }) => ({
    cells: [`${cloud} ${service}`, code(operation), code(resource), String(count)],
  }));
  const columns = [
    { heading: "Service" },
    { heading: "Operation" },
    { heading: "Resource" },
    { heading: "Times", isFigure: true },
  ];
  const count = `${operations.length} ${operations.length === 1 ? "operation" : "operations"}`;
  return [element("section", {}, element("h2", {}, "Operations called"), folded(count, table(columns, rows)))];
}
