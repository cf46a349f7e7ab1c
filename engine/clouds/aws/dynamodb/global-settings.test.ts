import {
  DescribeGlobalTableSettingsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  UpdateGlobalTableSettingsCommand,
  UpdateTableCommand,
  type UpdateGlobalTableSettingsCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

const EU = "eu-west-1";
const OFF = { AutoScalingDisabled: true };
let tables: TestTables;
beforeAll(async () => void (tables = await startTables()));
afterAll(() => tables.stop());

const settingsOf = async (GlobalTableName: string) =>
  (await tables.client.send(new DescribeGlobalTableSettingsCommand({ GlobalTableName }))).ReplicaSettings;
const update = (GlobalTableName: string, more: Omit<UpdateGlobalTableSettingsCommandInput, "GlobalTableName">) =>
  tables.client.send(new UpdateGlobalTableSettingsCommand({ GlobalTableName, ...more }));

async function globalTable(): Promise<string> {
  const TableName = await tables.create({
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
  });
  await tables.client.send(new UpdateTableCommand({ TableName, ReplicaUpdates: [{ Create: { RegionName: EU } }] }));
  return TableName;
}
const provisioned = { GlobalTableBillingMode: "PROVISIONED", GlobalTableProvisionedWriteCapacityUnits: 7 } as const;
const unitsOf = (settings: Awaited<ReturnType<typeof settingsOf>>) =>
  settings?.map((one) => [
    one.RegionName,
    one.ReplicaProvisionedReadCapacityUnits,
    one.ReplicaProvisionedWriteCapacityUnits,
    one.ReplicaGlobalSecondaryIndexSettings?.map((index) => [
      index.ProvisionedReadCapacityUnits,
      index.ProvisionedWriteCapacityUnits,
    ]),
  ]);

describe("the settings of a global table", () => {
  test("are told for each region and index", async () => {
    const name = await globalTable();
    const [first] = (await settingsOf(name)) ?? [];
    expect(first).toEqual({
      RegionName: "us-east-1",
      ReplicaStatus: "ACTIVE",
      ReplicaBillingModeSummary: {
        BillingMode: "PAY_PER_REQUEST",
        LastUpdateToPayPerRequestDateTime: expect.any(Date),
      },
      ReplicaProvisionedReadCapacityUnits: 0,
      ReplicaProvisionedReadCapacityAutoScalingSettings: OFF,
      ReplicaProvisionedWriteCapacityUnits: 0,
      ReplicaProvisionedWriteCapacityAutoScalingSettings: OFF,
      ReplicaGlobalSecondaryIndexSettings: [
        {
          IndexName: "by-n",
          IndexStatus: "ACTIVE",
          ProvisionedReadCapacityUnits: 0,
          ProvisionedReadCapacityAutoScalingSettings: OFF,
          ProvisionedWriteCapacityUnits: 0,
          ProvisionedWriteCapacityAutoScalingSettings: OFF,
        },
      ],
      ReplicaTableClassSummary: { TableClass: "STANDARD" },
    });
  });

  test("say what all regions write, and what each reads", async () => {
    const name = await globalTable();
    await update(name, provisioned);
    expect(unitsOf(await settingsOf(name))).toEqual([
      ["us-east-1", 1, 7, [[1, 1]]],
      [EU, 1, 7, [[1, 1]]],
    ]);
    const { ReplicaSettings } = await update(name, {
      GlobalTableProvisionedWriteCapacityUnits: 8,
      GlobalTableGlobalSecondaryIndexSettingsUpdate: [{ IndexName: "by-n", ProvisionedWriteCapacityUnits: 6 }],
      ReplicaSettingsUpdate: [
        { RegionName: "us-east-1", ReplicaProvisionedReadCapacityUnits: 3 },
        {
          RegionName: EU,
          ReplicaTableClass: "STANDARD_INFREQUENT_ACCESS",
          ReplicaGlobalSecondaryIndexSettingsUpdate: [{ IndexName: "by-n", ProvisionedReadCapacityUnits: 4 }],
        },
      ],
    });
    expect(unitsOf(ReplicaSettings)).toEqual([
      ["us-east-1", 3, 8, [[1, 6]]],
      [EU, 1, 8, [[4, 6]]],
    ]);
    expect(await settingsOf(name)).toEqual(ReplicaSettings);
    const away = new DynamoDBClient(tables.cloud.aws("111111111111", EU));
    const { Table } = await away.send(new DescribeTableCommand({ TableName: name }));
    away.destroy();
    expect(Table?.TableClassSummary).toEqual({ TableClass: "STANDARD_INFREQUENT_ACCESS" });
    expect(Table?.ProvisionedThroughput).toMatchObject({ WriteCapacityUnits: 8 });
  });

  test("keep how capacity should follow the load", async () => {
    const name = await globalTable();
    const range = (MinimumUnits: number, MaximumUnits: number) => ({ MinimumUnits, MaximumUnits });
    await update(name, {
      GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate: range(1, 9),
      GlobalTableGlobalSecondaryIndexSettingsUpdate: [
        { IndexName: "by-n", ProvisionedWriteCapacityAutoScalingSettingsUpdate: range(2, 8) },
      ],
      ReplicaSettingsUpdate: [
        {
          RegionName: EU,
          ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate: range(3, 7),
          ReplicaGlobalSecondaryIndexSettingsUpdate: [
            { IndexName: "by-n", ProvisionedReadCapacityAutoScalingSettingsUpdate: range(4, 6) },
          ],
        },
      ],
    });
    const told = await settingsOf(name);
    expect(told?.map((one) => one.ReplicaProvisionedReadCapacityAutoScalingSettings?.MaximumUnits)).toEqual([
      undefined,
      7,
    ]);
    expect(told?.[1]).toMatchObject({
      ReplicaProvisionedWriteCapacityAutoScalingSettings: range(1, 9),
      ReplicaGlobalSecondaryIndexSettings: [
        {
          ProvisionedReadCapacityAutoScalingSettings: range(4, 6),
          ProvisionedWriteCapacityAutoScalingSettings: range(2, 8),
        },
      ],
    });
  });

  test("take no capacity while the table is paid by request", async () => {
    const name = await globalTable();
    const refused = await refusal(update(name, { GlobalTableProvisionedWriteCapacityUnits: 5 }));
    expect(refused.name).toBe("ValidationException");
  });
});
