import type { HistoryEntry } from "../../stack/requests.ts";
import type { ConductOptions } from "../conduct-options.ts";
import { confirm } from "../confirm.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import type { SessionOptions } from "../session.ts";
import { alignColumns, table } from "../text/table.ts";
import { planText } from "../text/plan.ts";
import { elapsedText } from "../text/progress.ts";
import { timeText } from "../text/time.ts";
import { applyPlan, conducted, finish } from "./apply-plan.ts";
import { settling, showDiagnostics, withSession } from "./with-session.ts";

/** Back to an earlier version, or out of failed deployments that were kept. */
export async function rollback(
  output: Output,
  options: SessionOptions,
  { stack, to, ...conduct }: ConductOptions & { readonly stack: string; readonly to?: number },
): Promise<void> {
  await withSession(options, async (session) => {
    const way = await session.run("planRollback", { stack, to }, settling(output));
    if (showDiagnostics(output, way.diagnostics, ""))
      return output.format === "text" ? undefined : output.answer({ status: "refused", ...way }, () => "");
    const { plan, kept, restores, serial = 0 } = way;
    if (plan) {
      output.note(planText(plan, output.colors, output.width));
      const question = `Go back to serial ${restores}?`;
      return applyPlan(output, session, plan, { conduct, question, source: plan.template, to: restores });
    }
    if (!kept) return;
    output.note(`${stack}: undoing ${kept.join(", ")}, back to serial ${serial}`);
    if (conduct.yes !== true && !(await confirm("Undo it?"))) return output.note("nothing was changed");
    const { result } = await conducted(output, session, conduct, {}, (how, onEvent) =>
      session.run("rollback", { stack, conduct: how }, onEvent),
    );
    finish(output, { stack, kind: "deploy", serial }, result, "");
    // Here to be back is what was asked for.
    if (result.status === "rolled-back") process.exitCode = 0;
  });
}

/** Goes on with a rollback that failed. */
export async function continueRollback(
  output: Output,
  options: SessionOptions,
  { stack, skip, ...conduct }: ConductOptions & { readonly stack: string; readonly skip?: readonly string[] },
): Promise<void> {
  await withSession(options, async (session) => {
    const { result } = await conducted(output, session, conduct, {}, (how, onEvent) =>
      session.run("continueRollback", { stack, skip, conduct: how }, onEvent),
    );
    finish(output, { stack, kind: "deploy", serial: result.serial ?? 0 }, result, "");
    if (result.status === "rolled-back") process.exitCode = 0;
  });
}

/** The deployments of a stack, or one of its versions. */
export async function history(
  output: Output,
  options: SessionOptions,
  { stack, serial }: { readonly stack: string; readonly serial?: number },
): Promise<void> {
  await withSession(options, async (session) => {
    if (serial !== undefined) {
      const { version } = await session.run("version", { stack, serial });
      if (!version)
        throw new Failure(`Stack ${stack} has no version ${serial}.`, [`cloudstack history ${stack} lists them.`]);
      const rows = version.resources.map(({ logicalId, type, id }) => [type, logicalId, id]);
      return output.answer({ version }, () =>
        [`${stack} serial ${serial}  ${version.file}  ${timeText(version.atMs)}`, ...alignColumns(rows, "  ")]
          .join("\n")
          .trimEnd(),
      );
    }
    const answer = await session.run("history", { stack });
    if (answer.history.length === 0)
      throw new Failure(`Nothing is known of a stack "${stack}".`, ["cloudstack stacks lists them."]);
    const heading = ["serial", "deployment", "time (UTC)", "took", "steps", "what"];
    output.answer(answer, () => table(output.colors, heading, answer.history.map(historyRow)));
  });
}

function historyRow(entry: HistoryEntry): string[] {
  const { serial, isCurrent, deploymentId, startedAtMs, endedAtMs, plannedSteps } = entry;
  return [
    serial === undefined ? "-" : `${serial}${isCurrent ? " *" : ""}`,
    deploymentId,
    timeText(startedAtMs),
    endedAtMs === undefined ? "" : elapsedText(endedAtMs - startedAtMs),
    String(plannedSteps),
    whatText(entry),
  ];
}

function whatText({ status, kind, restores, file, cause }: HistoryEntry): string {
  const why = cause ? `: ${[cause.logicalId, cause.code].filter(Boolean).join(", ")}` : "";
  if (status !== "succeeded") return `${status === "running" ? "under way" : status}${why}`;
  if (kind === "destroy") return "destroyed";
  return restores === undefined ? file : `back to serial ${restores}`;
}
