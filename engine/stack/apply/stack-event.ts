import type { Action } from "../plan/plan.ts";
import type { FailureCause } from "../state/model.ts";

/**
 * A change of state, of a stack or of one of its resources, with its cause. Kept in order, in the transaction that
 * made it so.
 */
export interface StackEvent {
  readonly version: 1;
  readonly stack: string;
  readonly deploymentId: string;
  readonly atMs: number;
  readonly status: StackEventStatus;
  /** Absent when the event is about the whole stack. */
  readonly logicalId?: string;
  readonly type?: string;
  readonly id?: string;
  readonly action?: Action;
  /** Of a step that has ended: when it began. */
  readonly beganAtMs?: number;
  readonly cause?: FailureCause;
  /** Of `rolling-back`: how many steps are to be undone. */
  readonly steps?: number;
}

/**
 * Of a stack: `started succeeded failed rolling-back rolled-back rollback-failed kept`; `waiting` for another
 * deployment (shown live, not kept); and, of no deployment, `protected unprotected policy-set policy-removed`.
 * Of a resource: `begun` (shown live, not kept), `done retrying failed skipped undone undo-failed undo-skipped`, and,
 * outside the store after the end, `cleaned cleanup-failed`.
 */
export type StackEventStatus =
  | "waiting"
  | "started"
  | "succeeded"
  | "failed"
  | "rolling-back"
  | "rolled-back"
  | "rollback-failed"
  | "kept"
  | "begun"
  | "retrying"
  | "done"
  | "skipped"
  | "undone"
  | "undo-failed"
  | "undo-skipped"
  | "cleaned"
  | "cleanup-failed"
  | "protected"
  | "unprotected"
  | "policy-set"
  | "policy-removed";

export type EventDetails = Omit<StackEvent, "version" | "stack" | "deploymentId" | "atMs">;
