import type { Transaction } from "../../kernel/store.ts";
import { journalLog, journalSpace, type JournalEntry, type StepEntry } from "../state/model.ts";
import type { Deployment } from "./deployment.ts";

/** A step that was taken, and where in the journal it stands. */
export interface TakenStep {
  readonly position: number;
  readonly entry: StepEntry;
}

export function appendJournal(
  tx: Transaction,
  deployment: Pick<Deployment, "scope" | "stack" | "id">,
  entry: JournalEntry,
): void {
  tx.append(journalLog(deployment.scope, deployment.stack, deployment.id), entry);
}

/** The steps that were taken and not undone, the last one first. */
export async function openSteps({
  parts,
  scope,
  stack,
  id,
}: Pick<Deployment, "parts" | "scope" | "stack" | "id">): Promise<TakenStep[]> {
  const steps: TakenStep[] = [];
  const undone = new Set<number>();
  const range = journalSpace.range(scope.account, scope.region, stack, id);
  await parts.store.read(async (tx) => {
    for await (const { key, value } of tx.scan<JournalEntry>(range)) {
      if (value.step === "undone") undone.add(value.position);
      else steps.push({ position: journalSpace.parts(key)[4], entry: value });
    }
  });
  return steps.filter(({ position }) => !undone.has(position)).reverse();
}
