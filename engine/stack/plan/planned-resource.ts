import { isObject } from "../../platform/is-object.ts";
import type { SourceRange } from "../diagnostics/source-range.ts";
import type { Action, PlannedValue } from "./plan.ts";

/** Properties as a plan shows them: what is not known yet is `{ knownAfterApply }`, what is secret is `"****"`. */
export type PlannedProperties = Readonly<Record<string, PlannedValue>>;

/**
 * One resource of a plan, whole, before and after it: what prices and policies read, whatever tool the plan is of.
 * A plain JSON value without secrets.
 */
export interface PlannedResource {
  readonly stack: string;
  readonly region: string;
  /** The logical id; of Terraform the address. */
  readonly logicalId: string;
  /** `Bucket`, `AWS::S3::Bucket`, `aws_s3_bucket`. */
  readonly type: string;
  /** Of one that is replaced by one of another type. */
  readonly typeBefore?: string;
  readonly action: Action;
  /** As it is now; absent before it exists. */
  readonly before?: PlannedProperties;
  /** As it will be; absent when it goes, or is kept without the stack. */
  readonly after?: PlannedProperties;
  /** Its policy keeps it, or a copy of it, when it goes; or the old one when it is replaced. */
  readonly outlivesDeletion?: boolean;
  readonly outlivesReplacement?: boolean;
  /** Its tags or labels, as they will be; absent when its type takes none. */
  readonly tags?: Readonly<Record<string, PlannedValue>>;
  /** What it is in the words of CloudFormation, when its own are others (Terraform's): rules and prices know those. */
  readonly like?: Pick<PlannedResource, "type" | "before" | "after">;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Where people find its declaration. */
  readonly file?: string;
  readonly range?: SourceRange;
  /** Where its properties are declared, by path: `Rules.0.Status`. */
  readonly ranges?: Readonly<Record<string, SourceRange>>;
}

/** `{ team: "shop" }` for that or for `[{ Key: "team", Value: "shop" }]`. */
export function tagsByKey(value: unknown): Readonly<Record<string, unknown>> {
  if (!Array.isArray(value)) return isObject(value) ? value : {};
  const pairs = value.filter(isObject).map(({ Key, Value }) => [String(Key), Value] as const);
  return Object.fromEntries(pairs);
}
