import {
  CreateBackupCommand,
  DeleteBackupCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeBackupCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListBackupsCommand,
  PutItemCommand,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
  type CreateTableCommandInput,
  type GlobalSecondaryIndex,
  type RestoreTableToPointInTimeCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { manualClock } from "../../../platform/clock.ts";
import { refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

const clock = manualClock("2030-01-01T00:00:00Z");
let tables: TestTables;

beforeAll(async () => {
  tables = await startTables({ clock });
});
afterAll(() => tables.stop());

const put = (TableName: string, id: string, n = 1) =>
  tables.client.send(new PutItemCommand({ TableName, Item: { id: { S: id }, n: { N: String(n) } } }));
const scan = async (TableName: string, IndexName?: string) => {
  const { Items } = await tables.client.send(new ScanCommand({ TableName, ...(IndexName && { IndexName }) }));
  return Object.fromEntries((Items ?? []).map(({ id, n }) => [id?.S, Number(n?.N)]).sort());
};
const backUp = async (TableName: string, BackupName = "nightly") => {
  const { BackupDetails } = await tables.client.send(new CreateBackupCommand({ TableName, BackupName }));
  return BackupDetails;
};
const recover = (TableName: string) =>
  tables.client.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
const byN: Partial<CreateTableCommandInput> = {
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
};

describe("a backup", () => {
  test("is described, with the table it was made of", async () => {
    const TableName = await tables.create();
    await put(TableName, "a");
    const made = await backUp(TableName);
    const BackupArn = made?.BackupArn ?? "";
    expect(BackupArn).toMatch(
      new RegExp(`^arn:aws:dynamodb:us-east-1:111111111111:table/${TableName}/backup/\\d{14}-[0-9a-f]{8}$`),
    );
    const { BackupDescription } = await tables.client.send(new DescribeBackupCommand({ BackupArn }));
    expect(BackupDescription).toMatchObject({
      BackupDetails: { BackupName: "nightly", BackupStatus: "AVAILABLE", BackupType: "USER", BackupSizeBytes: 6 },
      SourceTableDetails: {
        TableName,
        ItemCount: 1,
        TableSizeBytes: 6,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      },
    });
  });

  test("becomes a new table with the items of its moment and the same indexes", async () => {
    const TableName = await tables.create(byN);
    await put(TableName, "a", 1);
    await put(TableName, "b", 2);
    const made = await backUp(TableName);
    await put(TableName, "a", 9);
    clock.advanceSeconds(60);
    await tables.client.send(new DeleteTableCommand({ TableName }));
    const TargetTableName = `${TableName}-restored`;
    const BackupArn = made?.BackupArn;
    const { TableDescription } = await tables.client.send(
      new RestoreTableFromBackupCommand({ BackupArn, TargetTableName }),
    );
    expect(TableDescription?.RestoreSummary).toMatchObject({
      SourceBackupArn: BackupArn,
      RestoreDateTime: made?.BackupCreationDateTime,
      RestoreInProgress: false,
    });
    expect(await scan(TargetTableName)).toEqual({ a: 1, b: 2 });
    expect(await scan(TargetTableName, "by-n")).toEqual({ a: 1, b: 2 });
  });

  test("can become a table with fewer indexes and another billing", async () => {
    const TableName = await tables.create(byN);
    const made = await backUp(TableName);
    const { TableDescription } = await tables.client.send(
      new RestoreTableFromBackupCommand({
        BackupArn: made?.BackupArn,
        TargetTableName: `${TableName}-plain`,
        GlobalSecondaryIndexOverride: [],
        BillingModeOverride: "PROVISIONED",
        ProvisionedThroughputOverride: { ReadCapacityUnits: 2, WriteCapacityUnits: 3 },
      }),
    );
    expect(TableDescription?.GlobalSecondaryIndexes).toBeUndefined();
    expect(TableDescription?.ProvisionedThroughput).toMatchObject({ ReadCapacityUnits: 2, WriteCapacityUnits: 3 });
    expect(TableDescription?.AttributeDefinitions).toEqual([{ AttributeName: "id", AttributeType: "S" }]);
  });

  test("takes indexes away and changes none", async () => {
    const made = await backUp(await tables.create(byN));
    const [index] = byN.GlobalSecondaryIndexes ?? [];
    const restore = (override: object) =>
      refusal(
        tables.client.send(
          new RestoreTableFromBackupCommand({
            BackupArn: made?.BackupArn,
            TargetTableName: "changed",
            GlobalSecondaryIndexOverride: [{ ...(index as GlobalSecondaryIndex), ...override }],
          }),
        ),
      );
    for (const override of [{ Projection: { ProjectionType: "KEYS_ONLY" } }, { IndexName: "other" }]) {
      expect((await restore(override)).name).toBe("ValidationException");
    }
    expect(await restore({})).toEqual({ name: undefined, message: undefined });
  });

  test("and a table's past become a table in another region", async () => {
    const TableName = await tables.create();
    await put(TableName, "a");
    await recover(TableName);
    const made = await backUp(TableName);
    const there = new DynamoDBClient(tables.cloud.aws("111111111111", "eu-west-1"));
    const SourceTableArn = `arn:aws:dynamodb:us-east-1:111111111111:table/${TableName}`;
    const restored = await there.send(
      new RestoreTableFromBackupCommand({ BackupArn: made?.BackupArn, TargetTableName: `${TableName}-backup` }),
    );
    expect(restored.TableDescription?.RestoreSummary).toMatchObject({
      SourceBackupArn: made?.BackupArn,
      SourceTableArn,
    });
    await there.send(
      new RestoreTableToPointInTimeCommand({
        SourceTableArn,
        TargetTableName: `${TableName}-past`,
        UseLatestRestorableTime: true,
      }),
    );
    for (const copy of ["backup", "past"]) {
      const { Items } = await there.send(new ScanCommand({ TableName: `${TableName}-${copy}` }));
      expect(Items).toEqual([{ id: { S: "a" }, n: { N: "1" } }]);
    }
    expect((await refusal(there.send(new DescribeBackupCommand({ BackupArn: made?.BackupArn })))).name).toBe(
      "ValidationException",
    );
    there.destroy();
  });

  test("is kept of a deleted table that had point-in-time recovery, for 35 days", async () => {
    const TableName = await tables.create();
    await put(TableName, "a");
    await recover(TableName);
    await tables.client.send(new DeleteTableCommand({ TableName }));
    const listed = async (more: object = {}) =>
      (await tables.client.send(new ListBackupsCommand({ TableName, ...more }))).BackupSummaries;
    expect(await listed()).toEqual([]);
    const [kept, ...others] = (await listed({ BackupType: "SYSTEM" })) ?? [];
    expect(others).toEqual([]);
    expect(kept).toMatchObject({
      BackupName: `${TableName}$DeletedTableBackup`,
      BackupType: "SYSTEM",
      BackupExpiryDateTime: new Date(clock.nowMs() + 35 * 24 * 3600 * 1000),
    });
    await tables.create({ TableName });
    await tables.client.send(
      new RestoreTableFromBackupCommand({ BackupArn: kept?.BackupArn, TargetTableName: `${TableName}-back` }),
    );
    expect(await scan(`${TableName}-back`)).toEqual({ a: 1 });
    expect(await scan(TableName)).toEqual({});
    clock.advanceSeconds(35 * 24 * 3600);
    await vi.waitFor(async () => expect(await listed({ BackupType: "ALL" })).toEqual([]));
  });

  test("is listed, page by page, until it is deleted", async () => {
    const TableName = await tables.create();
    const arns = [];
    for (const name of ["one", "two", "three"]) {
      arns.push((await backUp(TableName, name))?.BackupArn);
      clock.advanceSeconds(1);
    }
    const list = async (more: object = {}) =>
      tables.client.send(new ListBackupsCommand({ TableName, ...more }));
    const first = await list({ Limit: 2 });
    expect(first.BackupSummaries?.map(({ BackupName }) => BackupName)).toEqual(["one", "two"]);
    expect(first.LastEvaluatedBackupArn).toBe(arns[1]);
    const second = await list({ ExclusiveStartBackupArn: arns[1] });
    expect(second.BackupSummaries?.map(({ BackupName }) => BackupName)).toEqual(["three"]);
    expect((await list({ BackupType: "SYSTEM" })).BackupSummaries).toEqual([]);
    const { BackupDescription } = await tables.client.send(new DeleteBackupCommand({ BackupArn: arns[0] }));
    expect(BackupDescription?.BackupDetails?.BackupStatus).toBe("DELETED");
    expect((await list()).BackupSummaries).toHaveLength(2);
    expect(await refusal(tables.client.send(new DescribeBackupCommand({ BackupArn: arns[0] })))).toMatchObject({
      name: "BackupNotFoundException",
    });
  });

  test("of a table that is not there, or into one that is, is refused", async () => {
    expect((await refusal(backUp("nothing"))).name).toBe("TableNotFoundException");
    const TableName = await tables.create();
    const made = await backUp(TableName);
    expect(
      await refusal(
        tables.client.send(
          new RestoreTableFromBackupCommand({ BackupArn: made?.BackupArn, TargetTableName: TableName }),
        ),
      ),
    ).toEqual({ name: "TableAlreadyExistsException", message: `Table already exists: ${TableName}` });
  });
});

describe("point-in-time recovery", () => {
  const recoverable = async () => {
    const TableName = await tables.create();
    await recover(TableName);
    return TableName;
  };
  const restore = (
    SourceTableName: string,
    TargetTableName: string,
    more: Partial<RestoreTableToPointInTimeCommandInput>,
  ) =>
    tables.client.send(new RestoreTableToPointInTimeCommand({ SourceTableName, TargetTableName, ...more }));

  test("makes a table as another one was at each moment", async () => {
    const source = await recoverable();
    const expected: Record<string, number>[] = [];
    const times: Date[] = [];
    const moment = async () => {
      expected.push(await scan(source));
      times.push(new Date(clock.nowMs()));
      clock.advanceSeconds(10);
    };
    await moment();
    await put(source, "a", 1);
    await put(source, "b", 1);
    await moment();
    await put(source, "a", 2);
    await put(source, "a", 3);
    await tables.client.send(new DeleteItemCommand({ TableName: source, Key: { id: { S: "b" } } }));
    await moment();
    await put(source, "b", 7);
    await moment();
    for (const [at, RestoreDateTime] of times.entries()) {
      const { TableDescription } = await restore(source, `${source}-at-${at}`, { RestoreDateTime });
      expect(TableDescription?.RestoreSummary?.RestoreDateTime).toEqual(RestoreDateTime);
      expect(await scan(`${source}-at-${at}`)).toEqual(expected[at]);
    }
    await restore(source, `${source}-latest`, { UseLatestRestorableTime: true });
    expect(await scan(`${source}-latest`)).toEqual(await scan(source));
    const { Table } = await tables.client.send(new DescribeTableCommand({ TableName: `${source}-latest` }));
    expect(Table?.RestoreSummary?.SourceTableArn).toContain(source);
  });

  test("reaches back to when it was enabled, and no further than its days", async () => {
    const source = await recoverable();
    const wrong = { name: "InvalidRestoreTimeException" };
    const restoreAt = (ms: number) => refusal(restore(source, `${source}-x`, { RestoreDateTime: new Date(ms) }));
    expect(await restoreAt(clock.nowMs() - 5000)).toMatchObject(wrong);
    expect(await restoreAt(clock.nowMs() + 5000)).toMatchObject(wrong);
    clock.advanceSeconds(36 * 24 * 3600);
    expect(await restoreAt(clock.nowMs() - 35.5 * 24 * 3600 * 1000)).toMatchObject(wrong);
  });

  test("is refused where it is not enabled, and without a time", async () => {
    const source = await tables.create();
    expect(await refusal(restore(source, "target", { UseLatestRestorableTime: true }))).toEqual({
      name: "PointInTimeRecoveryUnavailableException",
      message: `Point in time recovery is not enabled for table '${source}'`,
    });
    expect((await refusal(restore(source, "target", {}))).name).toBe("ValidationException");
    expect((await refusal(restore("none", "target", { UseLatestRestorableTime: true }))).name).toBe(
      "TableNotFoundException",
    );
  });
});
