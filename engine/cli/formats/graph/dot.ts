import { SYMBOLS } from "../../text/plan-words.ts";
import { titleOf } from "../headline.ts";
import type { Report } from "../report.ts";
import { visibleWithin } from "../visible.ts";
import { NODE_COLORS } from "./colors.ts";
import { graphOf, nodesByStack, type GraphNode } from "./graph.ts";

const LABEL_MAX = 80;

/** The graph of a report in Graphviz' language: what comes first stands on the left. */
export function dotOf(report: Report): string {
  const graph = graphOf(report);
  const stacks = nodesByStack(graph);
  const names = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  const lineOf = (node: GraphNode) => `${names.get(node.id)} ${nodeLook(node)};`;
  return [
    `digraph ${quoted(titleOf(report))} {`,
    "  rankdir=LR;",
    '  node [shape=box, style="rounded,filled", fontname="sans-serif"];',
    ...[...stacks].flatMap(([stack, nodes], index) =>
      stacks.size < 2
        ? nodes.map((node) => `  ${lineOf(node)}`)
        : [
            `  subgraph cluster_${index} {`,
            `    label=${quoted(stack)};`,
            ...nodes.map((node) => `    ${lineOf(node)}`),
            "  }",
          ],
    ),
    ...graph.edges.map(({ from, to }) => `  ${names.get(to)} -> ${names.get(from)};`),
    "}",
    "",
  ].join("\n");
}

function nodeLook({ name, type, action, words, isFailed }: GraphNode): string {
  const { fill, line, text } = NODE_COLORS[isFailed ? "failed" : action];
  const label = quoted(`${SYMBOLS[action]} ${name}`.trim(), `\\n${escaped(type)}`);
  const look = `fillcolor="${fill}", color="${line}", fontcolor="${text}"`;
  return `[label=${label}, class="${isFailed ? "failed" : action}", tooltip=${quoted(words)}, ${look}]`;
}

const escaped = (text: string): string =>
  visibleWithin(text, LABEL_MAX).replaceAll("\\", "\\\\").replaceAll('"', '\\"');

/** A text in quotation marks; `more` is escaped already. */
const quoted = (text: string, more = ""): string => `"${escaped(text)}${more}"`;
