import type { Span } from "../diagnostics/diagnostic.ts";
import type { ParameterDeclaration } from "../parameters/parameter-declaration.ts";

/** A value yet to be worked out. Immutable; evaluated as often as more becomes known. */
export type Expression =
  | LiteralExpression
  | ObjectExpression
  | ListExpression
  | ReferenceExpression
  | ConditionExpression
  | CallExpression
  | ParameterExpression
  | FaultyExpression;

export interface LiteralExpression {
  readonly kind: "literal";
  readonly value: string | number | boolean | null;
  readonly span: Span;
}
export interface ObjectExpression {
  readonly kind: "object";
  readonly entries: readonly { readonly key: string; readonly keySpan: Span; readonly value: Expression }[];
  readonly span: Span;
}
export interface ListExpression {
  readonly kind: "list";
  readonly items: readonly Expression[];
  readonly span: Span;
}
/** `Ref` of a parameter, pseudo parameter or resource; with `attribute`, `Fn::GetAtt`. */
export interface ReferenceExpression {
  readonly kind: "reference";
  readonly name: string;
  readonly attribute?: string;
  readonly span: Span;
}
export interface ConditionExpression {
  readonly kind: "condition";
  readonly name: string;
  readonly span: Span;
}
export interface CallExpression {
  readonly kind: "call";
  /** As the table of functions names it: `Fn::Join`. */
  readonly function: string;
  readonly arguments: readonly Expression[];
  readonly span: Span;
}

/** A parameter of a nested template: what the template around it gives, as its declaration takes it. */
export interface ParameterExpression {
  readonly kind: "parameter";
  readonly declaration: ParameterDeclaration;
  readonly value: Expression;
  readonly span: Span;
}

/** What could not be read; a problem says why. Evaluates to something unknown, so that nothing is said twice. */
export interface FaultyExpression {
  readonly kind: "faulty";
  readonly span: Span;
}

/** Every expression within one, itself first. */
export function* parts(expression: Expression): Generator<Expression> {
  yield expression;
  if (expression.kind === "object") for (const entry of expression.entries) yield* parts(entry.value);
  else if (expression.kind === "list") for (const item of expression.items) yield* parts(item);
  else if (expression.kind === "parameter") yield* parts(expression.value);
  else if (expression.kind === "call") for (const argument of expression.arguments) yield* parts(argument);
}

/**
 * The place of a property's value (or key), as deep as the text itself goes: inside a function it is the function's.
 */
export function spanAt(
  expression: Expression,
  path: readonly (string | number)[],
  wanted: "key" | "value" = "value",
): Span {
  const [step, ...rest] = path;
  if (step === undefined) return expression.span;
  if (expression.kind === "object") {
    const entry = expression.entries.find((each) => each.key === step);
    if (!entry) return expression.span;
    return rest.length === 0 && wanted === "key" ? entry.keySpan : spanAt(entry.value, rest, wanted);
  }
  const item = expression.kind === "list" && typeof step === "number" ? expression.items[step] : undefined;
  return item ? spanAt(item, rest, wanted) : expression.span;
}
