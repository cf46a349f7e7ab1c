import type { Diagnostic, Problem, SourceRange, Span } from "./diagnostic.ts";
import { severityOf } from "./diagnostic.ts";

/** A template as it was given: its name and its text. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

const lineStarts = (text: string): number[] => {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
};

/** Turns offsets of one text into lines and columns. */
export function locator(text: string): (span: Span) => SourceRange {
  const starts = lineStarts(text);
  const place = (offset: number) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
  return (span) => {
    const start = place(span.start);
    const end = place(Math.max(span.start, span.end));
    return { ...start, endLine: end.line, endColumn: end.column };
  };
}

/** Problems as diagnostics of this source, in order of place, each said once. */
export function diagnosticsOf(problems: readonly Problem[], source: Source): Diagnostic[] {
  const locate = locator(source.text);
  const seen = new Set<string>();
  const found: Diagnostic[] = [];
  for (const each of [...problems].sort((a, b) => (a.span?.start ?? -1) - (b.span?.start ?? -1))) {
    const key = JSON.stringify([each.code, each.message, each.span]);
    if (seen.has(key)) continue;
    seen.add(key);
    found.push({
      code: each.code, severity: severityOf(each.code), message: each.message,
      ...(each.span && { file: source.file, range: locate(each.span) }),
      ...(each.hint !== undefined && { hint: each.hint }),
    });
  }
  return found;
}
