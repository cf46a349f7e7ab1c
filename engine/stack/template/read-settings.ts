import type { Static, TSchema } from "typebox";
import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import type { Source } from "../diagnostics/source.ts";
import type { Value } from "../expressions/value.ts";
import { checkProperties } from "../registry/check-properties.ts";
import { readYaml } from "./read-yaml.ts";
import { entryOf, plainValue, shapeName, type SourceNode } from "./source-tree.ts";

type Path = readonly (string | number)[];

/** A file of settings, read and held against its schema. */
export interface Settings<T> {
  /** In the schema's form, with its defaults; of no use when there are problems. */
  readonly value: T;
  readonly problems: readonly Problem[];
  /** Where a part of it stands. */
  spanOf(path: Path, wanted?: "key" | "value"): Span;
}

const NOTHING = /^(\s*(#.*)?\n?)*$/;

/** Reads YAML or JSON that is no template: policies, assumptions. What is wrong has its place, and what was meant. */
export function readSettings<S extends TSchema>(schema: S, { file, text }: Source): Settings<Static<S>> {
  const start: Span = { start: 0, end: 0 };
  const { root, problems } = NOTHING.test(text) ? { root: undefined, problems: [] } : readYaml(text);
  const spanOf = (path: Path, wanted: "key" | "value" = "value") => (root ? spanIn(root, path, wanted) : start);
  const found: Problem[] = [...problems];
  if (root && root.kind !== "map")
    found.push(problem("CS1002", `${file} is a map, not ${shapeName(root)}`, root.span));
  const plain = root?.kind === "map" ? (plainValue(root) as Value) : {};
  const value = checkProperties(file, schema, plain, spanOf, found);
  return { value: value as Static<S>, problems: found, spanOf };
}

function spanIn(node: SourceNode, path: Path, wanted: "key" | "value"): Span {
  const [step, ...rest] = path;
  if (step === undefined) return node.span;
  if (node.kind === "list") {
    const item = node.items[Number(step)];
    return item ? spanIn(item, rest, wanted) : node.span;
  }
  const entry = node.kind === "map" ? entryOf(node, String(step)) : undefined;
  if (!entry) return node.span;
  return rest.length === 0 && wanted === "key" ? entry.keySpan : spanIn(entry.value, rest, wanted);
}
