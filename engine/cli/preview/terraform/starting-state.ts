import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../../gateway/engine.ts";
import { terraformStates } from "../../../services/terraform-states/service.ts";
import { Failure } from "../../failure.ts";
import { emptyState, openState, statePlace, terraformStateIn, type RecordedState } from "../recorded-state.ts";
import { groundOf, type Work } from "../work.ts";
import { diagnosticsIn, messagesOf } from "./messages.ts";
import { argumentsOf, FOR_PROGRAMS, initialize, terraformSide, toldBy } from "./terraform-side.ts";

/** What a base that is deployed for the preview calls its state. */
const STATE = "preview";

/** What a preview of a root module works with. */
export interface Module {
  /** The folder as people call it. */
  readonly path: string;
  readonly program: string;
  /** Where the user works on it. */
  readonly workTree: string;
}

export interface Start {
  readonly state: RecordedState;
  readonly base?: string;
  readonly stateName: string;
  readonly notes: readonly string[];
  /** The engine has only the state, and nothing that it speaks of. */
  readonly isUnread?: boolean;
}

/** The recorded state, or that which applying the base leads to. Errors: `Failure` */
export async function startOf(work: Work, module: Module): Promise<Start> {
  const { request, versions, places, options } = work;
  if (request.from !== undefined) {
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
    const run = await side.terraform.run("apply", ...FOR_PROGRAMS, "-auto-approve", ...argumentsOf(work));
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
