import { Type, type Static } from "typebox";
import { startingWith } from "../../../kernel/key.ts";
import { records, subspace } from "../../../kernel/subspace.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import { QueueReference, type Queue } from "./queue.ts";

/** Messages of a dead-letter queue on their way back, or to another queue. */
export const Move = Type.Object({
  version: Type.Literal(1),
  id: Type.String(),
  /** The dead-letter queue, by its place and its id. */
  source: QueueReference,
  sourceId: Type.String(),
  /** Absent: each message goes back to the queue that gave it up. */
  destination: Type.Optional(QueueReference),
  /** As many as possible when absent. */
  messagesPerSecond: Type.Optional(Type.Integer()),
  state: Type.Union([
    Type.Literal("running"),
    Type.Literal("cancelling"),
    Type.Literal("cancelled"),
    Type.Literal("completed"),
    Type.Literal("failed"),
  ]),
  failure: Type.Optional(Type.Union([Type.Literal("sourceUnknown"), Type.Literal("destinationMissing")])),
  movedCount: Type.Integer(),
  /** How many messages were there to be moved at the start. */
  toMoveCount: Type.Integer(),
  startedAtMs: Type.Integer(),
});
export type Move = Static<typeof Move>;

const moveSpace = subspace<[sourceId: string, startedAtMs: number, id: string]>("queues", "move");
const moveRecords = records<Move, [string, number, string]>(moveSpace);

/** A queue's last moves are kept, so that one can see what became of them. */
export const MOVES_KEPT = 10;

export const getMove = (tx: Reader, sourceId: string, startedAtMs: number, id: string): Promise<Move | undefined> =>
  moveRecords.get(tx, sourceId, startedAtMs, id);

export function putMove(tx: Transaction, move: Move): void {
  moveRecords.put(tx, move, move.sourceId, move.startedAtMs, move.id);
}

/** The newest first. */
export async function movesOf(tx: Reader, { id }: Queue, limit = MOVES_KEPT): Promise<Move[]> {
  const found = await moveRecords.range(tx, startingWith(["queues", "move", id]), { limit, reverse: true });
  return found.map(({ value }) => value);
}

export function removeMove(tx: Transaction, move: Move): void {
  moveRecords.remove(tx, move.sourceId, move.startedAtMs, move.id);
}

export const isUnderWay = ({ state }: Move): boolean => state === "running" || state === "cancelling";
