import type { Problem } from "../diagnostics/diagnostic.ts";
import type { Mapping } from "../template/template.ts";
import type { Unknown, Value } from "./value.ts";

/** What is seen of another stack. */
export interface OtherStack {
  readonly outputs: Readonly<Record<string, { readonly value: Value }>>;
}

/** A parameter as the functions of rules see it. */
export interface RuleParameter {
  readonly name: string;
  readonly type: string;
  readonly value: Value;
  /** An attribute of what its value names; undefined when there is none to tell. */
  attribute(attribute: string): Value | undefined;
}

/** What expressions are evaluated against. `undefined` for a value means `AWS::NoValue`: what has it is left out. */
export interface Environment {
  /** A parameter's, pseudo parameter's or resource's value. */
  reference(name: string): Value | undefined;
  attribute(resource: string, attribute: string): Value | undefined;
  condition(name: string): boolean | Unknown;
  mapping(name: string): Mapping | undefined;
  /** What a stack of this account and region exports under a name. */
  exported(name: string): Value | undefined;
  /** Another stack's outputs; undefined when there is no such stack, or when it is this one. */
  otherStack(name: string, region: string): OtherStack | undefined;
  /** In rules only: the parameters with what they name. */
  ruleParameters?(): readonly RuleParameter[];
  readonly region: string;
  report(problem: Problem): void;
}
