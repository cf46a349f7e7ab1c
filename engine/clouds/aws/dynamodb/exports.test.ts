import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeExportCommand,
  ExportTableToPointInTimeCommand,
  ListExportsCommand,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
  type ExportTableToPointInTimeCommandInput,
} from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { manualClock } from "../../../platform/clock.ts";
import { refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

const clock = manualClock("2030-01-01T00:00:00Z");
let tables: TestTables;
let s3: S3Client;

beforeAll(async () => {
  tables = await startTables({ clock });
  s3 = new S3Client({ ...tables.cloud.aws(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "archive" }));
});
afterAll(async () => {
  s3.destroy();
  await tables.stop();
});

const arnOf = (table: string) => `arn:aws:dynamodb:us-east-1:111111111111:table/${table}`;
const put = (TableName: string, id: string, n: number) =>
  tables.client.send(new PutItemCommand({ TableName, Item: { id: { S: id }, n: { N: String(n) } } }));
const remove = (TableName: string, id: string) =>
  tables.client.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } } }));
const recoverable = async () => {
  const TableName = await tables.create();
  await tables.client.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  return TableName;
};
const begin = (table: string, more: Partial<ExportTableToPointInTimeCommandInput> = {}) =>
  tables.client.send(
    new ExportTableToPointInTimeCommand({ TableArn: arnOf(table), S3Bucket: "archive", ...more }),
  );
const describeExport = async (ExportArn: string | undefined) =>
  (await tables.client.send(new DescribeExportCommand({ ExportArn }))).ExportDescription;
const exported = async (table: string, more: Partial<ExportTableToPointInTimeCommandInput> = {}) => {
  const { ExportDescription } = await begin(table, more);
  expect(ExportDescription?.ExportStatus).toBe("IN_PROGRESS");
  await tables.cloud.engine.settled();
  return describeExport(ExportDescription?.ExportArn);
};
const bytesOf = async (Key: string, Bucket = "archive") => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};
const jsonOf = async (key: string, bucket?: string) => JSON.parse(String(await bytesOf(key, bucket)));
const linesOf = (text: string): Record<string, unknown>[] =>
  text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, unknown>);
/** Every line of the files that an export's manifest names. */
const contentOf = async (manifest: string | undefined, bucket?: string) => {
  const { manifestFilesS3Key } = await jsonOf(manifest ?? "", bucket);
  const content = [];
  for (const { dataFileS3Key } of linesOf(String(await bytesOf(manifestFilesS3Key, bucket)))) {
    content.push(...linesOf(String(gunzipSync(await bytesOf(String(dataFileS3Key), bucket)))));
  }
  return content;
};

