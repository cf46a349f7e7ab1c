import type { SourceRange } from "../diagnostics/source-range.ts";

export const FINDING_SEVERITIES = ["error", "warning", "note"] as const;
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];

/** Somebody looked at a finding and lets it be, until a day. */
export interface Waived {
  readonly reason: string;
  /** The last day it holds, in UTC: `2027-01-31`. */
  readonly expires: string;
}

/** What a rule found in a plan. A plain value. */
export interface Finding {
  /** The rule's name: `public-access`. */
  readonly rule: string;
  readonly severity: FindingSeverity;
  readonly stack?: string;
  /** Its logical id, or its address in a Terraform configuration; absent when it is about no one resource. */
  readonly resource?: string;
  readonly type?: string;
  /** The property it is about: `Encryption.KeyId`. */
  readonly path?: string;
  /** Where people find it. */
  readonly file?: string;
  readonly range?: SourceRange;
  /** One sentence without a full stop. */
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
  /** It is let be: it does not count. */
  readonly waived?: Waived;
}

/** Whether a finding fails a check; `failOn` is the lightest severity that does. */
export const isFailing = ({ severity, waived }: Finding, failOn: FindingSeverity = "error"): boolean =>
  waived === undefined && FINDING_SEVERITIES.indexOf(severity) <= FINDING_SEVERITIES.indexOf(failOn);
