import type { StackEvent } from "../../stack/apply/stack-event.ts";
import type { Remaining } from "../../stack/apply/undo.ts";
import type { SettleResult } from "../../stack/requests.ts";
import type { Action, Plan } from "../../stack/plan/plan.ts";
import type { Colors } from "../output.ts";
import { paint, SYMBOLS } from "./plan.ts";
import { padTo } from "./table.ts";

const DONE: Readonly<Record<Action, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  retain: "kept",
  import: "imported",
  rename: "renamed",
  none: "unchanged",
};

/** What undoing a step does to the resource. */
const UNDOES: Partial<Record<Action, Action>> = { create: "delete", update: "update", replace: "delete" };
const OUTCOME_WIDTH = 9;

/**
 * One line per event of a deployment; the same on a terminal and in a CI log, since nothing is redrawn.
 * A failed step tells where in the template it is declared.
 */
export function createProgress(colors: Colors, plan: Plan, print: (line: string) => void): (event: StackEvent) => void {
  const begunAtMs = new Map<string, number>();
  const done = new Map<string, Action>();
  const typeWidth = Math.max(0, ...plan.changes.map((change) => change.type.length));
  const nameWidth = Math.max(0, ...plan.changes.map((change) => change.logicalId.length));
  const line = (action: Action, event: StackEvent, outcome: string, rest: string) =>
    [
      `  ${paint(colors, action, SYMBOLS[action])}`,
      padTo(event.type ?? "", typeWidth),
      padTo(event.logicalId ?? "", nameWidth),
      padTo(outcome, OUTCOME_WIDTH),
      rest,
    ]
      .join(" ")
      .trimEnd();

  return (event) => {
    const { logicalId, action = "none", status, cause, atMs } = event;
    if (logicalId === undefined) {
      if (status === "rolling-back") print(`rolling back ${counted(done.size, "change")}`);
      return;
    }
    const key = `${logicalId} ${action}`;
    if (status === "begun") return void begunAtMs.set(key, atMs);
    if (status === "done") {
      done.set(logicalId, action);
      const began = begunAtMs.get(key);
      return print(line(action, event, DONE[action], began === undefined ? "" : colors.dim(`${atMs - began} ms`)));
    }
    if (status === "undone") return print(line(UNDOES[done.get(logicalId) ?? "create"] ?? "none", event, "undone", ""));
    const why = cause ? `${cause.code}: ${cause.message}${placeOf(plan, logicalId)}` : "";
    print(line(action, event, status === "skipped" ? status : colors.red(status), why));
  };
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** `  web.yaml:12`, where the template declares a resource. */
export function placeOf(plan: Plan, logicalId: string | undefined): string {
  const range = plan.changes.find((change) => change.logicalId === logicalId)?.range;
  return range ? `  ${plan.file}:${range.line}` : "";
}

/** What an undo could not remove or put back. */
export const remainingText = (each: Remaining): string =>
  `  remains: ${each.logicalId} (${each.id}): ${each.code}: ${each.message}`;

/** Said first when an earlier deployment had been cut off. */
export function settledText(settled: SettleResult, nowMs: number): string {
  const ago = settled.startedAtMs === undefined ? "" : ` ${elapsedText(nowMs - settled.startedAtMs)} ago`;
  const steps =
    settled.plannedSteps === undefined ? "" : ` after ${settled.takenSteps ?? 0} of ${settled.plannedSteps} steps`;
  const outcome =
    settled.status === "undone"
      ? "it was undone"
      : settled.status === "resumed"
        ? "it was finished"
        : "undoing it failed";
  const remaining = (settled.remaining ?? []).map((each) => `\n${remainingText(each)}`);
  return `${settled.stack}: a deployment was interrupted${ago}${steps}; ${outcome}${remaining.join("")}`;
}

export function elapsedText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
