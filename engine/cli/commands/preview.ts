import { FINDING_SEVERITIES, type Finding, type FindingSeverity } from "../../stack/policy/finding.ts";
import { EXIT } from "../exit-codes.ts";
import { outFilesOf } from "../formats/out-files.ts";
import type { Report, StackReport } from "../formats/report.ts";
import type { Output } from "../output.ts";
import { preview } from "../preview/preview.ts";
import type { PreviewRequest } from "../preview/work.ts";
import type { ReportOptions } from "../report-options.ts";
import { writeReport } from "../reporting.ts";
import type { SessionOptions } from "../session.ts";
import { previewText } from "../text/preview.ts";

export interface ShowPreviewRequest extends PreviewRequest, ReportOptions {
  readonly detailedExitcode?: boolean;
  /** The least severe finding that makes the command fail. */
  readonly failOn?: FindingSeverity;
}

/** Shows what merging a change would do. Exit codes: docs/exit-codes.md */
export async function showPreview(
  output: Output,
  options: SessionOptions,
  request: ShowPreviewRequest,
): Promise<void> {
  const files = outFilesOf(request.outFile ?? [], output.format);
  const report = await preview(output, options, request, { directory: process.cwd(), environment: process.env });
  writeReport(output, { report, files, text: () => previewText(report, output.colors, output.width) });
  process.exitCode = exitCodeOf(report, request);
}

const wouldFail = ({ diagnostics, awaits, result }: StackReport): boolean =>
  (diagnostics.some(({ severity }) => severity === "error") && !awaits) ||
  (result !== undefined && result.status !== "deployed" && result.status !== "unchanged");

function exitCodeOf({ stacks, findings = [] }: Report, request: ShowPreviewRequest): number {
  if (stacks.some(wouldFail)) return EXIT.failed;
  const least = FINDING_SEVERITIES.indexOf(request.failOn ?? "error");
  const counts = ({ severity, waived }: Finding) => !waived && FINDING_SEVERITIES.indexOf(severity) <= least;
  if (findings.some(counts)) return EXIT.findings;
  return request.detailedExitcode && stacks.some(({ plan }) => plan?.isEmpty === false) ? EXIT.changes : 0;
}
