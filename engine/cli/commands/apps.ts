import { relative } from "node:path";
import type { AssemblyStack } from "../../apps/assembly.ts";
import { publishAssets } from "../../apps/publish-assets.ts";
import { DEFAULT_SCOPE } from "../../services/context.ts";
import type { Plan } from "../../stack/plan/plan.ts";
import type { PlannedResource } from "../../stack/plan/planned-resource.ts";
import { awaitsOnlyOthers } from "../apps/awaited-stacks.ts";
import type { SynthesisOptions } from "../apps/synthesize.ts";
import { readAppStacks, synthesized, type Meant } from "../apps/what-is-meant.ts";
import type { ConductOptions } from "../conduct-options.ts";
import { EXIT } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { areAllPlanned, waitingText, type ReportKind } from "../formats/report.ts";
import { givenParameters } from "../given-parameters.ts";
import type { Output } from "../output.ts";
import type { PlanningOptions } from "../plan-options.ts";
import type { ReportOptions } from "../report-options.ts";
import { reportingTo, type About } from "../reporting.ts";
import { failOnFindings, reviewLines, reviewOf } from "../review.ts";
import type { ReviewOptions } from "../review-options.ts";
import { savePlan } from "../saved-plan.ts";
import type { Session, SessionOptions } from "../session.ts";
import { deployCommand } from "../text/deploy-command.ts";
import { subjectNameOf } from "../text/subject-name.ts";
import { deploySubject, destroyStack, makePlan, showPlan, type Subject } from "./stacks.ts";
import { withSession } from "./with-session.ts";

type App = Meant & { readonly kind: "app" };

/** Of the commands that take stacks of an app, as commander gives them. */
export interface AppOptions extends SynthesisOptions {
  readonly app: App;
}

type PlanRequest = PlanningOptions & AppOptions & ReportOptions & Pick<ConductOptions, "resume">;

/** Writes the templates of the app in this folder. */
export async function synth(output: Output, options: SynthesisOptions): Promise<void> {
  const { directory, stacks } = await synthesized(output, { ...options, isListed: true });
  const folder = relative(process.cwd(), directory) || ".";
  const answer = { directory, stacks: stacks.map(({ name, file, dependencies }) => ({ name, file, dependencies })) };
  output.answer(answer, () =>
    [
      `${folder}  ${stacks.length} ${stacks.length === 1 ? "stack" : "stacks"}`,
      ...stacks.map(({ name, file }) => `  ${name}  ${relative(process.cwd(), file)}`),
    ].join("\n"),
  );
}

/** One stack has options of its own; several have those that fit any. */
export function subjectOf(
  stack: AssemblyStack,
  request: PlanningOptions & AppOptions,
  isOnly: boolean,
): Subject {
  if (request.stack !== undefined)
    throw new Failure("--stack names the stack of a template; those of an app have names.", [
      `Name them instead: cloudstack deploy ${request.stack}`,
    ]);
  if (!isOnly && (request.target ?? request.import) !== undefined)
    throw new Failure("--target and --import are for one stack at a time.", ["Name the stack."]);
  const source = { file: relative(process.cwd(), stack.file), text: stack.template };
  const given = givenParameters(request, source);
  const tags = request.tag ?? (Object.keys(stack.tags ?? {}).length > 0 ? stack.tags : undefined);
  return { stack: stack.name, source, parameters: { ...stack.parameters, ...given }, tags };
}

function aboutApp(kind: ReportKind, { app, outFile }: AppOptions & ReportOptions): About {
  const { directory, stacks } = app;
  const subject = subjectNameOf(app, []);
  const details = ["cloudstack plan", ...[directory ?? [], stacks].flat(), "--format html"].join(" ");
  return { kind, subject, outFile, isSeveral: true, ...(kind === "plan" && { details }) };
}

