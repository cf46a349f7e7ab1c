import type {
  AttributeValue,
  DescribeStreamInput,
  DynamodbstreamsOperations,
  DynamodbstreamsRecord,
  StreamDescription,
} from "../../../models/aws/dynamodbstreams.generated.ts";
import type { Scope } from "../../../services/context.ts";
import { tables } from "../../../services/tables/service.ts";
import { bind } from "../binding.ts";
import { tableNameOf } from "../table-arn.ts";
import { STREAM_VIEWS } from "../table-streams.ts";
import {
  CHANGE_KINDS,
  eventId,
  labelsOf,
  positionOf,
  sequenceNumber,
  shardNotFound,
  shardOf,
  streamOf,
  validationFailure,
  type Change,
  type Stream,
} from "./model.ts";

const RECORDS_MAX = 1000;

const ITERATORS = {
  TRIM_HORIZON: "oldest",
  LATEST: "latest",
  AT_SEQUENCE_NUMBER: "at",
  AFTER_SEQUENCE_NUMBER: "after",
  AT_TIMESTAMP: "time",
} as const;

type Attributes = Record<string, AttributeValue>;

/** A stream has one shard, without children: a page of shards begins after it or holds it. */
function description(stream: Stream, wire: DescribeStreamInput, scope: Scope): StreamDescription {
  const { partitionKey, sortKey } = stream.keys;
  const ShardId = shardOf(stream);
  const isEnded = stream.endedAtMs !== undefined;
  const StartingSequenceNumber = sequenceNumber(0);
  const EndingSequenceNumber = sequenceNumber(stream.lastPosition ?? 0);
  return {
    ...labelsOf(scope, stream),
    StreamStatus: isEnded ? "DISABLED" : "ENABLED",
    StreamViewType: STREAM_VIEWS[stream.view],
    CreationRequestDateTime: new Date(stream.sinceMs),
    KeySchema: [
      { AttributeName: partitionKey.name, KeyType: "HASH" },
      ...(sortKey ? [{ AttributeName: sortKey.name, KeyType: "RANGE" }] : []),
    ],
    Shards:
      wire.ExclusiveStartShardId === ShardId || wire.ShardFilter !== undefined
        ? []
        : [
            {
              ShardId,
              SequenceNumberRange: { StartingSequenceNumber, ...(isEnded && { EndingSequenceNumber }) },
            },
          ],
  };
}

function recordOf(change: Change, stream: Stream, scope: Scope): DynamodbstreamsRecord {
  return {
    eventID: eventId(stream, change.position),
    eventName: CHANGE_KINDS[change.kind],
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: scope.region,
    dynamodb: {
      // DynamoDB gives whole seconds here.
      ApproximateCreationDateTime: new Date(Math.floor(change.atMs / 1000) * 1000),
      Keys: change.keys as Attributes,
      ...(change.next && { NewImage: change.next as Attributes }),
      ...(change.old && { OldImage: change.old as Attributes }),
      SequenceNumber: sequenceNumber(change.position),
      SizeBytes: change.sizeBytes,
      StreamViewType: STREAM_VIEWS[stream.view],
    },
    ...(change.isExpiry && { userIdentity: { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" } }),
  };
}

export const operations = bind<DynamodbstreamsOperations>()(tables, {
  ListStreams: {
    to: "listStreams",
    in: (wire, call) => ({
      table: wire.TableName === undefined ? undefined : tableNameOf(wire.TableName, call),
      limit: wire.Limit,
      ...(wire.ExclusiveStartStreamArn !== undefined && { after: streamOf(wire.ExclusiveStartStreamArn, call) }),
    }),
    out({ streams, hasMore }, _, call) {
      const last = streams.at(-1);
      return {
        Streams: streams.map((stream) => labelsOf(call, stream)),
        ...(hasMore && last && { LastEvaluatedStreamArn: labelsOf(call, last).StreamArn }),
      };
    },
  },
  DescribeStream: {
    to: "describeStream",
    in: (wire, call) => streamOf(wire.StreamArn, call),
    out: (stream, wire, call) => ({ StreamDescription: description(stream, wire, call) }),
    accepted: ["Limit"],
  },
  GetShardIterator: {
    to: "openIterator",
    in(wire, call) {
      const { ShardIteratorType, SequenceNumber, Timestamp } = wire;
      const from = ITERATORS[ShardIteratorType as keyof typeof ITERATORS];
      if (from === undefined) throw validationFailure(`Invalid ShardIteratorType: ${ShardIteratorType}`);
      if ((Timestamp !== undefined) !== (from === "time")) {
        throw validationFailure("Timestamp must be specified when ShardIteratorType is AT_TIMESTAMP, and only then");
      }
      const stream = streamOf(wire.StreamArn, call);
      if (from === "oldest" || from === "latest") return { ...stream, from };
      if (from === "time") return { ...stream, from, atMs: Timestamp?.getTime() };
      if (SequenceNumber === undefined) {
        throw validationFailure(`SequenceNumber must be specified when ShardIteratorType is ${ShardIteratorType}`);
      }
      return { ...stream, from, position: positionOf(SequenceNumber) };
    },
    out({ stream, iterator }, wire) {
      if (wire.ShardId !== shardOf(stream)) throw shardNotFound(wire.ShardId);
      return { ShardIterator: `${wire.StreamArn}|1|${iterator}` };
    },
  },
  GetRecords: {
    to: "readChanges",
    in: ({ ShardIterator, Limit }) => {
      if (Limit !== undefined && Limit > RECORDS_MAX) {
        throw validationFailure(
          `1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: `
            + `Member must have value less than or equal to ${RECORDS_MAX}`,
        );
      }
      return { iterator: ShardIterator.split("|").at(-1) ?? "", limit: Limit };
    },
    out: ({ stream, changes, next }, _, call) => ({
      Records: changes.map((change) => recordOf(change, stream, call)),
      ...(next !== undefined && { NextShardIterator: `${labelsOf(call, stream).StreamArn}|1|${next}` }),
    }),
  },
});
