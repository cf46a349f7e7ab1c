import { basename } from "node:path";
import type { Plan } from "../../stack/plan/plan.ts";
import type { Source } from "../../stack/diagnostics/source.ts";
import type { Inspection } from "../../stack/requests.ts";
import { monotonicMs } from "../../platform/clock.ts";
import type { ConductOptions } from "../conduct-options.ts";
import { EXIT } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { shownPlan } from "../formats/report.ts";
import { readGivenFile } from "../given-file.ts";
import { givenParameters } from "../given-parameters.ts";
import type { Output } from "../output.ts";
import type { PlanningOptions, TemplateOptions } from "../plan-options.ts";
import { withNestedFiles } from "../../apps/nested-files.ts";
import type { ReportOptions } from "../report-options.ts";
import { requireNothingElse, savedPlanIn, savePlan } from "../saved-plan.ts";
import type { Session, SessionOptions } from "../session.ts";
import { reportingTo, type About } from "../reporting.ts";
import { failOnFindings, reviewLines, reviewOf, type Review } from "../review.ts";
import type { ReviewOptions } from "../review-options.ts";
import { deployCommand } from "../text/deploy-command.ts";
import { driftText } from "../text/drift.ts";
import { planText } from "../text/plan.ts";
import { applyPlan } from "./apply-plan.ts";
import { settling, showDiagnostics, withSession } from "./with-session.ts";

interface File {
  readonly file: string;
}
type PlanRequest = PlanningOptions & ReportOptions & Pick<ConductOptions, "resume">;

