import type { Plan } from "../../stack/plan/plan.ts";
import type { DeployResult } from "../../stack/requests.ts";
import type { Timings } from "../../stack/apply/timings.ts";
import type { Colors } from "../output.ts";
import { outputsText } from "./outputs.ts";
import { elapsedText, placeOf, remainingText } from "./progress.ts";
import { alignColumns } from "./table.ts";

/** What to do about a failure that is the engine's own. */
const CURES: Readonly<Record<string, string>> = {
  TimedOut: "give it more time with --timeout",
  Interrupted: "deploy again when you want to go on",
  PlanBroken: "plan again",
  ResourceGone: "plan again",
  BucketNotEmpty: "empty it first, or let it stay with DeletionPolicy: Retain",
};

/** What was deployed: the plan, as far as there is one. */
export type About = Partial<Plan> &
  Pick<Plan, "stack" | "kind" | "serial"> & {
    /** The version that was gone back to. */
    readonly restores?: number | undefined;
  };

/** How a deployment ended: the answer first, then why, then what to do. */
export function resultText(colors: Colors, about: About, result: DeployResult): string {
  const { stack } = about;
  const { cause, deploymentId } = result;
  const because = cause
    ? `Cause: ${[cause.logicalId, cause.code].filter(Boolean).join(", ")}: ${cause.message}` +
      placeOf(about, cause.logicalId)
    : "";
  const cure = cause && CURES[cause.code];
  const cures = cure === undefined ? [] : [`  What to do: ${cure}.`];
  const outputs = outputsText(result.outputs ?? {});
  // Outside the store only; the next command on the stack tries again.
  const leftovers = (result.remaining ?? []).map(remainingText);
  const details = `  Details: cloudstack events ${stack} --deployment ${deploymentId}`;
  switch (result.status) {
    case "unchanged":
      return [`${stack}: nothing to do`, ...outputs].join("\n");
    case "deployed": {
      const took = result.timings ? ` in ${elapsedText(result.timings.elapsedMs)}` : "";
      const back = about.restores === undefined ? "" : `, back to what it was at serial ${about.restores}`;
      if (about.kind === "destroy") return [`${colors.green("destroyed")} ${stack}${took}`, ...leftovers].join("\n");
      const answer = `${colors.green("deployed")} ${stack} (serial ${result.serial})${back}${took}`;
      return [answer, ...outputs, ...leftovers].join("\n");
    }
    case "rolled-back": {
      const skipped = (result.skipped ?? []).map(({ logicalId, id }) => `  left behind: ${logicalId} (${id})`);
      const answer = skipped.length > 0 ? "is rolled back, but for what was skipped" : "is as it was";
      return [`${stack} ${answer} (serial ${about.serial}). ${because}`, ...skipped, ...cures, details].join("\n");
    }
    case "rollback-failed": {
      const remaining = (result.remaining ?? []).map(remainingText);
      const next = `  What to do: mend what is in the way, then cloudstack continue-rollback ${stack}`;
      return [`${colors.red("rollback failed")}. ${because}`, ...remaining, next, details].join("\n");
    }
    case "kept": {
      const next = `  What to do: mend it and deploy again, or cloudstack rollback ${stack}`;
      return [`${colors.red("failed")}: ${stack} keeps what was done. ${because}`, next, details].join("\n");
    }
    case "refused":
      return "nothing was changed";
  }
}

/** The steps that made a deployment as long as it was: each began after the one above. */
export function timingsText({ elapsedMs, criticalPath }: Timings): string[] {
  const rows = criticalPath.map(({ logicalId, waitedMs, tookMs }) => [
    logicalId,
    elapsedText(tookMs),
    waitedMs > 0 ? `after waiting ${elapsedText(waitedMs)}` : "",
  ]);
  return [`critical path of ${elapsedText(elapsedMs)}:`, ...alignColumns(rows, "  ")];
}
