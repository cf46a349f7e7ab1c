import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { shapeName, type SourceEntry, type SourceMap, type SourceNode } from "../template/source-tree.ts";
import type { Environment } from "./environment.ts";
import { evaluate } from "./evaluate.ts";
import type { Expression, ObjectExpression } from "./expression.ts";
import { isUnknown, type Unknown, type Value } from "./value.ts";
import { FUNCTION_NAMES, FUNCTIONS, REFUSED_FUNCTIONS } from "./functions/table.ts";
import { buildSub } from "./substitution.ts";

export interface Building {
  readonly problems: Problem[];
  /** In conditions and their functions, `{Condition: Name}` is a reference; elsewhere `Condition` may be any key. */
  readonly inCondition: boolean;
  /** The values of the parameters; unknown where one has none yet. */
  readonly parameters?: ReadonlyMap<string, Value>;
  /** In `Rules`, which have functions of their own. */
  readonly inRules?: boolean;
  /** What is known while the template is read; names that are worked out by functions are worked out from this. */
  readonly environment?: Environment | undefined;
}

const faulty = (node: SourceNode): Expression => ({ kind: "faulty", span: node.span });

/** Turns a tree of source into an expression; what is wrong is added to `problems` and stands in as faulty. */
export function buildExpression(node: SourceNode, building: Building): Expression {
  if (node.kind === "scalar") return { kind: "literal", value: node.value, span: node.span };
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
    const name = nameOf(value, building);
    if (isUnknown(name)) return faulty(node);
    if (name === undefined) {
      building.problems.push(problem("CS1102", `${key} takes a name, not ${shapeName(value)}`, value.span));
      return faulty(node);
    }
    return { kind: key === "Ref" ? "reference" : "condition", name, span: value.span };
  }
  if (key === "Fn::GetAtt") return buildGetAtt(node, value, building);
  if (key === "Fn::Sub") return buildSub(node, value, building.problems, (each) => buildExpression(each, building));
  const row = FUNCTIONS[key];
  if (!row) {
    const refusal = key.startsWith("Fn::ForEach::")
      ? `${key} can only stand in Conditions, Resources and Outputs`
      : REFUSED_FUNCTIONS[key];
    building.problems.push(
      refusal !== undefined
        ? problem("CS1109", refusal, keySpan)
        : problem("CS1101", `unknown function "${key}"`, keySpan, didYouMean(key, FUNCTION_NAMES)),
    );
    return faulty(node);
  }
  if (row.isRuleOnly && !building.inRules) {
    building.problems.push(problem("CS1102", `${key} can only stand in Rules`, keySpan));
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
  const items = value.kind === "list" ? value.items : [value];
  const names = items.map((item) => nameOf(item, building));
  if (names.some(isUnknown)) return faulty(node);
  const [name, ...attribute] = value.kind === "list" ? names : namesOf(names[0]);
  if (typeof name === "string" && attribute.length > 0 && !attribute.includes(undefined))
    return { kind: "reference", name, attribute: attribute.join("."), span: value.span };
  building.problems.push(problem("CS1102", "Fn::GetAtt takes Resource.Attribute or [Resource, Attribute]", value.span));
  return faulty(node);
}

function namesOf(whole: string | Unknown | undefined): readonly string[] {
  const [, name, attribute] = typeof whole === "string" ? (/^([^.]+)[.](.+)$/s.exec(whole) ?? []) : [];
  return name === undefined || attribute === undefined ? [] : [name, attribute];
}

/**
 * A name as it stands, or as functions of parameters and mappings give it: which resource is meant is known early.
 * Unknown when a parameter has no value yet.
 */
function nameOf(node: SourceNode, building: Building): string | Unknown | undefined {
  if (node.kind === "scalar") return typeof node.value === "string" ? node.value : undefined;
  if (node.kind !== "map" || !building.environment) return undefined;
  const value = evaluate(buildExpression(node, building), building.environment);
  return typeof value === "string" || isUnknown(value) ? value : undefined;
}
