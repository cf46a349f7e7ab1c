import { join } from "node:path";
import { recordOperations } from "../../../gateway/called-operations.ts";
import type { Engine } from "../../../gateway/engine.ts";
import { ownLikeness } from "../../../gateway/terraform-provider/likeness.ts";
import { terraformStates } from "../../../services/terraform-states/service.ts";
import type { PlannedResource } from "../../../stack/plan/planned-resource.ts";
import type { TerraformPlanJson } from "../../../stack/terraform-plan/plan-json.ts";
import { terraformPlan } from "../../../stack/terraform-plan/planned-changes.ts";
import { terraformResources } from "../../../stack/terraform-plan/planned-resources.ts";
import { Failure } from "../../failure.ts";
import type { Report, StackReport } from "../../formats/report.ts";
import { groundOf, type Found, type Work } from "../work.ts";
import { isConfiguredOnce } from "./configured-once.ts";
import { messagesOf } from "./messages.ts";
import { resourcePlaces } from "./resource-places.ts";
import { startOf, type Module, type Start } from "./starting-state.ts";
import { terraformProgram, type TerraformRun } from "./terraform-process.ts";
import { resultOfApply, shownDiagnostics, stepsOfApply } from "./terraform-report.ts";
import { argumentsOf, FOR_PROGRAMS, initialize, terraformSide, toldBy, type TerraformSide } from "./terraform-side.ts";

const PLAN_FILE = "cloudstacks.tfplan";

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
  const { run, shown } = await planAndShow(side, given);
  const messages = messagesOf(run);
  const diagnostics = shownDiagnostics(messages, path);
  if (!shown) {
    if (diagnostics.length > 0) return { stack: { stack, diagnostics } };
    throw new Failure("terraform plan failed.", toldBy(run));
  }
  if (shown.code !== 0) throw new Failure("terraform show failed.", toldBy(shown));
  const json = JSON.parse(shown.out) as TerraformPlanJson;
  const placeOf = resourcePlaces(folder, path);
  const { region } = groundOf(work, engine).scope;
  const resources = terraformResources(json, { stack, region, placeOf, ownLikeness: ownLikeness(engine.registry) });
  const serial = await serialOf(work, engine, stateName);
  const plan = { kind: "deploy", serial, file: path, ...terraformPlan(json, placeOf) } as const;
  if (work.request.apply !== true || plan.isEmpty) return { stack: { stack, diagnostics, plan }, resources };
  const applied = await terraform.run("apply", ...FOR_PROGRAMS, PLAN_FILE);
  const told = messagesOf(applied);
  const result = resultOfApply(applied.code, told);
  return { stack: { stack, diagnostics, plan, result, steps: stepsOfApply(plan, told) }, resources };
}

/** What `show` says of a plan that could be made. The provider starts once for both, where one process is enough. */
async function planAndShow(
  { terraform, folder }: TerraformSide,
  given: readonly string[],
): Promise<{ readonly run: TerraformRun; readonly shown?: TerraformRun }> {
  const warm = await terraform.warm();
  try {
    const planning = warm && isConfiguredOnce(folder) ? warm : terraform;
    const run = await planning.run("plan", ...FOR_PROGRAMS, `-out=${PLAN_FILE}`, ...given);
    if (run.code !== 0) return { run };
    return { run, shown: await (warm ?? terraform).run("show", "-json", PLAN_FILE) };
  } finally {
    warm?.end();
  }
}

/** How often a state was written; 0 before it is there. */
async function serialOf(work: Work, engine: Engine, state: string): Promise<number> {
  const { states } = await engine.calls.call(terraformStates, "listStates", {}, groundOf(work, engine).scope);
  return states.find((each) => each.state === state)?.newest?.number ?? 0;
}
