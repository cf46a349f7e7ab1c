import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import type { SourceMap, SourceNode } from "../template/source-tree.ts";
import type { Expression } from "./expression.ts";

const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** `Fn::Sub`: its text cut into literals and references, so that everything after sees only those. */
export function buildSub(
  node: SourceMap,
  value: SourceNode,
  problems: Problem[],
  build: (node: SourceNode) => Expression,
): Expression {
  const [textNode, variablesNode] =
    value.kind === "list" && value.items.length === 2 ? value.items : [value, undefined];
  const isWellFormed =
    textNode?.kind === "scalar" &&
    typeof textNode.value === "string" &&
    (variablesNode === undefined || variablesNode.kind === "map");
  if (!isWellFormed) {
    problems.push(problem("CS1102", "Fn::Sub takes a text or [text, {Name: value}]", value.span));
    return { kind: "faulty", span: node.span };
  }
  const variables = new Map<string, Expression>();
  for (const entry of variablesNode?.kind === "map" ? variablesNode.entries : []) {
    variables.set(entry.key, build(entry.value));
  }
  const pieces = piecesOf(textNode.value as string, variables, textNode.span);
  return { kind: "call", function: "Fn::Sub", arguments: pieces, span: node.span };
}

function piecesOf(text: string, variables: ReadonlyMap<string, Expression>, span: Span): Expression[] {
  const pieces: Expression[] = [];
  const literal = (value: string) => {
    if (value !== "") pieces.push({ kind: "literal", value, span });
  };
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    literal(text.slice(end, match.index));
    end = match.index + match[0].length;
    const name = (match[1] ?? "").trim();
    if (name.startsWith("!")) literal(`\${${name.slice(1)}}`);
    else pieces.push(variables.get(name) ?? referenceTo(name, span));
  }
  literal(text.slice(end));
  return pieces;
}

function referenceTo(name: string, span: Span): Expression {
  const dot = name.indexOf(".");
  return dot > 0
    ? { kind: "reference", name: name.slice(0, dot), attribute: name.slice(dot + 1), span }
    : { kind: "reference", name, span };
}
