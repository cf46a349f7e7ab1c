import { errors } from "../errors.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import { parseProjection } from "./parser.ts";
import { clashAmong } from "./paths.ts";
import { Placeholders, type Names } from "./placeholders.ts";
import type { Path, Step } from "./tree.ts";

/** What to keep below a step; an empty branch keeps everything. */
type Branch = Map<Step, Branch>;
export type Projection = Branch;

/** Paths as a tree, so that an item is walked once. */
export function projectionOf(paths: readonly Path[]): Projection {
  const root: Branch = new Map();
  for (const path of paths) {
    let branch = root;
    for (const step of path) {
      const known = branch.get(step);
      const next: Branch = known ?? new Map();
      if (!known) branch.set(step, next);
      branch = next;
    }
  }
  return root;
}

/** Parses and binds a projection. Errors: `InvalidExpression` */
export function bindProjection(text: string, placeholders: Placeholders): Projection {
  const parsed = parseProjection("projection", text);
  placeholders.claim("projection", parsed);
  const paths = parsed.tree.map((path) => placeholders.path(path));
  const reason = clashAmong(paths);
  if (reason) throw errors.InvalidExpression({ expression: "projection", reason });
  return projectionOf(paths);
}

/** The projection of an operation that takes no other expression. Errors: `InvalidExpression`, placeholders' */
export function onlyProjection(text: string | undefined, names: Names | undefined): Projection | undefined {
  if (text === undefined && names === undefined) return undefined;
  const placeholders = new Placeholders(names, undefined);
  const projection = text === undefined ? undefined : bindProjection(text, placeholders);
  placeholders.refuseUnused(projection !== undefined, ["projection"]);
  return projection;
}

function kept(value: AttributeValue, branch: Branch): AttributeValue | undefined {
  if (branch.size === 0) return value;
  if (value.M !== undefined) {
    const members = projected(value.M, branch);
    return Object.keys(members).length > 0 ? { M: members } : undefined;
  }
  if (value.L === undefined) return undefined;
  const elements: AttributeValue[] = [];
  const indexes = [...branch.keys()].filter((step) => typeof step === "number").sort((a, b) => a - b);
  for (const index of indexes) {
    const element = value.L[index];
    const part = element && kept(element, branch.get(index) as Branch);
    if (part) elements.push(part);
  }
  return elements.length > 0 ? { L: elements } : undefined;
}

/** The parts of an item that a projection names; list elements close up. */
export function projected(item: Item, projection: Projection): Item {
  const result: Record<string, AttributeValue> = {};
  for (const [step, branch] of projection) {
    if (typeof step !== "string" || !Object.hasOwn(item, step)) continue;
    const part = kept(item[step] as AttributeValue, branch);
    if (part) result[step] = part;
  }
  return result;
}
