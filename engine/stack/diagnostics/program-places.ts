import { readJson } from "../template/read-json.ts";
import { entryOf, plainValue, type SourceMap, type SourceNode } from "../template/source-tree.ts";
import type { Span } from "./diagnostic.ts";
import type { SourceRange } from "./source-range.ts";

/** Under this key of its `Metadata` a resource says which line of a program made it: `{file, line, column}`. */
export const SOURCE_METADATA = "cloudstacks:source";

interface ProgramPlace {
  readonly span: Span;
  readonly range: SourceRange;
}

const within = (node: SourceNode | undefined, key: string): SourceNode | undefined =>
  node?.kind === "map" ? entryOf(node, key)?.value : undefined;

function placeOf(resource: SourceNode): SourceRange | undefined {
  const source = within(within(resource, "Metadata"), SOURCE_METADATA);
  const { file, line, column } = (source ? plainValue(source) : {}) as Readonly<Record<string, unknown>>;
  if (typeof file !== "string" || typeof line !== "number" || typeof column !== "number") return undefined;
  return { line, column, endLine: line, endColumn: column + 1, program: file };
}

/**
 * Where the author of a template that a program wrote finds a place of it: the line that made the resource around it.
 * Undefined for what stands in no such resource, and for templates that people write.
 */
export function programPlaces(text: string): (span: Span) => SourceRange | undefined {
  if (!text.includes(SOURCE_METADATA)) return () => undefined;
  const root = readJson(text, 0);
  const resources = within(root, "Resources") as SourceMap | undefined;
  const places = (resources?.kind === "map" ? resources.entries : []).flatMap(({ keySpan, value }): ProgramPlace[] => {
    const range = placeOf(value);
    return range ? [{ span: { start: keySpan.start, end: value.span.end }, range }] : [];
  });
  return ({ start }) => {
    const place = places[lastBefore(places, start)];
    return place && start < place.span.end ? place.range : undefined;
  };
}

/** The index of the last place that begins at or before an offset; -1 when there is none. */
function lastBefore(places: readonly ProgramPlace[], offset: number): number {
  let low = -1;
  let high = places.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((places[middle]?.span.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
