import type { Plan } from "../../stack/plan/plan.ts";
import type { StackEvent } from "../../stack/apply/stack-event.ts";
import type { DeployResult } from "../../stack/requests.ts";
import { systemClock } from "../../platform/clock.ts";
import { idsFrom } from "../../platform/ids.ts";
import { systemRandom } from "../../platform/random.ts";
import type { Conduct } from "../../stack/apply/begin.ts";
import type { CommandEvent } from "../../gateway/commands.ts";
import { conductFor, type ConductOptions } from "../conduct-options.ts";
import { confirm } from "../confirm.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptible } from "../interrupts.ts";
import { shownPlan, shownResult } from "../formats/report.ts";
import { stepsOf } from "../formats/steps.ts";
import type { Output } from "../output.ts";
import type { Session } from "../session.ts";
import { createProgress } from "../text/progress.ts";
import { resultText, timingsText, type About } from "../text/result.ts";
import { showDiagnostics } from "./with-session.ts";

interface Application {
  readonly conduct: ConductOptions;
  readonly question: string;
  readonly source: string;
  /** Where the values are that a plan does not keep. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The version that the plan goes back to. */
  readonly to?: number | undefined;
  /** Done once it is sure that the plan is applied, before anything else. */
  readonly prepare?: () => Promise<void>;
}

/** Only what the plan asks for again. */
const secretsOf = (made: Plan, given: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(given).filter(([name]) => made.secrets?.names.includes(name)));

/** Asks, applies a plan that was shown, tells what happens and how it ended. True when it was done. */
export async function applyPlan(
  output: Output,
  session: Session,
  made: Plan,
  { conduct: options, question, source, secrets = {}, to, prepare }: Application,
): Promise<boolean> {
  if (!made.isEmpty && options.yes !== true && !(await confirm(question))) {
    output.note("nothing was changed");
    return false;
  }
  await prepare?.();
  if (!made.isEmpty) output.note("");
  const { result, events } = await conducted(output, session, options, made, (conduct, onEvent) =>
    to === undefined
      ? session.run("deploy", { plan: made, secrets: secretsOf(made, secrets), conduct }, onEvent)
      : session.run("rollback", { stack: made.stack, to, plan: made, conduct }, onEvent),
  );
  output.report({ ...reportOf(result), plan: shownPlan(made), steps: stepsOf(made, events) });
  finish(output, { ...made, restores: to }, result, source);
  if (options.timings && result.timings && result.timings.criticalPath.length > 0)
    output.note(timingsText(result.timings).join("\n"));
  return isDone(result);
}

const isDone = ({ status }: DeployResult) => status === "deployed" || status === "unchanged";

const reportOf = (result: DeployResult) => ({ diagnostics: result.diagnostics, result: shownResult(result) });

/** Shows how it ended; the exit code tells whether it was done. */
export function finish(
  output: Output,
  about: About,
  result: DeployResult,
  source: string,
): void {
  showDiagnostics(output, result.diagnostics, source);
  if (!isDone(result)) process.exitCode = EXIT.failed;
  output.answer({ version: 1, ...result }, () => resultText(output.colors, about, result));
}

const TICK_MS = 10_000;

export interface Conducted {
  readonly result: DeployResult;
  readonly events: readonly StackEvent[];
}

/** Runs what changes a stack, with its progress on the screen and an ear for Ctrl-C. */
export async function conducted(
  output: Output,
  session: Session,
  options: ConductOptions,
  about: Partial<Plan>,
  run: (conduct: Conduct, onEvent: (event: CommandEvent) => void) => Promise<DeployResult>,
): Promise<Conducted> {
  const name = idsFrom(systemRandom()).uuid();
  const conduct: Conduct = { ...conductFor(options), name };
  const progress = createProgress(output.colors, about, output.note);
  // What takes long is named now and then: nobody should have to guess whether anything still happens.
  const ticking = setInterval(() => progress.tick(systemClock().nowMs()), TICK_MS);
  const { onFailure = "rollback" } = conduct;
  const events: StackEvent[] = [];
  try {
    const result = await interruptible(output, session, { name, onFailure }, () =>
      run(conduct, (event) => {
        if (!("stackEvent" in event)) return;
        events.push(event.stackEvent);
        progress.show(event.stackEvent);
      }),
    );
    return { result, events };
  } finally {
    clearInterval(ticking);
  }
}
