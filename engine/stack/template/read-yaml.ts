import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type CollectionTag,
  type Document,
  type Node,
  type ParsedNode,
  type ScalarTag,
} from "yaml";
import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import { FUNCTION_NAMES } from "../expressions/functions/table.ts";
import { readJson } from "./read-json.ts";
import type { SourceEntry, SourceNode } from "./source-tree.ts";

/** Short tags that stand for a function without `Fn::`. */
const BARE_TAGS = new Set(["!Ref", "!Condition"]);
const DEPTH_MAX = 64;
/** Far more than any template of 10,000 resources; stops aliases that expand without end. */
const NODES_MAX = 2_000_000;

/** Named to the parser, which would otherwise make a warning, with its stack trace, of every use. */
const FUNCTION_TAGS = [...FUNCTION_NAMES, "Condition"].flatMap((name): (ScalarTag | CollectionTag)[] => {
  const tag = `!${name.replace(/^Fn::/, "")}`;
  return [
    { tag, resolve: (text) => text },
    { tag, collection: "seq", resolve: (list) => list },
    { tag, collection: "map", resolve: (map) => map },
  ];
});

interface Reading {
  readonly text: string;
  /** Where the text begins in the whole that spans count from. */
  readonly offset: number;
  readonly document: Document.Parsed;
  readonly problems: Problem[];
  nodeCount: number;
}

/** A text as a tree, and what is wrong with it. `root` is undefined when nothing could be read. */
export interface ReadText {
  readonly root: SourceNode | undefined;
  readonly problems: readonly Problem[];
}

/** Reads YAML, of which JSON is a part. */
export function readYaml(text: string, offset = 0): ReadText {
  const root = readJson(text, offset);
  return root ? { root, problems: [] } : readYamlText(text, offset);
}

/** The same by the rules of YAML, whatever the text looks like. */
export function readYamlText(text: string, offset = 0): ReadText {
  const document = parseDocument(text, {
    version: "1.2",
    merge: true,
    uniqueKeys: false,
    // "silent" would take the first of several documents and be silent on the others.
    logLevel: "error",
    prettyErrors: false,
    customTags: FUNCTION_TAGS,
  });
  const problems = document.errors.map(({ code, message, pos: [start, end] }) =>
    code === "MULTIPLE_DOCS"
      ? problem("CS1001", "a second document begins here", { start: start + offset, end: start + 3 + offset }, ONE)
      : problem("CS1001", oneLine(message), { start: start + offset, end: end + offset }),
  );
  if (problems.length > 0) return { root: undefined, problems };
  const reading: Reading = { text, offset, document, problems: [], nodeCount: 0 };
  if (!document.contents) {
    const span = { start: offset, end: offset };
    const fault = problem("CS1001", "the template is empty", span, "a template has at least Resources");
    return { root: undefined, problems: [fault] };
  }
  const root = convert(document.contents, reading, 0);
  return { root, problems: reading.problems };
}

const ONE = "a file has one document: put what follows into a file of its own";

const oneLine = (message: string) => {
  const text = message.replace(/\s+/g, " ").trim();
  return text.charAt(0).toLowerCase() + text.slice(1);
};

const spanOf = (
  node: { range?: readonly [number, number, number] | null | undefined },
  { offset }: Reading,
): Span => ({
  start: offset + (node.range?.[0] ?? 0),
  end: offset + (node.range?.[1] ?? 0),
});

function convert(node: Node | null, reading: Reading, depth: number): SourceNode {
  reading.nodeCount += 1;
  const span = node ? spanOf(node, reading) : { start: reading.offset, end: reading.offset };
  if (depth > DEPTH_MAX || reading.nodeCount > NODES_MAX) {
    if (reading.problems.at(-1)?.code !== "CS1006") {
      reading.problems.push(problem("CS1006", "the template is nested too deeply or has too many parts", span));
    }
    return { kind: "scalar", value: null, span };
  }
  if (isAlias(node)) return convert(node.resolve(reading.document) ?? null, reading, depth + 1);
  const bare = bareNode(node, span, reading, depth);
  return tagged(bare, node?.tag, span, reading);
}

function bareNode(node: Node | null, span: Span, reading: Reading, depth: number): SourceNode {
  if (isMap(node)) {
    const entries: SourceEntry[] = [];
    const seen = new Set<string>();
    for (const pair of node.items) {
      const key = pair.key as ParsedNode | null;
      const name = isScalar(key) ? (key.source ?? String(key.value)) : undefined;
      const keySpan = key ? spanOf(key, reading) : span;
      if (name === undefined) {
        reading.problems.push(problem("CS1002", "a key must be a single text", keySpan));
        continue;
      }
      if (name === "__proto__") {
        reading.problems.push(problem("CS1002", `"${name}" cannot be a key`, keySpan));
        continue;
      }
      if (seen.has(name)) reading.problems.push(problem("CS1004", `"${name}" is given twice`, keySpan));
      seen.add(name);
      entries.push({ key: name, keySpan, value: convert(pair.value as Node | null, reading, depth + 1) });
    }
    return { kind: "map", entries, span };
  }
  if (isSeq(node))
    return { kind: "list", items: node.items.map((item) => convert(item as Node, reading, depth + 1)), span };
  return { kind: "scalar", value: isScalar(node) ? scalarValue(node.value, node.source) : null, span };
}

/** A number whose text would change on the way (`012345678901`, `1.10`) stays the text it was written as. */
function scalarValue(value: unknown, written: string | undefined): string | number | boolean | null {
  if (typeof value === "number") return written === undefined || String(value) === written ? value : written;
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  return written ?? String(value);
}

function tagged(node: SourceNode, tag: string | undefined, span: Span, reading: Reading): SourceNode {
  if (tag === undefined || !tag.startsWith("!") || tag === "!") return node;
  const key = BARE_TAGS.has(tag) ? tag.slice(1) : `Fn::${tag.slice(1)}`;
  const keySpan = spanOfTag(tag, span, reading);
  const whole = { start: Math.min(keySpan.start, span.start), end: span.end };
  return { kind: "map", entries: [{ key, keySpan, value: node }], span: whole };
}

/** A tag stands before its value, with nothing but blanks between; the reader does not say where. */
function spanOfTag(tag: string, { start, end }: Span, { text, offset }: Reading): Span {
  const at = text.lastIndexOf(tag, start - offset);
  const isBefore = at >= 0 && text.slice(at + tag.length, start - offset).trim() === "";
  return isBefore ? { start: at + offset, end: at + offset + tag.length } : { start, end };
}
