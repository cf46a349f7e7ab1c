import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import { buildExpression } from "../expressions/build.ts";
import type { Environment } from "../expressions/environment.ts";
import { evaluate } from "../expressions/evaluate.ts";
import { firstUnknown, isList } from "../expressions/value.ts";
import type { SourceEntry, SourceMap, SourceNode } from "./source-tree.ts";

const LOOP = "Fn::ForEach::";
/** Where loops may stand, and all that is within. */
const SECTIONS: ReadonlySet<string> = new Set(["Conditions", "Resources", "Outputs"]);
const NESTED_MAX = 5;
/** More than a template of 10,000 resources needs; stops loops in loops that multiply without end. */
const ENTRIES_MAX = 100_000;
const USAGE = "[Identifier, [values], {Key: value}]";

interface Expanding {
  readonly problems: Problem[];
  /** Parameters, mappings and pseudo parameters: all that a collection may use. */
  readonly environment: Environment;
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly loops: Set<string>;
  entries: number;
  /** True when a collection depends on a parameter that has no value yet, so that names may be missing. */
  isPartial: boolean;
}
type Bindings = ReadonlyMap<string, string>;

/** A template with its loops written out, as if its author had written each round. Places stay those of the loop. */
export function expandLoops(
  root: SourceMap,
  environment: Environment,
  parameters: ReadonlyMap<string, unknown>,
  problems: Problem[],
): { readonly root: SourceMap; readonly isPartial: boolean } {
  const expanding: Expanding = { problems, environment, parameters, loops: new Set(), entries: 0, isPartial: false };
  const entries = root.entries.map((entry) =>
    SECTIONS.has(entry.key) ? { ...entry, value: expand(entry.value, new Map(), expanding) } : entry,
  );
  if (expanding.entries > ENTRIES_MAX) {
    const fault = problem("CS1006", `the loops make more than ${ENTRIES_MAX} entries`, placeOf(root));
    problems.splice(0, problems.length, fault);
    const emptied = root.entries.map((entry) => (SECTIONS.has(entry.key) ? { ...entry, value: nothing } : entry));
    return { root: { ...root, entries: emptied }, isPartial: true };
  }
  return { root: { ...root, entries }, isPartial: expanding.isPartial };
}

const nothing: SourceMap = { kind: "map", entries: [], span: { start: 0, end: 0 } };

const placeOf = (root: SourceMap): Span =>
  root.entries.find(({ key }) => SECTIONS.has(key))?.keySpan ?? { start: root.span.start, end: root.span.start + 1 };

/** Whether there is anything to expand: most templates have no loop and stay the tree they are. */
export const hasLoops = (text: string): boolean => text.includes(LOOP);

function expand(node: SourceNode, bindings: Bindings, expanding: Expanding): SourceNode {
  if (node.kind === "scalar") {
    return bindings.size > 0 && typeof node.value === "string"
      ? { ...node, value: substituted(node.value, bindings) }
      : node;
  }
  if (node.kind === "list") return { ...node, items: node.items.map((item) => expand(item, bindings, expanding)) };
  const [only, ...others] = node.entries;
  if (only?.key === "Ref" && others.length === 0 && only.value.kind === "scalar") {
    const bound = bindings.get(String(only.value.value));
    if (bound !== undefined) return { kind: "scalar", value: bound, span: node.span };
  }
  return { ...node, entries: entriesOf(node, bindings, expanding) };
}

const isLoop = ({ key }: SourceEntry) => key.startsWith(LOOP);

function entriesOf(node: SourceMap, bindings: Bindings, expanding: Expanding): SourceEntry[] {
  const seen = new Set(node.entries.flatMap((entry) => (isLoop(entry) ? [] : substituted(entry.key, bindings))));
  return node.entries.flatMap((entry) => {
    if (!isLoop(entry)) {
      return [{ ...entry, key: substituted(entry.key, bindings), value: expand(entry.value, bindings, expanding) }];
    }
    return rounds(entry, bindings, expanding).filter(({ key, keySpan }) => {
      const isNew = !seen.has(key);
      if (!isNew) expanding.problems.push(twice(key, entry.key, keySpan));
      seen.add(key);
      return isNew;
    });
  });
}

