import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import type { ParameterDeclaration } from "../parameters/parameter-declaration.ts";
import { PARAMETER_TYPES, parameterType, type ParameterType } from "../parameters/parameter-type.ts";
import { constrained } from "../parameters/parameter-values.ts";
import { entryOf, plainValue, shapeName, type SourceEntry, type SourceMap } from "./source-tree.ts";

const KEYS = [
  "Type",
  "Default",
  "Description",
  "NoEcho",
  "AllowedValues",
  "AllowedPattern",
  "MinLength",
  "MaxLength",
  "MinValue",
  "MaxValue",
  "ConstraintDescription",
];

export function readParameter(
  { key, keySpan, value }: SourceEntry,
  problems: Problem[],
): ParameterDeclaration | undefined {
  if (value.kind !== "map") {
    problems.push(problem("CS1305", `parameter ${key} is a map with a Type, not ${shapeName(value)}`, value.span));
    return undefined;
  }
  for (const entry of value.entries) {
    if (!KEYS.includes(entry.key)) {
      problems.push(
        problem("CS1305", `unknown key "${entry.key}" of parameter ${key}`, entry.keySpan, didYouMean(entry.key, KEYS)),
      );
    }
  }
  const textAt = (name: string) => textOf(value, name);
  const numberAt = (name: string) => numberOf(value, name, problems);
  const type = typeOf(key, value, keySpan, problems);
  const allowed = entryOf(value, "AllowedValues")?.value;
  const pattern = patternOf(value, key, problems);
  const optional = {
    default: textAt("Default"),
    description: textAt("Description"),
    constraintDescription: textAt("ConstraintDescription"),
    allowedPattern: pattern,
    minLength: numberAt("MinLength"),
    maxLength: numberAt("MaxLength"),
    minValue: numberAt("MinValue"),
    maxValue: numberAt("MaxValue"),
    allowedValues: allowed?.kind === "list" ? allowed.items.map((item) => String(plainValue(item))) : undefined,
  };
  const given = Object.fromEntries(Object.entries(optional).filter(([, each]) => each !== undefined));
  const isSecret = textAt("NoEcho") === "true";
  checkShapes(value, key, problems);
  const declaration: ParameterDeclaration = { name: key, span: keySpan, type, isSecret, ...given };
  checkConstraints(declaration, value, problems);
  return declaration;
}

/** A parameter whose type is not one is read as a text, so that what follows has something to go on with. */
function typeOf(parameter: string, node: SourceMap, keySpan: Span, problems: Problem[]): ParameterType {
  const name = textOf(node, "Type") ?? "";
  const found = parameterType(name);
  if (found) return found;
  const hint = didYouMean(name, PARAMETER_TYPES) ?? "use one like String, Number or CommaDelimitedList";
  const fault = name === "" ? "has no Type" : `cannot have type "${name}"`;
  const message = `parameter ${parameter} ${fault}`;
  problems.push(problem("CS1305", message, entryOf(node, "Type")?.value.span ?? keySpan, hint));
  return { name, isList: false, isNumeric: false, isStored: false };
}

/** What would otherwise count as not said. */
function checkShapes(node: SourceMap, parameter: string, problems: Problem[]): void {
  const noEcho = entryOf(node, "NoEcho")?.value;
  if (noEcho && !["true", "false"].includes(String(plainValue(noEcho))))
    problems.push(problem("CS1305", `the NoEcho of ${parameter} is true or false`, noEcho.span));
  const allowed = entryOf(node, "AllowedValues")?.value;
  if (allowed && (allowed.kind !== "list" || allowed.items.length === 0))
    problems.push(problem("CS1305", `the AllowedValues of ${parameter} are a list`, allowed.span));
}

/** A constraint that the type cannot have would hold whatever the value; and a default must fulfil those it has. */
function checkConstraints(declaration: ParameterDeclaration, node: SourceMap, problems: Problem[]): void {
  const { name, type } = declaration;
  const misplaced = type.isNumeric ? ["MinLength", "MaxLength"] : ["MinValue", "MaxValue"];
  for (const key of misplaced) {
    const entry = entryOf(node, key);
    if (entry)
      problems.push(problem("CS1305", `${key} is not for parameters of type ${type.name}: ${name}`, entry.keySpan));
  }
  if (declaration.default !== undefined) {
    const found: Problem[] = [];
    constrained(declaration, declaration.default, found);
    const span = entryOf(node, "Default")?.value.span;
    for (const each of found) problems.push({ ...each, span, message: `${each.message} (its Default)` });
  }
}

function textOf(node: SourceMap, name: string): string | undefined {
  const found = entryOf(node, name)?.value;
  if (found?.kind === "list") return found.items.map((item) => String(plainValue(item))).join(",");
  return found?.kind === "scalar" && found.value !== null ? String(found.value) : undefined;
}

function numberOf(node: SourceMap, name: string, problems: Problem[]): number | undefined {
  const text = textOf(node, name);
  if (text === undefined) return undefined;
  if (text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
  problems.push(problem("CS1305", `${name} is a number, not "${text}"`, entryOf(node, name)?.value.span));
  return undefined;
}

function patternOf(node: SourceMap, parameter: string, problems: Problem[]): string | undefined {
  const pattern = textOf(node, "AllowedPattern");
  if (pattern === undefined) return undefined;
  try {
    return new RegExp(pattern, "u").source;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    problems.push(
      problem(
        "CS1305",
        `the AllowedPattern of ${parameter} is not a pattern: ${why}`,
        entryOf(node, "AllowedPattern")?.value.span,
      ),
    );
    return undefined;
  }
}
