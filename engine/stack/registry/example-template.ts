import { invariant } from "../../platform/invariant.ts";
import type { AnyResourceType } from "../../services/resource-type.ts";
import type { Registry } from "./registry.ts";

interface Declaration {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
export interface ExampleTemplate {
  readonly Resources: Readonly<Record<string, Declaration>>;
}

/** `AWS::S3::Bucket` -> `Bucket`. */
const logicalIdOf = (type: string) => type.split("::").at(-1) ?? type;

/**
 * A type's example as a template that deploys as it is: what it refers to by name is declared beside it, and referred
 * to with `Ref`.
 */
export function exampleTemplate(registry: Registry, type: AnyResourceType, properties: object): ExampleTemplate {
  const resources: Record<string, Declaration> = {};
  declare(registry, resources, logicalIdOf(type.name), type, properties);
  return { Resources: Object.fromEntries(Object.entries(resources).toReversed()) };
}

function declare(
  registry: Registry,
  resources: Record<string, Declaration>,
  logicalId: string,
  type: AnyResourceType,
  properties: object,
): void {
  const declared: Record<string, unknown> = { ...properties };
  // Takes its place before what it refers to, which may be of the same type.
  resources[logicalId] = { Type: type.name };
  const references = (type.references ?? {}) as Readonly<Record<string, string>>;
  for (const [property, name] of Object.entries(references)) {
    if (declared[property] === undefined) continue;
    const target = registry.get(name)?.type;
    invariant(target, `${type.name}.${property} refers to ${name}, which is a type`);
    const plain = logicalIdOf(name);
    const id = target === type ? property : resources[plain] ? `Source${plain}` : plain;
    const ref = { Ref: id };
    declared[property] = Array.isArray(declared[property]) ? [ref] : ref;
    declare(registry, resources, id, target, target.examples[0].properties as object);
  }
  resources[logicalId] = { Type: type.name, ...(Object.keys(declared).length > 0 && { Properties: declared }) };
}
