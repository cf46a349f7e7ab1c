import type { IConstruct } from "constructs";

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
export function invokeAspects(root: IConstruct): void {
  for (let round = 0; round < ROUNDS_MAX; round += 1) if (!visitAll(root, [])) return;
  throw new Error("aspects go on adding constructs or aspects without end");
}

function visitAll(construct: IConstruct, outer: readonly IAspect[]): boolean {
  const aspects = [...outer, ...(aspectsOf.get(construct) ?? [])];
  const seen = visited.get(construct) ?? new Set<IAspect>();
  visited.set(construct, seen);
  let hasVisited = false;
  for (const aspect of aspects) {
    if (seen.has(aspect)) continue;
    seen.add(aspect);
    aspect.visit(construct);
    hasVisited = true;
  }
  for (const child of construct.node.children) hasVisited = visitAll(child, aspects) || hasVisited;
  return hasVisited;
}
