import {
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  PutItemCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type StreamViewType,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { manualClock } from "../../../platform/clock.ts";
import { startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

const HOUR_SECONDS = 3600;
const clock = manualClock("2030-01-01T00:00:00Z");
let tables: TestTables;

beforeAll(async () => {
  tables = await startTables({ clock });
});
afterAll(() => tables.stop());

interface Shard {
  readonly ShardId: string;
  readonly SequenceNumberRange: { readonly StartingSequenceNumber: string; readonly EndingSequenceNumber?: string };
}
interface Change {
  readonly eventID: string;
  readonly eventName: string;
  readonly userIdentity?: object;
  readonly dynamodb: Readonly<Record<string, unknown>> & { readonly SequenceNumber: string };
}

async function call<T>(operation: string, input: object): Promise<T> {
  const response = await fetch(tables.cloud.endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDBStreams_20120810.${operation}`,
      authorization: "AWS4-HMAC-SHA256 Credential=111111111111/20300101/us-east-1/dynamodb/aws4_request",
    },
    body: JSON.stringify(input),
  });
  const body = (await response.json()) as Record<string, unknown>;
  if (response.ok) return body as T;
  throw new Error(`${String(body["__type"]).split("#").at(-1)}: ${String(body["message"] ?? body["Message"])}`);
}

const describeStream = async (StreamArn: string, more: object = {}) =>
  (await call<{ StreamDescription: Record<string, unknown> & { Shards: Shard[] } }>("DescribeStream", {
    StreamArn,
    ...more,
  })).StreamDescription;

async function iterator(StreamArn: string, more: object = { ShardIteratorType: "TRIM_HORIZON" }): Promise<string> {
  const { Shards } = await describeStream(StreamArn);
  const input = { StreamArn, ShardId: Shards[0]?.ShardId, ...more };
  return (await call<{ ShardIterator: string }>("GetShardIterator", input)).ShardIterator;
}

const read = (ShardIterator: string, more: object = {}) =>
  call<{ Records: Change[]; NextShardIterator?: string }>("GetRecords", { ShardIterator, ...more });

async function streaming(StreamViewType: StreamViewType = "NEW_AND_OLD_IMAGES") {
  const TableName = await tables.create({ StreamSpecification: { StreamEnabled: true, StreamViewType } });
  const { Table } = await tables.client.send(new DescribeTableCommand({ TableName }));
  return { TableName, StreamArn: Table?.LatestStreamArn ?? "", label: Table?.LatestStreamLabel };
}
const Key = { id: { S: "a" } };
const put = (TableName: string, n: number) =>
  tables.client.send(new PutItemCommand({ TableName, Item: { ...Key, n: { N: String(n) } } }));

describe("a stream", () => {
  test("is described with its table's key and one open shard", async () => {
    const { TableName, StreamArn, label } = await streaming("KEYS_ONLY");
    expect(StreamArn).toBe(`arn:aws:dynamodb:us-east-1:111111111111:table/${TableName}/stream/${label}`);
    expect(await describeStream(StreamArn)).toEqual({
      StreamArn,
      TableName,
      StreamLabel: label,
      StreamStatus: "ENABLED",
      StreamViewType: "KEYS_ONLY",
      CreationRequestDateTime: clock.nowMs() / 1000,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      Shards: [
        {
          ShardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/),
          SequenceNumberRange: { StartingSequenceNumber: "100000000000000000000" },
        },
      ],
    });
    expect(await call("ListStreams", { TableName })).toEqual({
      Streams: [{ StreamArn, TableName, StreamLabel: label }],
    });
  });

  test("tells of every change in order, with both images", async () => {
    const { TableName, StreamArn } = await streaming();
    await put(TableName, 1);
    await put(TableName, 2);
    await tables.client.send(new DeleteItemCommand({ TableName, Key }));
    const { Records } = await read(await iterator(StreamArn));
    expect(Records.map(({ eventName, dynamodb }) => [eventName, dynamodb["OldImage"], dynamodb["NewImage"]])).toEqual([
      ["INSERT", undefined, { ...Key, n: { N: "1" } }],
      ["MODIFY", { ...Key, n: { N: "1" } }, { ...Key, n: { N: "2" } }],
      ["REMOVE", { ...Key, n: { N: "2" } }, undefined],
    ]);
    expect(Records[0]).toMatchObject({
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      dynamodb: { Keys: Key, SizeBytes: 9, StreamViewType: "NEW_AND_OLD_IMAGES" },
    });
    const numbers = Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    expect(numbers).toEqual([...numbers].sort());
    expect(new Set(Records.map(({ eventID }) => eventID)).size).toBe(3);
  });

  test.each([
    ["KEYS_ONLY", {}],
    ["NEW_IMAGE", { NewImage: { ...Key, n: { N: "2" } } }],
    ["OLD_IMAGE", { OldImage: { ...Key, n: { N: "1" } } }],
  ] as const)("with the view %s shows no more than that", async (view, images) => {
    const { TableName, StreamArn } = await streaming(view);
    await put(TableName, 1);
    await put(TableName, 2);
    const { Records } = await read(await iterator(StreamArn));
    const shown = Object.entries(Records[1]?.dynamodb ?? {}).filter(([name]) => name.endsWith("Image"));
    expect(Object.fromEntries(shown)).toEqual(images);
  });

  test("says nothing of writes that change nothing or fail", async () => {
    const { TableName, StreamArn } = await streaming();
    await put(TableName, 1);
    await put(TableName, 1);
    await tables.client.send(new UpdateItemCommand({ TableName, Key, UpdateExpression: "REMOVE nothing" }));
    await tables.client.send(new DeleteItemCommand({ TableName, Key: { id: { S: "none" } } }));
    await tables.client
      .send(new PutItemCommand({ TableName, Item: Key, ConditionExpression: "attribute_not_exists(id)" }))
      .catch((problem: Error) => expect(problem.name).toBe("ConditionalCheckFailedException"));
    expect((await read(await iterator(StreamArn))).Records).toHaveLength(1);
  });

  test("is read page by page, and goes on where a page ended", async () => {
    const { TableName, StreamArn } = await streaming("KEYS_ONLY");
    for (const n of [1, 2, 3]) await put(TableName, n);
    const first = await read(await iterator(StreamArn), { Limit: 2 });
    expect(first.Records).toHaveLength(2);
    const second = await read(first.NextShardIterator ?? "");
    expect(second.Records).toHaveLength(1);
    await put(TableName, 4);
    expect((await read(second.NextShardIterator ?? "")).Records).toHaveLength(1);
  });

  test("is read at most a thousand records at once", async () => {
    const { StreamArn } = await streaming("KEYS_ONLY");
    await expect(read(await iterator(StreamArn), { Limit: 1001 })).rejects.toThrow(
      "1 validation error detected: Value '1001' at 'limit' failed to satisfy constraint: "
        + "Member must have value less than or equal to 1000",
    );
  });

  test("can be entered at its end, at a sequence number and after one", async () => {
    const { TableName, StreamArn } = await streaming("NEW_IMAGE");
    for (const n of [1, 2]) await put(TableName, n);
    const latest = await iterator(StreamArn, { ShardIteratorType: "LATEST" });
    await put(TableName, 3);
    const numbers = ({ Records }: { Records: Change[] }) =>
      Records.map(({ dynamodb }) => (dynamodb["NewImage"] as { n: { N: string } }).n.N);
    expect(numbers(await read(latest))).toEqual(["3"]);
    const all = await read(await iterator(StreamArn));
    const SequenceNumber = all.Records[1]?.dynamodb.SequenceNumber;
    const from = async (ShardIteratorType: string) =>
      numbers(await read(await iterator(StreamArn, { ShardIteratorType, SequenceNumber })));
    expect(await from("AT_SEQUENCE_NUMBER")).toEqual(["2", "3"]);
    expect(await from("AFTER_SEQUENCE_NUMBER")).toEqual(["3"]);
  });

  test("can be entered at a time: at the first change from then on, or at its end", async () => {
    const { TableName, StreamArn } = await streaming("NEW_IMAGE");
    const times: number[] = [];
    for (const n of [1, 2, 3, 4]) {
      times.push(clock.nowMs() / 1000);
      await put(TableName, n);
      clock.advanceSeconds(10);
    }
    const entered = async (Timestamp: number) => {
      const { Records } = await read(await iterator(StreamArn, { ShardIteratorType: "AT_TIMESTAMP", Timestamp }));
      return Records.map(({ dynamodb }) => (dynamodb["NewImage"] as { n: { N: string } }).n.N);
    };
    const [first = 0, second = 0] = times;
    expect(await entered(first - 60)).toEqual(["1", "2", "3", "4"]);
    expect(await entered(second)).toEqual(["2", "3", "4"]);
    expect(await entered(second + 1)).toEqual(["3", "4"]);
    expect(await entered(clock.nowMs() / 1000)).toEqual([]);
    await expect(iterator(StreamArn, { ShardIteratorType: "AT_TIMESTAMP" })).rejects.toThrow("ValidationException");
  });

  test("ends when it is switched off, and can be read to its end", async () => {
    const { TableName, StreamArn } = await streaming();
    await put(TableName, 1);
    await tables.client.send(new UpdateTableCommand({ TableName, StreamSpecification: { StreamEnabled: false } }));
    await put(TableName, 2);
    const { StreamStatus, Shards } = await describeStream(StreamArn);
    const page = await read(await iterator(StreamArn));
    expect(page.Records).toHaveLength(1);
    expect(page.NextShardIterator).toBeUndefined();
    expect([StreamStatus, Shards[0]?.SequenceNumberRange.EndingSequenceNumber]).toEqual([
      "DISABLED",
      page.Records[0]?.dynamodb.SequenceNumber,
    ]);
    await tables.client.send(
      new UpdateTableCommand({
        TableName,
        StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
      }),
    );
    const { Streams } = await call<{ Streams: object[] }>("ListStreams", { TableName });
    expect(Streams).toHaveLength(2);
  });

  test("outlives its table by a day", async () => {
    const { TableName, StreamArn } = await streaming();
    await put(TableName, 1);
    await tables.client.send(new DeleteTableCommand({ TableName }));
    expect((await read(await iterator(StreamArn))).Records).toHaveLength(1);
    clock.advanceSeconds(25 * HOUR_SECONDS);
    await expect.poll(() => describeStream(StreamArn).catch((problem: Error) => problem.message)).toBe(
      `ResourceNotFoundException: Requested resource not found: Stream: ${StreamArn.split("table/")[1]?.replace(
        "/stream",
        "",
      )}Z not found`,
    );
  });

  test("forgets changes that are older than a day", async () => {
    const { TableName, StreamArn } = await streaming();
    await put(TableName, 1);
    const at = (await read(await iterator(StreamArn))).Records[0]?.dynamodb.SequenceNumber;
    clock.advanceSeconds(23 * HOUR_SECONDS);
    await put(TableName, 2);
    clock.advanceSeconds(2 * HOUR_SECONDS);
    const { Records } = await read(await iterator(StreamArn));
    expect(Records.map(({ eventName }) => eventName)).toEqual(["MODIFY"]);
    expect(at).toMatch(/^1\d{20}$/);
  });

  test("an iterator is good for fifteen minutes", async () => {
    const { StreamArn } = await streaming();
    const ShardIterator = await iterator(StreamArn);
    clock.advanceSeconds(16 * 60);
    await expect(read(ShardIterator)).rejects.toThrow("ExpiredIteratorException: Iterator expired.");
  });

  test("what names no stream is refused", async () => {
    const StreamArn = "arn:aws:dynamodb:us-east-1:111111111111:table/none/stream/2030-01-01T00:00:00.000";
    await expect(describeStream(StreamArn)).rejects.toThrow("ResourceNotFoundException");
    const made = await streaming();
    const ShardId = "shardId-00000000000000000001-00000000";
    const another = { StreamArn: made.StreamArn, ShardId, ShardIteratorType: "LATEST" };
    await expect(call("GetShardIterator", another)).rejects.toThrow("ResourceNotFoundException");
    await expect(read("not-an-iterator-at-all")).rejects.toThrow("ValidationException: Invalid ShardIterator");
  });
});

describe("time to live", () => {
  test("items go when their time has come, and the stream says who deleted them", async () => {
    const { TableName, StreamArn } = await streaming();
    await tables.client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
      }),
    );
    const at = Math.floor(clock.nowMs() / 1000) + 3600;
    const item = (id: string, expires: object) =>
      tables.client.send(new PutItemCommand({ TableName, Item: { id: { S: id }, expires: expires as never } }));
    await item("soon", { N: String(at) });
    await item("later", { N: String(at + HOUR_SECONDS * 10) });
    await item("text", { S: String(at) });
    await item("long ago", { N: "100000" });
    clock.advanceSeconds(3600 + 61);
    const removals = async () =>
      (await read(await iterator(StreamArn))).Records.filter(({ eventName }) => eventName === "REMOVE");
    await expect.poll(async () => (await removals()).length).toBe(1);
    expect((await removals())[0]).toMatchObject({
      userIdentity: { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" },
      dynamodb: { Keys: { id: { S: "soon" } } },
    });
  });

  test("items that were there before it was enabled go too", async () => {
    const { TableName, StreamArn } = await streaming();
    const at = Math.floor(clock.nowMs() / 1000) + 60;
    await tables.client.send(
      new PutItemCommand({ TableName, Item: { id: { S: "old" }, expires: { N: String(at) } } }),
    );
    await tables.client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
      }),
    );
    clock.advanceSeconds(121);
    await expect.poll(async () => (await read(await iterator(StreamArn))).Records.length).toBe(2);
  });
});
