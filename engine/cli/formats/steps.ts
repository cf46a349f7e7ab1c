import type { StackEvent } from "../../stack/apply/stack-event.ts";
import type { ShownPlan, StepReport } from "./report.ts";

type Status = StepReport["status"];

/** What an event says has become of a resource; the others are news on the way. */
const STATUSES: Partial<Record<StackEvent["status"], Status>> = {
  done: "done",
  failed: "failed",
  skipped: "skipped",
  undone: "undone",
  "undo-failed": "not-undone",
  "undo-skipped": "not-undone",
};

/** What became of each resource that was to change, in the order of the plan, by the events of the deployment. */
export function stepsOf({ changes }: Pick<ShownPlan, "changes">, events: readonly StackEvent[]): StepReport[] {
  const last = new Map<string, StackEvent>();
  for (const event of events) {
    const { logicalId, status, action } = event;
    // A replacement ends with the deletion of what was replaced, which says nothing new.
    const isLast = status === "done" && action === "delete" && last.get(logicalId ?? "")?.status === "done";
    if (logicalId !== undefined && STATUSES[status] !== undefined && !isLast) last.set(logicalId, event);
  }
  return changes
    .filter(({ action }) => action !== "none")
    .map(({ logicalId, type, action }): StepReport => {
      const event = last.get(logicalId);
      const elapsedMs = event?.beganAtMs === undefined ? undefined : event.atMs - event.beganAtMs;
      return {
        logicalId,
        type,
        action,
        // What was never begun was skipped, though nothing was said of it.
        status: (event && STATUSES[event.status]) ?? "skipped",
        ...(elapsedMs !== undefined && { elapsedMs }),
        ...(event?.cause && { cause: event.cause }),
      };
    });
}
