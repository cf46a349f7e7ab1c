import type { Command } from "commander";
import { Failure } from "./failure.ts";
import { collectText } from "./options.ts";
import { ANSWER_FORMATS, DOCUMENT_FORMATS, isDocumentFormat, type Format } from "./formats/format-names.ts";

/** Of the commands that make a report, as commander gives them. */
export interface ReportOptions {
  readonly outFile?: readonly string[];
}

export const FORMAT_HELP = `${ANSWER_FORMATS.join(", ")}; of a plan, drift or preview ${DOCUMENT_FORMATS.join(", ")}`;

const FLAG = "--out-file";

/** Lets a command write its answer as a document, too. */
export const addReportOptions = (command: Command): Command =>
  command.option(
    `${FLAG} <file>`,
    "write the report to a file as well, as its name says (.md, .html, ...); as often as wanted",
    collectText,
  );

/** Errors: `Failure` when a command is asked for a document that makes none */
export function requireDocument(command: Command, format: Format): void {
  if (!isDocumentFormat(format) || command.options.some(({ long }) => long === FLAG)) return;
  throw new Failure(`cloudstack ${command.name()} has no format "${format}".`, [
    `--format takes ${ANSWER_FORMATS.join(", ")} here.`,
    `${DOCUMENT_FORMATS.join(", ")} are for plan, drift, deploy, check, cost and preview.`,
  ]);
}
