import { monotonicMs } from "../../platform/clock.ts";
import { BUILT_IN_RULES } from "../../stack/policy/built-in.ts";
import { outFilesOf } from "../formats/out-files.ts";
import type { Report } from "../formats/report.ts";
import { inspected, type InspectionRequest } from "../inspection.ts";
import type { Output } from "../output.ts";
import type { ReportOptions } from "../report-options.ts";
import { writeReport } from "../reporting.ts";
import { failOnFindings, findingsIn } from "../review.ts";
import type { PolicyOptions } from "../review-options.ts";
import type { SessionOptions } from "../session.ts";
import { alignColumns } from "../text/table.ts";
import { findingLines, findingsSummary } from "../text/findings.ts";
import { headText } from "../text/plan.ts";
import { subjectNameOf } from "../text/subject-name.ts";

/** Holds what a deployment would make against policies. Exit codes: docs/exit-codes.md */
export async function check(
  output: Output,
  options: SessionOptions,
  request: InspectionRequest & PolicyOptions & ReportOptions,
): Promise<void> {
  const startMs = monotonicMs();
  const files = outFilesOf(request.outFile ?? [], output.format);
  const { stacks, resources, notes, hasFailed } = await inspected(output, options, request);
  const findings = await findingsIn(resources, request);
  const elapsedMs = monotonicMs() - startMs;
  const subject = subjectNameOf(request.meant, stacks);
  const report: Report = { version: 1, kind: "check", subject, stacks, findings, notes, elapsedMs };
  const text = () => checkText(report, resources.length, output);
  // Of what could not be planned there is nothing to say but why, which stands there already.
  writeReport(output, { report, files, ...(!hasFailed && { text }) });
  failOnFindings(findings, request);
}

function checkText(report: Report, count: number, { colors, width }: Output): string {
  const { subject, findings = [], notes = [], elapsedMs = 0 } = report;
  const answer = `${colors.bold(subject)}  ${count} ${count === 1 ? "resource" : "resources"} checked`;
  const origin = colors.dim(`${Math.round(elapsedMs)} ms`);
  return [
    headText(`${answer}: ${findingsSummary(findings)}`, origin, width),
    ...(findings.length > 0 ? ["", ...findingLines(findings, colors, width)] : []),
    ...(notes.length > 0 ? ["", ...notes] : []),
  ].join("\n");
}

/** Shows the rules that every check has. */
export function listRules(output: Output): void {
  const rules = BUILT_IN_RULES.map(({ name, severity, summary }) => ({ name, severity, summary }));
  output.answer({ rules }, () =>
    alignColumns(rules.map(({ name, severity, summary }) => [name, severity, summary])).join("\n"),
  );
}
