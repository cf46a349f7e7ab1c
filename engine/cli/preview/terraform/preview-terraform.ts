import { existsSync } from "node:fs";
import { join } from "node:path";
import { recordOperations } from "../../../gateway/called-operations.ts";
import type { Engine } from "../../../gateway/engine.ts";
import { ownLikeness } from "../../../gateway/terraform-provider/likeness.ts";
import { terraformStates } from "../../../services/terraform-states/service.ts";
import type { TerraformPlanJson } from "../../../stack/terraform-plan/plan-json.ts";
import type { PlannedResource } from "../../../stack/plan/planned-resource.ts";
import { terraformResources } from "../../../stack/terraform-plan/planned-resources.ts";
import { terraformPlan } from "../../../stack/terraform-plan/planned-changes.ts";
import { Failure } from "../../failure.ts";
import type { Report, StackReport } from "../../formats/report.ts";
import { emptyState, openState, statePlace, terraformStateIn, type RecordedState } from "../recorded-state.ts";
import { groundOf, type Found, type Work } from "../work.ts";
import { diagnosticsIn, messagesOf } from "./messages.ts";
import { resourcePlaces } from "./resource-places.ts";
import { terraformProgram } from "./terraform-process.ts";
import { resultOfApply, shownDiagnostics, stepsOfApply } from "./terraform-report.ts";
import { initialize, terraformSide, toldBy, type TerraformSide } from "./terraform-side.ts";

/** What a base that is deployed for the preview calls its state. */
const STATE = "preview";
const PLAN_FILE = "cloudstacks.tfplan";
const MACHINE = ["-json", "-input=false"] as const;

/** What a preview of a root module works with. */
interface Module {
  /** The folder as people call it. */
  readonly path: string;
  readonly program: string;
  /** Where the user works on it. */
  readonly workTree: string;
}

interface Start {
  readonly state: RecordedState;
  readonly base?: string;
  readonly stateName: string;
  readonly notes: readonly string[];
  /** The engine has only the state, and nothing that it speaks of. */
  readonly isUnread?: boolean;
}

/** The same as of stacks, by the real Terraform: the base is applied on an engine, the head planned on its fork. */
export async function previewTerraform(work: Work, path: string): Promise<Found> {
  const { versions, places } = work;
  const program = terraformProgram(places.environment);
  const module = { path, program, workTree: join(places.directory, path) };
  const head = await versions.headCopy();
  const start = await startOf(work, module);
  const { state, base, stateName, notes } = start;
  try {
    const fork = await state.engine.fork();
    const recording = recordOperations(fork.passage);
    const folder = join(head.directory, path);
    const side = await terraformSide(work, { ...module, name: "head", folder, engine: fork, state: stateName });
    try {
      await initialize(side, module.workTree);
      const { stack, resources } = await planned(work, module, side, fork, start);
      const report: Report = {
        version: 1,
        kind: "preview",
        subject: versions.nameOf(path),
        ...(base !== undefined && { base }),
        head: head.name,
        ...(state.name !== undefined && { state: state.name }),
        stacks: [stack],
        operations: recording.rows(),
        notes,
      };
      return { report, ...(resources && { resources }) };
    } finally {
      recording.stop();
      await side.end();
      await fork.close();
    }
  } finally {
    await state.engine.close();
  }
}

async function startOf(work: Work, module: Module): Promise<Start> {
  const { request, versions, places, options } = work;
  if (request.from !== undefined) {
    if (request.base !== undefined)
      throw new Failure("--base and --from both say what to compare with.", ["Give one of them."]);
    const place = await statePlace(request.from, places);
    const text = terraformStateIn(place);
    if (text !== undefined) return startWith(work, text, `state ${place.name}`);
    const state = await openState(place, places, options);
    return { state, stateName: await recordedStateName(work, state.engine), notes: [] };
  }
  const { tree, notes } = await versions.base();
  const state = await emptyState();
  try {
    const folder = join(tree.directory, module.path);
    if (existsSync(folder)) await applyBase(work, module, state.engine, folder, tree.name);
    await state.engine.settled();
    return { state, base: tree.name, stateName: STATE, notes };
  } catch (problem) {
    await state.engine.close();
    throw problem;
  }
}

