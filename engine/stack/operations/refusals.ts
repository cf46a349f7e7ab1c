import type { Refusal } from "../apply/begin.ts";
import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { diagnosticsOf } from "../diagnostics/source.ts";
import { unfinished } from "../plan/passes/protections.ts";
import type { DeployResult } from "../requests.ts";
import type { LockRecord } from "../state/model.ts";

/** Nothing was touched, for these reasons. */
export const refused = (...problems: Problem[]): DeployResult => ({
  status: "refused",
  diagnostics: diagnosticsOf(problems, { file: "", text: "" }),
});

export function refusalProblem(stack: string, refusal: Refusal, nowMs: number): Problem {
  switch (refusal.refused) {
    case "locked":
      return lockedProblem(stack, refusal.lock, nowMs);
    case "interrupted":
      return problem(
        "CS3002",
        `deployment ${refusal.deploymentId} of stack ${stack} was interrupted`,
        undefined,
        "settle it first",
      );
    case "rollback-failed":
      return unfinished(stack, refusal.deploymentId);
    case "protected":
      return problem("CS3010", `stack ${stack} is protected from being destroyed`);
    case "not-first":
      return problem(
        "CS3005",
        `stack ${stack} has been deployed (serial ${refusal.serial}), so a failure cannot delete it`,
        undefined,
        "--on-failure delete is for a first deployment; use rollback or keep",
      );
    case "moved":
      return problem(
        "CS2005",
        `the plan no longer holds: the stack was at serial ${refusal.planned} and is at serial ${refusal.serial} now`,
        undefined,
        "plan again",
      );
  }
}

/** Who holds the stack, since when, and how long that can last. */
export function lockedProblem(stack: string, lock: LockRecord, nowMs: number): Problem {
  const { holder = "another process", deploymentId = "unknown deployment", takenAtMs, expiresAtMs } = lock;
  const since = takenAtMs === undefined ? "" : ` since ${new Date(takenAtMs).toISOString().slice(0, 19)}Z`;
  const leftSeconds = Math.max(1, Math.ceil((expiresAtMs - nowMs) / 1000));
  return problem(
    "CS3001",
    `${holder} is deploying stack ${stack}${since} (${deploymentId})`,
    undefined,
    `wait for it with --lock-timeout 1m; should it be gone, its lock ends in ${leftSeconds} s`,
  );
}
