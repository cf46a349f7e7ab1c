import type { Scope } from "../../services/context.ts";
import type { Expression, ObjectExpression } from "../expressions/expression.ts";
import type { Value } from "../expressions/value.ts";
import type { ParameterDeclaration } from "../parameters/parameter-declaration.ts";
import type { Properties } from "../state/model.ts";
import type { DeletionPolicy, RuleDeclaration } from "../template/template.ts";

/**
 * A stack as code can be written of it: loops and conditions as they came out, references still references, secrets as
 * parameters without a value. Every expression left in it is a literal, an object, a list, a reference to a resource or
 * parameter of this export, or a call.
 */
export interface ExportedStack {
  readonly scope: Scope;
  readonly name: string;
  readonly description?: string;
  readonly parameters: readonly ExportedParameter[];
  /** What the parameters must fulfil together. */
  readonly rules: readonly RuleDeclaration[];
  readonly resources: readonly ExportedResource[];
  readonly outputs: readonly ExportedOutput[];
}

export interface ExportedParameter {
  readonly name: string;
  /** As the template declared it; absent when it stands in for a secret that the template had in its text. */
  readonly declaration?: ParameterDeclaration;
  readonly isSecret: boolean;
  /** What the stack was given, or its default; never there for a secret. */
  readonly text?: string;
  /** The same as expressions see it: numbers and lists taken apart. */
  readonly value?: Value;
}

export interface ExportedResource {
  readonly logicalId: string;
  /** What the stack calls it, where that cannot name a resource of a template: `Live/Net`. */
  readonly recordedAs?: string;
  readonly type: string;
  readonly id: string;
  readonly properties: ObjectExpression;
  readonly extras: readonly ExportedExtra[];
  readonly attributes: Properties;
  /** What it has now, as its type reads it. */
  readonly live: Properties;
  /** Beside those that its properties refer to. */
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
}

/** `Metadata`, `CreationPolicy` or `UpdatePolicy`: what is said of a resource and nothing acts on. */
export interface ExportedExtra {
  readonly key: string;
  readonly value: Expression;
}

export interface ExportedOutput {
  readonly name: string;
  readonly value: Expression;
  readonly description?: string;
  readonly exportName?: Expression;
  readonly isSensitive: boolean;
}
