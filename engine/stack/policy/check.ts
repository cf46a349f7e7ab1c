import type { PlannedResource } from "../plan/planned-resource.ts";
import type { Finding, FindingSeverity } from "./finding.ts";
import type { Rule, Violation } from "./rule.ts";
import { ownWaivers, waived, type Waiver } from "./waivers.ts";

/** What a check goes by. */
export interface PolicySet {
  readonly rules: readonly Rule[];
  readonly waivers: readonly Waiver[];
  /** Of rules that are to be graver, lighter or left out, by name. */
  readonly severities: Readonly<Record<string, FindingSeverity | "off">>;
}

/** A rule that could not do its work: the check is worth nothing without it. */
export class RuleFailed extends Error {
  override name = "RuleFailed";
}

/**
 * Holds every resource against every rule; findings stand in the order of the resources, then of the rules.
 * `today` is a day in UTC, `2026-11-21`. Errors: `RuleFailed`
 */
export async function checkPolicies(
  resources: readonly PlannedResource[],
  { rules, waivers, severities }: PolicySet,
  today: string,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const given: Waiver[] = [...waivers];
  const names = new Set(rules.map(({ name }) => name));
  for (const resource of resources) {
    for (const each of ownWaivers(resource, names)) {
      if ("problem" in each) findings.push(findingOf("bad-waiver", "error", { message: each.problem }, resource));
      else given.push(each);
    }
    for (const rule of rules) {
      const wanted = severities[rule.name];
      if (wanted === "off") continue;
      for (const violation of await violationsOf(rule, resource, resources))
        findings.push(findingOf(rule.name, wanted ?? violation.severity ?? rule.severity, violation, resource));
    }
  }
  return waived(findings, given, today);
}

async function violationsOf(
  rule: Rule,
  resource: PlannedResource,
  all: readonly PlannedResource[],
): Promise<readonly Violation[]> {
  try {
    const found = await rule.check(resource, all);
    return [found ?? []].flat().map((each) => (typeof each === "string" ? { message: each } : each));
  } catch (error) {
    const { message } = error as Error;
    throw new RuleFailed(`The rule ${rule.name} failed at ${resource.logicalId}: ${message}`, { cause: error });
  }
}

function findingOf(
  rule: string,
  severity: FindingSeverity,
  { message, path, hint }: Violation,
  resource: PlannedResource,
): Finding {
  const range = rangeAt(resource, path) ?? resource.range;
  const { file } = resource;
  return {
    rule,
    severity,
    stack: resource.stack,
    resource: resource.logicalId,
    type: resource.type,
    ...(path !== undefined && { path }),
    ...(file !== undefined && { file }),
    ...(range && { range }),
    message,
    ...(hint !== undefined && { hint }),
  };
}

/** Where the property stands, or what is declared of the way to it. */
function rangeAt({ ranges }: PlannedResource, path: string | undefined) {
  for (let at = path; at !== undefined && at !== ""; at = at.includes(".") ? at.slice(0, at.lastIndexOf(".")) : "") {
    const range = ranges?.[at];
    if (range) return range;
  }
  return undefined;
}
