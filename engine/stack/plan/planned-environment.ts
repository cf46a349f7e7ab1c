import type { AnyResourceType } from "../../services/resource-type.ts";
import type { Problem } from "../diagnostics/diagnostic.ts";
import type { Environment } from "../expressions/environment.ts";
import { templateEnvironment, type KnownResource } from "../expressions/template-environment.ts";
import { Unknown, type Value } from "../expressions/value.ts";
import { isStored } from "../parameters/resolve-stored.ts";
import type { Template } from "../template/template.ts";
import type { Node, PlanInput } from "./graph.ts";

/** What expressions see while a plan is made: resources as they will be, as far as that is known. */
export function plannedEnvironment(
  input: PlanInput & { readonly template: Template },
  nodes: ReadonlyMap<string, Node>,
  report: (problem: Problem) => void,
): Environment {
  const { scope, stack, template, parameters, state } = input;
  // A stack's own exports are not there to be imported by itself.
  const exports = new Map([...state.exports].filter(([, each]) => each.stack !== stack));
  const resource = (logicalId: string) => {
    const node = nodes.get(logicalId);
    return node && plannedResource(node);
  };
  return templateEnvironment({ scope, stack, template, parameters, exports, others: state.others, resource, report });
}

/**
 * A resource's attributes after the plan. One that stays keeps what it has. An attribute that shares its name with a
 * property follows that property, so it is known as soon as the property is; every other one of something new is not,
 * nor one that is derived from a property that changes.
 */
function plannedResource(node: Node): KnownResource | undefined {
  const type = node.registered?.type;
  if (!type) return undefined;
  const isNew = node.action === "create" || node.action === "replace";
  const live = node.live === "gone" ? undefined : node.live;
  const current = isNew ? {} : (live?.attributes ?? node.record?.attributes ?? {});
  const attributes: Record<string, Value> = { ...current };
  for (const name of attributeNames(type)) {
    const isDeclared = node.desired !== undefined && Object.hasOwn(node.desired, name);
    const sources = derivedFrom(type, name);
    const isChanging = node.differences.some(({ path: [from = ""] }) => from === name || sources.includes(from));
    if (isDeclared && (isNew || isChanging)) attributes[name] = knownOr(node.desired?.[name], node.logicalId, name);
    else if (isNew || (isChanging && !isDeclared)) attributes[name] = unknownAttribute(node.logicalId, name, type);
  }
  return { ref: type.ref, attributes };
}

const derivedFrom = (type: AnyResourceType, name: string): readonly string[] =>
  (type.derivedAttributes as Readonly<Record<string, readonly string[]>> | undefined)?.[name] ?? [];

const attributeNames = (type: AnyResourceType): string[] => Object.keys(type.attributes.properties as object);

const unknownAttribute = (logicalId: string, name: string, type: AnyResourceType) =>
  new Unknown(name === type.ref ? logicalId : `${logicalId}.${name}`);

const knownOr = (value: Value | undefined, logicalId: string, name: string): Value =>
  value === undefined || isStored(value) ? new Unknown(`${logicalId}.${name}`) : value;