describe("a full export", () => {
  test("writes each item on a line of compressed files, and manifests that tell of them", async () => {
    const table = await recoverable();
    await put(table, "a", 1);
    await tables.client.send(
      new PutItemCommand({ TableName: table, Item: { id: { S: "b" }, raw: { L: [{ B: Buffer.from([1, 2, 255]) }] } } }),
    );
    const done = await exported(table, { S3Prefix: "nightly" });
    const id = done?.ExportArn?.split("/").at(-1);
    expect(id).toMatch(/^\d{14}-[0-9a-f]{8}$/);
    expect(done).toMatchObject({
      ExportStatus: "COMPLETED",
      ExportType: "FULL_EXPORT",
      ExportFormat: "DYNAMODB_JSON",
      ExportManifest: `nightly/AWSDynamoDB/${id}/manifest-summary.json`,
      ItemCount: 2,
      S3Prefix: "nightly",
      S3SseAlgorithm: "AES256",
    });
    const content = await contentOf(done?.ExportManifest);
    expect(content).toHaveLength(2);
    expect(content).toContainEqual({ Item: { id: { S: "a" }, n: { N: "1" } } });
    expect(content).toContainEqual({ Item: { id: { S: "b" }, raw: { L: [{ B: "AQL/" }] } } });
    expect(await jsonOf(done?.ExportManifest ?? "")).toEqual({
      version: "2020-06-30",
      exportArn: done?.ExportArn,
      startTime: new Date(clock.nowMs()).toISOString(),
      endTime: new Date(clock.nowMs()).toISOString(),
      tableArn: arnOf(table),
      tableId: done?.TableId,
      exportTime: done?.ExportTime?.toISOString(),
      s3Bucket: "archive",
      s3Prefix: "nightly",
      s3SseAlgorithm: "AES256",
      s3SseKmsKeyId: null,
      manifestFilesS3Key: `nightly/AWSDynamoDB/${id}/manifest-files.json`,
      billedSizeBytes: done?.BilledSizeBytes,
      itemCount: 2,
      outputFormat: "DYNAMODB_JSON",
      exportType: "FULL_EXPORT",
    });
  });

  test("names the sums of its files", async () => {
    const table = await recoverable();
    await put(table, "a", 1);
    const done = await exported(table, { S3Prefix: "sums" });
    const folder = done?.ExportManifest?.replace("/manifest-summary.json", "");
    const manifest = await bytesOf(`${folder}/manifest-files.json`);
    const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest("base64");
    expect(String(await bytesOf(`${folder}/manifest-files.md5`))).toBe(md5(manifest));
    const [file] = linesOf(String(manifest));
    expect(file).toMatchObject({ itemCount: 1, md5Checksum: md5(await bytesOf(String(file?.["dataFileS3Key"]))) });
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: "archive", Prefix: `${folder}/` }));
    const names = Contents?.map(({ Key }) => Key?.slice(`${folder}/`.length).replace(/data\/\w+/, "data/*"));
    expect(names).toEqual([
      "_started",
      "data/*.json.gz",
      "manifest-files.json",
      "manifest-files.md5",
      "manifest-summary.json",
      "manifest-summary.md5",
    ]);
  });

  test("shows the items as they were at its time, not as they are", async () => {
    const table = await recoverable();
    await put(table, "a", 1);
    await put(table, "b", 1);
    const ExportTime = new Date(clock.nowMs());
    clock.advanceSeconds(60);
    await put(table, "a", 2);
    await put(table, "c", 2);
    await remove(table, "b");
    const content = await contentOf((await exported(table, { ExportTime }))?.ExportManifest);
    expect(content.map((line) => JSON.stringify(line)).sort()).toEqual([
      '{"Item":{"id":{"S":"a"},"n":{"N":"1"}}}',
      '{"Item":{"id":{"S":"b"},"n":{"N":"1"}}}',
    ]);
  });

  test("of many items goes to a bucket that seals what it holds, and is read back whole", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "sealed" }));
    await s3.send(
      new PutBucketEncryptionCommand({
        Bucket: "sealed",
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
      }),
    );
    const table = await recoverable();
    const noise = (at: number) => createHash("sha512").update(String(at)).digest();
    for (let from = 0; from < 1500; from += 25) {
      const requests = Array.from({ length: 25 }, (_, at) => ({
        PutRequest: { Item: { id: { S: String(from + at) }, noise: { B: noise(from + at) } } },
      }));
      await tables.client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
    }
    const done = await exported(table, { S3Bucket: "sealed" });
    expect(done).toMatchObject({ ExportStatus: "COMPLETED", ItemCount: 1500 });
    const content = await contentOf(done?.ExportManifest, "sealed");
    const ids = content.map(({ Item }) => (Item as { id: { S: string } }).id.S);
    expect(new Set(ids).size).toBe(1500);
  });

  test("of an empty table has one empty file", async () => {
    const done = await exported(await recoverable());
    expect(done).toMatchObject({ ExportStatus: "COMPLETED", ItemCount: 0, BilledSizeBytes: 0 });
    expect(await contentOf(done?.ExportManifest)).toEqual([]);
  });

  test("into a bucket that is not there fails, and says so", async () => {
    expect(await exported(await recoverable(), { S3Bucket: "nowhere" })).toMatchObject({
      ExportStatus: "FAILED",
      FailureCode: "S3NoSuchBucket",
      FailureMessage: expect.stringContaining("nowhere") as string,
    });
  });

  test("is refused without recovery, outside of its window, for no table and in other formats", async () => {
    expect((await refusal(begin(await tables.create()))).name).toBe("PointInTimeRecoveryUnavailableException");
    const table = await recoverable();
    const early = new Date(clock.nowMs() - 1000);
    expect((await refusal(begin(table, { ExportTime: early }))).name).toBe("InvalidExportTimeException");
    expect((await refusal(begin("nothing"))).name).toBe("TableNotFoundException");
    expect(await refusal(begin(table, { ExportFormat: "ION" }))).toEqual({
      name: "ValidationException",
      message: "CloudStacks does not support the parameter ExportFormat yet; use DYNAMODB_JSON instead.",
    });
    const ExportArn = `${arnOf(table)}/export/00000000000000-00000000`;
    expect((await refusal(describeExport(ExportArn))).name).toBe("ExportNotFoundException");
  });

  test("with the same token is one export, and with another request is refused", async () => {
    const table = await recoverable();
    const first = await begin(table, { ClientToken: "one" });
    const again = await begin(table, { ClientToken: "one" });
    expect(again.ExportDescription?.ExportArn).toBe(first.ExportDescription?.ExportArn);
    const other = await refusal(begin(table, { ClientToken: "one", S3Prefix: "elsewhere" }));
    expect(other.name).toBe("ExportConflictException");
    await tables.cloud.engine.settled();
  });
});

