import type { ListMessageMoveTasksResultEntry } from "../../../models/aws/sqs.generated.ts";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import type { OperationOutput } from "../../../services/manifest.ts";
import type { queues } from "../../../services/queues/service.ts";
import { invalidParameter, queueArn, queueOfArn } from "./model.ts";

type Move = OperationOutput<typeof queues, "startMove">;

const STATUS: Readonly<Record<Move["state"], string>> = {
  running: "RUNNING",
  cancelling: "CANCELLING",
  cancelled: "CANCELLED",
  completed: "COMPLETED",
  failed: "FAILED",
};
const FAILURES = {
  sourceUnknown: "CouldNotDetermineMessageSource",
  destinationMissing: "AWS.SimpleQueueService.NonExistentQueue",
} as const;

/** The queue of an ARN that a move starts from or goes to. */
export function moveQueueOf(arn: string, parameter: "SourceArn" | "DestinationArn") {
  const queue = queueOfArn(arn);
  if (queue !== undefined) return queue;
  const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
  throw new AwsFailure({ code: "ResourceNotFoundException", status: 400, message });
}

/** Which move it is, in one word that clients hand back. */
export const taskHandle = ({ id, source }: Move): string =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn: queueArn(source) })).toString("base64");

export function moveOf(handle: string): { source: { account: string; region: string; name: string }; id: string } {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, "base64").toString()) as Record<string, unknown>;
    const source = queueOfArn(sourceArn);
    if (source !== undefined && typeof taskId === "string") return { source, id: taskId };
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
  }
  throw invalidParameter("TaskHandle", handle, "It is not the handle of a task.");
}

export const moveEntry = (move: Move): ListMessageMoveTasksResultEntry => ({
  ...(move.state === "running" && { TaskHandle: taskHandle(move) }),
  Status: STATUS[move.state],
  SourceArn: queueArn(move.source),
  ...(move.destination && { DestinationArn: queueArn(move.destination) }),
  ...(move.messagesPerSecond !== undefined && { MaxNumberOfMessagesPerSecond: move.messagesPerSecond }),
  ApproximateNumberOfMessagesMoved: move.movedCount,
  ApproximateNumberOfMessagesToMove: move.toMoveCount,
  ...(move.failure && { FailureReason: FAILURES[move.failure] }),
  StartedTimestamp: move.startedAtMs,
});