/** A stack and the template it is planned with, wherever that comes from. */
export interface Subject {
  readonly stack: string;
  readonly source: Source;
  readonly parameters: Readonly<Record<string, string>>;
  /** Undefined for those it has already. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export function readSource(file: string): Source {
  const text = readGivenFile(file, "Give the path of a template, e.g. templates/web.yaml.");
  return { file, text: withNestedFiles(file, text) };
}

/** `web` for `templates/web.yaml`. */
export const stackOf = (request: TemplateOptions & File) =>
  request.stack ?? basename(request.file).replace(/\.(template\.)?(ya?ml|json)$/i, "");

export async function validate(
  output: Output,
  options: SessionOptions,
  request: TemplateOptions & File,
): Promise<void> {
  const source = readSource(request.file);
  const { diagnostics } = await withSession(options, (session) =>
    session.run("validate", { source, parameters: givenParameters(request, source) }),
  );
  const isInvalid = showDiagnostics(output, diagnostics, source.text);
  if (!isInvalid || output.format !== "text")
    output.answer({ valid: !isInvalid, diagnostics }, () => `${request.file} is valid`);
}

/** A template as it is meant to be planned. */
export function subjectOf(request: PlanningOptions & File, source = readSource(request.file)): Subject {
  return { stack: stackOf(request), source, parameters: givenParameters(request, source), tags: request.tag };
}

type Planned = Inspection & { readonly elapsedMs: number };

/** Plans a stack; with every resource whole when more is to be told than the plan. */
export async function makePlan(
  output: Output,
  session: Session,
  request: PlanRequest & ReviewOptions,
  { stack, source, parameters, tags }: Subject,
): Promise<Planned> {
  const startMs = monotonicMs();
  const input = {
    stack,
    source,
    parameters,
    ...(request.target && { targets: request.target }),
    ...(request.import && { imports: request.import }),
    ...(tags && { tags }),
    isRefreshed: request.refresh !== false,
    resume: request.resume,
  };
  const isReviewed = request.check === true || request.cost === true;
  const planned: Inspection = await session.run(isReviewed ? "inspect" : "plan", input, settling(output));
  return { ...planned, elapsedMs: monotonicMs() - startMs };
}

/** Shows a plan with what applies it, or why there is none; true when it has changes. */
export function showPlan(
  output: Output,
  { plan: made, diagnostics, elapsedMs }: Planned,
  source: Source,
  applyWith: (made: Plan) => string,
  review: Review = {},
): boolean {
  output.report({ diagnostics, ...(made && { plan: shownPlan(made) }) });
  if (showDiagnostics(output, diagnostics, source.text) || !made) {
    output.answer({ diagnostics }, () => "");
    return false;
  }
  output.answer({ plan: made, diagnostics, ...review }, () =>
    [
      planText(made, output.colors, output.width, elapsedMs),
      ...withGap(reviewLines(review, output)),
      ...(made.isEmpty ? [] : [`Apply with: ${applyWith(made)}`]),
    ].join("\n"),
  );
  return !made.isEmpty;
}

const withGap = (lines: readonly string[]) => (lines.length > 0 ? ["", ...lines] : lines);

export async function plan(
  output: Output,
  options: SessionOptions,
  request: PlanRequest & ReviewOptions & File & { readonly detailedExitcode?: boolean; readonly out?: string },
): Promise<void> {
  const subject = subjectOf(request);
  const { stack } = subject;
  const details = `cloudstack plan ${request.file} --stack ${stack} --format html`;
  const reporting = reportingTo(output, { kind: "plan", subject: stack, details, outFile: request.outFile });
  await withSession(options, async (session) => {
    const planned = await makePlan(output, session, request, subject);
    if (planned.plan && request.out !== undefined) savePlan(request.out, planned.plan);
    const answer = reporting.of(stack);
    const review = await reviewOf(planned.resources ?? [], planned.plan ? request : {});
    const applyWith = (made: Plan) => deployCommand({ ...request, what: [request.file] }, made, options);
    const hasChanges = showPlan(answer, planned, subject.source, applyWith, review);
    reporting.end(review);
    if (request.detailedExitcode && hasChanges) process.exitCode = EXIT.changes;
    failOnFindings(review.findings, request);
  });
}

export async function drift(
  output: Output,
  options: SessionOptions,
  request: ReportOptions & { readonly stack: string; readonly detailedExitcode?: boolean },
): Promise<void> {
  const { stack, outFile } = request;
  const details = `cloudstack drift ${stack} --format html`;
  const reporting = reportingTo(output, { kind: "drift", subject: stack, details, outFile });
  await withSession(options, async (session) => {
    const startMs = monotonicMs();
    const { drift: report } = await session.run("drift", { stack }, settling(output));
    if (!report) throw new Failure(`There is no stack "${stack}".`, ["cloudstack stacks lists them."]);
    const answer = reporting.of(stack);
    answer.report({ diagnostics: [], drift: report });
    answer.answer(report, () => driftText(report, output.colors, output.width, monotonicMs() - startMs));
    reporting.end();
    if (request.detailedExitcode && report.status === "DRIFTED") process.exitCode = EXIT.changes;
  });
}

export async function deploy(
  output: Output,
  options: SessionOptions,
  request: PlanRequest & File & ConductOptions,
): Promise<void> {
  const source = readSource(request.file);
  const saved = savedPlanIn(source);
  if (saved) return deploySaved(output, options, request, saved);
  const subject = subjectOf(request, source);
  const reporting = reportingTo(output, deploymentOf(subject.stack, request));
  const answer = reporting.of(subject.stack);
  await withSession(options, (session) => deploySubject(answer, session, request, subject));
  reporting.end();
}

const deploymentOf = (stack: string, { outFile }: ReportOptions): About => ({
  kind: "deploy",
  subject: stack,
  details: `cloudstack events ${stack}`,
  outFile,
});

/** Plans, asks and applies; `prepare` comes before anything is applied. True when the stack is as it was wanted. */
export async function deploySubject(
  output: Output,
  session: Session,
  request: PlanRequest & ConductOptions,
  subject: Subject,
  prepare: () => Promise<void> = async () => undefined,
): Promise<boolean> {
  const { source, parameters } = subject;
  const planned = await makePlan(output, session, request, subject);
  if (showDiagnostics(output, planned.diagnostics, source.text) || !planned.plan) {
    output.report({ diagnostics: planned.diagnostics, result: { status: "refused" } });
    output.answer({ version: 1, status: "refused", diagnostics: planned.diagnostics }, () => "");
    return false;
  }
  output.note(planText(planned.plan, output.colors, output.width, planned.elapsedMs));
  return applyPlan(output, session, planned.plan, {
    conduct: request,
    question: "Apply this plan?",
    source: source.text,
    secrets: parameters,
    prepare,
  });
}

/** A plan that was looked at when it was made is not asked about again. */
async function deploySaved(
  output: Output,
  options: SessionOptions,
  request: PlanRequest & File & ConductOptions,
  saved: Plan,
): Promise<void> {
  requireNothingElse(saved, { ...request, account: options.account, region: options.region });
  const source: Source = { file: saved.file, text: saved.template };
  const reporting = reportingTo(output, deploymentOf(saved.stack, request));
  await withSession(options, async (session) => {
    output.note(planText(saved, output.colors, output.width));
    await applyPlan(reporting.of(saved.stack), session, saved, {
      conduct: { ...request, yes: true },
      question: "",
      source: source.text,
      secrets: givenParameters(request, source),
    });
  });
  reporting.end();
}

/** Deletes stacks one after the other; stops at the first that cannot be. */
export async function destroy(
  output: Output,
  options: SessionOptions,
  request: ConductOptions & ReportOptions & { readonly stacks: readonly string[] },
): Promise<void> {
  const { stacks, outFile } = request;
  const about = { kind: "destroy", subject: stacks.join(", "), outFile, isSeveral: stacks.length > 1 } as const;
  const reporting = reportingTo(output, about);
  await withSession(options, async (session) => {
    for (const stack of stacks) if (!(await destroyStack(reporting.of(stack), session, request, stack))) return;
  });
  reporting.end();
}

/** Plans, asks and deletes. True when the stack is gone. */
export async function destroyStack(
  output: Output,
  session: Session,
  request: ConductOptions,
  stack: string,
): Promise<boolean> {
  const { plan: made, diagnostics } = await session.run(
    "planDestroy",
    { stack, resume: request.resume },
    settling(output),
  );
  if (showDiagnostics(output, diagnostics, "") || !made) {
    output.report({ diagnostics, result: { status: "refused" } });
    output.answer({ version: 1, status: "refused", diagnostics }, () => "");
    return false;
  }
  output.note(planText(made, output.colors, output.width));
  return applyPlan(output, session, made, { conduct: request, question: `Destroy ${stack}?`, source: "" });
}
