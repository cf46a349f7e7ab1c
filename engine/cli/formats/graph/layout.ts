import type { Graph } from "./graph.ts";

/**
 * A drawing of a graph, in layers, in the manner of Sugiyama: layers by longest path, dummies where an edge crosses a
 * layer, an order within layers by barycentres, and places that pull neighbours onto one line. Pure, and the same every
 * time.
 */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The upper left corner of each node, by its id. */
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  readonly edges: readonly { readonly from: string; readonly to: string; readonly points: readonly Point[] }[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface NodeSize {
  readonly width: number;
  readonly height: number;
}

const GAP = { layer: 70, node: 18, loose: 18 } as const;
const LOOSE_PER_ROW = 4;
/** Dummies are thin: an edge takes less room than a node. */
const DUMMY_HEIGHT = 10;
const SWEEPS = 12;

/** A node, or the place at which an edge crosses a layer. */
interface Slot {
  readonly id: string;
  readonly layer: number;
  readonly isDummy: boolean;
  readonly before: Slot[];
  readonly after: Slot[];
  /** Its middle. */
  y: number;
}

/** A drawing of a graph; nodes without an edge stand in rows below the others. */
export function layoutOf(graph: Graph, size: NodeSize): Layout {
  const tied = new Set(graph.edges.flatMap(({ from, to }) => [from, to]));
  const layered = layeredLayout({ ...graph, nodes: graph.nodes.filter(({ id }) => tied.has(id)) }, size);
  const loose = graph.nodes.filter(({ id }) => !tied.has(id));
  if (loose.length === 0) return layered;
  const [stepX, stepY] = [size.width + GAP.loose, size.height + GAP.node];
  const perRow = Math.max(LOOSE_PER_ROW, Math.floor((layered.width + GAP.loose) / stepX));
  const top = layered.height === 0 ? 0 : layered.height + GAP.layer / 2;
  const places = new Map(layered.places);
  for (const [index, { id }] of loose.entries())
    places.set(id, { x: (index % perRow) * stepX, y: top + Math.floor(index / perRow) * stepY });
  return {
    ...layered,
    places,
    width: Math.max(layered.width, Math.min(loose.length, perRow) * stepX - GAP.loose),
    height: top + Math.ceil(loose.length / perRow) * stepY - GAP.node,
  };
}

function layeredLayout(graph: Graph, size: NodeSize): Layout {
  const layers = layersOf(graph);
  const { columns, chains } = slotsOf(graph, layers);
  order(columns);
  place(columns, size);
  const top = Math.min(0, ...columns.flat().map((slot) => slot.y - heightOf(slot, size) / 2));
  for (const slot of columns.flat()) slot.y -= top;
  const xOf = (layer: number) => layer * (size.width + GAP.layer);
  const real = columns.flat().filter(({ isDummy }) => !isDummy);
  return {
    width: columns.length === 0 ? 0 : xOf(columns.length - 1) + size.width,
    height: Math.max(0, ...columns.flat().map((slot) => slot.y + heightOf(slot, size) / 2)),
    places: new Map(real.map(({ id, layer, y }) => [id, { x: xOf(layer), y: y - size.height / 2 }])),
    edges: chains.map(({ from, to, slots }) => ({
      from,
      to,
      points: slots.flatMap((slot, index) => {
        const left = { x: xOf(slot.layer), y: slot.y };
        const right = { x: left.x + size.width, y: slot.y };
        if (index === 0) return [right];
        return index === slots.length - 1 ? [left] : [left, right];
      }),
    })),
  };
}

const heightOf = (slot: Slot, size: NodeSize) => (slot.isDummy ? DUMMY_HEIGHT : size.height);

/** The layer of each node: one behind the last of what it depends on. A circle is cut where it is met. */
function layersOf({ nodes, edges }: Graph): ReadonlyMap<string, number> {
  const needs = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) needs.get(from)?.push(to);
  const layers = new Map<string, number>();
  const open = new Set<string>();
  // Its own stack of calls: a chain may be as long as the graph.
  for (const { id: start } of nodes) {
    const path = [start];
    for (let id = path.at(-1); id !== undefined; id = path.at(-1)) {
      open.add(id);
      const next = layers.has(id) ? undefined : needs.get(id)?.find((need) => !layers.has(need) && !open.has(need));
      if (next !== undefined) {
        path.push(next);
        continue;
      }
      const below = (needs.get(id) ?? []).map((need) => layers.get(need) ?? -1);
      if (!layers.has(id)) layers.set(id, 1 + Math.max(-1, ...below));
      open.delete(id);
      path.pop();
    }
  }
  return layers;
}

