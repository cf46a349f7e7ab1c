import type { Span } from "../diagnostics/diagnostic.ts";
import type { Source } from "../diagnostics/source.ts";
import type { Expression, ObjectExpression } from "../expressions/expression.ts";
import type { Value } from "../expressions/value.ts";
import type { ParameterDeclaration } from "../parameters/parameter-declaration.ts";
import type { Relocations } from "./read-relocations.ts";
import type { SourceEntry, SourceNode } from "./source-tree.ts";

/** A template, read: declarations whose values are expressions, each with its place in the text. Immutable. */
export interface Template {
  readonly source: Source;
  readonly description?: string;
  readonly parameters: ReadonlyMap<string, ParameterDeclaration>;
  readonly rules: ReadonlyMap<string, RuleDeclaration>;
  readonly mappings: ReadonlyMap<string, Mapping>;
  readonly conditions: ReadonlyMap<string, Expression>;
  readonly resources: ReadonlyMap<string, ResourceDeclaration>;
  readonly outputs: ReadonlyMap<string, OutputDeclaration>;
  readonly relocations: Relocations;
  /** The templates nested in it, at any depth. */
  readonly nested: readonly NestedTemplate[];
}

/** A stack within a stack, as it is known once its template is a part of the one around it. */
export interface NestedTemplate {
  /** `Live`; of one nested in it `Live/Inner`. */
  readonly logicalId: string;
  /** What `AWS::StackName` gives within it. */
  readonly stack: string;
  /** The path or URL that it is nested by. */
  readonly template: string;
}

/** What parameters must fulfil together. */
export interface RuleDeclaration {
  readonly name: string;
  readonly span: Span;
  /** The assertions must hold when this does; always without one. */
  readonly condition?: Expression;
  readonly assertions: readonly Assertion[];
}

export interface Assertion {
  readonly assert: Expression;
  readonly span: Span;
  /** What to tell a user whose parameters break it. */
  readonly description?: string;
}

/** First key, second key, value. */
export type Mapping = ReadonlyMap<string, ReadonlyMap<string, Value>>;

export const DELETION_POLICIES = ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"] as const;
export type DeletionPolicy = (typeof DELETION_POLICIES)[number];

/** Whether a policy lets a resource be when its stack no longer has it. */
export const isKeptBy = (policy: DeletionPolicy): boolean => policy === "Retain" || policy === "RetainExceptOnCreate";

/** The condition that something stands under. */
export interface Condition {
  readonly name: string;
  readonly span: Span;
}

/** A policy that a template states, and where. */
export interface StatedPolicy {
  readonly policy: DeletionPolicy;
  readonly span: Span;
}

export interface ResourceDeclaration {
  readonly logicalId: string;
  readonly span: Span;
  readonly type: string;
  readonly typeSpan: Span;
  readonly properties: ObjectExpression;
  readonly dependsOn: readonly { readonly logicalId: string; readonly span: Span }[];
  readonly condition?: Condition;
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
  /** Those of both that the template states. */
  readonly statedPolicies: readonly StatedPolicy[];
  /** The tags of the nested stacks that it stands in, given to it if it takes tags. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly metadata?: SourceNode;
  /** `CreationPolicy` and `UpdatePolicy`, as far as they have no effect. */
  readonly conductPolicies?: readonly SourceEntry[];
}

export interface OutputDeclaration {
  readonly name: string;
  readonly span: Span;
  readonly value: Expression;
  readonly description?: string;
  readonly condition?: Condition;
  readonly exportName?: Expression;
}

/** Every expression of a template. */
export function* expressionsOf({ conditions, resources, outputs }: Template): Generator<Expression> {
  yield* conditions.values();
  for (const resource of resources.values()) yield resource.properties;
  for (const { value, exportName } of outputs.values()) {
    yield value;
    if (exportName) yield exportName;
  }
}
