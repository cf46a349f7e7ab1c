import { awaitLock } from "../apply/await-lock.ts";
import type { DeploymentOptions, RunningOptions } from "../apply/begin.ts";
import type { StackParts } from "../apply/deployment.ts";
import type { Interrupts } from "../apply/interrupts.ts";
import type { DeployResult, StackQuery } from "../requests.ts";
import { lockedProblem, refused } from "./refusals.ts";

/** Runs what changes a stack: after whoever else does, if its user wants to wait, and until it is interrupted. */
export function conducted(
  parts: StackParts,
  interrupts: Interrupts,
  { scope, stack }: StackQuery,
  options: DeploymentOptions,
  run: (options: RunningOptions) => Promise<DeployResult>,
): Promise<DeployResult> {
  return interrupts.watch(options, async (interruption) => {
    const { signal } = interruption;
    const held = await awaitLock(parts, scope, stack, {
      timeoutMs: options.lockTimeoutMs ?? 0,
      signal,
      onWait: (lock) =>
        options.onEvent?.({
          version: 1,
          stack,
          deploymentId: lock.deploymentId ?? "",
          atMs: parts.clock.nowMs(),
          status: "waiting",
          cause: { code: "Locked", message: lockedProblem(stack, lock, parts.clock.nowMs()).message },
        }),
    });
    if (held) return refused(lockedProblem(stack, held, parts.clock.nowMs()));
    return run({ ...options, signal, interruption });
  });
}
