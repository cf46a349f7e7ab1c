import type { Span } from "../diagnostics/diagnostic.ts";
import {
  parts,
  type CallExpression,
  type Expression,
  type ObjectExpression,
  type ReferenceExpression,
} from "../expressions/expression.ts";
import { isList, isMap, isUnknown, type Value } from "../expressions/value.ts";
import { invariant } from "../../platform/invariant.ts";

/** The place of what stands in no text. */
export const NOWHERE: Span = { start: 0, end: 0 };

export const textLiteral = (value: string): Expression => ({ kind: "literal", value, span: NOWHERE });

export const referenceTo = (name: string, attribute?: string): ReferenceExpression => ({
  kind: "reference",
  name,
  ...(attribute !== undefined && { attribute }),
  span: NOWHERE,
});

export const objectOf = (entries: readonly (readonly [key: string, value: Expression])[]): ObjectExpression => ({
  kind: "object",
  entries: entries.map(([key, value]) => ({ key, keySpan: NOWHERE, value })),
  span: NOWHERE,
});

/** A value as an expression; `ofText` may write a text in another way. */
export function literalOf(value: Value, ofText: (text: string) => Expression = textLiteral): Expression {
  if (typeof value === "string") return ofText(value);
  invariant(!isUnknown(value), "what is recorded is known");
  if (isList(value)) return { kind: "list", items: value.map((item) => literalOf(item, ofText)), span: NOWHERE };
  if (isMap(value)) return objectOf(Object.entries(value).map(([key, inner]) => [key, literalOf(inner, ofText)]));
  return { kind: "literal", value, span: NOWHERE };
}

/** True when it is the same whatever the resources and parameters are. */
export function isConstant(expression: Expression): boolean {
  for (const part of parts(expression)) if (part.kind !== "literal" && !isShape(part)) return false;
  return true;
}

const isShape = (part: Expression) => part.kind === "object" || part.kind === "list";

/** Pieces of a text put together: a literal when all of them are, otherwise `Fn::Sub`. */
export function textOfExpressions(pieces: readonly Expression[]): Expression {
  const joined: Expression[] = [];
  for (const piece of pieces.flatMap((each) => (isText(each) ? each.arguments : [each]))) {
    const last = joined.at(-1);
    if (piece.kind === "literal" && last?.kind === "literal")
      joined[joined.length - 1] = textLiteral(String(last.value) + String(piece.value));
    else if (piece.kind !== "literal" || piece.value !== "") joined.push(piece);
  }
  const [only, ...others] = joined;
  if (!only) return textLiteral("");
  if (only.kind === "literal" && others.length === 0) return textLiteral(String(only.value));
  return { kind: "call", function: "Fn::Sub", arguments: joined, span: NOWHERE };
}

const isText = (part: Expression): part is CallExpression => part.kind === "call" && part.function === "Fn::Sub";
