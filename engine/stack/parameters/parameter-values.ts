import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import type { Value } from "../expressions/value.ts";
import type { ParameterDeclaration } from "./parameter-declaration.ts";

const isNumber = (text: string) => text.trim() !== "" && Number.isFinite(Number(text));

/** A given text as the value of its parameter, checked against the declaration. */
export function constrained(declaration: ParameterDeclaration, text: string, problems: Problem[]): Value {
  const { name, type, span } = declaration;
  const shown = declaration.isSecret ? "the value given" : `"${text}"`;
  // The list is in the stored value; the name of what stores it is one text.
  const isList = type.isList && !type.isStored;
  const items = isList ? text.split(",").map((item) => item.trim()) : [text];
  if (type.isNumeric && !items.every(isNumber)) {
    const message = `parameter ${name} takes ${isList ? "numbers" : "a number"}, not ${shown}`;
    problems.push(problem("CS1302", message, span));
  } else {
    const broken = items.map((item) => brokenConstraint(declaration, item)).find((each) => each !== undefined);
    if (broken) {
      const message = `${shown} is not allowed for parameter ${name}: ${broken}`;
      problems.push(problem("CS1303", message, span, declaration.constraintDescription));
    }
  }
  // Numbers stay texts, as everywhere in the language; a property that wants a number takes the text as one.
  return isList ? items : text;
}

function brokenConstraint(declaration: ParameterDeclaration, item: string): string | undefined {
  const { allowedValues, allowedPattern, minLength, maxLength, minValue, maxValue } = declaration;
  if (allowedValues && !allowedValues.includes(item)) return `it must be one of ${allowedValues.join(", ")}`;
  // The pattern covers the whole value, as in the language's definition.
  if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`, "u").test(item))
    return `it must match ${allowedPattern}`;
  if (minLength !== undefined && item.length < minLength) return `it must have at least ${minLength} characters`;
  if (maxLength !== undefined && item.length > maxLength) return `it must have at most ${maxLength} characters`;
  if (minValue !== undefined && Number(item) < minValue) return `it must be at least ${minValue}`;
  if (maxValue !== undefined && Number(item) > maxValue) return `it must be at most ${maxValue}`;
  return undefined;
}
