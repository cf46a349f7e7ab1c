import type { Expression } from "../expressions/expression.ts";
import { textLiteral, textOfExpressions } from "./literal.ts";

/** A text that stands for something else wherever it is found. */
export interface Meaning {
  readonly text: string;
  readonly expression: Expression;
  /** Found within longer texts as well. */
  readonly isPart: boolean;
}

/** Texts shorter than an ARN or an address stand in longer ones by chance. */
const PART = /^[a-z]+:/;
/** What may stand next to a name without making another name of it. */
const BOUNDARY = /[^A-Za-z0-9_.-]/;

export const meaningOf = (text: string, expression: Expression): Meaning => ({
  text,
  expression,
  isPart: PART.test(text),
});

/** What a text is looked up in. Of meanings of one text the first counts; the longest text is looked for first. */
export function sortedMeanings(meanings: readonly Meaning[]): readonly Meaning[] {
  const found = new Map<string, Meaning>();
  for (const each of meanings) if (each.text !== "" && !found.has(each.text)) found.set(each.text, each);
  return [...found.values()].sort((a, b) => b.text.length - a.text.length);
}

/** A text with what it means written as references. */
export function withReferences(text: string, meanings: readonly Meaning[]): Expression {
  const whole = meanings.find((each) => each.text === text);
  if (whole) return whole.expression;
  for (const { text: part, expression, isPart } of meanings) {
    const at = isPart ? text.indexOf(part) : -1;
    if (at < 0 || !isBoundary(text[at - 1]) || !isBoundary(text[at + part.length])) continue;
    const [before, after] = [text.slice(0, at), text.slice(at + part.length)];
    return textOfExpressions([withReferences(before, meanings), expression, withReferences(after, meanings)]);
  }
  return textLiteral(text);
}

const isBoundary = (character: string | undefined) => character === undefined || BOUNDARY.test(character);
