import type { PlannedProperties, PlannedResource } from "../plan/planned-resource.ts";

/** A resource in the words of a template, and its tags. */
export interface Likeness extends NonNullable<PlannedResource["like"]> {
  readonly tags?: PlannedResource["tags"];
}

/** How a provider's resource is called in templates; undefined for one that templates do not have. */
export type LikenessOf = (
  type: string,
  before: PlannedProperties | undefined,
  after: PlannedProperties | undefined,
) => Likeness | undefined;

/** Both sides of a resource, without secrets, with what is not known yet marked. */
export interface Sides {
  readonly address: string;
  readonly type: string;
  readonly before?: PlannedProperties | undefined;
  readonly after?: PlannedProperties | undefined;
}
