import { fileOf } from "../../stack/diagnostics/source.ts";
import type { StackEvent } from "../../stack/apply/stack-event.ts";
import type { Remaining } from "../../stack/apply/undo.ts";
import type { Interrupted, SettleResult } from "../../stack/requests.ts";
import type { Action, Plan } from "../../stack/plan/plan.ts";
import type { Colors } from "../output.ts";
import { paint } from "./plan.ts";
import { DONE, SYMBOLS } from "./plan-words.ts";
import { padTo } from "./table.ts";

const DOING: Partial<Record<Action, string>> = {
  create: "creating",
  update: "updating",
  replace: "replacing",
  import: "importing",
};

/** What undoing a step does to the resource. */
const UNDOES: Partial<Record<Action, Action>> = {
  create: "delete",
  update: "update",
  replace: "delete",
  import: "retain",
  rename: "rename",
};
const OUTCOME_WIDTH = 9;
/** A step that takes longer than this is named while it runs. */
const LONG_MS = 5000;

export interface Progress {
  show(event: StackEvent): void;
  /** Names the steps that have been under way for long. */
  tick(nowMs: number): void;
}

/**
 * One line per event of a deployment; the same on a terminal and in a CI log, since nothing is redrawn.
 * A failed step tells where in the template it is declared.
 */
export function createProgress(colors: Colors, plan: Partial<Plan>, print: (line: string) => void): Progress {
  const inFlight = new Map<string, StackEvent>();
  const done = new Map<string, Action>();
  const changes = (plan.changes ?? []).filter((change) => change.action !== "none");
  const typeWidth = longest(changes.map((change) => change.type));
  const nameWidth = longest(changes.map((change) => change.logicalId));
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
  const why = ({ cause, logicalId }: StackEvent) =>
    cause ? `${cause.code}: ${cause.message}${placeOf(plan, logicalId)}` : "";
  const undoing = ({ logicalId = "" }: StackEvent) => UNDOES[done.get(logicalId) ?? "create"] ?? "none";

  const showStep = (event: StackEvent, logicalId: string) => {
    const { action = "none", status, beganAtMs, atMs } = event;
    if (status === "begun") return void inFlight.set(logicalId, event);
    if (status === "retrying") return print(line(action, event, colors.yellow(status), why(event)));
    inFlight.delete(logicalId);
    switch (status) {
      case "done":
        done.set(logicalId, action);
        return print(
          line(action, event, DONE[action], beganAtMs === undefined ? "" : colors.dim(elapsedText(atMs - beganAtMs))),
        );
      case "undone":
        return print(line(undoing(event), event, "undone", ""));
      case "undo-skipped":
        return print(line("retain", event, "skipped", event.id ?? ""));
      case "undo-failed":
        return print(line(undoing(event), event, colors.red("not undone"), why(event)));
      default:
        return print(line(action, event, status === "skipped" ? status : colors.red(status), why(event)));
    }
  };

  return {
    show(event) {
      const { logicalId, status, cause } = event;
      if (logicalId !== undefined) return showStep(event, logicalId);
      const changes = event.steps ?? done.size;
      if (status === "rolling-back" && changes > 0) print(`rolling back ${counted(changes, "change")}`);
      if (status === "waiting") print(`waiting: ${cause?.message ?? "another deployment is under way"}`);
    },
    tick(nowMs) {
      for (const event of inFlight.values()) {
        const elapsedMs = nowMs - event.atMs;
        const { action = "none" } = event;
        if (elapsedMs > LONG_MS) print(line(action, event, DOING[action] ?? "", colors.dim(elapsedText(elapsedMs))));
      }
    },
  };
}

const longest = (texts: readonly string[]) => texts.reduce((most, { length }) => Math.max(most, length), 0);

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** `  web.yaml:12`, where the template declares a resource. */
export function placeOf(plan: Partial<Plan>, logicalId: string | undefined): string {
  const range = plan.changes?.find((change) => change.logicalId === logicalId)?.range;
  return range ? `  ${fileOf(plan.file ?? "", range)}:${range.line}` : "";
}

/** What an undo could not remove or put back. */
export const remainingText = (each: Remaining): string =>
  `  remains: ${each.logicalId} (${each.id}): ${each.code}: ${each.message}`;

/** Said first when an earlier deployment had been cut off, before anything is done about it. */
export function interruptedText(found: Interrupted, nowMs: number): string {
  const { stack, startedAtMs, takenSteps, plannedSteps, how } = found;
  const undoing = "undoing (use --resume to finish it instead)";
  const doing = { undo: undoing, resume: "finishing it", keep: "keeping it" }[how];
  const ago = elapsedText(nowMs - startedAtMs);
  return `${stack}: a deployment was interrupted ${ago} ago after ${takenSteps} of ${plannedSteps} steps; ${doing}`;
}

/** And what became of it. */
export function settledText({ stack, status, remaining = [] }: SettleResult): string {
  const outcome = {
    undone: "is as it was",
    resumed: "is deployed",
    kept: "keeps what was done",
    "rollback-failed": "could not be undone",
    clean: "needed nothing",
    locked: "is being deployed",
  }[status];
  const next = status === "rollback-failed" ? [`  What to do: cloudstack continue-rollback ${stack}`] : [];
  return [`${stack} ${outcome}`, ...remaining.map(remainingText), ...next].join("\n");
}

export function elapsedText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
