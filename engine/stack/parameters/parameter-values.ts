import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { Unknown, type Value } from "../expressions/value.ts";
import type { ParameterDeclaration } from "../template/template.ts";

/**
 * Checks what was given against the declarations. A parameter without a value is a problem, or unknown when
 * `mayBeMissing`.
 */
export function parameterValues(
  parameters: ReadonlyMap<string, ParameterDeclaration>,
  given: Readonly<Record<string, string>>,
  problems: Problem[],
  mayBeMissing: boolean,
): ReadonlyMap<string, Value> {
  for (const name of Object.keys(given)) {
    if (parameters.has(name)) continue;
    problems.push(
      problem(
        "CS1304",
        `the template has no parameter "${name}"`,
        undefined,
        didYouMean(name, parameters.keys()),
      ),
    );
  }
  const values = new Map<string, Value>();
  for (const declaration of parameters.values()) {
    const text = given[declaration.name] ?? declaration.default;
    if (text === undefined && !mayBeMissing) {
      problems.push(
        problem(
          "CS1301",
          `parameter ${declaration.name} has no value and no default`,
          declaration.span,
          `give it one: --parameter ${declaration.name}=VALUE`,
        ),
      );
    }
    values.set(
      declaration.name,
      text === undefined ? new Unknown(declaration.name) : valueOf(declaration, text, problems),
    );
  }
  return values;
}

const isNumber = (text: string) => text.trim() !== "" && Number.isFinite(Number(text));

function valueOf(declaration: ParameterDeclaration, text: string, problems: Problem[]): Value {
  const shown = declaration.isSecret ? "the value given" : `"${text}"`;
  const isList = declaration.type === "CommaDelimitedList" || declaration.type.startsWith("List<");
  const items = isList ? text.split(",").map((item) => item.trim()) : [text];
  const isNumeric = declaration.type === "Number" || declaration.type === "List<Number>";
  if (isNumeric && !items.every(isNumber)) {
    problems.push(
      problem(
        "CS1302",
        `parameter ${declaration.name} takes ${isList ? "numbers" : "a number"}, not ${shown}`,
        declaration.span,
      ),
    );
  } else {
    const broken = items.map((item) => brokenConstraint(declaration, item)).find((each) => each !== undefined);
    if (broken) {
      problems.push(
        problem(
          "CS1303",
          `${shown} is not allowed for parameter ${declaration.name}: ${broken}`,
          declaration.span,
          declaration.constraintDescription,
        ),
      );
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
