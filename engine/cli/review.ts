import { systemClock } from "../platform/clock.ts";
import type { CostReport } from "../stack/cost/report.ts";
import type { PlannedResource } from "../stack/plan/planned-resource.ts";
import { checkPolicies, RuleFailed } from "../stack/policy/check.ts";
import { isFailing, type Finding } from "../stack/policy/finding.ts";
import { costsOf } from "./costs/read-costs.ts";
import { EXIT } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import type { Output } from "./output.ts";
import { dayOf, readPolicies } from "./policies/read-policies.ts";
import type { PolicyOptions, ReviewOptions } from "./review-options.ts";
import { costText } from "./text/cost-words.ts";
import { findingLines, findingsSummary } from "./text/findings.ts";

/** What is told beside a plan, as far as it was asked for. */
export interface Review {
  readonly findings?: readonly Finding[];
  readonly cost?: CostReport;
}

/** What policies find in resources. Errors: `Failure` for files that cannot be used and rules that fail */
export async function findingsIn(
  resources: readonly PlannedResource[],
  { policy }: PolicyOptions,
  directory = process.cwd(),
): Promise<readonly Finding[]> {
  const set = await readPolicies(directory, policy);
  try {
    return await checkPolicies(resources, set, dayOf(systemClock().nowMs()));
  } catch (problem) {
    if (problem instanceof RuleFailed) throw new Failure(problem.message, ["Mend the rule."], problem);
    throw problem;
  }
}

/** What was asked for of a plan; `areAll` is false when resources of some stack are missing. */
export async function reviewOf(
  resources: readonly PlannedResource[],
  request: ReviewOptions,
  areAll = true,
): Promise<Review> {
  const { check, cost, usage } = request;
  return {
    ...(check && { findings: await findingsIn(resources, request) }),
    ...(cost && { cost: costsOf(process.cwd(), usage, resources, areAll) }),
  };
}

/** The lines that stand below a plan. */
export function reviewLines({ findings, cost }: Review, { colors, width }: Output): string[] {
  return [
    ...(cost ? [`  cost:  ${costText(cost)}`] : []),
    ...(findings ? [`  check: ${findingsSummary(findings)}`, ...findingLines(findings, colors, width)] : []),
  ];
}

/** Findings fail a command, unless it has failed otherwise. */
export function failOnFindings(findings: readonly Finding[] = [], { failOn }: PolicyOptions): void {
  const isFailed = process.exitCode === EXIT.failed;
  if (!isFailed && findings.some((finding) => isFailing(finding, failOn))) process.exitCode = EXIT.findings;
}
