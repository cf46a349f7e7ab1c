import picocolors from "picocolors";
import { stringify } from "yaml";
import type { AnswerFormat, Format } from "./formats/format-names.ts";
import { COMMENT_LIMITS } from "./formats/comment-limits.ts";
import type { StackReport } from "./formats/report.ts";

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command's answer goes. Answers stand on standard output, progress and problems on standard error. */
export interface Output {
  readonly format: Format;
  readonly colors: Colors;
  /** Columns of the terminal, or a fixed width in a pipe or a CI log. */
  readonly width: number;
  /** True when lines may be redrawn: a terminal, and not CI. */
  readonly isLive: boolean;
  /** How long a comment may be where this runs. */
  readonly charactersMax: number;
  /** The answer: `value` for programs, `text` for people. */
  answer(value: unknown, text: () => string): void;
  /** What documents tell of the stack that this is the output of; nowhere else. */
  report(part: Omit<StackReport, "stack">): void;
  /** An answer that is written already, as it is. */
  document(text: string): void;
  /** One of many answers, as it comes: a line of JSON, a document of YAML. */
  line(value: unknown, text: () => string): void;
  /** A line beside the answer: progress, a warning. Not shown in json and yaml. */
  note(line: string): void;
  problem(text: string): void;
}

const WIDTH_WITHOUT_TERMINAL = 120;

export interface OutputStreams {
  readonly out: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly err: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** A value for programs. */
export const serialized = (format: Exclude<AnswerFormat, "text">, value: unknown): string =>
  format === "json" ? `${JSON.stringify(value, null, 2)}\n` : stringify(value);

const line = (text: string) => (text.endsWith("\n") ? text : `${text}\n`);

export function createOutput(format: Format, streams: OutputStreams, environment: NodeJS.ProcessEnv): Output {
  const { out, err } = streams;
  const isTerminal = out.isTTY === true;
  const wantsColor = environment.NO_COLOR
    ? false
    : Boolean(environment.FORCE_COLOR && environment.FORCE_COLOR !== "0") || isTerminal;
  return {
    format,
    colors: picocolors.createColors(wantsColor && format === "text"),
    width: out.columns ?? WIDTH_WITHOUT_TERMINAL,
    isLive: isTerminal && !environment.CI && environment.TERM !== "dumb",
    charactersMax: environment.GITLAB_CI ? COMMENT_LIMITS.gitlab : COMMENT_LIMITS.github,
    answer(value, text) {
      if (format === "json" || format === "yaml") out.write(serialized(format, value));
      else out.write(line(text()));
    },
    report: () => undefined,
    document: (text) => void out.write(text),
    line(value, text) {
      if (format === "json") out.write(`${JSON.stringify(value)}\n`);
      else if (format === "yaml") out.write(`---\n${stringify(value)}`);
      else out.write(line(text()));
    },
    note: (text) => {
      if (format === "text") out.write(line(text));
    },
    problem: (text) => err.write(line(text)),
  };
}
