import type { CalledOperation } from "../../gateway/called-operations.ts";
import type { PathStep } from "../../stack/apply/timings.ts";
import type { CostReport } from "../../stack/cost/report.ts";
import type { Diagnostic } from "../../stack/diagnostics/diagnostic.ts";
import type { DriftReport } from "../../stack/plan/drift.ts";
import type { Action, Plan } from "../../stack/plan/plan.ts";
import type { Finding } from "../../stack/policy/finding.ts";
import type { DeployResult } from "../../stack/requests.ts";
import type { FailureCause } from "../../stack/state/model.ts";

export const REPORT_KINDS = ["plan", "drift", "deploy", "destroy", "check", "cost", "preview"] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** Of a plan, what its reader wants: not what it takes to apply it. */
export type ShownPlan = Pick<Plan, "kind" | "file" | "changes" | "outputs" | "drift" | "summary" | "isEmpty"> & {
  /** Absent where nobody counts: a Terraform configuration. */
  readonly serial?: number;
};

export const shownPlan = (plan: Plan): ShownPlan => {
  const { kind, serial, file, changes, outputs, drift, summary, isEmpty } = plan;
  return { kind, serial, file, changes, outputs, drift, summary, isEmpty };
};

/**
 * What became of one resource while a plan was applied.
 * - `skipped`: it was not reached, because something it depends on failed.
 * - `undone`, `not-undone`: it was done, and then the deployment was rolled back.
 */
export interface StepReport {
  readonly logicalId: string;
  readonly type?: string;
  readonly action: Action;
  readonly status: "done" | "failed" | "skipped" | "undone" | "not-undone";
  readonly elapsedMs?: number;
  /** Why it failed, or could not be undone. */
  readonly cause?: FailureCause;
}

/** How applying a plan ended. */
export type ResultReport = Pick<
  DeployResult,
  "status" | "deploymentId" | "serial" | "outputs" | "cause" | "remaining" | "skipped"
> & { readonly elapsedMs?: number; readonly criticalPath?: readonly PathStep[] };

/** How it ended, without the plan, which stands beside it. */
export function shownResult(result: DeployResult): ResultReport {
  const { status, deploymentId, serial, outputs, cause, remaining, skipped, timings } = result;
  return {
    status,
    ...(deploymentId !== undefined && { deploymentId }),
    ...(serial !== undefined && { serial }),
    ...(outputs && { outputs }),
    ...(cause && { cause }),
    ...(remaining && { remaining }),
    ...(skipped && { skipped }),
    ...timings,
  };
}

/** A diagnostic of ours, or what Terraform says is wrong, which has no code of its own. */
export type ShownDiagnostic = Omit<Diagnostic, "code"> & { readonly code: Diagnostic["code"] | "terraform" };

/** What was found, planned or done of one stack (or of one Terraform configuration). */
export interface StackReport {
  readonly stack: string;
  /** The problems of its template; with an error there is no plan. */
  readonly diagnostics: readonly ShownDiagnostic[];
  readonly plan?: ShownPlan;
  /** The stacks that must be deployed before this one can be planned. */
  readonly awaits?: readonly string[];
  readonly drift?: DriftReport;
  readonly result?: ResultReport;
  /** Of what was applied, one for each resource that was to change. */
  readonly steps?: readonly StepReport[];
}

/** Whether every stack could be planned, so that nothing is missing from what is told of them together. */
export const areAllPlanned = (stacks: readonly StackReport[]): boolean =>
  stacks.every(({ plan }) => plan !== undefined);

/** Why a stack has no plan yet. */
export const waitingText = (awaits: readonly string[]): string =>
  `is planned once ${awaits.join(" and ")} is deployed`;

/**
 * What a command found, planned or did: the one document that every format is made from. A plain JSON value without
 * secrets.
 */
export interface Report {
  readonly version: 1;
  readonly kind: ReportKind;
  /** What it is about, the same from run to run, since a comment is found again by it: `web`, `examples/shop`. */
  readonly subject: string;
  /** Of a preview: the commits that are compared, as people name them. */
  readonly base?: string;
  readonly head?: string;
  /** Where the state before comes from: `snapshot prod.snapshot`. */
  readonly state?: string;
  readonly stacks: readonly StackReport[];
  /** Absent when nothing was checked; empty when nothing was found. */
  readonly findings?: readonly Finding[];
  readonly cost?: CostReport;
  /** Of a preview: what the engine was asked for, which is what whoever deploys needs to be allowed. */
  readonly operations?: readonly CalledOperation[];
  /** Whole sentences on what was left out, and why. */
  readonly notes?: readonly string[];
  readonly elapsedMs?: number;
  /** Where all of it is when a format has to leave something out: a command, or an address. */
  readonly details?: string;
}
