import { EXIT } from "../exit-codes.ts";
import { outFilesOf } from "../formats/out-files.ts";
import type { StackReport } from "../formats/report.ts";
import type { Output } from "../output.ts";
import { preview } from "../preview/preview.ts";
import type { PreviewRequest } from "../preview/work.ts";
import type { ReportOptions } from "../report-options.ts";
import { writeReport } from "../reporting.ts";
import { failOnFindings } from "../review.ts";
import type { SessionOptions } from "../session.ts";
import { previewText } from "../text/preview.ts";

export interface ShowPreviewRequest extends PreviewRequest, ReportOptions {
  readonly detailedExitcode?: boolean;
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
  if (report.stacks.some(wouldFail)) process.exitCode = EXIT.failed;
  failOnFindings(report.findings, request);
  const hasChanges = report.stacks.some(({ plan }) => plan?.isEmpty === false);
  if (request.detailedExitcode && hasChanges) process.exitCode ??= EXIT.changes;
}

const wouldFail = ({ diagnostics, awaits, result }: StackReport): boolean =>
  (diagnostics.some(({ severity }) => severity === "error") && !awaits) ||
  (result !== undefined && result.status !== "deployed" && result.status !== "unchanged");
