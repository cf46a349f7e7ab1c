import { isFailing } from "../../stack/policy/finding.ts";
import type { Report, StackReport } from "../formats/report.ts";
import type { Output } from "../output.ts";
import { preview } from "../preview/preview.ts";
import type { PreviewRequest } from "../preview/work.ts";
import type { SessionOptions } from "../session.ts";
import { previewText } from "../text/preview.ts";

const EXIT_FAILED = 1;
const EXIT_CHANGES = 2;
const EXIT_FINDINGS = 3;

/** Shows what deploying a change would do. Exit codes: docs/exit-codes.md */
export async function showPreview(
  output: Output,
  options: SessionOptions,
  request: PreviewRequest & { readonly detailedExitcode?: boolean },
): Promise<void> {
  const report = await preview(output, options, request, { directory: process.cwd(), environment: process.env });
  output.answer(report, () => previewText(report, output.colors, output.width));
  process.exitCode = exitCodeOf(report, request.detailedExitcode === true);
}

const wouldFail = ({ diagnostics, awaits, result }: StackReport): boolean =>
  (diagnostics.some(({ severity }) => severity === "error") && !awaits) ||
  (result !== undefined && result.status !== "deployed" && result.status !== "unchanged");

function exitCodeOf({ stacks, findings = [] }: Report, isDetailed: boolean): number {
  if (stacks.some(wouldFail)) return EXIT_FAILED;
  if (findings.some(isFailing)) return EXIT_FINDINGS;
  return isDetailed && stacks.some(({ plan }) => plan?.isEmpty === false) ? EXIT_CHANGES : 0;
}
