import { Type } from "typebox";
import { schedule } from "../../../kernel/jobs.ts";
import type { Transaction } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import { nextSequence } from "../model/deduplication.ts";
import { lineOf } from "../model/lines.ts";
import { bodyOf, type Message, type PlacedMessage } from "../model/message.ts";
import { getMove, isUnderWay, Move, MOVES_KEPT, movesOf, putMove, removeMove } from "../model/move.ts";
import { queueRecords, QueueReference, sourceSpace, type Queue } from "../model/queue.ts";

export const MOVE_JOB = "queues.move";
/** As many messages go in one transaction. */
const MESSAGES_PER_STEP = 100;
const PER_SECOND_MAX = 500;

/** What a step of a move is told. */
interface Step {
  readonly account: string;
  readonly region: string;
  readonly sourceId: string;
  readonly startedAtMs: number;
  readonly id: string;
}

const scheduleStep = (tx: Transaction, { id, source, sourceId, startedAtMs }: Move, dueAtMs: number) =>
  schedule(tx, { type: MOVE_JOB, dueAtMs, payload: { ...source, sourceId, startedAtMs, id } satisfies Step });

const findQueue = (tx: Transaction, { account, region, name }: QueueReference) =>
  queueRecords.get(tx, account, region, name);

/** Puts a message into another queue as a new one of the same content. */
async function transfer(
  tx: Transaction,
  source: Queue,
  target: Queue,
  placed: PlacedMessage,
  ctx: OperationContext,
): Promise<void> {
  const body = await bodyOf(tx, source.id, placed.message);
  await lineOf(source).remove(tx, source.id, placed);
  // Its body has outlived the queue's retention, and so has the message.
  if (body === undefined) return;
  const {
    firstReceivedAtMs: _first,
    lastReceivedAtMs: _last,
    earlierReceiveCount: _earlier,
    deadLetterSource: _source,
    ...kept
  } = placed.message;
  const nowMs = ctx.clock.nowMs();
  const anew = { id: ctx.ids.uuid(), body, sentAtMs: nowMs, visibleAtMs: nowMs, receiveCount: 0 };
  const message: Message = { ...kept, ...anew };
  const inLine = target.isFifo ? { ...message, sequence: await nextSequence(tx, target) } : message;
  await lineOf(target).add(tx, target.id, inLine);
}

/** Moves up to so many messages; says how many, and why it cannot go on. */
async function moveSome(
  tx: Transaction,
  source: Queue,
  move: Move,
  count: number,
  ctx: OperationContext,
): Promise<{ readonly movedCount: number; readonly failure?: NonNullable<Move["failure"]> }> {
  let movedCount = 0;
  const targets = new Map<string, Queue | undefined>();
  for await (const placed of lineOf(source).due(tx, source.id, ctx.clock.nowMs(), count)) {
    const name = move.destination?.name ?? placed.message.deadLetterSource;
    if (name === undefined) return { movedCount, failure: "sourceUnknown" };
    if (!targets.has(name)) targets.set(name, await findQueue(tx, move.destination ?? { ...move.source, name }));
    const target = targets.get(name);
    if (target === undefined || target.isFifo !== source.isFifo) return { movedCount, failure: "destinationMissing" };
    await transfer(tx, source, target, placed, ctx);
    movedCount += 1;
    if (movedCount === count) break;
  }
  return { movedCount };
}

/** One step of a move, and the job for the next. */
export async function moveStep(tx: Transaction, step: Step, ctx: OperationContext): Promise<void> {
  const move = await getMove(tx, step.sourceId, step.startedAtMs, step.id);
  if (move === undefined) return;
  if (move.state !== "running") return putMove(tx, { ...move, state: "cancelled" });
  const source = await findQueue(tx, move.source);
  if (source?.id !== move.sourceId) return;
  const count = move.messagesPerSecond ?? MESSAGES_PER_STEP;
  const { movedCount, failure } = await moveSome(tx, source, move, count, ctx);
  const moved = { ...move, movedCount: move.movedCount + movedCount };
  if (failure !== undefined) return putMove(tx, { ...moved, state: "failed", failure });
  if (movedCount < count) return putMove(tx, { ...moved, state: "completed" });
  putMove(tx, moved);
  await scheduleStep(tx, moved, ctx.clock.nowMs() + (move.messagesPerSecond === undefined ? 0 : 1000));
}

