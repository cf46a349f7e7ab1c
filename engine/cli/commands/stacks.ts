import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { DeployResult } from "../../stack/requests.ts";
import type { Plan } from "../../stack/plan/plan.ts";
import type { Source } from "../../stack/diagnostics/source.ts";
import type { Diagnostic } from "../../stack/diagnostics/diagnostic.ts";
import { monotonicMs, systemClock } from "../../platform/clock.ts";
import { confirm } from "../confirm.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import { openSession, type Session, type SessionOptions } from "../session.ts";
import { diagnosticsText } from "../text/diagnostics.ts";
import { planText } from "../text/plan.ts";
import { createProgress, placeOf, remainingText, settledText } from "../text/progress.ts";
import { outputsText } from "../text/outputs.ts";

/** `--detailed-exitcode`: the plan has changes. */
const EXIT_CHANGES = 2;

export interface TemplateRequest {
  readonly file: string;
  readonly stack?: string;
  readonly parameter: Readonly<Record<string, string>>;
}

function readSource(file: string): Source {
  try {
    return { file, text: readFileSync(file, "utf8") };
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    const what =
      code === "ENOENT"
        ? `There is no file ${file}.`
        : code === "EISDIR"
          ? `${file} is a folder, not a template.`
          : `${file} cannot be read: ${code}.`;
    throw new Failure(what, ["Give the path of a template, e.g. templates/web.yaml."], problem);
  }
}

/** `web` for `templates/web.yaml`. */
const stackOf = (request: TemplateRequest) =>
  request.stack ?? basename(request.file).replace(/\.(template\.)?(ya?ml|json)$/i, "");

async function withSession<T>(options: SessionOptions, run: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(options);
  try {
    return await run(session);
  } finally {
    await session.close();
  }
}

/** Shows diagnostics where people look; true when one is an error. */
function showDiagnostics(output: Output, diagnostics: readonly Diagnostic[], source: string): boolean {
  const hasError = diagnostics.some((each) => each.severity === "error");
  if (diagnostics.length > 0 && output.format === "text")
    output.problem(diagnosticsText(diagnostics, source, output.colors));
  if (hasError) process.exitCode = 1;
  return hasError;
}

export async function validate(output: Output, options: SessionOptions, request: TemplateRequest): Promise<void> {
  const source = readSource(request.file);
  const { diagnostics } = await withSession(options, (session) =>
    session.run("validate", { source, parameters: request.parameter }),
  );
  const isInvalid = showDiagnostics(output, diagnostics, source.text);
  if (!isInvalid || output.format !== "text")
    output.answer({ valid: !isInvalid, diagnostics }, () => `${request.file} is valid`);
}

type Planned = { readonly plan?: Plan; readonly diagnostics: readonly Diagnostic[]; readonly elapsedMs: number };

async function makePlan(output: Output, session: Session, request: TemplateRequest, source: Source): Promise<Planned> {
  const startMs = monotonicMs();
  const input = { stack: stackOf(request), source, parameters: request.parameter };
  const planned = await session.run("plan", input, (event) => {
    if ("settled" in event) output.note(settledText(event.settled, systemClock().nowMs()));
  });
  return { ...planned, elapsedMs: monotonicMs() - startMs };
}

