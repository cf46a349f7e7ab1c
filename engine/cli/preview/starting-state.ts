import { formatDiagnostic } from "../../stack/diagnostics/format.ts";
import { Failure } from "../failure.ts";
import { deployStack } from "./preview-stacks.ts";
import { emptyState, openState, statePlace, type RecordedState } from "./recorded-state.ts";
import { stacksInTree, type DeclaredStack, type StackSubject } from "./stacks-in-tree.ts";
import { lendPackages, type Tree } from "./tree.ts";
import { groundOf, type Work } from "./work.ts";

/** What a preview begins with. */
export interface Start {
  readonly state: RecordedState;
  /** The commit that was deployed to get there, as people name it. */
  readonly base?: string;
  /** What it deployed. */
  readonly stacks: readonly DeclaredStack[];
  /** Whole sentences. */
  readonly notes: readonly string[];
}

/** The recorded state, or that which deploying the base leads to. Errors: `Failure` */
export async function startingState(work: Work, subject: StackSubject): Promise<Start> {
  const { request, versions, places, options } = work;
  if (request.from !== undefined)
    return { state: await openState(await statePlace(request.from, places), places, options), stacks: [], notes: [] };
  if (subject.kind === "assembly")
    throw new Failure(`${subject.path} was synthesized, so that no commit has it.`, [
      "Preview the folder of its cloudstack.json instead, or give what was recorded: --from FILE",
    ]);
  const { tree, notes } = await versions.base();
  lendPackages(tree, subject.path);
  const stacks = await declaredBy(work, subject, tree);
  const state = await emptyState();
  try {
    for (const stack of stacks) await deployed(work, state, stack, tree.name);
    // What the deployment has set going, such as notifications, belongs to the state.
    await state.engine.settled();
    return { state, base: tree.name, stacks, notes };
  } catch (problem) {
    await state.engine.close();
    throw problem;
  }
}

async function deployed(work: Work, { engine }: RecordedState, stack: DeclaredStack, base: string): Promise<void> {
  const { status, diagnostics, cause } = await deployStack(groundOf(work, engine), stack);
  if (status === "deployed" || status === "unchanged") return;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const told = errors.flatMap((each) => formatDiagnostic(each, stack.source.text).split("\n"));
  const step = cause && [cause.logicalId, `${cause.code}: ${cause.message}`].filter(Boolean).join(", ");
  throw new Failure(`${base} cannot be deployed, so there is nothing to compare with: ${stack.name} is ${status}.`, [
    ...told,
    ...(step === undefined ? [] : [step]),
    "Mend it there, or give what was recorded: --from FILE",
  ]);
}

/** What an app says while it runs for the base is of interest only when it fails. */
async function declaredBy({ output, request }: Work, subject: StackSubject, tree: Tree) {
  const said: string[] = [];
  const quiet = { ...output, problem: (text: string) => void said.push(text) };
  try {
    return (await stacksInTree(quiet, subject, tree, request)) ?? [];
  } catch (problem) {
    output.problem(`${tree.name}:`);
    for (const text of said) output.problem(text);
    throw problem;
  }
}