async function isDeadLetterQueue(tx: Transaction, { account, region, name }: Queue): Promise<boolean> {
  return (await tx.range(sourceSpace.range(account, region, name), { limit: 1 })).length > 0;
}

function checkRate(rate: number | undefined): void {
  if (rate !== undefined && !(Number.isInteger(rate) && rate >= 1 && rate <= PER_SECOND_MAX))
    throw errors.OutOfRange({ field: "messagesPerSecond", value: rate, min: 1, max: PER_SECOND_MAX });
}

export const moveOperations = {
  startMove: operation({
    summary: "Begins to move the messages of a dead-letter queue back to where they came from, or to another queue.",
    input: Type.Object({
      source: QueueReference,
      destination: Type.Optional(QueueReference),
      messagesPerSecond: Type.Optional(Type.Integer({ minimum: 1, maximum: PER_SECOND_MAX })),
    }),
    output: Move,
    effects: "write",
    errors: ["MoveQueueNotFound", "MoveSourceInvalid", "MoveRunning", "OutOfRange"],
    async run(tx, { source: place, destination, messagesPerSecond }, ctx) {
      checkRate(messagesPerSecond);
      const source = await findQueue(tx, place);
      if (source === undefined) throw errors.MoveQueueNotFound({ queue: place.name, end: "source" });
      const target = destination && (await findQueue(tx, destination));
      if (destination && target === undefined)
        throw errors.MoveQueueNotFound({ queue: destination.name, end: "destination" });
      if (target?.id === source.id) throw errors.MoveSourceInvalid({ queue: place.name, reason: "itself" });
      if (target && target.isFifo !== source.isFifo)
        throw errors.MoveSourceInvalid({ queue: place.name, reason: "kind" });
      if (!(await isDeadLetterQueue(tx, source)))
        throw errors.MoveSourceInvalid({ queue: place.name, reason: "noDeadLetterQueue" });
      const before = await movesOf(tx, source, MOVES_KEPT + 1);
      if (before.some(isUnderWay)) throw errors.MoveRunning({ queue: place.name });
      for (const old of before.slice(MOVES_KEPT - 1)) removeMove(tx, old);
      const nowMs = ctx.clock.nowMs();
      const { visible } = await lineOf(source).count(tx, source, nowMs);
      const move: Move = {
        version: 1,
        id: ctx.ids.uuid(),
        source: place,
        sourceId: source.id,
        ...(destination && { destination }),
        ...(messagesPerSecond !== undefined && { messagesPerSecond }),
        state: "running",
        movedCount: 0,
        toMoveCount: visible,
        startedAtMs: nowMs,
      };
      putMove(tx, move);
      await scheduleStep(tx, move, nowMs);
      return move;
    },
  }),
  cancelMove: operation({
    summary: "Stops a move; what has been moved stays where it is.",
    input: Type.Object({ source: QueueReference, id: Type.String() }),
    output: Move,
    effects: "write",
    errors: ["MoveQueueNotFound", "MoveNotFound", "MoveOver"],
    async run(tx, { source: place, id }) {
      const source = await findQueue(tx, place);
      if (source === undefined) throw errors.MoveQueueNotFound({ queue: place.name, end: "source" });
      const move = (await movesOf(tx, source)).find((one) => one.id === id);
      if (move === undefined) throw errors.MoveNotFound({ id });
      if (move.state !== "running") throw errors.MoveOver({ id });
      const cancelling: Move = { ...move, state: "cancelling" };
      putMove(tx, cancelling);
      return cancelling;
    },
  }),
  listMoves: operation({
    summary: "The last moves of a queue's messages, the newest first.",
    input: Type.Object({
      source: QueueReference,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOVES_KEPT })),
    }),
    output: Type.Object({ moves: Type.Array(Move) }),
    effects: "read",
    errors: ["MoveQueueNotFound", "OutOfRange"],
    async run(tx, { source: { account, region, name }, limit = 1 }) {
      if (!(Number.isInteger(limit) && limit >= 1 && limit <= MOVES_KEPT))
        throw errors.OutOfRange({ field: "moves", value: limit, min: 1, max: MOVES_KEPT });
      const source = await queueRecords.get(tx, account, region, name);
      if (source === undefined) throw errors.MoveQueueNotFound({ queue: name, end: "source" });
      return { moves: await movesOf(tx, source, limit) };
    },
  }),
};
