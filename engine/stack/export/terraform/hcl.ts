import type { CallExpression, Expression, ReferenceExpression } from "../../expressions/expression.ts";
import type { Argument } from "./terraform-type.ts";

/** How a reference is written: `aws_sqs_queue.jobs.arn`, `var.stage`. */
export type Refer = (reference: ReferenceExpression) => string;

/** Functions of templates that Terraform has, too. */
export const HCL_FUNCTIONS: ReadonlySet<string> = new Set([
  "Fn::Base64",
  "Fn::Join",
  "Fn::Length",
  "Fn::Select",
  "Fn::Split",
  "Fn::Sub",
  "Fn::ToJsonString",
]);
const INDENT = "  ";
const LIST_WIDTH = 80;
/** Escapes that JSON has a short form of, and HCL not. */
const LONG: Readonly<Record<string, string>> = { "\\b": "\\u0008", "\\f": "\\u000c" };
const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

export const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, INDENT);

/** A text in quotes, with what begins a template in it escaped. */
export const quoted = (text: string): string => `"${escaped(text)}"`;

const escaped = (text: string) =>
  JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/\\./g, (escape) => LONG[escape] ?? escape)
    .replaceAll(/[$%](?=\{)/g, "$&$&");

export function hclExpression(expression: Expression, refer: Refer): string {
  switch (expression.kind) {
    case "literal":
      return typeof expression.value === "string" ? quoted(expression.value) : String(expression.value);
    case "list":
      return hclList(expression.items.map((item) => hclExpression(item, refer)));
    case "object":
      return hclObject(
        expression.entries.map(({ key, value }) => [NAME.test(key) ? key : quoted(key), hclExpression(value, refer)]),
      );
    case "reference":
      return refer(expression);
    case "call":
      return hclCall(expression, refer);
    case "parameter":
    case "condition":
    case "faulty":
      throw new Error(`An export has no ${expression.kind}.`);
  }
}

function hclList(items: readonly string[]): string {
  const line = `[${items.join(", ")}]`;
  if (!line.includes("\n") && line.length <= LIST_WIDTH) return line;
  return `[\n${items.map((item) => `${indented(item)},\n`).join("")}]`;
}

const hclObject = (entries: readonly (readonly [string, string])[]): string =>
  entries.length === 0 ? "{}" : `{\n${indented(assignments(entries))}\n}`;

/** Lines of `name = value`, their equal signs below each other as `terraform fmt` has them. */
export function assignments(entries: readonly (readonly [name: string, value: string])[]): string {
  const lines: string[] = [];
  let group: (readonly [string, string])[] = [];
  const close = () => {
    const width = Math.max(...group.map(([name]) => name.length));
    lines.push(...group.map(([name, value]) => `${name.padEnd(width)} = ${value}`));
    group = [];
  };
  for (const entry of entries) {
    if (entry[1].includes("\n")) {
      close();
      lines.push(`${entry[0]} = ${entry[1]}`);
    } else group.push(entry);
  }
  close();
  return lines.join("\n");
}

function hclCall({ function: name, arguments: args }: CallExpression, refer: Refer): string {
  const [first = "", second = ""] = args.map((argument) => hclExpression(argument, refer));
  switch (name) {
    case "Fn::Sub":
      return `"${args
        .map((part) => (part.kind === "literal" ? escaped(String(part.value)) : `\${${hclExpression(part, refer)}}`))
        .join("")}"`;
    case "Fn::Select":
      return `element(${second}, ${first})`;
    case "Fn::Join":
      return `join(${first}, ${second})`;
    case "Fn::Split":
      return `split(${first}, ${second})`;
    case "Fn::Base64":
      return `base64encode(${first})`;
    case "Fn::Length":
      return `length(${first})`;
    case "Fn::ToJsonString":
      return `jsonencode(${first})`;
    default:
      throw new Error(`Terraform has no ${name}.`);
  }
}

/** The lines of a body: its arguments, then each block after an empty line. */
export function hclBody(body: readonly Argument[], refer: Refer): string {
  const plain = body.flatMap((each): [string, string][] =>
    "name" in each ? [[each.name, hclExpression(each.value, refer)]] : [],
  );
  const blocks = body.flatMap((each) => ("block" in each ? [hclBlock(each.block, hclBody(each.body, refer))] : []));
  return [...(plain.length > 0 ? [assignments(plain)] : []), ...blocks].join("\n\n");
}

export const hclBlock = (head: string, body: string): string =>
  body === "" ? `${head} {\n}` : `${head} {\n${indented(body)}\n}`;
