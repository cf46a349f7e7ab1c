import {
  DescribeTableCommand,
  UpdateTableCommand,
  type OnDemandThroughput,
  type UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { manualClock } from "../../../platform/clock.ts";
import { refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

const clock = manualClock("2030-01-01T00:00:00Z");
const start = clock.nowMs();
let tables: TestTables;
let TableName = "";

beforeAll(async () => {
  tables = await startTables({ clock });
});
afterAll(() => tables.stop());
beforeEach(async () => {
  TableName = await tables.create({
    BillingMode: "PROVISIONED",
    ProvisionedThroughput: { ReadCapacityUnits: 20, WriteCapacityUnits: 20 },
  });
});

const update = (more: Partial<UpdateTableCommandInput>) =>
  tables.client.send(new UpdateTableCommand({ TableName, ...more }));
const provision = (ReadCapacityUnits: number, WriteCapacityUnits = 20) =>
  update({ ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits } });
const described = async () => (await tables.client.send(new DescribeTableCommand({ TableName }))).Table;

describe("provisioned throughput", () => {
  test("is raised and lowered, and says when", async () => {
    await provision(30);
    clock.advanceSeconds(1);
    await provision(10);
    expect((await described())?.ProvisionedThroughput).toMatchObject({
      ReadCapacityUnits: 10,
      WriteCapacityUnits: 20,
      LastIncreaseDateTime: new Date(start),
      LastDecreaseDateTime: new Date(start + 1000),
      NumberOfDecreasesToday: 1,
    });
  });

  test("is lowered four times a day at will, and then once an hour", async () => {
    for (const units of [19, 18, 17, 16]) await provision(units);
    expect(await refusal(provision(15))).toMatchObject({
      name: "LimitExceededException",
      message: expect.stringContaining("Provisioned throughput decreases are limited within a given UTC day."),
    });
    await provision(16, 21);
    clock.advanceSeconds(3600);
    await provision(15);
    expect((await described())?.ProvisionedThroughput?.NumberOfDecreasesToday).toBe(5);
    clock.advanceSeconds(24 * 3600);
    await provision(14);
    expect((await described())?.ProvisionedThroughput?.NumberOfDecreasesToday).toBe(1);
  });

  test("that stays the same is refused", async () => {
    expect(await refusal(provision(20))).toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("The provisioned throughput for the table will not change."),
    });
  });

  test("goes with the change to paying per request, and comes with the change back", async () => {
    await update({ BillingMode: "PAY_PER_REQUEST" });
    expect(await described()).toMatchObject({
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    });
    expect((await refusal(update({ BillingMode: "PROVISIONED" }))).message).toContain(
      "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
    );
    await update({
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 },
    });
    expect((await described())?.ProvisionedThroughput).toMatchObject({ ReadCapacityUnits: 1, WriteCapacityUnits: 2 });
  });
});

describe("limits of on-demand capacity", () => {
  const limit = (OnDemandThroughput: OnDemandThroughput) => update({ OnDemandThroughput });
  const limits = async () => (await described())?.OnDemandThroughput;
  beforeEach(async () => {
    TableName = await tables.create({ OnDemandThroughput: { MaxReadRequestUnits: 20, MaxWriteRequestUnits: 15 } });
  });

  test("are changed one by one, and taken away by -1", async () => {
    await limit({ MaxReadRequestUnits: 40 });
    expect(await limits()).toEqual({ MaxReadRequestUnits: 40, MaxWriteRequestUnits: 15 });
    await limit({ MaxWriteRequestUnits: -1 });
    expect(await limits()).toEqual({ MaxReadRequestUnits: 40 });
    await limit({ MaxReadRequestUnits: -1 });
    expect(await limits()).toBeUndefined();
  });

  test("go when the capacity is provisioned, which takes none", async () => {
    await update({
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    });
    expect(await limits()).toBeUndefined();
    expect(await refusal(limit({ MaxWriteRequestUnits: 5 }))).toEqual({
      name: "ValidationException",
      message:
        "One or more parameter values were invalid: "
        + "MaxWriteRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED",
    });
  });
});
