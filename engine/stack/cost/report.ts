import type { Action } from "../plan/plan.ts";
import type { SourceRange } from "../diagnostics/source-range.ts";

/** One figure of the price book times how much of it is used. */
export interface CostItem {
  /** `storage, Standard`. */
  readonly what: string;
  /** Units in a month. */
  readonly quantity: number;
  /** `GB-month`, `million requests`, `hour`. */
  readonly unit: string;
  /** Of one unit. */
  readonly price: number;
  /** Of all of them in a month. */
  readonly amount: number;
}

/** A part of what a resource costs that has no figure. */
export interface UnknownCost {
  /** `storage`; the resource's type when it is all of it. */
  readonly what: string;
  /** One sentence without a full stop. */
  readonly why: string;
}

/** What something costs in a month, as far as that is known. */
export interface MonthlyCost {
  /** The sum of the items; absent when nothing is known: unknown is not zero. */
  readonly amount?: number;
  readonly items: readonly CostItem[];
  /** What has no figure; empty when the amount is all of it. */
  readonly unknown: readonly UnknownCost[];
}

export interface ResourceCost {
  readonly stack: string;
  /** The logical id, or the address in a Terraform configuration. */
  readonly resource: string;
  readonly type: string;
  readonly action: Action;
  /** Absent when it does not exist before. */
  readonly before?: MonthlyCost;
  /** Absent when it does not exist after. */
  readonly after?: MonthlyCost;
  readonly file?: string;
  readonly range?: SourceRange;
}

export interface CostTotal {
  /** What is known of all resources together. */
  readonly amount: number;
  /** How many resources have a part that is not known. */
  readonly unknown: number;
}

/** What the resources of a plan cost in a month, before and after it. A plain value. */
export interface CostReport {
  readonly version: 1;
  readonly currency: "USD";
  /** The day the prices were looked up: `2026-11-01`. */
  readonly pricesAsOf: string;
  /** The file of usage assumptions; absent when there is none. */
  readonly usageFile?: string;
  readonly resources: readonly ResourceCost[];
  readonly before: CostTotal;
  readonly after: CostTotal;
}
