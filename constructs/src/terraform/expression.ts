import { isIntrinsic } from "../tokens/resolve.ts";

/** What expressions can refer to: names of one template and what they are in Terraform. Each throws what has none. */
export interface Names {
  /** `${Name}`: a parameter, a resource, or what every template knows. */
  ref(name: string): string;
  attribute(logicalId: string, attribute: string): string;
  condition(name: string): string;
}

type Argument = readonly unknown[];

/** A value as a Terraform expression. Errors: a function that Terraform has nothing for, by name. */
export function expressionOf(value: unknown, names: Names): string {
  if (value === undefined || value === null) return "null";
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => expressionOf(each, names)).join(", ")}]`;
  if (isIntrinsic(value)) return callOf(value, names);
  const entries = Object.entries(value).map(([key, each]) => `${quoted(key)} = ${expressionOf(each, names)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** A value as Terraform's JSON has it: texts with expressions in `${}`. */
export function jsonOf(value: unknown, names: Names): unknown {
  if (typeof value === "string") return escaped(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => jsonOf(each, names));
  if (isIntrinsic(value)) return templateOf(value, names);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [escaped(key), jsonOf(each, names)]));
}

export const inTemplate = (expression: string): string => `\${${expression}}`;

/** What would begin an expression within a text is written twice. */
const escaped = (text: string) => text.replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
const quoted = (text: string) => escaped(JSON.stringify(text));

/** A joined text is a text with expressions in it; everything else one expression. */
function templateOf(call: Readonly<Record<string, unknown>>, names: Names): string {
  const join = call["Fn::Join"];
  if (Array.isArray(join) && join[0] === "" && Array.isArray(join[1])) {
    const pieces = join[1] as Argument;
    return pieces
      .map((piece) => (typeof piece === "string" ? escaped(piece) : inTemplate(expressionOf(piece, names))))
      .join("");
  }
  return inTemplate(callOf(call, names));
}

function callOf(call: Readonly<Record<string, unknown>>, names: Names): string {
  const [[name, argument] = ["", undefined]] = Object.entries(call);
  const row = FUNCTIONS[name];
  if (!row) throw new Error(`${name} has no form in Terraform`);
  return row(argument, names);
}

const call = (name: string, ...values: readonly string[]) => `${name}(${values.join(", ")})`;
/** The arguments of a function as expressions. */
const each = (argument: unknown, names: Names): string[] =>
  (Array.isArray(argument) ? (argument as Argument) : [argument]).map((one) => expressionOf(one, names));

const FUNCTIONS: Readonly<Record<string, (argument: unknown, names: Names) => string>> = {
  Ref: (argument, names) => names.ref(String(argument)),
  Condition: (argument, names) => names.condition(String(argument)),
  "Fn::GetAtt": (argument, names) => {
    const [logicalId, ...attribute] = Array.isArray(argument) ? (argument as string[]) : String(argument).split(".");
    return names.attribute(String(logicalId), attribute.join("."));
  },
  "Fn::Join": (argument, names) => call("join", ...each(argument, names)),
  "Fn::Split": (argument, names) => call("split", ...each(argument, names)),
  "Fn::Select": (argument, names) => {
    const [index = "", list = ""] = each(argument, names);
    return call("element", list, call("tonumber", index));
  },
  "Fn::Base64": (argument, names) => call("base64encode", expressionOf(argument, names)),
  "Fn::Length": (argument, names) => call("length", expressionOf(argument, names)),
  "Fn::ToJsonString": (argument, names) => call("jsonencode", expressionOf(argument, names)),
  "Fn::FindInMap": (argument, names) => {
    const [mapping, ...keys] = argument as Argument;
    if (typeof mapping !== "string" || keys.length > 2) throw new Error("Fn::FindInMap has this form not in Terraform");
    return `local.${mapping}${keys.map((key) => `[${expressionOf(key, names)}]`).join("")}`;
  },
  "Fn::Sub": substitution,
  "Fn::If": (argument, names) => {
    const [condition, whenTrue, whenFalse] = argument as Argument;
    const [yes, no] = [whenTrue, whenFalse].map((value) => expressionOf(value, names));
    return `(${names.condition(String(condition))} ? ${yes} : ${no})`;
  },
  "Fn::Equals": (argument, names) => `(${each(argument, names).join(" == ")})`,
  "Fn::And": (argument, names) => `(${each(argument, names).join(" && ")})`,
  "Fn::Or": (argument, names) => `(${each(argument, names).join(" || ")})`,
  "Fn::Not": (argument, names) => `!${each(argument, names).join("")}`,
};

/** `${Name}`, `${Name.Attribute}`, and `${!Name}`, which is text. */
function substitution(argument: unknown, names: Names): string {
  const [text, variables = {}]: Argument = Array.isArray(argument) ? argument : [argument];
  const own = variables as Readonly<Record<string, unknown>>;
  const pieces = String(text).split(/\$\{([^}]+)\}/);
  const written = pieces.map((piece, index) => {
    if (index % 2 === 0) return quoted(piece).slice(1, -1);
    if (piece.startsWith("!")) return quoted(`\${${piece.slice(1)}}`).slice(1, -1);
    if (own[piece] !== undefined) return inTemplate(expressionOf(own[piece], names));
    const [name = "", ...attribute] = piece.split(".");
    return inTemplate(attribute.length === 0 ? names.ref(name) : names.attribute(name, attribute.join(".")));
  });
  return `"${written.join("")}"`;
}
