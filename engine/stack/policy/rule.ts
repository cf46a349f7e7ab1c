import type { PlannedProperties, PlannedResource } from "../plan/planned-resource.ts";
import type { FindingSeverity } from "./finding.ts";

/** What a rule has against a resource. */
export interface Violation {
  /** One sentence without a full stop. */
  readonly message: string;
  /** The property it is about: `Rules.0.Status`. */
  readonly path?: string | undefined;
  /** What to do. */
  readonly hint?: string | undefined;
  /** Where this one is graver or lighter than its rule. */
  readonly severity?: FindingSeverity | undefined;
}

/** What a check may give: nothing, one, or several. */
export type Violations = undefined | string | Violation | readonly (string | Violation)[];

/** A rule looks at one resource of a plan at a time; also what a module of a user's own exports. */
export interface Rule {
  /** In small letters and hyphens: waivers name it. */
  readonly name: string;
  readonly severity: FindingSeverity;
  /** What it looks for, in a sentence. */
  readonly summary: string;
  check(resource: PlannedResource, all: readonly PlannedResource[]): Violations | Promise<Violations>;
}

/** A resource in the words that the built-in rules and prices know. */
export interface Known {
  readonly type: string;
  readonly before?: PlannedProperties | undefined;
  readonly after?: PlannedProperties | undefined;
  /** A path into these words; undefined where the author has written others. */
  at(path: string): string | undefined;
}

export const known = ({ type, before, after, like }: PlannedResource): Known =>
  like ? { ...like, at: () => undefined } : { type, before, after, at: (path) => path };

/** The value at a path of properties; undefined when something on the way is not there. */
export function valueAt(properties: unknown, path: string): unknown {
  let at = properties;
  for (const step of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[step];
  }
  return at;
}

/** Whether a planned value, or a part of it, exists only after apply. */
export function isUnknownValue(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "knownAfterApply") || Object.values(value).some(isUnknownValue);
}