interface Chain {
  readonly from: string;
  readonly to: string;
  /** From what is needed to what needs it. */
  readonly slots: readonly Slot[];
}

/** Nodes and dummies by layer, and each edge as what it passes; edges of a circle that lead back are not drawn. */
function slotsOf({ nodes, edges }: Graph, layers: ReadonlyMap<string, number>) {
  const columns: Slot[][] = [];
  const add = (id: string, layer: number, isDummy: boolean): Slot => {
    const slot = { id, layer, isDummy, before: [], after: [], y: 0 };
    (columns[layer] ??= []).push(slot);
    return slot;
  };
  const byId = new Map(nodes.map(({ id }) => [id, add(id, layers.get(id) ?? 0, false)]));
  const chains = edges.flatMap(({ from, to }): Chain[] => {
    const [first, last] = [byId.get(to), byId.get(from)];
    if (!first || !last || first.layer >= last.layer) return [];
    const slots = [first];
    for (let layer = first.layer + 1; layer < last.layer; layer += 1) slots.push(add(`${to}>${from}`, layer, true));
    slots.push(last);
    for (const [index, slot] of slots.slice(1).entries()) {
      const previous = slots[index];
      if (!previous) continue;
      previous.after.push(slot);
      slot.before.push(previous);
    }
    return [{ from, to, slots }];
  });
  return { columns, chains };
}

/** Orders the slots of each layer by the middle of their neighbours, to and fro, so that few edges cross. */
function order(columns: Slot[][]): void {
  for (const column of columns) renumber(column);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isForward = sweep % 2 === 0;
    for (const column of isForward ? columns : [...columns].reverse()) {
      const wanted = new Map(column.map((slot) => [slot, meanOf(isForward ? slot.before : slot.after) ?? slot.y]));
      column.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
      renumber(column);
    }
  }
}

function renumber(column: readonly Slot[]): void {
  for (const [index, slot] of column.entries()) slot.y = index;
}

function meanOf(slots: readonly Slot[]): number | undefined {
  if (slots.length === 0) return undefined;
  return slots.reduce((total, { y }) => total + y, 0) / slots.length;
}

/** Gives each slot its place: near its neighbours, and off the one above. */
function place(columns: readonly Slot[][], size: NodeSize): void {
  const distance = (above: Slot, below: Slot) => (heightOf(above, size) + heightOf(below, size)) / 2 + GAP.node;
  for (const column of columns) spread(column, () => 0, distance);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isForward = sweep % 2 === 0;
    for (const column of isForward ? columns : [...columns].reverse())
      spread(column, (slot) => meanOf(isForward ? slot.before : slot.after) ?? slot.y, distance);
  }
}

/**
 * The places nearest to the wanted ones that keep order and distance: neighbours that would overlap become a block that
 * stands at the mean of what its members want.
 */
function spread(
  column: readonly Slot[],
  wantedOf: (slot: Slot) => number,
  distance: (above: Slot, below: Slot) => number,
): void {
  // By how much each is below the first when all stand as close as they may.
  const offsets: number[] = [];
  for (const [index, slot] of column.entries()) {
    const above = column[index - 1];
    offsets.push(above ? (offsets[index - 1] ?? 0) + distance(above, slot) : 0);
  }
  const blocks: { sum: number; count: number }[] = [];
  for (const [index, slot] of column.entries()) {
    let block = { sum: wantedOf(slot) - (offsets[index] ?? 0), count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.count >= block.sum / block.count; last = blocks.at(-1)) {
      block = { sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  }
  const bases = blocks.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
  for (const [index, slot] of column.entries()) slot.y = (bases[index] ?? 0) + (offsets[index] ?? 0);
}
