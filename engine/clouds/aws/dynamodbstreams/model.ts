import { createHash } from "node:crypto";
import type { OperationOutput } from "../../../services/manifest.ts";
import type { Scope } from "../../../services/context.ts";
import type { tables } from "../../../services/tables/service.ts";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import type { WireCall } from "../binding.ts";
import { tableArn } from "../table-arn.ts";
import { ownStream, streamLabel } from "../table-streams.ts";

export type Stream = OperationOutput<typeof tables, "describeStream">;
export type Change = OperationOutput<typeof tables, "readChanges">["changes"][number];

export const CHANGE_KINDS = { insert: "INSERT", modify: "MODIFY", remove: "REMOVE" } as const;

export const labelsOf = (scope: Scope, stream: Pick<Stream, "table" | "sinceMs">) => {
  const StreamLabel = streamLabel(stream.sinceMs);
  return {
    StreamArn: `${tableArn(scope, stream.table)}/stream/${StreamLabel}`,
    TableName: stream.table,
    StreamLabel,
  };
};

/** The stream that an ARN names. */
export function streamOf(arn: string, call: WireCall): { table: string; sinceMs: number } {
  const stream = ownStream(arn, call);
  if (!stream) throw validationFailure(`Invalid StreamArn: ${arn}`);
  return stream;
}

export const shardOf = ({ id, sinceMs }: Stream): string =>
  `shardId-${String(sinceMs).padStart(20, "0")}-${id.slice(0, 8)}`;

/** Positions as AWS prints them: decimal numbers of at least 21 digits, whose order is that of their texts too. */
export const sequenceNumber = (position: number): string => `1${String(position).padStart(20, "0")}`;

export function positionOf(number: string): number {
  const position = Number(number.replace(/^1/, ""));
  if (!/^1\d{20}$/.test(number) || !Number.isSafeInteger(position)) {
    throw validationFailure(`Invalid SequenceNumber: ${number}`);
  }
  return position;
}

export const eventId = (stream: Stream, position: number): string =>
  createHash("md5").update(`${stream.id}:${position}`).digest("hex");

export const shardNotFound = (shard: string): AwsFailure =>
  new AwsFailure({
    code: "ResourceNotFoundException",
    status: 400,
    message: `Requested resource not found: Shard does not exist: ${shard}`,
  });

export const validationFailure = (message: string): AwsFailure =>
  new AwsFailure({ code: "ValidationException", status: 400, message });
