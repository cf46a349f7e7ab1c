import { isScalar, Pair, Scalar, YAMLMap, YAMLSeq, type Node } from "yaml";
import type { CallExpression, Expression } from "../expressions/expression.ts";

const OF_RULES: ReadonlySet<string> = new Set([
  "Fn::Contains",
  "Fn::EachMemberEquals",
  "Fn::EachMemberIn",
  "Fn::RefAll",
  "Fn::ValueOf",
  "Fn::ValueOfAll",
]);

/** An expression as a template writes it, with the short forms of functions: `!Ref Jobs`, `!Sub "${Jobs.Arn}/*"`. */
export function yamlNode(expression: Expression): Node {
  switch (expression.kind) {
    case "literal":
      return new Scalar(expression.value);
    case "list":
      return sequence(expression.items.map(yamlNode));
    case "object":
      return mapping(expression.entries.map(({ key, value }) => [key, yamlNode(value)]));
    case "reference":
      return expression.attribute === undefined
        ? tagged("!Ref", new Scalar(expression.name))
        : tagged("!GetAtt", new Scalar(`${expression.name}.${expression.attribute}`));
    case "call":
      return callNode(expression);
    case "parameter":
    case "condition":
    case "faulty":
      throw new Error(`An export has no ${expression.kind}.`);
  }
}

export function mapping(entries: readonly (readonly [key: string, value: Node])[]): YAMLMap {
  const map = new YAMLMap();
  for (const [key, value] of entries) map.items.push(new Pair(new Scalar(key), value));
  return map;
}

export function sequence(items: readonly Node[]): YAMLSeq {
  const list = new YAMLSeq();
  list.items.push(...items);
  return list;
}

function callNode(call: CallExpression): Node {
  if (call.function === "Fn::Sub") return subNode(call);
  const [only, ...others] = call.arguments;
  const argument = only && others.length === 0 ? yamlNode(only) : sequence(call.arguments.map(yamlNode));
  // A short tag on what has a tag of its own would take its place; functions of rules have no short form.
  return (argument as { tag?: string }).tag === undefined && !OF_RULES.has(call.function)
    ? tagged(`!${call.function.replace(/^Fn::/, "")}`, argument)
    : mapping([[call.function, argument]]);
}

/** References stand in the text by name; what is more than a reference is given a name of its own. */
function subNode({ arguments: pieces }: CallExpression): Node {
  const variables: [string, Node][] = [];
  const text = pieces.map((piece) => {
    if (piece.kind === "literal") return String(piece.value).replaceAll("${", "${!");
    if (piece.kind === "reference")
      return `\${${piece.attribute === undefined ? piece.name : `${piece.name}.${piece.attribute}`}}`;
    const name = `Part${variables.length + 1}`;
    variables.push([name, yamlNode(piece)]);
    return `\${${name}}`;
  });
  const written = new Scalar(text.join(""));
  return tagged("!Sub", variables.length === 0 ? written : sequence([written, mapping(variables)]));
}

function tagged(tag: string, node: Node): Node {
  node.tag = tag;
  if (isScalar(node)) node.type = Scalar.PLAIN;
  return node;
}
