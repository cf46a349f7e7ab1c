import type { IncludedSections } from "./read-template.ts";

type Values = Readonly<Record<string, unknown>>;

/**
 * A template whose parameters of these names are the values: each `Ref` and each `${Name}` of a `Fn::Sub`.
 * Errors: a value for a parameter that the template does not have.
 */
export function withGivenParameters(sections: IncludedSections, values: Values): IncludedSections {
  const declared = sections["Parameters"] ?? {};
  const unknown = Object.keys(values).find((name) => declared[name] === undefined);
  if (unknown !== undefined)
    throw new Error(`the template has no parameter "${unknown}": ${Object.keys(declared).join(", ") || "it has none"}`);
  if (Object.keys(values).length === 0) return sections;
  const rest = Object.fromEntries(Object.entries(declared).filter(([name]) => values[name] === undefined));
  const filled = filledIn(sections, values) as IncludedSections;
  return { ...filled, Parameters: rest };
}

function filledIn(value: unknown, values: Values): unknown {
  if (Array.isArray(value)) return value.map((each) => filledIn(each, values));
  if (typeof value !== "object" || value === null) return value;
  const { Ref: name, "Fn::Sub": text } = value as { readonly Ref?: unknown; readonly "Fn::Sub"?: unknown };
  if (typeof name === "string" && values[name] !== undefined) return values[name];
  if (text !== undefined) return { "Fn::Sub": substitution(text, values) };
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filledIn(each, values)]));
}

/** The names of parameters become variables of the substitution. */
function substitution(argument: unknown, values: Values): unknown {
  const [text, variablesOfText]: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
  if (typeof text !== "string") return filledIn(argument, values);
  const own = (variablesOfText ?? {}) as Values;
  const used = Object.entries(values).filter(([name]) => text.includes(`\${${name}}`) && own[name] === undefined);
  const variables = { ...Object.fromEntries(used), ...(filledIn(own, values) as Values) };
  return Object.keys(variables).length === 0 ? text : [text, variables];
}
