import { stringify } from "yaml";
import { markdownOf, type MarkdownOptions } from "./markdown/markdown.ts";
import type { Report } from "./report.ts";

type Render = (report: Report, options: MarkdownOptions) => string;

/** What a report can be written in; each ends with a line's end. */
const RENDERERS = {
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  yaml: (report) => stringify(report),
  markdown: markdownOf,
} as const satisfies Readonly<Record<string, Render>>;

export type ReportFormat = keyof typeof RENDERERS;
export const REPORT_FORMATS = Object.keys(RENDERERS) as readonly ReportFormat[];

/** A report in a format. Pure. */
export const render = (format: ReportFormat, report: Report, options: MarkdownOptions = {}): string =>
  RENDERERS[format](report, options);
