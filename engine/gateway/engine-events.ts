import { changesSince, FEED_START, recordChange, type Change } from "../kernel/feed.ts";
import { startingWith } from "../kernel/key.ts";
import type { Reader, Store, Transaction } from "../kernel/store.ts";
import type { OperationCall } from "../services/operation-call.ts";

/** What was done to an engine as a whole, as its events tell it. */
export type EngineEvent = ClockEvent | ChaosEvent;

interface When {
  /** By the machine's clock, in Unix milliseconds. */
  readonly atMs: number;
}

export interface ClockEvent extends When {
  readonly about: "clock";
  readonly what: "advanced" | "frozen" | "unfrozen" | "reset";
  /** What the engine's clock showed before and after. */
  readonly fromMs: number;
  readonly toMs: number;
  /** How many jobs fell due on the way and were run. */
  readonly jobs?: number;
}

export interface ChaosEvent extends When {
  readonly about: "chaos";
  readonly what: "added" | "removed" | "disturbed";
  /** The rule's id. */
  readonly rule: string;
  /** Of the rule, in words: `fail s3 PutObject once`. */
  readonly text: string;
  /** What was disturbed. */
  readonly call?: OperationCall;
}

export type EngineEventAbout = EngineEvent["about"];

const subject = (about: EngineEventAbout) => ["engine", about] as const;

/** How many events of each kind are kept when they are trimmed. */
const KEPT = 1000;

export function recordEngineEvent(tx: Transaction, event: EngineEvent): void {
  recordChange(tx, subject(event.about), event);
}

/** The events of a kind, the oldest first, at most as many as are kept. */
export async function engineEvents<About extends EngineEventAbout>(
  reader: Reader,
  about: About,
): Promise<readonly Extract<EngineEvent, { about: About }>[]> {
  const changes: Change<Extract<EngineEvent, { about: About }>>[] = await changesSince(
    reader,
    subject(about),
    FEED_START,
    2 * KEPT,
  );
  return changes.map(({ change }) => change);
}

/** Lets the oldest go when there are many. */
export async function trimEngineEvents(store: Store, about: EngineEventAbout): Promise<void> {
  await store.transact(async (tx) => {
    const newest = await tx.range(startingWith(["feed", subject(about)]), { limit: 2 * KEPT, reverse: true });
    if (newest.length === 2 * KEPT) for (const { key } of newest.slice(KEPT)) tx.delete(key);
  });
}
