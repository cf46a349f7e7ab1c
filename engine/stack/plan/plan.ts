import type { SourceRange } from "../diagnostics/source-range.ts";

export const ACTIONS = ["create", "update", "replace", "delete", "retain", "import", "rename", "none"] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * A value in a plan: JSON. What is not known yet is `{ knownAfterApply: "Net.CIDRBlock" }`; a text of which parts are
 * known has them, too: `{ knownAfterApply: "Net", pieces: ["vpc/", { knownAfterApply: "Net" }] }`. What is sensitive is
 * `"****"`.
 */
export type PlannedValue = unknown;

/** A value as JSON has it, with what is unknown written out. */
export const plainValue = <T>(value: T): PlannedValue => JSON.parse(JSON.stringify(value)) as PlannedValue;

/** A parameter, or another resource or an attribute of it. */
export type Reference =
  { readonly parameter: string } | { readonly resource: string; readonly attribute?: string };

/** One property that changes, as deep as the difference goes. */
export interface PropertyChange {
  /** `Labels.tier`. */
  readonly path: string;
  /** Absent when there is none. */
  readonly old?: PlannedValue;
  readonly new?: PlannedValue;
  /** `template`: it is declared differently. `drift`: it was changed outside the stack and is put back. */
  readonly cause: "template" | "drift";
  readonly forcesReplacement: boolean;
  /** True when the new value, or a part of it, exists only after apply. */
  readonly isKnownAfterApply: boolean;
  readonly isSensitive: boolean;
  /** What its declaration refers to; absent when that is nothing. */
  readonly references?: readonly Reference[];
  readonly range?: SourceRange;
}

export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  readonly action: Action;
  /** What it is called before: it is renamed, whatever else happens to it. */
  readonly movedFrom?: string;
  /** The resource's id now; absent before it exists. */
  readonly id?: string;
  /** The name it has or will have, when its type has one and it is known. */
  readonly name?: string;
  /** Why, in whole sentences without a full stop. */
  readonly reasons: readonly string[];
  readonly properties: readonly PropertyChange[];
  readonly dependencies: readonly string[];
  readonly range?: SourceRange;
}

/** What differs between the recorded and the live state. */
export interface Drift {
  readonly logicalId: string;
  readonly type: string;
  readonly id: string;
  /** The whole resource is gone. */
  readonly isGone: boolean;
  readonly path?: string;
  readonly recorded?: PlannedValue;
  readonly live?: PlannedValue;
}

export interface OutputChange {
  readonly name: string;
  readonly old?: PlannedValue;
  readonly new?: PlannedValue;
  readonly isKnownAfterApply: boolean;
  readonly isSensitive: boolean;
}

export interface PlannedSecrets {
  readonly names: readonly string[];
  /** Tells whether the values given again are the same, and nothing else about them. */
  readonly proof: string;
}

/**
 * What a deployment will do. A plain JSON value without secrets: it can be kept in a file and applied later, exactly,
 * or is refused.
 */
export interface Plan {
  readonly version: 1;
  readonly kind: "deploy" | "destroy";
  readonly account: string;
  readonly region: string;
  readonly stack: string;
  /** The serial of the stack it was made from; 0 when there is none. */
  readonly serial: number;
  readonly file: string;
  readonly template: string;
  /** As they were given; of those named in `secrets` only that they were. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The `NoEcho` parameters that were given: to apply the plan, the same values must be given again. */
  readonly secrets?: PlannedSecrets;
  /** The stack's own tags, given to every resource that takes tags. */
  readonly tags: Readonly<Record<string, string>>;
  readonly targets: readonly string[];
  /** Ids of existing resources to take over, by logical id, beside those that the template names. */
  readonly imports: Readonly<Record<string, string>>;
  /** Recorded resources to rename, old logical id to new, beside those that the template names. */
  readonly renames: Readonly<Record<string, string>>;
  readonly isRefreshed: boolean;
  readonly changes: readonly ResourceChange[];
  readonly outputs: readonly OutputChange[];
  readonly drift: readonly Drift[];
  readonly summary: Readonly<Record<Action, number>>;
  /** True when applying it would do nothing. */
  readonly isEmpty: boolean;
  /** SHA-256 of the rest, in canonical JSON. */
  readonly hash: string;
}
