import { writeFileSync } from "node:fs";
import type { Source } from "../stack/diagnostics/source.ts";
import type { Plan } from "../stack/plan/plan.ts";
import { Failure } from "./failure.ts";
import type { PlanningOptions } from "./plan-options.ts";

/** For its owner only: a plan has no secrets, but everything else there is to know of a stack. */
const MODE = 0o600;
const VERSION = 1;

export function savePlan(file: string, plan: Plan): void {
  try {
    writeFileSync(file, `${JSON.stringify(plan, null, 2)}\n`, { mode: MODE });
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    throw new Failure(`The plan cannot be written to ${file}: ${code}.`, ["--out takes the path of a file."], problem);
  }
}

/** The plan in a file that `plan --out` wrote; undefined when it is something else: a template. */
export function savedPlanIn({ file, text }: Source): Plan | undefined {
  if (!text.startsWith("{")) return undefined;
  let content: Partial<Plan>;
  try {
    content = JSON.parse(text) as Partial<Plan>;
  } catch {
    // Not JSON, so no plan: whoever reads it as a template says what is wrong with it.
    return undefined;
  }
  if (content.kind === undefined || content.hash === undefined) return undefined;
  if (content.version !== VERSION)
    throw new Failure(`${file} is a plan of version ${String(content.version)}.`, [
      `This cloudstack applies plans of version ${VERSION}: plan again.`,
    ]);
  return content as Plan;
}

interface Given extends PlanningOptions {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** A saved plan is applied as it is: options that would make another plan are refused. */
export function requireNothingElse(plan: Plan, given: Given): void {
  const options = [
    given.stack !== undefined && given.stack !== plan.stack && "--stack",
    given.target && "--target",
    given.import && "--import",
    given.tag && "--tag",
    given.refresh === false && "--no-refresh",
    given.account !== undefined && given.account !== plan.account && "--account",
    given.region !== undefined && given.region !== plan.region && "--region",
  ].filter((each) => each !== false && each !== undefined);
  if (options.length === 0) return;
  throw new Failure(`${options.join(", ")} cannot be given with a saved plan.`, ["Plan again with it."]);
}
