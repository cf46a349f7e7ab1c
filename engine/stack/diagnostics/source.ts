import { documentsOf, resolvedName } from "./bundle.ts";
import type { Diagnostic, Problem, Span } from "./diagnostic.ts";
import { programPlaces } from "./program-places.ts";
import type { SourceRange } from "./source-range.ts";
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

/**
 * Turns offsets of one text into lines and columns; of a nested template, into those of its own file; of a template
 * that a program wrote, into those of the program where it says them.
 */
export function locator(text: string): (span: Span) => SourceRange {
  const programPlace = programPlaces(text);
  const documents = documentsOf(text).map((each) => ({ ...each, starts: lineStarts(each.text) }));
  return (span) => {
    const ofProgram = programPlace(span);
    if (ofProgram) return ofProgram;
    const { starts, start: base, name } = documents.findLast(({ start }) => start <= span.start) ?? {
      starts: [0],
      start: 0,
    };
    const start = placeIn(starts, span.start - base);
    const end = placeIn(starts, Math.max(span.start, span.end) - base);
    return { ...start, endLine: end.line, endColumn: end.column, ...(name !== undefined && { file: name }) };
  };
}

function placeIn(starts: readonly number[], offset: number): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** What a range says of its file. */
type FileOfRange = { readonly file?: string | undefined; readonly program?: string | undefined };

/** Where people find a place: a nested template stands beside the one that nests it, or at its URL. */
export const fileOf = (file: string, range: FileOfRange | undefined): string =>
  range?.program ?? (range?.file === undefined ? file : resolvedName(file, range.file));

function placeOf(span: Span | undefined, file: string, locate: (span: Span) => SourceRange) {
  const range = span && locate(span);
  return range && { file: fileOf(file, range), range };
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
      ...placeOf(each.span, source.file, locate),
      ...(each.hint !== undefined && { hint: each.hint }),
    });
  }
  return found;
}
