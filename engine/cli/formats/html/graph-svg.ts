import { SYMBOLS } from "../../text/plan-words.ts";
import type { Graph, GraphNode } from "../graph/graph.ts";
import { layoutOf, type Point } from "../graph/layout.ts";
import { element, type Markup } from "./element.ts";

const SIZE = { width: 196, height: 46 } as const;
const MARGIN = 8;
const TEXT_MAX = 24;
/** A larger graph is a wall that nobody reads. */
export const NODES_MAX = 300;

const cut = (text: string) => (text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1)}…` : text);
const rounded = (value: number) => Math.round(value * 10) / 10;

/**
 * The graph as a drawing: what comes first stands on the left, colours and signs say what happens. `rowOf` gives the
 * id of the row that tells more of a node.
 */
export function graphSvg(graph: Graph, title: string, rowOf: (node: GraphNode) => string | undefined): Markup {
  const { width, height, places, edges } = layoutOf(graph, SIZE);
  const [fullWidth, fullHeight] = [width + 2 * MARGIN, height + 2 * MARGIN].map(Math.ceil);
  const known = new Map(graph.nodes.map((node) => [node.id, node]));
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: fullWidth,
      height: fullHeight,
      viewBox: `${-MARGIN} ${-MARGIN} ${fullWidth} ${fullHeight}`,
      role: "group",
      "aria-label": title,
    },
    ...edges.map(({ points, from }) =>
      element("path", { class: `edge ${known.get(from)?.action === "none" ? "quiet" : ""}`.trim(), d: pathOf(points) }),
    ),
    ...graph.nodes.map((node) => nodeSvg(node, places.get(node.id) ?? { x: 0, y: 0 }, rowOf(node))),
  );
}

/** A line that leaves and arrives level. */
function pathOf([start, ...more]: readonly Point[]): string {
  if (!start) return "";
  let from = start;
  const pieces = [`M${rounded(start.x)} ${rounded(start.y)}`];
  for (const to of more) {
    const middle = rounded((from.x + to.x) / 2);
    pieces.push(
      from.y === to.y
        ? `H${rounded(to.x)}`
        : `C${middle} ${rounded(from.y)} ${middle} ${rounded(to.y)} ${rounded(to.x)} ${rounded(to.y)}`,
    );
    from = to;
  }
  return pieces.join("");
}

function nodeSvg(node: GraphNode, { x, y }: Point, row: string | undefined): Markup {
  const { name, type, action, words, isFailed } = node;
  const told = `${name} (${type}): ${isFailed ? `${words}, failed` : words}`;
  const drawing = element(
    "g",
    { class: `node ${isFailed ? "failed" : action}`, transform: `translate(${rounded(x)} ${rounded(y)})` },
    element("title", {}, told),
    element("rect", { class: "box", width: SIZE.width, height: SIZE.height, rx: 6 }),
    element("rect", { class: "bar", width: 5, height: SIZE.height, rx: 2.5 }),
    element("text", { class: "name", x: 16, y: 19 }, cut(name)),
    element("text", { class: "type", x: 16, y: 36 }, cut(type)),
    element("text", { class: "sign", x: SIZE.width - 14, y: 20 }, SYMBOLS[action].trim()),
  );
  return row === undefined ? drawing : element("a", { href: `#${row}`, "aria-label": told }, drawing);
}
