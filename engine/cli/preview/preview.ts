import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordOperations } from "../../gateway/called-operations.ts";
import { monotonicMs } from "../../platform/clock.ts";
import type { PlannedResource } from "../../stack/plan/planned-resource.ts";
import { costsOf } from "../costs/read-costs.ts";
import { EXIT, SIGNALS } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { areAllPlanned, type Report } from "../formats/report.ts";
import type { Output } from "../output.ts";
import { findingsIn } from "../review.ts";
import type { SessionOptions } from "../session.ts";
import { previewStacks } from "./preview-stacks.ts";
import { stacksInTree, type DeclaredStack, type StackSubject } from "./stacks-in-tree.ts";
import { startingState, type Start } from "./starting-state.ts";
import { subjectOf } from "./subject.ts";
import { placesSeenFrom } from "./program-places.ts";
import { previewTerraform } from "./terraform/preview-terraform.ts";
import { lendPackages } from "./tree.ts";
import { versionsOf, type Places } from "./versions.ts";
import { groundOf, type Found, type PreviewRequest, type Work } from "./work.ts";

/**
 * What deploying the head would do to the recorded state, or to what deploying the base leads to. All of it happens on
 * engines in memory, which are gone afterwards. Errors: `Failure` when there is nothing to compare
 */
export async function preview(
  output: Output,
  options: SessionOptions,
  request: PreviewRequest,
  where: Omit<Places, "folder">,
): Promise<Report> {
  const startMs = monotonicMs();
  if (request.from !== undefined && request.base !== undefined)
    throw new Failure("--base and --from both say what to compare with.", ["Give one of them."]);
  return inFolderOfItsOwn(async (folder) => {
    const places = { ...where, directory: realpathSync(where.directory), folder };
    const versions = await versionsOf(request, places);
    const subject = subjectOf(request.words, versions.head.directory);
    const work = { output, options, request, places, versions };
    const { report: found, resources } =
      subject.kind === "terraform" ? await previewTerraform(work, subject.path) : await previewOf(work, subject);
    const report = resources ? await assessed(work, found, resources) : found;
    const seen = placesSeenFrom(subject.kind === "app" ? subject.path : ".", report);
    return { ...seen, elapsedMs: Math.round(monotonicMs() - startMs) };
  });
}

const leave = () => process.exit(EXIT.interrupted);

/** The folder goes with the preview, also when Ctrl-C ends it: all that it has is there and in memory. */
async function inFolderOfItsOwn<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "cloudstacks-preview-")));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  for (const signal of SIGNALS) process.once(signal, leave);
  try {
    return await run(folder);
  } finally {
    for (const signal of SIGNALS) process.off(signal, leave);
    process.off("exit", remove);
    remove();
  }
}

/** With prices, and what the policies find in what changes: what was so before is no fault of the change. */
async function assessed(
  { request, versions }: Work,
  report: Report,
  resources: readonly PlannedResource[],
): Promise<Report> {
  const findings = await findingsIn(resources, request, versions.head.directory);
  const unchanged = new Set(
    resources.filter(({ action }) => action === "none").map(({ stack, logicalId }) => keyOf(stack, logicalId)),
  );
  return {
    ...report,
    findings: findings.filter(({ stack = "", resource = "" }) => !unchanged.has(keyOf(stack, resource))),
    cost: costsOf(versions.head.directory, request.usage, resources, areAllPlanned(report.stacks)),
  };
}

const keyOf = (stack: string, resource: string) => JSON.stringify([stack, resource]);

async function previewOf(work: Work, subject: StackSubject): Promise<Found> {
  const { head } = work.versions;
  lendPackages(head, subject.path);
  const starting = startingState(work, subject);
  try {
    // An app takes most of its time to start, so that that of the head runs beside that of the base.
    const declaring = stacksInTree(work.output, subject, head, work.request);
    const [start, declared] = await Promise.all([starting, declaring]);
    if (!declared) throw new Failure(`${head.name} has no ${subject.path}.`);
    return await compared(work, subject, start, declared);
  } finally {
    // When this failed, that is what the user is told.
    await starting.then(({ state }) => state.engine.close(), () => undefined);
  }
}

async function compared(
  work: Work,
  subject: StackSubject,
  { state, base, stacks: earlier, notes }: Start,
  stacks: readonly DeclaredStack[],
): Promise<Found> {
  const { request, versions } = work;
  const fork = await state.engine.fork();
  const recording = recordOperations(fork.passage);
  try {
    const previewed = await previewStacks(groundOf(work, fork), stacks, request.apply === true);
    const report: Report = {
      version: 1,
      kind: "preview",
      subject: versions.nameOf(subject.path),
      ...(base !== undefined && { base }),
      head: versions.head.name,
      ...(state.name !== undefined && { state: state.name }),
      stacks: previewed.stacks,
      operations: recording.rows(),
      notes: [...notes, ...leftNotes(earlier, stacks)],
    };
    return { report, ...(previewed.resources && { resources: previewed.resources }) };
  } finally {
    recording.stop();
    await fork.close();
  }
}

/** An app that no longer has a stack leaves it where it is deployed. */
function leftNotes(earlier: readonly DeclaredStack[], stacks: readonly DeclaredStack[]): string[] {
  return earlier
    .filter(({ name }) => !stacks.some((stack) => stack.name === name))
    .map(({ name }) => `The stack ${name} is no longer declared; it stays until cloudstack destroy ${name}`);
}