const twice = (key: string, loop: string, span: Span) =>
  problem("CS1004", `"${key}", which ${loop} makes, is there already`, span, "name the identifier in the key");

function rounds(entry: SourceEntry, bindings: Bindings, expanding: Expanding): SourceEntry[] {
  const { problems } = expanding;
  const loop = substituted(entry.key, bindings);
  const [identifierNode, collection, body] = entry.value.kind === "list" ? entry.value.items : [];
  const isWellFormed =
    entry.value.kind === "list" &&
    entry.value.items.length === 3 &&
    identifierNode?.kind === "scalar" &&
    typeof identifierNode.value === "string" &&
    body?.kind === "map";
  if (!isWellFormed || !collection) {
    problems.push(problem("CS1114", `${loop} takes ${USAGE}`, entry.value.span));
    return [];
  }
  const identifier = identifierNode.value as string;
  const fault = faultOf(loop, identifier, bindings, expanding);
  if (fault !== undefined) {
    problems.push(problem("CS1114", fault, entry.keySpan));
    return [];
  }
  const values = collectionOf(loop, collection, bindings, expanding);
  return values.flatMap((value) => {
    expanding.entries += body.entries.length;
    if (expanding.entries > ENTRIES_MAX) return [];
    return entriesOf(body, new Map([...bindings, [identifier, value]]), expanding);
  });
}

function faultOf(loop: string, identifier: string, bindings: Bindings, expanding: Expanding): string | undefined {
  // In the rounds of an outer loop the inner one comes by again.
  if (bindings.size === 0 && expanding.loops.has(loop)) return `${loop} is given twice: the name of a loop is unique`;
  expanding.loops.add(loop);
  if (!/^[A-Za-z0-9]+$/.test(identifier)) return `the identifier of ${loop} is letters and digits, not "${identifier}"`;
  if (bindings.has(identifier)) return `the identifier "${identifier}" of ${loop} is that of the loop around it`;
  if (expanding.parameters.has(identifier)) return `the identifier "${identifier}" of ${loop} is that of a parameter`;
  return bindings.size >= NESTED_MAX ? `${loop} stands within ${NESTED_MAX} loops; that is the limit` : undefined;
}

/** What a loop goes over. It must be known before anything is deployed, since it says which resources there are. */
function collectionOf(loop: string, node: SourceNode, bindings: Bindings, expanding: Expanding): readonly string[] {
  const { problems, environment, parameters } = expanding;
  const before = problems.length;
  const expression = buildExpression(expand(node, bindings, expanding), { problems, inCondition: false });
  const value = evaluate(expression, environment);
  if (problems.length > before) return [];
  const unknown = firstUnknown(value);
  if (unknown && parameters.has(unknown.from)) {
    expanding.isPartial = true;
    problems.push(problem("CS1115", `${loop} is not checked: parameter ${unknown.from} has no value`, node.span));
    return [];
  }
  const items = isList(value) ? value : undefined;
  if (unknown || !items?.every((item) => ["string", "number", "boolean"].includes(typeof item))) {
    const hint = unknown && `${unknown.from} is not known before apply; use parameters and mappings`;
    problems.push(problem("CS1114", `${loop} goes over a list of texts`, node.span, hint));
    return [];
  }
  return items.map(String);
}

/** `${Name}` is the value as it is; `&{Name}` its letters and digits only, for keys that take nothing else. */
function substituted(text: string, bindings: Bindings): string {
  if (bindings.size === 0 || !text.includes("{")) return text;
  return text.replace(/([$&])\{([A-Za-z0-9]+)\}/g, (whole, mark: string, name: string) => {
    const value = bindings.get(name);
    if (value === undefined) return whole;
    return mark === "$" ? value : value.replace(/[^A-Za-z0-9]/g, "");
  });
}
