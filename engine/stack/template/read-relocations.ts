import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { entryOf, shapeName, type SourceEntry, type SourceMap, type SourceNode } from "./source-tree.ts";

/** CloudStacks' own sections: what a resource was called before, what is let go, and what is taken over. */
export const RELOCATION_SECTIONS = ["Moved", "Removed", "Import"] as const;

/** `Moved: [{From: OldName, To: NewName}]`. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly span: Span;
}

export interface Relocations {
  /** Renamed: the recorded resource of the first name is what the second declares. */
  readonly moved: readonly Move[];
  /** Let go without being deleted, by logical id. */
  readonly removed: ReadonlyMap<string, Span>;
  /** Resources that exist already, by logical id. */
  readonly imports: ReadonlyMap<string, { readonly id: string; readonly span: Span }>;
}

type Declared = ReadonlyMap<string, unknown>;

/** `resources`: what the template declares, by logical id. */
export function readRelocations(root: SourceMap, resources: Declared, problems: Problem[]): Relocations {
  const section = (name: string) => {
    const node = entryOf(root, name)?.value;
    return node?.kind === "scalar" && node.value === null ? undefined : node;
  };
  return {
    moved: readMoved(section("Moved"), resources, problems),
    removed: readRemoved(section("Removed"), resources, problems),
    imports: readImports(section("Import"), resources, problems),
  };
}

const textOf = (node: SourceNode | undefined) =>
  node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;

function readMoved(node: SourceNode | undefined, resources: Declared, problems: Problem[]): Move[] {
  if (!node) return [];
  if (node.kind !== "list") {
    problems.push(problem("CS1002", `Moved is a list of {From, To}, not ${shapeName(node)}`, node.span));
    return [];
  }
  const taken = new Set<string>();
  return node.items.flatMap((item) => {
    const from = item.kind === "map" ? textOf(entryOf(item, "From")?.value) : undefined;
    const to = item.kind === "map" ? textOf(entryOf(item, "To")?.value) : undefined;
    if (from === undefined || to === undefined || (item.kind === "map" && item.entries.length !== 2)) {
      problems.push(problem("CS1002", "an entry of Moved is {From: OldName, To: NewName}", item.span));
      return [];
    }
    if (!resources.has(to)) {
      problems.push(undeclared(to, item.span, resources));
      return [];
    }
    for (const name of [`from ${from}`, `to ${to}`]) {
      if (taken.has(name)) problems.push(problem("CS1004", `Moved names a resource ${name} twice`, item.span));
      taken.add(name);
    }
    return [{ from, to, span: item.span }];
  });
}

function readRemoved(node: SourceNode | undefined, resources: Declared, problems: Problem[]): Map<string, Span> {
  const removed = new Map<string, Span>();
  for (const item of node === undefined ? [] : node.kind === "list" ? node.items : [node]) {
    const name = textOf(item);
    if (name === undefined) problems.push(problem("CS1002", "Removed is a list of logical ids", item.span));
    else if (resources.has(name)) {
      const hint = "take it out of Resources, or out of Removed";
      problems.push(problem("CS2009", `"${name}" is declared, so it cannot be let go`, item.span, hint));
    } else removed.set(name, item.span);
  }
  return removed;
}

function readImports(node: SourceNode | undefined, resources: Declared, problems: Problem[]): Relocations["imports"] {
  const imports = new Map<string, { id: string; span: Span }>();
  if (!node) return imports;
  if (node.kind !== "map") {
    problems.push(problem("CS1002", `Import is a map of logical id and id, not ${shapeName(node)}`, node.span));
    return imports;
  }
  for (const { key, keySpan, value } of node.entries satisfies readonly SourceEntry[]) {
    const id = textOf(value);
    if (id === undefined) problems.push(problem("CS1002", `the id of ${key} is a text`, value.span));
    else if (!resources.has(key)) problems.push(undeclared(key, keySpan, resources));
    else imports.set(key, { id, span: value.span });
  }
  return imports;
}

const undeclared = (name: string, span: Span, resources: Declared) =>
  problem("CS1103", `there is no resource "${name}"`, span, didYouMean(name, resources.keys()));
