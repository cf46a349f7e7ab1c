import type { Construct, IConstruct } from "constructs";

/** What synthesis knows of a stack. */
export interface StackBoundary {
  readonly construct: Construct;
  readonly name: string;
  readonly description: string | undefined;
  /** Undefined for those that it is deployed with. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Values given to its template's parameters when it is deployed. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Stacks to deploy first because somebody said so; references come on top. */
  readonly dependencies: Set<StackBoundary>;
  /** Transforms that its template names. */
  readonly transforms: Set<string>;
}

const boundaries = new WeakMap<IConstruct, StackBoundary>();

export function registerStack(boundary: StackBoundary): void {
  boundaries.set(boundary.construct, boundary);
}

export const boundaryOf = (construct: IConstruct): StackBoundary | undefined => boundaries.get(construct);

/** The innermost stack around a construct, itself included. */
export function stackAround(construct: IConstruct): StackBoundary | undefined {
  for (let at: IConstruct | undefined = construct; at; at = at.node.scope) {
    const boundary = boundaries.get(at);
    if (boundary) return boundary;
  }
  return undefined;
}

/** The same where there must be one. */
export function requireStack(construct: IConstruct): StackBoundary {
  const boundary = stackAround(construct);
  if (!boundary) throw new Error(`${construct.node.path} is not in a stack`);
  return boundary;
}
