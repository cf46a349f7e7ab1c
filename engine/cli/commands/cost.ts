import { costsOf } from "../costs/read-costs.ts";
import { outFilesOf } from "../formats/out-files.ts";
import { areAllPlanned, type Report } from "../formats/report.ts";
import { inspected, type InspectionRequest } from "../inspection.ts";
import type { Output } from "../output.ts";
import type { ReportOptions } from "../report-options.ts";
import { writeReport } from "../reporting.ts";
import type { CostOptions } from "../review-options.ts";
import type { SessionOptions } from "../session.ts";
import { costReportText } from "../text/cost.ts";
import { subjectNameOf } from "../text/subject-name.ts";

/** Works out what the resources of a plan cost in a month, before and after it. */
export async function showCost(
  output: Output,
  options: SessionOptions,
  request: InspectionRequest & CostOptions & ReportOptions,
): Promise<void> {
  const files = outFilesOf(request.outFile ?? [], output.format);
  const { stacks, resources, notes, hasFailed } = await inspected(output, options, request);
  const subject = subjectNameOf(request.meant, stacks);
  const cost = costsOf(process.cwd(), request.usage, resources, areAllPlanned(stacks));
  const report: Report = { version: 1, kind: "cost", subject, stacks, cost, notes };
  const text = () => [costReportText(subject, cost, output.colors, output.width), ...notes].join("\n");
  writeReport(output, { report, files, ...(!hasFailed && { text }) });
}
