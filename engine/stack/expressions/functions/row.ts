import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import type { Span } from "../../diagnostics/diagnostic.ts";
import { problem } from "../../diagnostics/diagnostic.ts";
import type { Environment } from "../environment.ts";
import { firstUnknown, Unknown, type Value } from "../value.ts";

export type Arguments = readonly (Value | undefined)[];

/** What a function is told about its call beside its arguments. */
export interface Call {
  readonly environment: Environment;
  readonly span: Span;
}

/** One intrinsic function, as data. */
export interface FunctionRow {
  /** For messages: `[delimiter, [values]]`. */
  readonly usage: string;
  /** How many arguments; a function of one takes its argument bare. */
  readonly arity: { readonly min: number; readonly max: number };
  readonly isCondition?: boolean;
  /** True when it has a meaning in `Rules` only. */
  readonly isRuleOnly?: boolean;
  /** True when it can give a known value from arguments of which parts are unknown. */
  readonly takesUnknown?: boolean;
  run(args: Arguments, call: Call): Value | undefined;
}

/** Reports what is wrong with a call; its value is then unknown, so that nothing is said twice. */
export function wrong(call: Call, code: DiagnosticCode, message: string, hint?: string): Unknown {
  call.environment.report(problem(code, message, call.span, hint));
  return new Unknown("an expression with an error");
}

/** Text, number and boolean as text; undefined for what is none of them. */
export function textOf(value: Value | undefined): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

export const unknownOf = (value: Value | undefined): Unknown => firstUnknown(value) ?? new Unknown("another resource");
