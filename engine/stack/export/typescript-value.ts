import type { CallExpression, Expression, ReferenceExpression } from "../expressions/expression.ts";
import type { PropertySchema } from "../../services/property-schema.ts";
import { camelName } from "../registry/construct-names.ts";

/** How a reference is written: `net.ref`, `stage.asString`. */
export type Refer = (reference: ReferenceExpression) => string;

/** Functions that the constructs have under `Fn`, and what takes their place in texts. */
export const FN_FUNCTIONS: ReadonlySet<string> = new Set([
  "Fn::Base64",
  "Fn::Cidr",
  "Fn::ImportValue",
  "Fn::Join",
  "Fn::Length",
  "Fn::Select",
  "Fn::Split",
  "Fn::Sub",
  "Fn::ToJsonString",
]);
const WIDTH = 90;
const INDENT = "  ";
const NAME = /^[A-Za-z_$][\w$]*$/;

const indented = (text: string) => text.replaceAll(/^(?=.)/gm, INDENT);

/** A value as a constructor takes it: the names of what the schema knows begin with a small letter. */
export function typeScriptValue(expression: Expression, refer: Refer, schema?: PropertySchema): string {
  switch (expression.kind) {
    case "literal":
      return JSON.stringify(expression.value);
    case "list":
      return bracketed("[]", "", expression.items.map((item) => typeScriptValue(item, refer, schema?.items)));
    case "object":
      return objectText(
        expression.entries.map(({ key, value }) => {
          const known = schema?.properties?.[key];
          const name = known ? camelName(key) : key;
          return [name, typeScriptValue(value, refer, known ?? elementOf(schema))];
        }),
      );
    case "reference":
      return refer(expression);
    case "call":
      return callText(expression, refer);
    case "parameter":
    case "condition":
    case "faulty":
      throw new Error(`An export has no ${expression.kind}.`);
  }
}

/** What a map of any names holds. */
function elementOf(schema: PropertySchema | undefined): PropertySchema | undefined {
  const values = Object.values(schema?.patternProperties ?? {})[0] ?? schema?.additionalProperties;
  return typeof values === "object" ? values : undefined;
}

/** `{ name: value }`; what has no value is left out. */
export const objectText = (entries: readonly (readonly [name: string, value: string | undefined])[]): string =>
  bracketed(
    "{}",
    " ",
    entries.flatMap(([name, value]) =>
      value === undefined ? [] : [`${NAME.test(name) ? name : JSON.stringify(name)}: ${value}`],
    ),
  );

function bracketed(brackets: string, space: string, items: readonly string[]): string {
  if (items.length === 0) return brackets;
  const [open = "", close = ""] = brackets;
  const line = `${open}${space}${items.join(", ")}${space}${close}`;
  if (!line.includes("\n") && line.length <= WIDTH) return line;
  return `${open}\n${items.map((item) => `${indented(item)},\n`).join("")}${close}`;
}

function callText({ function: name, arguments: args }: CallExpression, refer: Refer): string {
  const values = args.map((argument) => typeScriptValue(argument, refer));
  const [first = "", second = ""] = values;
  switch (name) {
    case "Fn::Sub":
      return `\`${args.map((part, index) => pieceText(part, values[index] ?? "")).join("")}\``;
    case "Fn::Join":
      return `Fn.joinList(${first}, ${second})`;
    case "Fn::Length":
      return `Fn.len(${first})`;
    case "Fn::Select":
    case "Fn::Cidr":
      return `Fn.${name === "Fn::Select" ? "select" : "cidr"}(${values.map(numberText).join(", ")})`;
    default: {
      const method = name.replace(/^Fn::/, "");
      return `Fn.${method.charAt(0).toLowerCase()}${method.slice(1)}(${values.join(", ")})`;
    }
  }
}

const pieceText = (part: Expression, value: string) =>
  part.kind === "literal" ? String(part.value).replaceAll(/[`\\]|\$\{/g, "\\$&") : `\${${value}}`;

/** A number that a template wrote as a text. */
const numberText = (text: string) => text.replace(/^"(\d+)"$/, "$1");