/** A state says what there is, and nothing of it is in the engine. */
async function startWith(work: Work, text: string, name: string): Promise<Start> {
  if (work.request.apply)
    throw new Failure("--apply needs what the state speaks of, and a state of Terraform's only names it.", [
      "Leave --apply out; or begin with the base (--base REF), or with a snapshot.",
    ]);
  const { engine } = await emptyState();
  const body = Buffer.from(text);
  try {
    await engine.calls.call(terraformStates, "putState", { state: STATE }, { ...groundOf(work, engine).scope, body });
    const notes = ["What the state speaks of was not looked at, so that no drift is told"];
    return { state: { engine, name }, stateName: STATE, notes, isUnread: true };
  } catch (problem) {
    await engine.close();
    throw problem;
  }
}

async function applyBase(
  work: Work,
  module: Module,
  engine: Engine,
  folder: string,
  name: string,
): Promise<void> {
  const side = await terraformSide(work, { ...module, name: "base", folder, engine, state: STATE });
  try {
    await initialize(side, module.workTree);
    const run = await side.terraform.run("apply", ...MACHINE, "-auto-approve", ...argumentsOf(work));
    if (run.code === 0) return;
    const errors = diagnosticsIn(messagesOf(run)).map(({ summary, detail }) => [summary, detail].join(": "));
    throw new Failure(`${name} cannot be applied, so there is nothing to compare with.`, [
      ...(errors.length > 0 ? errors : toldBy(run)),
      "Mend it there, or give what was recorded: --from FILE",
    ]);
  } finally {
    await side.end();
  }
}

const argumentsOf = ({ request }: Work): readonly string[] => request.toolArguments ?? [];

interface PlannedModule {
  readonly stack: StackReport;
  readonly resources?: readonly PlannedResource[];
}

async function planned(
  work: Work,
  { path }: Module,
  side: TerraformSide,
  engine: Engine,
  { stateName, isUnread = false }: Start,
): Promise<PlannedModule> {
  const { terraform, folder } = side;
  const stack = work.versions.nameOf(path);
  const given = ["-lock=false", ...(isUnread ? ["-refresh=false"] : []), ...argumentsOf(work)];
  const run = await terraform.run("plan", ...MACHINE, `-out=${PLAN_FILE}`, ...given);
  const messages = messagesOf(run);
  const diagnostics = shownDiagnostics(messages, path);
  if (run.code !== 0) {
    if (diagnostics.length > 0) return { stack: { stack, diagnostics } };
    throw new Failure("terraform plan failed.", toldBy(run));
  }
  const shown = await terraform.run("show", "-json", PLAN_FILE);
  if (shown.code !== 0) throw new Failure("terraform show failed.", toldBy(shown));
  const json = JSON.parse(shown.out) as TerraformPlanJson;
  const placeOf = resourcePlaces(folder, path);
  const { region } = groundOf(work, engine).scope;
  const resources = terraformResources(json, { stack, region, placeOf, ownLikeness: ownLikeness(engine.registry) });
  const serial = await serialOf(work, engine, stateName);
  const plan = { kind: "deploy", serial, file: path, ...terraformPlan(json, placeOf) } as const;
  if (work.request.apply !== true || plan.isEmpty) return { stack: { stack, diagnostics, plan }, resources };
  const applied = await terraform.run("apply", ...MACHINE, PLAN_FILE);
  const told = messagesOf(applied);
  const result = resultOfApply(applied.code, told);
  return { stack: { stack, diagnostics, plan, result, steps: stepsOfApply(plan, told) }, resources };
}

/** How often a state was written; 0 before it is there. */
async function serialOf(work: Work, engine: Engine, state: string): Promise<number> {
  const { states } = await engine.calls.call(terraformStates, "listStates", {}, groundOf(work, engine).scope);
  return states.find((each) => each.state === state)?.newest?.number ?? 0;
}

/** Which of the states that an engine keeps belongs to the module. */
async function recordedStateName(work: Work, engine: Engine): Promise<string> {
  const { states } = await engine.calls.call(terraformStates, "listStates", {}, groundOf(work, engine).scope);
  const names = states.map(({ state }) => state);
  const { state: wanted } = work.request;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const [only, second] = names;
  if (wanted === undefined && only !== undefined && second === undefined) return only;
  throw new Failure(
    wanted === undefined ? "It is not clear which state is that of the folder." : `There is no state "${wanted}".`,
    names.length === 0
      ? ['None is kept there: Terraform keeps its own in the engine with `backend "http" {}`.']
      : [`Name one with --state: ${names.join(", ")}`],
  );
}
