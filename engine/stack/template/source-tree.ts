import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";

/**
 * A template's text as a tree of plain values, each of which knows where it stands. Short tags are written out as
 * their long form.
 */
export type SourceNode = SourceScalar | SourceList | SourceMap;

export interface SourceScalar {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  readonly span: Span;
}
export interface SourceList {
  readonly kind: "list";
  readonly items: readonly SourceNode[];
  readonly span: Span;
}
export interface SourceMap {
  readonly kind: "map";
  readonly entries: readonly SourceEntry[];
  readonly span: Span;
}
export interface SourceEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: SourceNode;
}

export const entryOf = (map: SourceMap, key: string): SourceEntry | undefined =>
  map.entries.find((entry) => entry.key === key);

/** The plain value of a tree, for parts of a template that are kept as they are. */
export function plainValue(node: SourceNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plainValue);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, plainValue(entry.value)]));
}

const NAMES = { scalar: "a single value", list: "a list", map: "a map" } as const;
export const shapeName = (node: SourceNode): string => NAMES[node.kind];

/** The entries of what must be a map; a problem and none when it is something else. */
export function entriesOf(node: SourceNode, what: string, problems: Problem[]): readonly SourceEntry[] {
  if (node.kind === "map") return node.entries;
  problems.push(problem("CS1002", `${what} is a map, not ${shapeName(node)}`, node.span));
  return [];
}
