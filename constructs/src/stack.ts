import { Construct, type IConstruct } from "constructs";
import { registerStack, requireStack, type StackBoundary } from "./synthesis/stack-boundary.ts";
import { synthesizeStacks } from "./synthesis/templates.ts";

/** How a stack is called and where it is deployed. */
export interface StackProps {
  /** @default the ids on the way to it, joined with hyphens */
  readonly stackName?: string;
  /** What it is, for people. */
  readonly description?: string;
  /** @default the account that it is deployed with */
  readonly account?: string;
  /** @default the region that it is deployed with */
  readonly region?: string;
  /** Given to every resource of it that takes tags. */
  readonly tags?: { readonly [key: string]: string };
  /** Values of its template's parameters for `cloudstack deploy`. */
  readonly parameters?: { readonly [name: string]: string };
}

const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

/** What is deployed as one: everything in it stands in one template. */
export class Stack extends Construct {
  /**
   * The stack that something is in.
   * @param construct anything in a stack
   */
  static of(construct: IConstruct): Stack {
    return requireStack(construct).construct as Stack;
  }

  /**
   * Whether something is a stack.
   * @param value anything
   */
  static isStack(value: unknown): value is Stack {
    return value instanceof Stack;
  }

  /** What it is called where it is deployed. */
  readonly stackName: string;
  /** The account it is deployed to; nothing when that is chosen at deployment. */
  readonly account?: string;
  /** The region it is deployed to; nothing when that is chosen at deployment. */
  readonly region?: string;
  readonly #boundary: StackBoundary;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id);
    this.stackName = props.stackName ?? this.node.path.replaceAll(/[^A-Za-z0-9]+/g, "-");
    if (!STACK_NAME.test(this.stackName)) {
      throw new Error(
        `"${this.stackName}" cannot name a stack: a letter, then up to 127 letters, digits and hyphens`,
      );
    }
    if (props.account !== undefined) this.account = props.account;
    if (props.region !== undefined) this.region = props.region;
    this.#boundary = {
      construct: this,
      name: this.stackName,
      description: props.description,
      account: props.account,
      region: props.region,
      tags: { ...props.tags },
      parameters: { ...props.parameters },
      dependencies: new Set(),
      transforms: new Set(),
    };
    registerStack(this.#boundary);
  }

  /**
   * Makes another stack be deployed before this one, where no value of it is used.
   * @param stack the other one
   */
  addDependency(stack: Stack): void {
    this.#boundary.dependencies.add(stack.#boundary);
  }

  /** Its template as a plain object; synthesizes the whole app in memory. */
  toTemplate(): { readonly [section: string]: unknown } {
    const all = synthesizeStacks(this.node.root);
    return all.find(({ boundary }) => boundary === this.#boundary)?.template ?? {};
  }
}
