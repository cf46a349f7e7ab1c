import { CODES, type DiagnosticCode } from "./codes.ts";
import type { SourceRange } from "./source-range.ts";

/**
 * A piece of a text by offsets: `start <= offset < end`. Kept by every node; lines are worked out when somebody looks.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Severity = "error" | "warning";

/** Something to tell the author of a template or the caller of a plan. A plain value. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  /** The template's name as the caller gave it. */
  readonly file?: string;
  readonly range?: SourceRange;
  /** What to do, or what was probably meant. */
  readonly hint?: string;
}

/** A problem found while reading or planning, before its place is turned into lines. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly span?: Span | undefined;
  readonly hint?: string | undefined;
}

export const problem = (code: DiagnosticCode, message: string, span?: Span, hint?: string): Problem => ({
  code,
  message,
  span,
  hint,
});

export const severityOf = (code: DiagnosticCode): Severity => CODES[code].severity;

export const hasErrors = (diagnostics: readonly { readonly code: DiagnosticCode }[]): boolean =>
  diagnostics.some((each) => severityOf(each.code) === "error");
