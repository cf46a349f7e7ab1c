import { starPattern } from "../../platform/star-pattern.ts";
import type { SourceRange } from "../diagnostics/source-range.ts";
import type { PlannedResource } from "../plan/planned-resource.ts";
import type { Finding } from "./finding.ts";

/** Lets findings of one rule be, until a day. */
export interface Waiver {
  readonly rule: string;
  /** Every resource without it; `*` stands for any letters. */
  readonly resource?: string;
  readonly stack?: string;
  readonly reason: string;
  /** The last day it holds: `2027-01-31`. */
  readonly expires: string;
  readonly file?: string;
  readonly range?: SourceRange;
}

/** Under this key of its `Metadata` a resource keeps its own waivers: a list of `{rule, reason, expires}`. */
export const WAIVER_METADATA = "cloudstacks:waive";

/** A day as it is written, in UTC. */
export const DAY = String.raw`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`;

/** The waivers in a resource's metadata, and what is wrong with those that are none. */
export function ownWaivers(
  resource: PlannedResource,
  ruleNames: ReadonlySet<string>,
): readonly (Waiver | { readonly problem: string })[] {
  const written = resource.metadata?.[WAIVER_METADATA];
  if (written === undefined) return [];
  return [written].flat().map((each) => {
    const { rule, reason, expires, ...more } = (each ?? {}) as Readonly<Record<string, unknown>>;
    const [unknown] = Object.keys(more);
    if (unknown !== undefined) return { problem: `a waiver takes rule, reason and expires, not ${unknown}` };
    if (typeof rule !== "string" || !ruleNames.has(rule)) return { problem: `a waiver names no rule: ${String(rule)}` };
    if (typeof reason !== "string" || reason.trim() === "") return { problem: `the waiver of ${rule} gives no reason` };
    if (typeof expires !== "string" || !new RegExp(DAY, "u").test(expires))
      return { problem: `the waiver of ${rule} does not say until when: expires: 2027-01-31` };
    const { stack, logicalId, file, range } = resource;
    const place = { ...(file !== undefined && { file }), ...(range && { range }) };
    return { rule, reason, expires, stack, resource: logicalId, ...place };
  });
}

const covers = (waiver: Waiver, { rule, stack, resource }: Finding): boolean =>
  waiver.rule === rule &&
  (waiver.stack === undefined || matches(waiver.stack, stack)) &&
  (waiver.resource === undefined || matches(waiver.resource, resource));

/** `*` stands for any letters. */
export const matches = (pattern: string, text: string | undefined): boolean =>
  starPattern(pattern, "u").test(text ?? "");

/** Findings with what is waived marked, and one for each waiver whose time is over. `today`: `2026-11-21`, in UTC. */
export function waived(findings: readonly Finding[], waivers: readonly Waiver[], today: string): Finding[] {
  const holding = waivers.filter(({ expires }) => expires >= today);
  const marked = findings.map((finding) => {
    const waiver = holding.find((each) => covers(each, finding));
    return waiver ? { ...finding, waived: { reason: waiver.reason, expires: waiver.expires } } : finding;
  });
  const expired = waivers.filter((each) => each.expires < today && findings.some((finding) => covers(each, finding)));
  return [...marked, ...expired.map(expiredFinding)];
}

const expiredFinding = ({ rule, resource, stack, reason, expires, file, range }: Waiver): Finding => ({
  rule: "expired-waiver",
  severity: "warning",
  ...(stack !== undefined && { stack }),
  ...(resource !== undefined && { resource }),
  message: `the waiver of ${rule} (${reason}) ended on ${expires}`,
  hint: "mend what the rule found, or give the waiver another day",
  ...(file !== undefined && { file }),
  ...(range && { range }),
});
