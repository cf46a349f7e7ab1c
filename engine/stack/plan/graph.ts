import type { Scope } from "../../services/context.ts";
import type { Problem, Span } from "../diagnostics/diagnostic.ts";
import type { Value } from "../expressions/value.ts";
import type { RegisteredType, Registry } from "../registry/registry.ts";
import type { ResourceRecord } from "../state/model.ts";
import type { RecordedState } from "../state/read-state.ts";
import type { ResourceDeclaration, Template } from "../template/template.ts";
import type { Action } from "./plan.ts";
import type { Difference } from "./differences.ts";
import type { LiveState } from "./live-state.ts";
import type { Rename } from "./relocate.ts";
import type { Tags } from "./stack-tags.ts";

/** Everything a plan follows from. */
export interface PlanInput {
  readonly scope: Scope;
  readonly stack: string;
  /** Undefined to destroy. */
  readonly template: Template | undefined;
  readonly parameters: ReadonlyMap<string, Value>;
  /** The same as they were given, secrets included: what the stack keeps. */
  readonly given: Readonly<Record<string, string>>;
  readonly state: RecordedState;
  /** The live state by logical id, `gone` when it is no longer there; undefined when it was not read. */
  readonly live: ReadonlyMap<string, LiveState | "gone"> | undefined;
  readonly registry: Registry;
  /** Recorded resources that the template has under another name; `state` and `live` have the new names. */
  readonly renames: readonly Rename[];
  /** What exists already and is to become part of the stack, by logical id. */
  readonly imports: ReadonlyMap<string, Importable>;
  /** Given to every resource that takes tags. */
  readonly tags: Tags;
  /** Logical ids to restrict the plan to, with what they depend on; empty for all. */
  readonly targets: readonly string[];
}

/** A live resource that a template takes over. */
export interface Importable {
  readonly id: string;
  readonly span?: Span | undefined;
  /** Undefined when there is none. */
  readonly live?: LiveState | undefined;
  /** The stack that has it already. */
  readonly owner?: { readonly stack: string; readonly logicalId: string } | undefined;
}

/** One resource in a plan. */
export interface Node {
  readonly logicalId: string;
  /** Undefined when the template no longer has it. */
  readonly declaration?: ResourceDeclaration;
  readonly registered?: RegisteredType;
  readonly record?: ResourceRecord;
  readonly live?: LiveState | "gone";
  /** What its record is called before the deployment. */
  readonly movedFrom?: string;
  /** It exists but is not part of the stack yet: `record` is what it would be recorded as. */
  readonly isImported?: boolean;
  readonly dependencies: readonly string[];
  readonly action: Action;
  readonly reasons: readonly string[];
  /** The declared properties as far as they are known; set by the pass `changes`. */
  readonly desired?: { readonly [name: string]: Value };
  /** Values of properties that nobody declares and that drifted: what to put back. */
  readonly restored?: { readonly [name: string]: Value };
  readonly differences: readonly Difference[];
}

/** Immutable: a pass takes one and returns another. */
export interface Graph {
  /** In order of the template, then of what is left over. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** Logical ids, dependencies first; set by the pass `cycles`. */
  readonly order: readonly string[];
  readonly problems: readonly Problem[];
}

/** A step of planning: one file each, in the order of `passes.ts`. */
export type Pass = (graph: Graph, input: PlanInput) => Graph;

export const EMPTY_GRAPH: Graph = { nodes: new Map(), order: [], problems: [] };
