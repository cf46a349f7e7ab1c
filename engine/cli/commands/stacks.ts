import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Plan } from "../../stack/plan/plan.ts";
import type { Source } from "../../stack/diagnostics/source.ts";
import type { Diagnostic } from "../../stack/diagnostics/diagnostic.ts";
import { monotonicMs, systemClock } from "../../platform/clock.ts";
import type { ConductOptions } from "../conduct-options.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import type { Session, SessionOptions } from "../session.ts";
import { planText } from "../text/plan.ts";
import { settledText } from "../text/progress.ts";
import { applyPlan } from "./apply-plan.ts";
import { showDiagnostics, withSession } from "./with-session.ts";

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
  request: TemplateRequest & ConductOptions,
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
      conduct: request,
      question: "Apply this plan?",
      source: source.text,
      secrets: request.parameter,
    });
  });
}

export async function destroy(
  output: Output,
  options: SessionOptions,
  request: ConductOptions & { readonly stack: string },
): Promise<void> {
  await withSession(options, async (session) => {
    const { plan: made, diagnostics } = await session.run("planDestroy", { stack: request.stack });
    if (showDiagnostics(output, diagnostics, "") || !made) return;
    output.note(planText(made, output.colors, output.width));
    await applyPlan(output, session, made, {
      conduct: request,
      question: `Destroy ${request.stack}?`,
      source: "",
    });
  });
}
