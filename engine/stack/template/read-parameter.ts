import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { entryOf, plainValue, shapeName, type SourceEntry, type SourceMap } from "./source-tree.ts";
import type { ParameterDeclaration } from "./template.ts";

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
const PLAIN_TYPES = ["String", "Number", "List<Number>", "CommaDelimitedList"];
/** Types that name a thing of the cloud; their values are taken as the texts they are. */
const CLOUD_TYPE = /^(List<)?AWS::[A-Za-z0-9]+::[A-Za-z0-9]+(::[A-Za-z0-9]+)*>?$/;

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
  const type = textAt("Type") ?? "";
  if (!PLAIN_TYPES.includes(type) && !(CLOUD_TYPE.test(type) && !type.startsWith("AWS::SSM"))) {
    const span = entryOf(value, "Type")?.value.span ?? keySpan;
    problems.push(
      problem(
        "CS1305",
        `parameter ${key} cannot have type "${type}"`,
        span,
        didYouMean(type, PLAIN_TYPES) ?? `use one of ${PLAIN_TYPES.join(", ")}`,
      ),
    );
  }
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
  return { name: key, span: keySpan, type, isSecret: textAt("NoEcho") === "true", ...given };
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
