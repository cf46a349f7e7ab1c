import type { Scope } from "../services/context.ts";
import type { DeploymentOptions } from "./apply/begin.ts";
import type { StackEvent } from "./apply/stack-event.ts";
import type { Remaining } from "./apply/undo.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import type { Source } from "./diagnostics/source.ts";
import type { Plan } from "./plan/plan.ts";
import type { FailureCause, OutputRecord, ResourceRecord, StackRecord } from "./state/model.ts";

/** What a plan is asked for. */
export interface PlanOptions {
  readonly scope: Scope;
  readonly stack: string;
  readonly source: Source;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Logical ids to restrict the plan to, with what they depend on. */
  readonly targets?: readonly string[] | undefined;
  /** Ids of existing resources to take over, by logical id; a template's `Import` section says the same. */
  readonly imports?: Readonly<Record<string, string>> | undefined;
  /** False to trust the recorded state and read nothing; true, the default, shows and repairs drift. */
  readonly isRefreshed?: boolean | undefined;
}

/** A plan to be applied exactly, with what it does not keep: its `NoEcho` parameters. */
export interface SavedPlan {
  readonly plan: Plan;
  readonly secrets?: Readonly<Record<string, string>> | undefined;
}

/** A plan, unless a diagnostic is an error. */
export interface PlanResult {
  readonly plan?: Plan;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * How a deployment ended.
 * - `deployed`: everything was done; `unchanged`: there was nothing to do.
 * - `rolled-back`: a step failed and the stack is as it was; `rollback-failed`: `remaining` says what could not be
 *   undone.
 * - `kept`: a step failed and what was done was left in place, as asked for.
 * - `refused`: nothing was touched; `diagnostics` say why.
 */
export interface DeployResult {
  readonly status: "deployed" | "unchanged" | "rolled-back" | "rollback-failed" | "kept" | "refused";
  readonly diagnostics: readonly Diagnostic[];
  readonly plan?: Plan;
  readonly deploymentId?: string;
  /** The stack's serial after it. */
  readonly serial?: number;
  readonly outputs?: Readonly<Record<string, OutputRecord>>;
  readonly cause?: FailureCause;
  readonly remaining?: readonly Remaining[];
}

/** What became of a deployment that was interrupted. */
export interface SettleResult {
  /** `clean`: there was none. `locked`: its holder is still at work. */
  readonly status: "clean" | "locked" | "undone" | "resumed" | "rollback-failed";
  readonly stack: string;
  readonly deploymentId?: string;
  readonly startedAtMs?: number;
  readonly takenSteps?: number;
  readonly plannedSteps?: number;
  readonly cause?: FailureCause;
  readonly remaining?: readonly Remaining[];
}

export interface SettleOptions extends DeploymentOptions {
  readonly scope: Scope;
  readonly stack: string;
  /** `undo`, the default, goes back to the state before; `resume` goes on where it stopped. */
  readonly how?: "undo" | "resume" | undefined;
  /** True when no other process can be at work (the data directory is ours alone); otherwise a lock is waited out. */
  readonly isHolderGone?: boolean | undefined;
}

export interface StackDetails extends StackRecord {
  readonly resources: readonly ResourceRecord[];
}

export interface EventQuery {
  readonly scope: Scope;
  readonly stack: string;
  readonly deploymentId?: string | undefined;
  /** The position of the last event seen. */
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

/** An event and where it stands in the stack's log; `position` grows but not by one. */
export interface PositionedEvent extends StackEvent {
  readonly position: number;
}
