import type { Scope } from "../services/context.ts";
import type { DeploymentOptions } from "./apply/begin.ts";
import type { StackEvent } from "./apply/stack-event.ts";
import type { Timings } from "./apply/timings.ts";
import type { Remaining } from "./apply/undo.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import type { Source } from "./diagnostics/source.ts";
import type { Plan } from "./plan/plan.ts";
import type { PlannedResource } from "./plan/planned-resource.ts";
import type {
  DeploymentRecord,
  FailureCause,
  OutputRecord,
  Properties,
  ResourceRecord,
  StackRecord,
  VersionRecord,
} from "./state/model.ts";

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
  /** The stack's own tags, given to every resource that takes tags; undefined for those it has already. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Recorded resources to rename, old logical id to new; a template's `Moved` section says the same. */
  readonly renames?: Readonly<Record<string, string>> | undefined;
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

/** A plan with every resource of it, whole, before and after. */
export interface Inspection extends PlanResult {
  readonly resources?: readonly PlannedResource[];
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
  /** Of a rollback that was continued: what its user gave up, and is still there. */
  readonly skipped?: readonly { readonly logicalId: string; readonly id: string }[];
  /** Of one that succeeded. */
  readonly timings?: Timings;
}

/** One stack. */
export interface StackQuery {
  readonly scope: Scope;
  readonly stack: string;
}

export interface RollbackRequest extends StackQuery {
  /**
   * The version to go back to. Without it: where the failed deployments that were kept began, or else the version
   * before the last one.
   */
  readonly to?: number | undefined;
  /** What `planRollback` gave: to apply it exactly. */
  readonly plan?: Plan | undefined;
}

/** The way back: a plan, or the failed deployments that were kept and whose journals will be undone. */
export interface RollbackPlan extends PlanResult {
  /** The serial of the version that the plan goes back to. */
  readonly restores?: number;
  readonly kept?: readonly string[];
  /** With `kept`: the serial at which the first of them began. */
  readonly serial?: number;
}

export interface ContinueRollbackRequest extends StackQuery {
  /** Logical ids to give up: their records go back, the resources stay as they are. */
  readonly skip?: readonly string[] | undefined;
}

/** A deployment that was interrupted, as it is found. */
export interface Interrupted {
  readonly stack: string;
  readonly deploymentId: string;
  readonly startedAtMs: number;
  readonly takenSteps: number;
  readonly plannedSteps: number;
  /** What is done about it. */
  readonly how: "undo" | "resume" | "keep";
}

/** What became of a deployment that was interrupted. */
export interface SettleResult {
  /** `clean`: there was none. `locked`: its holder is still at work. */
  readonly status: "clean" | "locked" | "undone" | "resumed" | "kept" | "rollback-failed";
  readonly stack: string;
  readonly deploymentId?: string;
  readonly startedAtMs?: number;
  readonly takenSteps?: number;
  readonly plannedSteps?: number;
  readonly cause?: FailureCause;
  readonly remaining?: readonly Remaining[];
}

export interface SettleOptions extends DeploymentOptions, StackQuery {
  /** Told before anything is done. */
  readonly onFound?: ((found: Interrupted) => void) | undefined;
  /** `undo`, the default, goes back to the state before; `resume` goes on where it stopped. */
  readonly how?: "undo" | "resume" | undefined;
  /** True when no other process can be at work (the data directory is ours alone); otherwise a lock is waited out. */
  readonly isHolderGone?: boolean | undefined;
}

export interface StackDetails extends StackRecord {
  readonly resources: readonly ResourceRecord[];
}

/** One deployment, however it ended. */
export interface HistoryEntry {
  readonly deploymentId: string;
  readonly kind: DeploymentRecord["kind"];
  readonly status: DeploymentRecord["status"];
  /** The stack's serial when it began. */
  readonly from: number;
  /** The version that it made; absent when it did not succeed. */
  readonly serial?: number;
  /** The stack is at this version now. */
  readonly isCurrent: boolean;
  /** The version that it went back to. */
  readonly restores?: number;
  readonly file: string;
  readonly plannedSteps: number;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly cause?: FailureCause;
}

export interface VersionedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly id: string;
  readonly properties: Properties;
}

/** A version with the resources that the stack had then; secrets are masked. */
export interface VersionDetails extends Omit<VersionRecord, "secretParameters"> {
  readonly resources: readonly VersionedResource[];
}

export interface EventQuery {
  readonly scope: Scope;
  readonly stack: string;
  readonly deploymentId?: string | undefined;
  /** Of one resource only. */
  readonly logicalId?: string | undefined;
  readonly statuses?: readonly string[] | undefined;
  /** The position of the last event seen. */
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

/** An event and where it stands in the stack's log; `position` grows but not by one. */
export interface PositionedEvent extends StackEvent {
  readonly position: number;
}
