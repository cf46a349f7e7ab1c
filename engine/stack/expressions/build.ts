import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { shapeName, type SourceEntry, type SourceMap, type SourceNode } from "../template/source-tree.ts";
import type { Expression, ObjectExpression } from "./expression.ts";
import { FUNCTION_NAMES, FUNCTIONS, UNSUPPORTED_FUNCTIONS } from "./functions/table.ts";
import { buildSub } from "./substitution.ts";

export interface Building {
  readonly problems: Problem[];
  /** In conditions and their functions, `{Condition: Name}` is a reference; elsewhere `Condition` may be any key. */
  readonly inCondition: boolean;
}

const faulty = (node: SourceNode): Expression => ({ kind: "faulty", span: node.span });

/** Turns a tree of source into an expression; what is wrong is added to `problems` and stands in as faulty. */
export function buildExpression(node: SourceNode, building: Building): Expression {
  if (node.kind === "scalar") {
    if (typeof node.value === "string" && node.value.includes("{{resolve:")) {
      building.problems.push(
        problem(
          "CS1112",
          "dynamic references ({{resolve:...}}) are not supported yet",
          node.span,
          "pass the value as a parameter with NoEcho",
        ),
      );
    }
    return { kind: "literal", value: node.value, span: node.span };
  }
  if (node.kind === "list")
    return { kind: "list", items: node.items.map((item) => buildExpression(item, building)), span: node.span };
  const [only, ...others] = node.entries;
  const isFunction = (key: string) =>
    key === "Ref" || key.startsWith("Fn::") || (key === "Condition" && building.inCondition);
  if (only && others.length === 0 && isFunction(only.key)) return buildFunction(node, only, building);
  const misplaced = node.entries.find((entry) => entry.key.startsWith("Fn::"));
  if (misplaced)
    building.problems.push(
      problem("CS1102", `${misplaced.key} must be the only key where it stands`, misplaced.keySpan),
    );
  return buildObject(node, building);
}

export function buildObject(node: SourceMap, building: Building): ObjectExpression {
  return {
    kind: "object",
    span: node.span,
    entries: node.entries.map(({ key, keySpan, value }) => ({ key, keySpan, value: buildExpression(value, building) })),
  };
}

function buildFunction(node: SourceMap, { key, keySpan, value }: SourceEntry, building: Building): Expression {
  if (key === "Ref" || key === "Condition") {
    if (value.kind !== "scalar" || typeof value.value !== "string") {
      building.problems.push(problem("CS1102", `${key} takes a name, not ${shapeName(value)}`, value.span));
      return faulty(node);
    }
    return { kind: key === "Ref" ? "reference" : "condition", name: value.value, span: value.span };
  }
  if (key === "Fn::GetAtt") return buildGetAtt(node, value, building);
  if (key === "Fn::Sub") return buildSub(node, value, building.problems, (each) => buildExpression(each, building));
  const row = FUNCTIONS[key];
  if (!row) {
    building.problems.push(
      UNSUPPORTED_FUNCTIONS.has(key) || key.startsWith("Fn::ForEach::")
        ? problem("CS1109", `${key} is not supported yet`, keySpan)
        : problem("CS1101", `unknown function "${key}"`, keySpan, didYouMean(key, FUNCTION_NAMES)),
    );
    return faulty(node);
  }
  const args =
    row.arity.max === 1 && !(value.kind === "list" && key === "Fn::Not")
      ? [value]
      : value.kind === "list"
        ? value.items
        : undefined;
  if (!args || args.length < row.arity.min || args.length > row.arity.max) {
    building.problems.push(problem("CS1102", `${key} takes ${row.usage}`, value.span));
    return faulty(node);
  }
  const inner = { ...building, inCondition: building.inCondition || row.isCondition === true };
  const [first, ...rest] = args;
  if (key === "Fn::If" && first?.kind === "scalar" && typeof first.value === "string") {
    const condition: Expression = { kind: "condition", name: first.value, span: first.span };
    return {
      kind: "call",
      function: key,
      arguments: [condition, ...rest.map((each) => buildExpression(each, building))],
      span: node.span,
    };
  }
  if (key === "Fn::If") inner.inCondition = true;
  return { kind: "call", function: key, arguments: args.map((each) => buildExpression(each, inner)), span: node.span };
}

function buildGetAtt(node: SourceMap, value: SourceNode, building: Building): Expression {
  const named = attributeOf(value);
  if (named) return { kind: "reference", name: named.name, attribute: named.attribute, span: value.span };
  building.problems.push(problem("CS1102", "Fn::GetAtt takes Resource.Attribute or [Resource, Attribute]", value.span));
  return faulty(node);
}

function attributeOf(value: SourceNode): { readonly name: string; readonly attribute: string } | undefined {
  if (value.kind === "scalar" && typeof value.value === "string") {
    const dot = value.value.indexOf(".");
    return dot > 0 && dot < value.value.length - 1
      ? { name: value.value.slice(0, dot), attribute: value.value.slice(dot + 1) }
      : undefined;
  }
  if (value.kind !== "list" || value.items.length < 2) return undefined;
  const texts = value.items.map((item) =>
    item.kind === "scalar" && typeof item.value === "string" ? item.value : undefined,
  );
  const [name, ...attribute] = texts;
  return name === undefined || attribute.includes(undefined) ? undefined : { name, attribute: attribute.join(".") };
}
