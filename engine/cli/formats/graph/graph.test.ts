import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampled } from "../../../testing/property-runs.ts";
import { reportArbitrary } from "../../../testing/report-arbitrary.ts";
import { driftReport, planReport } from "../../../testing/sample-reports.ts";
import { dotOf } from "./dot.ts";
import { graphOf, type Graph, type GraphNode } from "./graph.ts";
import { layoutOf } from "./layout.ts";
import { mermaidOf } from "./mermaid.ts";

const SIZE = { width: 100, height: 40 };

const node = (id: string): GraphNode => ({
  id,
  stack: "web",
  name: id,
  type: "VPC",
  action: "create",
  words: "create",
  isFailed: false,
});

/** `a<b` says that b depends on a. */
function graphOfEdges(...pairs: readonly string[]): Graph {
  const edges = pairs.map((pair) => {
    const [to = "", from = ""] = pair.split("<");
    return { from, to };
  });
  const ids = [...new Set(edges.flatMap(({ from, to }) => [to, from]))];
  return { nodes: ids.map(node), edges };
}

const columnsOf = (graph: Graph) =>
  Object.fromEntries([...layoutOf(graph, SIZE).places].map(([id, { x }]) => [id, x / (SIZE.width + 70)]));

/** Graphs without a circle: a node depends on earlier ones only. */
const anyGraph: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 25 }).chain((count) =>
  fc
    .array(fc.tuple(fc.nat({ max: count - 1 }), fc.nat({ max: count - 1 })), { maxLength: 40 })
    .map((pairs) => ({
      nodes: Array.from({ length: count }, (_, index) => node(`n${index}`)),
      edges: pairs
        .filter(([a, b]) => a !== b)
        .map(([a, b]) => ({ from: `n${Math.max(a, b)}`, to: `n${Math.min(a, b)}` })),
    })),
);

describe("the graph of a report", () => {
  test("has what is unchanged, too, and what each resource depends on", async () => {
    const { nodes, edges } = graphOf(await planReport());
    expect(nodes.map(({ name, action }) => `${name} ${action}`)).toContain("Steady none");
    expect(edges).toContainEqual({ from: "web/Front", to: "web/Net" });
    expect(graphOf(await driftReport()).edges).toContainEqual({ from: "web/Back", to: "web/Net" });
  });
});

describe("the layout of a graph", () => {
  test("puts what comes first on the left, and what needs most on the right", () => {
    expect(columnsOf(graphOfEdges("a<b", "b<c", "a<c", "c<d"))).toEqual({ a: 0, b: 1, c: 2, d: 3 });
  });

  test("puts a chain on one line", () => {
    const { places, edges, height } = layoutOf(graphOfEdges("a<b", "b<c"), SIZE);
    expect([...places.values()].map(({ y }) => y)).toEqual([0, 0, 0]);
    expect(edges[0]?.points).toEqual([
      { x: 100, y: 20 },
      { x: 170, y: 20 },
    ]);
    expect(height).toBe(40);
  });

  test("crosses no edges where none need to cross", () => {
    const { places } = layoutOf(graphOfEdges("a<y", "b<x", "b<z", "a<w"), SIZE);
    const yOf = (id: string) => places.get(id)?.y ?? 0;
    const isSame = Math.sign(yOf("a") - yOf("b"));
    for (const [mine, others] of [["y", "x"], ["y", "z"], ["w", "x"], ["w", "z"]] as const)
      expect(Math.sign(yOf(mine) - yOf(others))).toBe(isSame);
  });

  test("draws a circle without its last edge, and a deep chain without running out of calls", () => {
    expect(layoutOf(graphOfEdges("a<b", "b<a"), SIZE).edges).toHaveLength(1);
    const deep = graphOfEdges(...Array.from({ length: 5000 }, (_, index) => `n${index}<n${index + 1}`));
    expect(layoutOf(deep, SIZE).edges).toHaveLength(5000);
  });

  test("lets no nodes overlap, and every edge run from left to right, in whatever graph", () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { places, edges, width, height } = layoutOf(graph, SIZE);
        expect(places.size).toBe(graph.nodes.length);
        const all = [...places.values()];
        for (const { x, y } of all) {
          expect(x >= 0 && y >= -1e-6 && x + SIZE.width <= width && y + SIZE.height <= height + 1e-6).toBe(true);
        }
        const isOverlapping = all.some((a, index) =>
          all
            .slice(index + 1)
            .some((b) => Math.abs(a.x - b.x) < SIZE.width && Math.abs(a.y - b.y) < SIZE.height - 1e-6),
        );
        expect(isOverlapping).toBe(false);
        for (const { points } of edges)
          expect(points.every(({ x }, index) => x >= (points[index - 1]?.x ?? x))).toBe(true);
      }),
      sampled(200, 9),
    );
  });
});

describe("names in the languages of graphs", () => {
  test("are shown as they are, and are no markup", () => {
    const change = {
      logicalId: 'a"b\\c<br>\nend;#',
      type: "T]",
      action: "create",
      reasons: [],
      properties: [],
      dependencies: [],
    } as const;
    const counts = { create: 1, update: 0, replace: 0, delete: 0, retain: 0, import: 0, rename: 0, none: 0 };
    const plan = { kind: "deploy", file: "", changes: [change], outputs: [], drift: [], summary: counts } as const;
    const stack = { stack: "web", diagnostics: [], plan: { ...plan, isEmpty: false } };
    const report = { version: 1, kind: "plan", subject: "web", stacks: [stack] } as const;
    expect(mermaidOf(report)).toContain(
      'n0["a#34;b#92;c#60;br#62;#92;nend#59;#35;<br/>T#93;, create"]:::create',
    );
    expect(dotOf(report)).toContain('label="+ a\\"b\\\\c<br>\\\\nend;#\\nT]"');
  });

  test("leave every line whole, whatever they are", () => {
    fc.assert(
      fc.property(reportArbitrary, (report) => {
        const mermaid = /^(%% .*|flowchart LR|  subgraph s\d+\["[^"\]]*"\]|  end|  classDef \w+ [\w#:,]+|)$/;
        const drawn = /^ {2,4}n\d+(\["[^"\]]*"\]:::\w+| --> n\d+)$/;
        for (const line of mermaidOf(report).split("\n")) expect(mermaid.test(line) || drawn.test(line)).toBe(true);
        const quotes = (line: string) => line.replace(/\\\\|\\"/g, "").split('"').length - 1;
        for (const line of dotOf(report).split("\n")) expect(quotes(line) % 2).toBe(0);
      }),
      sampled(100, 10),
    );
  });
});
