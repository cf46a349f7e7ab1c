import { titleOf } from "../headline.ts";
import type { Report } from "../report.ts";
import { visibleWithin } from "../visible.ts";
import { NODE_COLORS } from "./colors.ts";
import { graphOf, nodesByStack, type Graph, type GraphNode } from "./graph.ts";

const LABEL_MAX = 80;

/** The graph of a report as a Mermaid flowchart: what comes first stands on the left. */
export const mermaidOf = (report: Report): string =>
  [`%% ${visibleWithin(titleOf(report), LABEL_MAX)}`, ...mermaidLines(graphOf(report)), ""].join("\n");

export function mermaidLines(graph: Graph): string[] {
  const names = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  const nameOf = (id: string) => names.get(id) ?? id;
  const stacks = nodesByStack(graph);
  const used = [...new Set(graph.nodes.map(classOf))];
  const lineOf = (node: GraphNode) => `${nameOf(node.id)}["${label(node)}"]:::${classOf(node)}`;
  return [
    "flowchart LR",
    ...[...stacks].flatMap(([stack, nodes], index) =>
      stacks.size < 2
        ? nodes.map((node) => `  ${lineOf(node)}`)
        : [`  subgraph s${index}["${quoted(stack)}"]`, ...nodes.map((node) => `    ${lineOf(node)}`), "  end"],
    ),
    ...graph.edges.map(({ from, to }) => `  ${nameOf(to)} --> ${nameOf(from)}`),
    ...used.map((name) => {
      const { fill, line, text } = NODE_COLORS[name];
      return `  classDef ${name} fill:${fill},stroke:${line},color:${text}`;
    }),
  ];
}

const classOf = ({ action, isFailed }: GraphNode) => (isFailed ? "failed" : action);

/** No sign comes first: a line that begins with one is a list there. */
const label = ({ name, type, words }: GraphNode) => `${quoted(name)}<br/>${quoted(type)}, ${words}`;

/** Everything but letters, digits and a little more as a character's number, so that nothing is markup. */
const quoted = (text: string): string =>
  visibleWithin(text, LABEL_MAX).replace(/[^\p{L}\p{N} ._:/-]/gu, (character) => `#${character.codePointAt(0)};`);
