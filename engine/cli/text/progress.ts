import type { StackEvent } from "../../stack/apply/stack-event.ts";
import type { SettleResult } from "../../stack/requests.ts";
import type { Action } from "../../stack/plan/plan.ts";
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

/** One line per event of a deployment; the same on a terminal and in a CI log, since nothing is redrawn. */
export function createProgress(colors: Colors, print: (line: string) => void): (event: StackEvent) => void {
  const begunAtMs = new Map<string, number>();
  let typeWidth = 8;
  let nameWidth = 8;
  return (event) => {
    const { logicalId, type = "", action = "none", status, cause, atMs } = event;
    if (logicalId === undefined) {
      if (status === "rolling-back") print("rolling back");
      return;
    }
    const key = `${logicalId} ${action}`;
    if (status === "begun") return void begunAtMs.set(key, atMs);
    typeWidth = Math.max(typeWidth, type.length);
    nameWidth = Math.max(nameWidth, logicalId.length);
    const began = begunAtMs.get(key);
    const took = began === undefined ? "" : colors.dim(`${atMs - began} ms`);
    const symbol = paint(colors, action, SYMBOLS[action]);
    const outcome =
      status === "done"
        ? padTo(DONE[action], 9)
        : status === "failed" || status === "undo-failed"
          ? colors.red(padTo(status, 9))
          : padTo(status, 9);
    const why = cause ? `${cause.code}: ${cause.message}` : took;
    print(`  ${symbol} ${padTo(type, typeWidth)} ${padTo(logicalId, nameWidth)} ${outcome} ${why}`.trimEnd());
  };
}

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
  const remaining = (settled.remaining ?? []).map(
    (each) => `\n  remains: ${each.logicalId} (${each.id}): ${each.code}: ${each.message}`,
  );
  return `${settled.stack}: a deployment was interrupted${ago}${steps}; ${outcome}${remaining.join("")}`;
}

export function elapsedText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
