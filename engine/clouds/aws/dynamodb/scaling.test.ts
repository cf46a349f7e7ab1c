import {
  DescribeTableReplicaAutoScalingCommand,
  UpdateTableCommand,
  UpdateTableReplicaAutoScalingCommand,
  type UpdateTableReplicaAutoScalingCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

const EU = "eu-west-1";
const OFF = { AutoScalingDisabled: true };
let tables: TestTables;
beforeAll(async () => void (tables = await startTables()));
afterAll(() => tables.stop());

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
  await replicate(TableName, { Create: { RegionName: EU } });
  return TableName;
}
const replicate = (TableName: string, change: object) =>
  tables.client.send(new UpdateTableCommand({ TableName, ReplicaUpdates: [change] }));
const update = async (input: UpdateTableReplicaAutoScalingCommandInput) =>
  (await tables.client.send(new UpdateTableReplicaAutoScalingCommand(input))).TableAutoScalingDescription?.Replicas;
const told = async (TableName: string) =>
  (await tables.client.send(new DescribeTableReplicaAutoScalingCommand({ TableName }))).TableAutoScalingDescription
    ?.Replicas;
const between = (MinimumUnits: number, MaximumUnits: number) => ({ MinimumUnits, MaximumUnits });
const following = (PolicyName: string, TargetValue: number) => ({
  PolicyName,
  TargetTrackingScalingPolicyConfiguration: { TargetValue, ScaleInCooldown: 60, DisableScaleIn: false },
});

describe("auto scaling of a global table", () => {
  test("is off in every region and index until it is set", async () => {
    const index = { IndexName: "by-n", IndexStatus: "ACTIVE" };
    const off = {
      ReplicaStatus: "ACTIVE",
      ReplicaProvisionedReadCapacityAutoScalingSettings: OFF,
      ReplicaProvisionedWriteCapacityAutoScalingSettings: OFF,
      GlobalSecondaryIndexes: [
        {
          ...index,
          ProvisionedReadCapacityAutoScalingSettings: OFF,
          ProvisionedWriteCapacityAutoScalingSettings: OFF,
        },
      ],
    };
    expect(await told(await globalTable())).toEqual([
      { RegionName: "us-east-1", ...off },
      { RegionName: EU, ...off },
    ]);
  });
  test("is set for writes everywhere, for reads by region", async () => {
    const TableName = await globalTable();
    const write = { ...between(1, 10), AutoScalingRoleArn: "arn:aws:iam::111111111111:role/scale" };
    const replicas = await update({
      TableName,
      ProvisionedWriteCapacityAutoScalingUpdate: { ...write, ScalingPolicyUpdate: following("w", 70) },
      ReplicaUpdates: [{ RegionName: EU, ReplicaProvisionedReadCapacityAutoScalingUpdate: between(2, 20) }],
    });
    const writes = { ...write, ScalingPolicies: [following("w", 70)] };
    expect(replicas?.map((one) => one.ReplicaProvisionedWriteCapacityAutoScalingSettings)).toEqual([writes, writes]);
    expect(replicas?.map((one) => one.ReplicaProvisionedReadCapacityAutoScalingSettings)).toEqual([
      OFF,
      { ...between(2, 20), ScalingPolicies: [] },
    ]);
    expect(await told(TableName)).toEqual(replicas);
  });
  test("is set for an index, changed, and switched off again", async () => {
    const TableName = await globalTable();
    const index = (wanted: object) => ({
      TableName,
      GlobalSecondaryIndexUpdates: [{ IndexName: "by-n", ProvisionedWriteCapacityAutoScalingUpdate: wanted }],
    });
    const settings = (replicas: Awaited<ReturnType<typeof told>>) =>
      replicas?.[0]?.GlobalSecondaryIndexes?.[0]?.ProvisionedWriteCapacityAutoScalingSettings;
    await update(index({ ...between(1, 5), ScalingPolicyUpdate: following("w", 50) }));
    expect(settings(await update(index({ MaximumUnits: 9, ScalingPolicyUpdate: following("w", 60) })))).toEqual({
      ...between(1, 9),
      ScalingPolicies: [following("w", 60)],
    });
    expect(settings(await update(index({ AutoScalingDisabled: true })))).toEqual(OFF);
  });
  test("ends with its replica", async () => {
    const TableName = await globalTable();
    const read = { RegionName: EU, ReplicaProvisionedReadCapacityAutoScalingUpdate: between(2, 20) };
    await update({ TableName, ReplicaUpdates: [read] });
    await replicate(TableName, { Delete: { RegionName: EU } });
    await replicate(TableName, { Create: { RegionName: EU } });
    expect((await told(TableName))?.map((one) => one.ReplicaProvisionedReadCapacityAutoScalingSettings)).toEqual([
      OFF,
      OFF,
    ]);
  });
  test.each([
    ["a table that is not there", { TableName: "absent" }, "ResourceNotFoundException"],
    ["a minimum over the maximum", { ProvisionedWriteCapacityAutoScalingUpdate: between(2, 1) }, "ValidationException"],
    ["no maximum", { ProvisionedWriteCapacityAutoScalingUpdate: { MinimumUnits: 1 } }, "ValidationException"],
    ["a region without a replica", { ReplicaUpdates: [{ RegionName: "eu-north-1" }] }, "ReplicaNotFoundException"],
    [
      "an index that is not there",
      {
        GlobalSecondaryIndexUpdates: [
          { IndexName: "absent", ProvisionedWriteCapacityAutoScalingUpdate: between(1, 2) },
        ],
      },
      "ResourceNotFoundException",
    ],
  ])("is refused for %s", async (_, wanted, name) => {
    const TableName = await globalTable();
    expect(await refusal(update({ TableName, ...wanted }))).toMatchObject({ name });
  });
  test("is not for a table of one region", async () => {
    expect(await refusal(told(await tables.create()))).toMatchObject({ name: "ValidationException" });
  });
});