/** A word as a POSIX shell takes it. */
const quoted = (text: string) => (/^[\w./:=@,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** What applies the plan that was shown: the same file, stack and parameters. */
function deployCommand({ file, stack, parameter }: TemplateRequest): string {
  const parameters = Object.entries(parameter).map(([name, value]) => `--parameter ${quoted(`${name}=${value}`)}`);
  return ["cloudstack deploy", quoted(file), ...(stack ? [`--stack ${quoted(stack)}`] : []), ...parameters].join(" ");
}

export async function plan(
  output: Output,
  options: SessionOptions,
  request: TemplateRequest & { readonly detailedExitcode?: boolean },
): Promise<void> {
  const source = readSource(request.file);
  await withSession(options, async (session) => {
    const planned = await makePlan(output, session, request, source);
    const isInvalid = showDiagnostics(output, planned.diagnostics, source.text);
    if (isInvalid || !planned.plan)
      return output.format === "text" ? undefined : output.answer({ diagnostics: planned.diagnostics }, () => "");
    const made = planned.plan;
    output.answer({ plan: made, diagnostics: planned.diagnostics }, () =>
      [
        planText(made, output.colors, output.width, planned.elapsedMs),
        made.isEmpty ? "" : `\nApply with: ${deployCommand(request)}`,
      ]
        .join("")
        .trimEnd(),
    );
    if (request.detailedExitcode && !made.isEmpty) process.exitCode = EXIT_CHANGES;
  });
}

export async function deploy(
  output: Output,
  options: SessionOptions,
  request: TemplateRequest & { readonly yes?: boolean },
): Promise<void> {
  const source = readSource(request.file);
  await withSession(options, async (session) => {
    const planned = await makePlan(output, session, request, source);
    if (showDiagnostics(output, planned.diagnostics, source.text) || !planned.plan) {
      return output.format === "text"
        ? undefined
        : output.answer({ status: "refused", diagnostics: planned.diagnostics }, () => "");
    }
    output.note(planText(planned.plan, output.colors, output.width, planned.elapsedMs));
    await applyPlan(output, session, planned.plan, {
      isConfirmed: request.yes === true,
      question: "Apply this plan?",
      source: source.text,
      secrets: request.parameter,
    });
  });
}

export async function destroy(
  output: Output,
  options: SessionOptions,
  request: { readonly stack: string; readonly yes?: boolean },
): Promise<void> {
  await withSession(options, async (session) => {
    const { plan: made, diagnostics } = await session.run("planDestroy", { stack: request.stack });
    if (showDiagnostics(output, diagnostics, "") || !made) return;
    output.note(planText(made, output.colors, output.width));
    await applyPlan(output, session, made, {
      isConfirmed: request.yes === true,
      question: `Destroy ${request.stack}?`,
      source: "",
    });
  });
}

interface Confirmation {
  readonly isConfirmed: boolean;
  readonly question: string;
  readonly source: string;
  /** Where the values are that a plan does not keep. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Only what the plan asks for again. */
const secretsOf = (made: Plan, given: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(given).filter(([name]) => made.secrets?.names.includes(name)));

async function applyPlan(
  output: Output,
  session: Session,
  made: Plan,
  { isConfirmed, question, source, secrets = {} }: Confirmation,
): Promise<void> {
  if (!made.isEmpty && !isConfirmed && !(await confirm(question))) return output.note("nothing was changed");
  const progress = createProgress(output.colors, made, output.note);
  if (!made.isEmpty) output.note("");
  const result = await session.run("deploy", { plan: made, secrets: secretsOf(made, secrets) }, (event) => {
    if ("stackEvent" in event) progress(event.stackEvent);
  });
  showDiagnostics(output, result.diagnostics, source);
  if (result.status !== "deployed" && result.status !== "unchanged") process.exitCode = 1;
  output.answer(result, () => resultText(output, made, result));
}

function resultText(output: Output, made: Plan, result: DeployResult): string {
  const { colors } = output;
  const { cause } = result;
  const because = cause
    ? `Cause: ${[cause.logicalId, cause.code].filter(Boolean).join(", ")}: ${cause.message}` +
      placeOf(made, cause.logicalId)
    : "";
  const outputs = outputsText(result.outputs ?? {});
  const details = `  Details: cloudstack events ${made.stack} --deployment ${result.deploymentId}`;
  switch (result.status) {
    case "unchanged":
      return [`${made.stack}: nothing to do`, ...outputs].join("\n");
    case "deployed":
      if (made.kind === "destroy") return `${colors.green("destroyed")} ${made.stack}`;
      return [`${colors.green("deployed")} ${made.stack} (serial ${result.serial})`, ...outputs].join("\n");
    case "rolled-back":
      return [`${made.stack} is as it was (serial ${made.serial}).`, because, details].join("\n");
    case "rollback-failed": {
      const remaining = (result.remaining ?? []).map(remainingText);
      const next = "  The next command on this stack tries again.";
      return [`${colors.red("rollback failed")}: ${because}`, ...remaining, next, details].join("\n");
    }
    case "refused":
      return "nothing was changed";
  }
}
