import type { IConstruct } from "constructs";
import type { Problems } from "./synthesis/problems.ts";
import { throwingLocation } from "./synthesis/source-location.ts";

/** Looks at every construct of a part of an app, and may change it, before the app is synthesized. */
export interface IAspect {
  /**
   * Called once for each construct.
   * @param node the construct
   */
  visit(node: IConstruct): void;
}

const aspectsOf = new WeakMap<IConstruct, IAspect[]>();
const visited = new WeakMap<IConstruct, Set<IAspect>>();

/** Rounds after which aspects that always add constructs are given up. */
const ROUNDS_MAX = 100;

/** The aspects of a part of an app. */
export class Aspects {
  /**
   * The aspects of a construct and everything in it.
   * @param scope the construct
   */
  static of(scope: IConstruct): Aspects {
    return new Aspects(scope);
  }

  readonly #scope: IConstruct;

  private constructor(scope: IConstruct) {
    this.#scope = scope;
  }

  /** Those that were added here, in order. */
  get all(): IAspect[] {
    return [...(aspectsOf.get(this.#scope) ?? [])];
  }

  /**
   * Lets an aspect look at everything here.
   * @param aspect what looks
   */
  add(aspect: IAspect): void {
    aspectsOf.set(this.#scope, [...(aspectsOf.get(this.#scope) ?? []), aspect]);
  }
}

/**
 * Shows every construct below to the aspects around it, those that aspects add included; each aspect sees each once.
 * @internal
 */
export function invokeAspects(root: IConstruct, problems: Problems): void {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const hasVisited = visitAll(root, [], problems);
    if (!hasVisited || problems.areThere) return;
  }
  problems.add(root, "aspects go on adding constructs or aspects without end");
}

function visitAll(construct: IConstruct, outer: readonly IAspect[], problems: Problems): boolean {
  const aspects = [...outer, ...(aspectsOf.get(construct) ?? [])];
  const seen = visited.get(construct) ?? new Set<IAspect>();
  visited.set(construct, seen);
  let hasVisited = false;
  for (const aspect of aspects) {
    if (seen.has(aspect)) continue;
    // One that failed has seen nothing: the next synthesis must not pass it by.
    if (visit(aspect, construct, problems)) seen.add(aspect);
    hasVisited = true;
  }
  for (const child of construct.node.children) hasVisited = visitAll(child, aspects, problems) || hasVisited;
  return hasVisited;
}

function visit(aspect: IAspect, construct: IConstruct, problems: Problems): boolean {
  try {
    aspect.visit(construct);
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { name } = aspect.constructor;
    const who = name === "Object" ? "an aspect" : `the aspect ${name}`;
    problems.add(construct, `${who} failed: ${error.message}`, throwingLocation(error));
    return false;
  }
}
