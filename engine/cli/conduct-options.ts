import { Option, type Command } from "commander";
import type { Conduct } from "../stack/apply/begin.ts";
import { FAILURE_POLICIES, type FailurePolicy } from "../stack/state/failure-policy.ts";
import { Failure } from "./failure.ts";
import { readCount, readDuration } from "./options.ts";

/** Of the commands that carry out a plan: what happens while they do, as commander gives it. */
export interface ConductOptions {
  readonly yes?: boolean;
  readonly onFailure?: FailurePolicy;
  readonly keep?: boolean;
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly lockTimeout?: number;
  readonly timings?: boolean;
  readonly resume?: boolean;
}

export const RESUME = "finish a deployment that was cut off, instead of undoing it first";

export function addConductOptions(command: Command): Command {
  return command
    .option("-y, --yes", "do not ask")
    .addOption(
      new Option("--on-failure <policy>", "rollback, keep, or delete a stack that has nothing yet")
        .default("rollback")
        .argParser(readPolicy),
    )
    .option("--keep", "the same as --on-failure keep")
    .addOption(new Option("--concurrency <steps>", "how many steps at once").argParser(readCount))
    .addOption(new Option("--timeout <time>", "longest time for one resource, e.g. 90s, 10m").argParser(readDuration))
    .addOption(
      new Option("--lock-timeout <time>", "how long to wait for another deployment to end").argParser(readDuration),
    )
    .option("--resume", RESUME)
    .option("--timings", "tell at the end which steps made it so long");
}

export function conductFor(options: ConductOptions): Conduct {
  return {
    onFailure: options.keep ? "keep" : options.onFailure,
    concurrency: options.concurrency,
    stepTimeoutMs: options.timeout,
    lockTimeoutMs: options.lockTimeout,
  };
}

function readPolicy(value: string): FailurePolicy {
  const policy = FAILURE_POLICIES.find((known) => known === value);
  if (policy === undefined)
    throw new Failure(`There is no failure policy "${value}".`, [`--on-failure takes ${FAILURE_POLICIES.join(", ")}.`]);
  return policy;
}
