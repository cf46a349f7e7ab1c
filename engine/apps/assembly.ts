import type { Scope } from "../services/context.ts";

/** A file or folder that goes to a bucket before the stack that uses it is deployed. */
export interface Asset {
  /** Absolute. */
  readonly path: string;
  /** A folder that becomes one object goes as a ZIP archive. */
  readonly isZipped: boolean;
  /** May name `${AWS::AccountId}` and `${AWS::Region}`. */
  readonly bucket: string;
  readonly key: string;
}

/** One stack of a synthesized app. */
export interface AssemblyStack {
  readonly name: string;
  /** Absolute path of its template. */
  readonly file: string;
  readonly template: string;
  /** Names of the stacks of this assembly that come first. */
  readonly dependencies: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Undefined for those it has already. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Where it belongs; what it leaves open is the caller's. */
  readonly scope: Partial<Scope>;
  readonly assets: readonly Asset[];
}

/** What a synthesis left in a folder. */
export interface Assembly {
  readonly directory: string;
  /** Each after those it depends on. */
  readonly stacks: readonly AssemblyStack[];
}

/** Why a folder cannot be deployed: a text, and what to do. */
export class AssemblyProblem extends Error {
  override name = "AssemblyProblem";
  readonly cure: readonly string[];
  constructor(message: string, cure: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.cure = cure;
  }
}

/** The stacks each after those it depends on, otherwise in the order they are given. */
export function inOrder(stacks: readonly AssemblyStack[]): AssemblyStack[] {
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  const ordered = new Set<AssemblyStack>();
  const visit = (stack: AssemblyStack, path: readonly string[]): void => {
    if (path.includes(stack.name)) {
      const circle = [...path.slice(path.indexOf(stack.name)), stack.name].join(" -> ");
      throw new AssemblyProblem(`The stacks depend on each other in a circle: ${circle}.`);
    }
    for (const name of stack.dependencies) {
      const needed = byName.get(name);
      if (needed) visit(needed, [...path, stack.name]);
    }
    ordered.add(stack);
  };
  for (const stack of stacks) visit(stack, []);
  return [...ordered];
}

/**
 * The named stacks with all that they depend on, or (`dependents`) with all that depends on them; every stack when
 * none is named. Errors: `AssemblyProblem` for a name that is not there
 */
export function chosen(
  stacks: readonly AssemblyStack[],
  names: readonly string[],
  along: "dependencies" | "dependents" = "dependencies",
): AssemblyStack[] {
  if (names.length === 0) return [...stacks];
  const wanted = new Set<string>();
  const neighbours = (name: string) =>
    along === "dependencies"
      ? (stacks.find((stack) => stack.name === name)?.dependencies ?? [])
      : stacks.filter(({ dependencies }) => dependencies.includes(name)).map((stack) => stack.name);
  const want = (name: string): void => {
    if (wanted.has(name)) return;
    wanted.add(name);
    neighbours(name).forEach(want);
  };
  for (const name of names) {
    if (!stacks.some((stack) => stack.name === name)) {
      const there = stacks.map((stack) => stack.name).join(", ");
      throw new AssemblyProblem(`The app has no stack "${name}".`, [`It has: ${there}.`]);
    }
    want(name);
  }
  return stacks.filter(({ name }) => wanted.has(name));
}
