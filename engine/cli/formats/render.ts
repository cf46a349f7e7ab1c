import type { DocumentFormat } from "./format-names.ts";
import { dotOf } from "./graph/dot.ts";
import { mermaidOf } from "./graph/mermaid.ts";
import { htmlOf } from "./html/html.ts";
import { junitOf } from "./junit.ts";
import { markdownOf, type MarkdownOptions } from "./markdown/markdown.ts";
import type { Report } from "./report.ts";
import { sarifOf } from "./sarif.ts";

type Render = (report: Report, options: MarkdownOptions) => string;

const RENDERERS: Readonly<Record<DocumentFormat, Render>> = {
  markdown: markdownOf,
  sarif: sarifOf,
  junit: junitOf,
  html: htmlOf,
  mermaid: mermaidOf,
  dot: dotOf,
};

/** A report as a document; it ends with the end of a line. Pure. */
export const render = (format: DocumentFormat, report: Report, options: MarkdownOptions = {}): string =>
  RENDERERS[format](report, options);