/** Shows what would be done to each stack. */
export async function planApp(
  output: Output,
  options: SessionOptions,
  request: PlanRequest & ReviewOptions & { readonly detailedExitcode?: boolean; readonly out?: string },
): Promise<void> {
  const { wanted } = await readAppStacks(output, request.app, request);
  const isOnly = wanted.length === 1;
  if (request.out !== undefined && !isOnly)
    throw new Failure("--out keeps one plan.", ["Name a stack that needs no other."]);
  const answers = reportingTo(output, aboutApp("plan", request));
  const changed = new Set<string>();
  const resources: PlannedResource[] = [];
  await withSession(options, async (session) => {
    for (const stack of wanted) {
      const subject = subjectOf(stack, request, isOnly);
      const planned = await makePlan(output, session.within(stack.scope), request, subject);
      const awaited = stack.dependencies.filter((name) => changed.has(name));
      if (awaited.length > 0 && awaitsOnlyOthers(planned.diagnostics)) {
        changed.add(stack.name);
        const text = `${stack.name}  ${waitingText(awaited)}: it uses what that gives`;
        const { diagnostics } = planned;
        const answer = answers.of(stack.name);
        answer.report({ awaits: awaited, diagnostics });
        answer.answer({ awaits: awaited, diagnostics }, () => text);
        continue;
      }
      resources.push(...(planned.resources ?? []));
      if (planned.plan && request.out !== undefined) savePlan(request.out, planned.plan);
      const what = [request.app.directory ?? [], stack.name].flat();
      const applyWith = (made: Plan) => deployCommand({ ...request, what }, made, options);
      if (showPlan(answers.of(stack.name), planned, subject.source, applyWith)) changed.add(stack.name);
    }
  });
  const review = await reviewOf(resources, request, areAllPlanned(answers.stacks));
  for (const line of reviewLines(review, output)) output.note(line);
  answers.end(review);
  if (request.detailedExitcode && changed.size > 0 && process.exitCode === undefined) process.exitCode = EXIT.changes;
  failOnFindings(review.findings, request);
}

/** Deploys each stack after those it depends on; stops at the first that fails. */
export async function deployApp(
  output: Output,
  options: SessionOptions,
  request: PlanRequest & ConductOptions,
): Promise<void> {
  const { wanted } = await readAppStacks(output, request.app, request);
  const answers = reportingTo(output, aboutApp("deploy", request));
  await withSession(options, async (session) => {
    for (const [index, stack] of wanted.entries()) {
      if (index > 0) output.note("");
      const within = session.within(stack.scope);
      const subject = subjectOf(stack, request, wanted.length === 1);
      const publish = () => publishAssetsOf(stack, within, options);
      if (await deploySubject(answers.of(stack.name), within, request, subject, publish)) continue;
      const left = wanted.slice(index + 1).map(({ name }) => name);
      if (left.length > 0) output.note(`not deployed: ${left.join(", ")}`);
      break;
    }
  });
  answers.end();
}

async function publishAssetsOf(stack: AssemblyStack, session: Session, options: SessionOptions): Promise<void> {
  if (stack.assets.length === 0) return;
  const { account = options.account ?? DEFAULT_SCOPE.account } = stack.scope;
  const { region = options.region ?? DEFAULT_SCOPE.region } = stack.scope;
  await publishAssets(stack.assets, { account, region }, (operation, input, body) =>
    session.call("objects", operation, input, body),
  );
}

/** Deletes each stack after those that depend on it; those that are not deployed are passed over. */
export async function destroyApp(
  output: Output,
  options: SessionOptions,
  request: AppOptions & ReportOptions & ConductOptions,
): Promise<void> {
  const { wanted } = await readAppStacks(output, request.app, request, "dependents");
  const answers = reportingTo(output, aboutApp("destroy", request));
  let isNothingThere = true;
  await withSession(options, async (session) => {
    for (const { name, scope } of [...wanted].reverse()) {
      const within = session.within(scope);
      const { stacks } = await within.run("stacks", {});
      if (!stacks.some((stack) => stack.name === name)) continue;
      if (!isNothingThere) output.note("");
      isNothingThere = false;
      if (!(await destroyStack(answers.of(name), within, request, name))) break;
    }
  });
  if (isNothingThere) output.note("Nothing of this app is deployed.");
  answers.end();
}
