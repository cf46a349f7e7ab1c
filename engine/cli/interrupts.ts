import type { FailurePolicy } from "../stack/state/failure-policy.ts";
import { EXIT, SIGNALS } from "./exit-codes.ts";
import type { Output } from "./output.ts";
import type { Session } from "./session.ts";

interface Interruptible {
  /** The deployment's name, as its conduct gives it. */
  readonly name: string;
  readonly onFailure: FailurePolicy;
}

/**
 * Runs a deployment. The first Ctrl-C ends it in order: nothing more begins, what is in flight ends, then it is rolled
 * back or kept. The second one leaves at once: the journal holds what is to be settled.
 */
export async function interruptible<T>(
  output: Output,
  session: Session,
  { name, onFailure }: Interruptible,
  run: () => Promise<T>,
): Promise<T> {
  let isInterrupted = false;
  const then = onFailure === "keep" ? "what was done is kept" : "what was done is rolled back";
  const onSignal = () => {
    if (isInterrupted) process.exit(EXIT.interrupted);
    isInterrupted = true;
    output.problem(`interrupted: what is in flight ends, then ${then} (once more to leave that to the next command)`);
    session.run("interrupt", { name }).then(
      ({ interrupted }) => interrupted || output.problem("nothing was under way any more"),
      (problem: Error) => output.problem(`the engine could not be told: ${problem.message}`),
    );
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await run();
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}
