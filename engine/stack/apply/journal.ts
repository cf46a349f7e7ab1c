import type { Transaction } from "../../kernel/store.ts";
import {
  journalLog,
  journalSpace,
  type BegunEntry,
  type CleanupEntry,
  type JournalEntry,
  type StepEntry,
} from "../state/model.ts";
import type { Deployment } from "./deployment.ts";

type Journaled = Pick<Deployment, "parts" | "scope" | "stack" | "id">;

/** A step that was taken, or that only began outside the store; and where in the journal it stands. */
export interface TakenStep {
  readonly position: number;
  readonly entry: StepEntry | BegunEntry;
}

/** A resource that was begun outside the store has no id yet. */
export const resourceIdOf = (entry: TakenStep["entry"]): string =>
  entry.step === "begun" ? (entry.before?.id ?? entry.token) : entry.id;

export interface PendingCleanup {
  readonly position: number;
  readonly entry: CleanupEntry;
}

export function appendJournal(
  tx: Transaction,
  deployment: Pick<Deployment, "scope" | "stack" | "id">,
  entry: JournalEntry,
): void {
  tx.append(journalLog(deployment.scope, deployment.stack, deployment.id), entry);
}

/** The journal of a deployment, first entry first. */
async function readJournal({ parts, scope, stack, id }: Journaled) {
  const entries: { readonly position: number; readonly entry: JournalEntry }[] = [];
  const range = journalSpace.range(scope.account, scope.region, stack, id);
  await parts.store.read(async (tx) => {
    for await (const { key, value } of tx.scan<JournalEntry>(range))
      entries.push({ position: journalSpace.parts(key)[4], entry: value });
  });
  return entries;
}

/** The steps that were taken and not undone, the last one first; each once, also when it was begun before. */
export async function openSteps(deployment: Journaled): Promise<TakenStep[]> {
  const steps: TakenStep[] = [];
  const undone = new Set<number>();
  const taken = new Set<string>();
  for (const { position, entry } of await readJournal(deployment)) {
    if (entry.step === "cleanup" || entry.step === "cleaned") continue;
    if (entry.step === "undone") undone.add(entry.position);
    else steps.push({ position, entry });
    if (entry.step !== "begun" && entry.step !== "undone" && entry.token !== undefined) taken.add(entry.token);
  }
  const isOpen = ({ position, entry }: TakenStep) =>
    !undone.has(position) && !(entry.step === "begun" && taken.has(entry.token));
  return steps.filter(isOpen).reverse();
}

/** What a deployment that succeeded has left to remove outside the store, in order. */
export async function openCleanups(deployment: Journaled): Promise<PendingCleanup[]> {
  const entries = await readJournal(deployment);
  const cleaned = new Set(entries.flatMap(({ entry }) => (entry.step === "cleaned" ? [entry.position] : [])));
  return entries.flatMap(({ position, entry }) =>
    entry.step === "cleanup" && !cleaned.has(position) ? [{ position, entry }] : [],
  );
}

/** How many steps a deployment has taken. */
export async function countSteps(deployment: Journaled): Promise<number> {
  const apart: ReadonlySet<string> = new Set(["undone", "begun", "cleanup", "cleaned"]);
  return (await readJournal(deployment)).filter(({ entry }) => !apart.has(entry.step)).length;
}
