import { FINDING_SEVERITIES, type Finding, type FindingSeverity } from "../../stack/policy/finding.ts";
import type { Colors } from "../output.ts";
import { alignColumns, wrapped } from "./table.ts";

const paint = (colors: Colors, severity: FindingSeverity): string =>
  severity === "error" ? colors.red(severity) : severity === "warning" ? colors.yellow(severity) : colors.dim(severity);

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** `1 error, 2 warnings, 1 waived`. */
export function findingsSummary(findings: readonly Finding[]): string {
  const open = findings.filter(({ waived }) => !waived);
  const counts = FINDING_SEVERITIES.flatMap((severity) => {
    const count = open.filter((each) => each.severity === severity).length;
    return count > 0 ? [plural(count, severity)] : [];
  });
  const waived = findings.length - open.length;
  return [...counts, ...(waived > 0 ? [`${waived} waived`] : [])].join(", ") || "nothing found";
}

const placeOf = ({ file, range }: Finding): string =>
  file === undefined ? "" : range ? `${file}:${range.line}` : file;

const rankOf = ({ severity, waived }: Finding): number =>
  waived ? FINDING_SEVERITIES.length : FINDING_SEVERITIES.indexOf(severity);

/** A line for each finding, gravest first, with what to do below it; waived ones in the end, with why. */
export function findingLines(findings: readonly Finding[], colors: Colors, width: number): string[] {
  const sorted = [...findings].sort((a, b) => rankOf(a) - rankOf(b));
  const rows = sorted.map((each) => {
    const { rule, severity, resource = "", waived } = each;
    const head = waived ? colors.dim("waived") : paint(colors, severity);
    return [head, rule, resource, colors.dim(placeOf(each))];
  });
  return alignColumns(rows, "  ").flatMap((line, index) => {
    const { message = "", hint, waived } = sorted[index] ?? {};
    const below = waived ? `${message}; let be until ${waived.expires}: ${waived.reason}` : message;
    const cure = hint === undefined || waived ? "" : `; ${hint}`;
    return [line, ...wrapped(`└ ${below}${cure}`, width, "    ", "      ")];
  });
}
