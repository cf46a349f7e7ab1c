import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import type { CallExpression, Expression, ObjectExpression, ParameterExpression } from "../expressions/expression.ts";
import { mapExpression } from "../expressions/map-expression.ts";
import { stackIdOf } from "../parameters/pseudo.ts";
import type { Scope } from "../../services/context.ts";
import { isNestedStack, type NestedStack } from "./nested.ts";
import type { Condition, NestedTemplate, OutputDeclaration, ResourceDeclaration, Template } from "./template.ts";

/** A nested template that was read, with what its parameters are given. */
export interface ReadNested {
  readonly nested: NestedStack;
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, ParameterExpression>;
}

/** The name of a nested stack: what `AWS::StackName` gives within it. */
export const nestedStackName = (stack: string, logicalId: string): string => `${stack}-${logicalId}`;

/**
 * A template with the nested ones written into it: what they declare becomes part of it under `Child/Name`, so that
 * plan, apply and rollback see one graph, and every value is known as soon as it is. A parameter of a nested template
 * is the expression that is given for it; `Child.Outputs.X` is the output's.
 */
export function inlineNested(
  template: Template,
  children: readonly ReadNested[],
  at: { readonly scope: Scope; readonly stack: string },
  problems: Problem[],
): Template {
  const names = [...template.resources.values()].filter(isNestedStack).map(({ logicalId }) => logicalId);
  if (names.length === 0) return template;
  const conditions = new Map(template.conditions);
  const mappings = new Map(template.mappings);
  const resources = new Map<string, ResourceDeclaration>();
  const outputs = new Map(template.outputs);
  const stacks = new Map<string, Outputs | "unread">(names.map((name) => [name, "unread"]));
  for (const [logicalId, resource] of template.resources) {
    const child = children.find(({ nested }) => nested.resource === resource);
    if (!child) {
      if (!isNestedStack(resource)) resources.set(logicalId, resource);
      continue;
    }
    const moved = movedInto(child, at, conditions);
    for (const [name, mapping] of moved.mappings) mappings.set(name, mapping);
    for (const [name, inner] of moved.resources) resources.set(name, inner);
    for (const [name, output] of moved.outputs) outputs.set(`${logicalId}/${name}`, output);
    stacks.set(logicalId, moved.outputs);
  }
  const linked = linker(stacks, at, problems);
  const dependsOn = ({ dependsOn }: ResourceDeclaration) =>
    dependsOn.flatMap(({ logicalId, span }) => {
      const names = stacks.has(logicalId) ? within(logicalId, resources) : [logicalId];
      return names.map((name) => ({ logicalId: name, span }));
    });
  return {
    ...template,
    nested: children.flatMap((child) => nestedOf(child, at.stack)),
    conditions,
    mappings,
    resources: mapValues(resources, (each) => ({
      ...each,
      properties: linked(each.properties) as ObjectExpression,
      dependsOn: dependsOn(each),
    })),
    outputs: mapValues(outputs, (each) => ({
      ...each,
      value: linked(each.value),
      ...(each.exportName && { exportName: linked(each.exportName) }),
    })),
  };
}

function nestedOf({ nested, template }: ReadNested, stack: string): readonly NestedTemplate[] {
  const { logicalId } = nested.resource;
  const own = { logicalId, stack: nestedStackName(stack, logicalId), template: nested.document.name ?? "" };
  return [own, ...template.nested.map((each) => ({ ...each, logicalId: `${logicalId}/${each.logicalId}` }))];
}

type Outputs = ReadonlyMap<string, OutputDeclaration>;

const within = (logicalId: string, resources: ReadonlyMap<string, unknown>): readonly string[] =>
  [...resources.keys()].filter((name) => name.startsWith(`${logicalId}/`));

const mapValues = <T>(map: ReadonlyMap<string, T>, change: (value: T) => T): Map<string, T> =>
  new Map([...map].map(([key, value]) => [key, change(value)]));

