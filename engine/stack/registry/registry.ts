import type { Service } from "../../services/manifest.ts";
import type { AnyResourceType } from "../../services/resource-type.ts";
import { passingType, type TypeOwner } from "./passing-type.ts";
import { nearest } from "../diagnostics/suggestion.ts";

/** A resource type and the service whose ports and context its handlers are given. */
export interface RegisteredType {
  readonly type: AnyResourceType;
  readonly service: Service;
  /** Of a cloud's own type: whose operations its handlers are counted among. */
  readonly owner?: TypeOwner;
}

/** Every resource type a template can name. */
export interface Registry {
  get(name: string): RegisteredType | undefined;
  /** In order. */
  readonly names: readonly string[];
  /** Types that show the records of this one under another name. */
  twinsOf(name: string): readonly string[];
  /** The name that was probably meant. */
  nearest(name: string): string | undefined;
}

/** Two services that name the same type stop the start. `more`: types that live elsewhere (a cloud's own). */
export function createRegistry(services: readonly Service[], more: readonly RegisteredType[] = []): Registry {
  const types = new Map<string, RegisteredType>();
  const known: readonly RegisteredType[] = [
    ...services.flatMap((service) => service.resources.map((type) => ({ type, service }))),
    ...more,
  ];
  for (const each of known) {
    const other = types.get(each.type.name);
    if (other)
      throw new Error(
        `Resource type "${each.type.name}" is declared by both ${other.service.name} and ${each.service.name}.`,
      );
    const owner = each.owner ?? { cloud: "native", service: each.service.name };
    types.set(each.type.name, { ...each, type: passingType(each.type, owner) });
  }
  const names = [...types.keys()].sort();
  return {
    get: (name) => types.get(name),
    names,
    twinsOf: (name) => names.filter((each) => types.get(each)?.type.twinOf === name),
    nearest: (name) => nearest(name, names),
  };
}