describe("exports", () => {
  test("are listed by table, the newest first, page by page", async () => {
    const table = await recoverable();
    const arns = [];
    for (let count = 0; count < 3; count += 1) {
      arns.unshift((await exported(table))?.ExportArn);
      clock.advanceSeconds(1);
    }
    const list = (NextToken?: string) =>
      tables.client.send(new ListExportsCommand({ TableArn: arnOf(table), MaxResults: 2, NextToken }));
    const first = await list();
    const second = await list(first.NextToken);
    expect(second.NextToken).toBeUndefined();
    const listed = [...(first.ExportSummaries ?? []), ...(second.ExportSummaries ?? [])];
    expect(listed.map(({ ExportArn }) => ExportArn)).toEqual(arns);
    expect(listed[0]).toMatchObject({ ExportStatus: "COMPLETED", ExportType: "FULL_EXPORT" });
  });
});

describe("an incremental export", () => {
  const window = (from: number, to: number, ExportViewType?: "NEW_IMAGE") => ({
    ExportType: "INCREMENTAL_EXPORT" as const,
    IncrementalExportSpecification: {
      ExportFromTime: new Date(from),
      ExportToTime: new Date(to),
      ...(ExportViewType && { ExportViewType }),
    },
  });
  const byId = (lines: Record<string, unknown>[]) =>
    Object.fromEntries(
      lines.map(({ Keys, ...line }) => [(Keys as { id: { S: string } }).id.S, line]),
    );

  test("shows of each key that was written what it was before and after the window", async () => {
    const table = await recoverable();
    await put(table, "changed", 1);
    await put(table, "deleted", 1);
    await put(table, "left alone", 1);
    clock.advanceSeconds(60);
    const from = clock.nowMs();
    await put(table, "changed", 2);
    clock.advanceSeconds(60);
    await put(table, "changed", 3);
    const changedAt = clock.nowMs();
    await put(table, "new", 1);
    await remove(table, "deleted");
    await put(table, "passing", 1);
    await remove(table, "passing");
    clock.advanceSeconds(20 * 60);
    const to = clock.nowMs();
    await put(table, "changed", 4);
    await remove(table, "new");
    const done = await exported(table, window(from, to));
    expect(done).toMatchObject({ ExportType: "INCREMENTAL_EXPORT", ItemCount: 3 });
    const Metadata = { WriteTimestampMicros: { N: `${changedAt}000` } };
    const image = (id: string, n: number) => ({ id: { S: id }, n: { N: String(n) } });
    expect(byId(await contentOf(done?.ExportManifest))).toEqual({
      changed: { Metadata, OldImage: image("changed", 1), NewImage: image("changed", 3) },
      new: { Metadata, NewImage: image("new", 1) },
      deleted: { Metadata, OldImage: image("deleted", 1) },
    });
    const onlyNew = await exported(table, window(from, to, "NEW_IMAGE"));
    expect(byId(await contentOf(onlyNew?.ExportManifest))).toEqual({
      changed: { Metadata, NewImage: image("changed", 3) },
      new: { Metadata, NewImage: image("new", 1) },
      deleted: { Metadata },
    });
    expect(await jsonOf(onlyNew?.ExportManifest ?? "")).toMatchObject({
      exportFromTime: new Date(from).toISOString(),
      exportToTime: new Date(to).toISOString(),
      outputView: "NEW_IMAGE",
      exportType: "INCREMENTAL_EXPORT",
    });
  });

  test("needs a window between a quarter of an hour and a day", async () => {
    const table = await recoverable();
    const from = clock.nowMs();
    clock.advanceSeconds(48 * 3600);
    expect((await refusal(begin(table, window(from, from + 14 * 60_000)))).name).toBe("ValidationException");
    expect((await refusal(begin(table, window(from, from + 25 * 3600_000)))).name).toBe("ValidationException");
    expect((await refusal(begin(table, window(from, clock.nowMs() + 1000)))).name).toBe("InvalidExportTimeException");
    expect((await refusal(begin(table, { ExportType: "INCREMENTAL_EXPORT" }))).name).toBe("ValidationException");
  });
});
