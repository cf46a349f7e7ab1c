import type { Span } from "../diagnostics/diagnostic.ts";
import type { ParameterType } from "./parameter-type.ts";

export interface ParameterDeclaration {
  readonly name: string;
  readonly span: Span;
  readonly type: ParameterType;
  readonly default?: string;
  readonly description?: string;
  /** Never shown: `****` wherever its value would stand. */
  readonly isSecret: boolean;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
  /** What to tell a user whose value breaks a constraint. */
  readonly constraintDescription?: string;
}