/** A nested template's declarations under the names they have in the template around it. */
function movedInto(
  { nested, template, parameters }: ReadNested,
  at: { readonly scope: Scope; readonly stack: string },
  conditions: Map<string, Expression>,
): Pick<Template, "mappings" | "resources" | "outputs"> {
  const { resource } = nested;
  const prefixed = (name: string) => `${resource.logicalId}/${name}`;
  const moved = mover(resource.logicalId, template, parameters, at);
  for (const [name, expression] of template.conditions) conditions.set(prefixed(name), moved(expression));
  const conditionOf = (own: Condition | undefined): { readonly condition?: Condition } => {
    const inner = own && { ...own, name: prefixed(own.name) };
    const outer = resource.condition;
    if (!inner || !outer) return { ...((inner ?? outer) && { condition: (inner ?? outer) as Condition }) };
    const both = `${outer.name} and ${inner.name}`;
    conditions.set(both, bothOf(outer, inner));
    return { condition: { name: both, span: inner.span } };
  };
  const isRetained = resource.statedPolicies.length > 0 && resource.deletionPolicy !== "Delete";
  const inner = [...template.resources.values()].map((each): readonly [string, ResourceDeclaration] => [
    prefixed(each.logicalId),
    {
      ...each,
      ...conditionOf(each.condition),
      logicalId: prefixed(each.logicalId),
      properties: moved(each.properties) as ObjectExpression,
      tags: { ...nested.tags, ...each.tags },
      dependsOn: [
        ...each.dependsOn.map(({ logicalId, span }) => ({ logicalId: prefixed(logicalId), span })),
        ...resource.dependsOn,
      ],
      ...(isRetained && each.deletionPolicy === "Delete" && { deletionPolicy: resource.deletionPolicy }),
    },
  ]);
  const outputs = mapValues(template.outputs, (each) => ({
    ...each,
    ...conditionOf(each.condition),
    name: prefixed(each.name),
    value: moved(each.value),
    ...(each.exportName && { exportName: moved(each.exportName) }),
  }));
  const mappings = new Map([...template.mappings].map(([name, mapping]) => [prefixed(name), mapping]));
  return { mappings, resources: new Map(inner), outputs };
}

const bothOf = (outer: Condition, inner: Condition): CallExpression => ({
  kind: "call",
  function: "Fn::And",
  arguments: [
    { kind: "condition", ...outer },
    { kind: "condition", ...inner },
  ],
  span: inner.span,
});

/** Names of a nested template as the template around it has them. */
function mover(
  child: string,
  template: Template,
  parameters: ReadonlyMap<string, ParameterExpression>,
  { scope, stack }: { readonly scope: Scope; readonly stack: string },
): (expression: Expression) => Expression {
  const name = nestedStackName(stack, child);
  const pseudo: Readonly<Record<string, string>> = {
    "AWS::StackName": name,
    "AWS::StackId": stackIdOf(scope, name),
  };
  const change = (part: Expression): Expression | undefined => {
    if (part.kind === "condition") return { ...part, name: `${child}/${part.name}` };
    if (part.kind === "call" && part.function === "Fn::FindInMap") {
      const [mapping, ...keys] = part.arguments.map(moved);
      return { ...part, arguments: [...(mapping ? [prefixedText(child, mapping)] : []), ...keys] };
    }
    if (part.kind !== "reference") return undefined;
    if (template.resources.has(part.name)) return { ...part, name: `${child}/${part.name}` };
    if (part.attribute !== undefined) return undefined;
    const text = pseudo[part.name];
    if (text !== undefined) return { kind: "literal", value: text, span: part.span };
    const parameter = parameters.get(part.name);
    return parameter && { ...parameter, span: part.span };
  };
  const moved = (expression: Expression): Expression => mapExpression(expression, change);
  return moved;
}

/** The name of a mapping may be worked out by functions. */
function prefixedText(child: string, name: Expression): Expression {
  if (name.kind === "literal") return { ...name, value: `${child}/${String(name.value)}` };
  const { span } = name;
  return { kind: "call", function: "Fn::Sub", arguments: [{ kind: "literal", value: `${child}/`, span }, name], span };
}

/** Exchanges what refers to a nested stack for what it means: its id, or the expression of an output. */
function linker(
  stacks: ReadonlyMap<string, Outputs | "unread">,
  { scope, stack }: { readonly scope: Scope; readonly stack: string },
  problems: Problem[],
): (expression: Expression) => Expression {
  const underway = new Set<string>();
  const change = (part: Expression): Expression | undefined => {
    const outputs = part.kind === "reference" ? stacks.get(part.name) : undefined;
    if (part.kind !== "reference" || !outputs) return undefined;
    const { name, attribute, span } = part;
    // Why it could not be read was told.
    if (outputs === "unread") return { kind: "faulty", span };
    if (attribute === undefined)
      return { kind: "literal", value: stackIdOf(scope, nestedStackName(stack, name)), span };
    const output = outputs.get(attribute.replace(/^Outputs[.]/, ""));
    if (!output || !attribute.startsWith("Outputs."))
      return refuse("CS1104", `${name} has no output "${attribute}"`, span);
    const key = `${name}.${attribute}`;
    if (underway.has(key)) return refuse("CS1110", `the output ${key} depends on itself`, span);
    underway.add(key);
    const value = linked(output.value);
    underway.delete(key);
    return output.condition ? chosen(output.condition, value) : value;
  };
  const refuse = (code: "CS1104" | "CS1110", message: string, span: Span): Expression => {
    problems.push(problem(code, message, span));
    return { kind: "faulty", span };
  };
  const linked = (expression: Expression): Expression => mapExpression(expression, change);
  return linked;
}

const chosen = (condition: Condition, value: Expression): Expression => ({
  kind: "call",
  function: "Fn::If",
  arguments: [
    { kind: "condition", ...condition },
    value,
    { kind: "reference", name: "AWS::NoValue", span: value.span },
  ],
  span: value.span,
});
