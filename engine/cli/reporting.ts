import { monotonicMs } from "../platform/clock.ts";
import { isDocumentFormat, type Format } from "./formats/format-names.ts";
import { outFilesOf, writeOutFile, type OutFile } from "./formats/out-files.ts";
import { render } from "./formats/render.ts";
import type { Report, StackReport } from "./formats/report.ts";
import { serialized, type Output } from "./output.ts";

interface Answer {
  readonly report: Report;
  /** What programs get in JSON and YAML; the report itself by default. */
  readonly value?: unknown;
  /** What people read; absent when they have read it already. */
  readonly text?: () => string;
  readonly files: readonly OutFile[];
}

/** Writes a report to standard output, in the format that is wanted there, and to files in theirs. */
export function writeReport(output: Output, { report, value = report, text, files }: Answer): void {
  const written = (format: Exclude<Format, "text">) =>
    isDocumentFormat(format) ? render(format, report, output) : serialized(format, value);
  if (output.format !== "text") output.document(written(output.format));
  else if (text) output.answer(value, text);
  for (const { path, format } of files) writeOutFile(path, written(format));
}

/** What a command that makes a report knows before it begins. */
export interface About extends Pick<Report, "kind" | "subject" | "details"> {
  /** `--out-file`: where the report goes beside standard output. */
  readonly outFile?: readonly string[] | undefined;
  /** Several stacks have an answer of their own each: programs get `{ stacks: [{ stack, ...answer }] }`. */
  readonly isSeveral?: boolean;
}

/** An answer about stacks that can be written as a document. */
export interface Reporting {
  /**
   * The output of one stack: people read its answer as it comes, unless it is empty; programs and documents get it in
   * the end.
   */
  of(stack: string): Output;
  /** What was told so far. */
  readonly stacks: readonly StackReport[];
  /** Writes what was gathered, with what is told of all stacks together. */
  end(more?: Pick<Report, "findings" | "cost" | "notes">): void;
}

/**
 * Gathers what is told of stacks into one answer.
 * Errors: `Failure`, at once, for a file whose format is not known
 */
export function reportingTo(output: Output, { outFile = [], isSeveral = false, ...about }: About): Reporting {
  const files = outFilesOf(outFile, output.format);
  const startMs = monotonicMs();
  const answers: { readonly stack: string; readonly value: object }[] = [];
  const stacks: StackReport[] = [];
  return {
    stacks,
    of: (stack) => ({
      ...output,
      answer(value, text) {
        const told = output.format === "text" ? text() : "";
        if (told !== "") output.answer(value, () => told);
        answers.push({ stack, value: value as object });
      },
      report: (part) => void stacks.push({ stack, ...part }),
    }),
    end(more = {}) {
      const each = answers.map(({ stack, value }) => ({ stack, ...value }));
      const value = isSeveral ? { stacks: each, ...more } : answers[0]?.value;
      // Somebody said no: there is nothing to tell.
      if (value === undefined) return;
      const report: Report = { version: 1, ...about, stacks, ...more, elapsedMs: monotonicMs() - startMs };
      writeReport(output, { report, value, files });
    },
  };
}
