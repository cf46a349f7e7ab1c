import type { Scope } from "../../services/context.ts";
import { stackRecords, type FailureCause, type StackRecord } from "../state/model.ts";
import { withAttempts } from "./attempts.ts";
import { anyFailureOf, failureOf, type StackParts } from "./deployment.ts";
import { appendEvent, eventOf } from "./events.ts";
import { appendJournal, openCleanups, type PendingCleanup } from "./journal.ts";
import { removeOutside } from "./outside.ts";
import type { StackEvent } from "./stack-event.ts";
import type { Remaining } from "./undo.ts";

interface Cleanup {
  readonly parts: StackParts;
  readonly scope: Scope;
  readonly stack: string;
  readonly id: string;
  emit(event: StackEvent): void;
}

/**
 * Removes what a deployment that has succeeded left to go outside the store. Needs no lock: every removal may be
 * repeated, by this engine or another, and what fails is tried again when the stack is settled next.
 */
export async function cleanUp(cleanup: Cleanup): Promise<readonly Remaining[]> {
  const { parts, scope, stack, id } = cleanup;
  const remaining: Remaining[] = [];
  for (const pending of await openCleanups(cleanup)) {
    const failure = await cleanOne(cleanup, pending);
    const { logicalId, id: resourceId } = pending.entry;
    if (failure) remaining.push({ logicalId, id: resourceId, code: failure.code, message: failure.message });
  }
  if (remaining.length > 0) return remaining;
  await parts.store.transact(async (tx) => {
    const record = await stackRecords.get(tx, scope.account, scope.region, stack);
    if (record) stackRecords.put(tx, withoutCleaning(record, id), scope.account, scope.region, stack);
  });
  return remaining;
}

function withoutCleaning({ cleaning = [], ...rest }: StackRecord, id: string): StackRecord {
  const left = cleaning.filter((each) => each !== id);
  return left.length > 0 ? { ...rest, cleaning: left } : rest;
}

async function cleanOne(cleanup: Cleanup, { position, entry }: PendingCleanup): Promise<FailureCause | undefined> {
  const { parts } = cleanup;
  const { logicalId, type, id } = entry;
  const keep = async (event: StackEvent, isDone: boolean) => {
    await parts.store.transact(async (tx) => {
      if (isDone) appendJournal(tx, cleanup, { step: "cleaned", position });
      appendEvent(tx, cleanup, event);
    });
    cleanup.emit(event);
  };
  try {
    await withAttempts(() => removeOutside(cleanup, entry), {
      clock: parts.clock,
      onRetry: (error) =>
        keep(eventOf(cleanup, { status: "retrying", logicalId, type, id, cause: failureOf(error, logicalId) }), false),
    });
    await keep(eventOf(cleanup, { status: "cleaned", logicalId, type, id }), true);
    return undefined;
  } catch (error) {
    const cause = anyFailureOf(error, logicalId);
    await keep(eventOf(cleanup, { status: "cleanup-failed", logicalId, type, id, cause }), false);
    return cause;
  }
}
