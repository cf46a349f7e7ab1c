import {
  DescribeImportCommand,
  DescribeTableCommand,
  ExportTableToPointInTimeCommand,
  GetItemCommand,
  ImportTableCommand,
  ListImportsCommand,
  PutItemCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
  type ImportTableCommandInput,
  type TableCreationParameters,
} from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { manualClock } from "../../../platform/clock.ts";
import { refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

const clock = manualClock("2030-01-01T00:00:00Z");
const Bucket = "sources";
let tables: TestTables;
let s3: S3Client;
let made = 0;

beforeAll(async () => {
  tables = await startTables({ clock });
  s3 = new S3Client({ ...tables.cloud.aws(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  s3.destroy();
  await tables.stop();
});

const upload = (Key: string, Body: string | Uint8Array) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const newTable = (more: Partial<TableCreationParameters> = {}): TableCreationParameters => ({
  TableName: `imported-${++made}`,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  ...more,
});
type Wanted = Partial<ImportTableCommandInput> & { readonly prefix?: string; readonly table?: TableCreationParameters };
const begin = ({ prefix, table, ...more }: Wanted) =>
  tables.client.send(
    new ImportTableCommand({
      S3BucketSource: { S3Bucket: Bucket, S3KeyPrefix: prefix },
      InputFormat: "DYNAMODB_JSON",
      TableCreationParameters: table ?? newTable(),
      ...more,
    }),
  );
const describeImport = async (ImportArn: string | undefined) =>
  (await tables.client.send(new DescribeImportCommand({ ImportArn }))).ImportTableDescription;
const imported = async (wanted: Wanted) => {
  const { ImportTableDescription } = await begin(wanted);
  expect(ImportTableDescription?.ImportStatus).toBe("IN_PROGRESS");
  await tables.cloud.engine.settled();
  return describeImport(ImportTableDescription?.ImportArn);
};
const itemsOf = async (TableName: string | undefined, IndexName?: string) => {
  const { Items } = await tables.client.send(new ScanCommand({ TableName, ...(IndexName && { IndexName }) }));
  return (Items ?? []).sort((a, b) => String(a["id"]?.S ?? a["id"]?.N).localeCompare(String(b["id"]?.S ?? b["id"]?.N)));
};
const lines = (...items: object[]) => items.map((Item) => `${JSON.stringify({ Item })}\n`).join("");

describe("an import", () => {
  test("fills a new table, and its indexes, with the items of every file under a prefix", async () => {
    await upload("films/1.json", lines({ id: { S: "a" }, raw: { B: "AQL/" } }, { id: { S: "b" }, n: { N: "2" } }));
    await upload("films/2.json", lines({ id: { S: "c" }, n: { N: "3" } }));
    await upload("other/1.json", lines({ id: { S: "not me" } }));
    const done = await imported({
      prefix: "films/",
      table: newTable({
        AttributeDefinitions: [
          { AttributeName: "id", AttributeType: "S" },
          { AttributeName: "n", AttributeType: "N" },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: "by-n",
            KeySchema: [{ AttributeName: "n", KeyType: "HASH" }],
            Projection: { ProjectionType: "ALL" },
          },
        ],
      }),
    });
    const TableName = done?.TableCreationParameters?.TableName;
    expect(done).toMatchObject({
      ImportStatus: "COMPLETED",
      ImportArn: expect.stringMatching(
        new RegExp(`^arn:aws:dynamodb:us-east-1:111111111111:table/${TableName}/import/\\d{14}-[0-9a-f]{8}$`),
      ) as string,
      InputFormat: "DYNAMODB_JSON",
      InputCompressionType: "NONE",
      S3BucketSource: { S3Bucket: Bucket, S3KeyPrefix: "films/" },
      ErrorCount: 0,
      ProcessedItemCount: 3,
      ImportedItemCount: 3,
      TableCreationParameters: { BillingMode: "PAY_PER_REQUEST", GlobalSecondaryIndexes: [{ IndexName: "by-n" }] },
    });
    const [b, c] = [{ id: { S: "b" }, n: { N: "2" } }, { id: { S: "c" }, n: { N: "3" } }];
    expect(await itemsOf(TableName)).toEqual([{ id: { S: "a" }, raw: { B: new Uint8Array([1, 2, 255]) } }, b, c]);
    expect(await itemsOf(TableName, "by-n")).toEqual([b, c]);
  });

  test("takes what an export wrote", async () => {
    const TableName = await tables.create();
    await tables.client.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    for (const id of ["x", "y", "z"]) {
      const deep = { M: { list: { L: [{ BOOL: true }, { NULL: true }] } } };
      const Item = { id: { S: id }, tags: { SS: ["p", "q"] }, deep };
      await tables.client.send(new PutItemCommand({ TableName, Item }));
    }
    const TableArn = `arn:aws:dynamodb:us-east-1:111111111111:table/${TableName}`;
    const { ExportDescription } = await tables.client.send(
      new ExportTableToPointInTimeCommand({ TableArn, S3Bucket: Bucket, S3Prefix: "taken" }),
    );
    await tables.cloud.engine.settled();
    const id = ExportDescription?.ExportArn?.split("/").at(-1);
    const done = await imported({ prefix: `taken/AWSDynamoDB/${id}/data/`, InputCompressionType: "GZIP" });
    expect(done).toMatchObject({ ImportStatus: "COMPLETED", ImportedItemCount: 3 });
    expect(await itemsOf(done?.TableCreationParameters?.TableName)).toEqual(await itemsOf(TableName));
  });

  test("of more items than one transaction writes is whole; of two items with one key the last one stays", async () => {
    const many = Array.from({ length: 1001 }, (_, at) => ({ id: { S: String(at % 1000) }, n: { N: String(at) } }));
    await upload("many/all.json.gz", gzipSync(lines(...many)));
    const done = await imported({ prefix: "many/", InputCompressionType: "GZIP" });
    expect(done).toMatchObject({ ProcessedItemCount: 1001, ImportedItemCount: 1001, ErrorCount: 0 });
    const TableName = done?.TableCreationParameters?.TableName;
    expect(await itemsOf(TableName)).toHaveLength(1000);
    const { Item } = await tables.client.send(new GetItemCommand({ TableName, Key: { id: { S: "0" } } }));
    expect(Item).toEqual({ id: { S: "0" }, n: { N: "1000" } });
  });

  test("counts what is no item of the table, and takes the rest", async () => {
    const wrong = [
      "not json",
      "{}",
      '{"Item":{"id":{"S":5}}}',
      '{"Item":{"id":{"N":"5"}}}',
      '{"Item":{"n":{"N":"5"}}}',
    ];
    await upload("faults/1.json", [...wrong, '{"Item":{"id":{"S":"good"}}}'].join("\n"));
    const done = await imported({ prefix: "faults/" });
    expect(done).toMatchObject({
      ImportStatus: "COMPLETED",
      ErrorCount: 5,
      ProcessedItemCount: 6,
      ImportedItemCount: 1,
    });
    expect(await itemsOf(done?.TableCreationParameters?.TableName)).toEqual([{ id: { S: "good" } }]);
  });

  test("from no bucket, no files or broken ones fails, says so, and leaves no table", async () => {
    await upload("broken/1.json.gz", "this is no gzip");
    const nowhere = await imported({ S3BucketSource: { S3Bucket: "nowhere" } });
    expect(nowhere).toMatchObject({ ImportStatus: "FAILED", FailureCode: "S3NoSuchBucket" });
    expect(await imported({ prefix: "nothing/" })).toMatchObject({ FailureCode: "S3NoSuchKey" });
    const broken = await imported({ prefix: "broken/", InputCompressionType: "GZIP" });
    expect(broken).toMatchObject({ ImportStatus: "FAILED", FailureCode: "InputDecompressionFailed" });
    const TableName = broken?.TableCreationParameters?.TableName;
    expect((await refusal(tables.client.send(new DescribeTableCommand({ TableName })))).name).toBe(
      "ResourceNotFoundException",
    );
  });

  test("into a table that is there, of other formats or with an unknown delimiter is refused", async () => {
    const TableName = await tables.create();
    expect((await refusal(begin({ table: newTable({ TableName }) }))).name).toBe("ResourceInUseException");
    expect((await refusal(begin({ InputFormat: "ION" }))).message).toBe(
      "CloudStacks does not support the parameter InputFormat yet; use DYNAMODB_JSON or CSV instead.",
    );
    expect((await refusal(begin({ InputCompressionType: "ZSTD" }))).message).toBe(
      "CloudStacks does not support the parameter InputCompressionType yet; use GZIP or NONE instead.",
    );
    const ImportArn = `arn:aws:dynamodb:us-east-1:111111111111:table/${TableName}/import/00000000000000-00000000`;
    expect((await refusal(describeImport(ImportArn))).name).toBe("ImportNotFoundException");
  });

  test("with the same token is one import, and with another request is refused", async () => {
    const table = newTable();
    const first = await begin({ prefix: "films/", table, ClientToken: "one" });
    const again = await begin({ prefix: "films/", table, ClientToken: "one" });
    expect(again.ImportTableDescription?.ImportArn).toBe(first.ImportTableDescription?.ImportArn);
    const other = await refusal(begin({ prefix: "other/", table, ClientToken: "one" }));
    expect(other.name).toBe("ImportConflictException");
    await tables.cloud.engine.settled();
  });
});

describe("an import of separated values", () => {
  const numbered = () =>
    newTable({
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
    });

  test("types its keys as the table declares them and everything else as text", async () => {
    await upload("csv/1.csv", 'id,name,note\r\n1,"Lang, Fritz","said ""M"""\r\n2,Murnau,"two\nlines"\n\n3,Pabst,');
    const done = await imported({ prefix: "csv/", InputFormat: "CSV", table: numbered() });
    expect(done).toMatchObject({
      ImportStatus: "COMPLETED",
      InputFormat: "CSV",
      InputFormatOptions: { Csv: { Delimiter: "," } },
    });
    expect(await itemsOf(done?.TableCreationParameters?.TableName)).toEqual([
      { id: { N: "1" }, name: { S: "Lang, Fritz" }, note: { S: 'said "M"' } },
      { id: { N: "2" }, name: { S: "Murnau" }, note: { S: "two\nlines" } },
      { id: { N: "3" }, name: { S: "Pabst" }, note: { S: "" } },
    ]);
  });

  test("takes another delimiter and its header from the request, and counts rows that do not fit", async () => {
    await upload("tsv/1.tsv", "1\tone\n2\n3\tthree\textra\nfour\t4\n");
    const done = await imported({
      prefix: "tsv/",
      InputFormat: "CSV",
      InputFormatOptions: { Csv: { Delimiter: "\t", HeaderList: ["id", "name"] } },
      table: numbered(),
    });
    expect(done).toMatchObject({ ErrorCount: 3, ImportedItemCount: 1 });
    expect(done?.InputFormatOptions).toEqual({ Csv: { Delimiter: "\t", HeaderList: ["id", "name"] } });
    expect(await itemsOf(done?.TableCreationParameters?.TableName)).toEqual([{ id: { N: "1" }, name: { S: "one" } }]);
  });
});

describe("imports", () => {
  test("are listed, the newest first, page by page", async () => {
    const all = [];
    let NextToken: string | undefined;
    do {
      const page = await tables.client.send(new ListImportsCommand({ PageSize: 3, NextToken }));
      expect(page.ImportSummaryList?.length).toBeLessThanOrEqual(3);
      all.push(...(page.ImportSummaryList ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    const done = await imported({ prefix: "films/" });
    const { ImportSummaryList } = await tables.client.send(new ListImportsCommand({ TableArn: done?.TableArn }));
    expect(ImportSummaryList).toHaveLength(1);
    expect(ImportSummaryList?.[0]).toMatchObject({ ImportArn: done?.ImportArn, ImportStatus: "COMPLETED" });
    expect(new Set(all.map(({ ImportArn }) => ImportArn)).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(5);
  });
});
