import type { IConstruct } from "constructs";
import type { IResolveContext } from "../tokens/resolvable.ts";
import { resolveValue } from "../tokens/resolve.ts";
import type { StackBoundary } from "./stack-boundary.ts";

/** A value that one stack's template gives to others. */
export interface StackExport {
  readonly outputName: string;
  readonly exportName: string;
  readonly value: unknown;
}

/** One run of synthesis: what references between stacks lead to is found while values are resolved. */
export class Synthesis {
  readonly #exports = new Map<StackBoundary, Map<string, StackExport>>();
  readonly #uses = new Map<StackBoundary, Set<StackBoundary>>();

  /** A context for what stands in a construct's part of its stack's template. */
  contextOf(scope: IConstruct): SynthesisContext {
    return new SynthesisContext(this, scope);
  }

  /** Notes that a stack uses a value of another one, which is then exported. */
  export(from: StackBoundary, to: StackBoundary, wanted: StackExport): void {
    const own = this.#exports.get(from) ?? new Map<string, StackExport>();
    this.#exports.set(from, own);
    const known = own.get(wanted.outputName);
    // `A` with its attribute `BArn`, and `AB` with its `Arn`.
    if (known && JSON.stringify(known.value) !== JSON.stringify(wanted.value))
      throw new Error(
        `two values of stack "${from.name}" are exported as "${wanted.outputName}": rename one's construct`,
      );
    own.set(wanted.outputName, wanted);
    this.use(to, from);
  }

  /** Notes that a stack needs another one. */
  use(user: StackBoundary, used: StackBoundary): void {
    this.#uses.set(user, (this.#uses.get(user) ?? new Set()).add(used));
  }

  /** What a stack's template exports for others, by name. */
  exportsOf(stack: StackBoundary): readonly StackExport[] {
    return [...(this.#exports.get(stack)?.values() ?? [])].sort((a, b) => (a.outputName < b.outputName ? -1 : 1));
  }

  /** The stacks that must be there before this one. */
  dependenciesOf(stack: StackBoundary): ReadonlySet<StackBoundary> {
    return new Set([...stack.dependencies, ...(this.#uses.get(stack) ?? [])]);
  }
}

/** How the tokens of one element are resolved. */
export class SynthesisContext implements IResolveContext {
  readonly synthesis: Synthesis;
  readonly scope: IConstruct;

  constructor(synthesis: Synthesis, scope: IConstruct) {
    this.synthesis = synthesis;
    this.scope = scope;
  }

  resolve(value: unknown): unknown {
    return resolveValue(value, this);
  }
}
