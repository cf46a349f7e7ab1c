import type { Plan } from "../../stack/plan/plan.ts";
import { conductFor, type ConductOptions } from "../conduct-options.ts";
import { confirm } from "../confirm.ts";
import type { Output } from "../output.ts";
import type { Session } from "../session.ts";
import { createProgress } from "../text/progress.ts";
import { resultText } from "../text/result.ts";
import { showDiagnostics } from "./with-session.ts";

interface Application {
  readonly conduct: ConductOptions;
  readonly question: string;
  readonly source: string;
  /** Where the values are that a plan does not keep. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Only what the plan asks for again. */
const secretsOf = (made: Plan, given: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(given).filter(([name]) => made.secrets?.names.includes(name)));

/** Asks, applies a plan that was shown, tells what happens and how it ended. */
export async function applyPlan(
  output: Output,
  session: Session,
  made: Plan,
  { conduct, question, source, secrets = {} }: Application,
): Promise<void> {
  const input = { plan: made, secrets: secretsOf(made, secrets), conduct: conductFor(conduct) };
  if (!made.isEmpty && conduct.yes !== true && !(await confirm(question))) return output.note("nothing was changed");
  const progress = createProgress(output.colors, made, output.note);
  if (!made.isEmpty) output.note("");
  const result = await session.run("deploy", input, (event) => {
    if ("stackEvent" in event) progress(event.stackEvent);
  });
  showDiagnostics(output, result.diagnostics, source);
  if (result.status !== "deployed" && result.status !== "unchanged") process.exitCode = 1;
  output.answer(result, () => resultText(output.colors, made, result));
}
