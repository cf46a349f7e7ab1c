import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListBulkOperationsCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
  type CreateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf, refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

let tables: TestTables;
let client: DynamoDBClient;
let TableName = "";

const newTable = async (more: Partial<CreateTableCommandInput> = {}) => {
  TableName = await tables.create(more);
};

beforeAll(async () => {
  tables = await startTables();
  ({ client } = tables);
});
afterAll(() => tables.stop());

describe("tables", () => {
  test("a table is described as it was created, and goes", async () => {
    await newTable({
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 2 },
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "at", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      Tags: [{ Key: "team", Value: "sales" }],
    });
    const arn = `arn:aws:dynamodb:us-east-1:111111111111:table/${TableName}`;
    await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 5 }, { TableName });
    const { Table } = await client.send(new DescribeTableCommand({ TableName: arn }));
    expect(Table).toMatchObject({
      TableName,
      TableArn: arn,
      TableStatus: "ACTIVE",
      ItemCount: 0,
      DeletionProtectionEnabled: false,
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 2, NumberOfDecreasesToday: 0 },
    });
    expect(Table?.CreationDateTime).toBeInstanceOf(Date);
    expect((await client.send(new ListTablesCommand({}))).TableNames).toContain(TableName);
    const tags = async () => (await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn }))).Tags;
    expect(await tags()).toEqual([{ Key: "team", Value: "sales" }]);
    await client.send(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: "stage", Value: "test" }] }));
    await client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: ["team"] }));
    expect(await tags()).toEqual([{ Key: "stage", Value: "test" }]);
    expect((await client.send(new DeleteTableCommand({ TableName }))).TableDescription?.TableStatus).toBe("DELETING");
    await waitUntilTableNotExists({ client, minDelay: 1, maxWaitTime: 5 }, { TableName });
    expect(await refusal(client.send(new DescribeTableCommand({ TableName })))).toEqual({
      name: "ResourceNotFoundException",
      message: `Requested resource not found: Table: ${TableName} not found`,
    });
    expect(await refusal(client.send(new PutItemCommand({ TableName, Item: { id: { S: "a" } } })))).toEqual({
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
    expect(await refusal(client.send(new DescribeContinuousBackupsCommand({ TableName })))).toEqual({
      name: "TableNotFoundException",
      message: `Table not found: ${TableName}`,
    });
    expect(await refusal(tags())).toEqual({
      name: "ResourceNotFoundException",
      message: `Requested resource not found: ResourcArn: ${arn} not found`,
    });
  });

  test("a table that exists, a wrong definition and a protected table are refused in DynamoDB's words", async () => {
    await newTable({ DeletionProtectionEnabled: true });
    expect(await refusal(newTable({ TableName }))).toEqual({
      name: "ResourceInUseException",
      message: `Table already exists: ${TableName}`,
    });
    expect(await refusal(client.send(new DeleteTableCommand({ TableName })))).toMatchObject({
      name: "ValidationException",
    });
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await client.send(new DeleteTableCommand({ TableName }));
    expect(await refusal(newTable({ BillingMode: "PROVISIONED" }))).toEqual({
      name: "ValidationException",
      message:
        "One or more parameter values were invalid: "
        + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
    });
    expect(await refusal(newTable({ BillingMode: "SOMETIMES" as never }))).toMatchObject({
      name: "ValidationException",
    });
  });

  test("two accounts and two regions never see each other's tables", async () => {
    await newTable();
    for (const other of [
      new DynamoDBClient(tables.cloud.aws("222222222222")),
      new DynamoDBClient(tables.cloud.aws("111111111111", "eu-west-1")),
    ]) {
      expect((await other.send(new ListTablesCommand({}))).TableNames).toEqual([]);
      other.destroy();
    }
  });

  test("names are listed in pages", async () => {
    const other = new DynamoDBClient(tables.cloud.aws("333333333333"));
    for (const name of ["aaa", "aab", "aaa.b", "zzz"]) {
      await other.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        }),
      );
    }
    const first = await other.send(new ListTablesCommand({ Limit: 2 }));
    expect(first).toMatchObject({ TableNames: ["aaa", "aaa.b"], LastEvaluatedTableName: "aaa.b" });
    const second = await other.send(
      new ListTablesCommand({ Limit: 2, ExclusiveStartTableName: first.LastEvaluatedTableName }),
    );
    expect(second.TableNames).toEqual(["aab", "zzz"]);
    expect(second.LastEvaluatedTableName).toBeUndefined();
    other.destroy();
  });

  test("an update that changes nothing, or too much at once, is refused; new billing is described", async () => {
    await newTable();
    const update = (more: object) => client.send(new UpdateTableCommand({ TableName, ...more }));
    expect(await refusal(update({}))).toMatchObject({ name: "ValidationException" });
    const gone = [{ Delete: { IndexName: "one" } }, { Delete: { IndexName: "two" } }];
    expect(await refusal(update({ GlobalSecondaryIndexUpdates: gone }))).toMatchObject({
      name: "LimitExceededException",
    });
    expect(await refusal(update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "one" } }] }))).toEqual({
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
    const provisioned = {
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 5 },
    };
    expect((await update(provisioned)).TableDescription).toMatchObject({
      ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 5 },
      BillingModeSummary: { BillingMode: "PROVISIONED" },
    });
    const streamed = await update({ StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } });
    expect(streamed.TableDescription?.StreamSpecification).toEqual({
      StreamEnabled: true,
      StreamViewType: "NEW_IMAGE",
    });
    expect(streamed.TableDescription?.LatestStreamArn).toMatch(new RegExp(`:table/${TableName}/stream/2`));
  });

  test("an operation that is not there yet says so, and is not retried", async () => {
    const error = await failureOf(client.send(new ListBulkOperationsCommand({})));
    expect(error).toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 501 } });
  });

  test("time to live and recovery settings are kept", async () => {
    await newTable();
    expect((await client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription).toEqual({
      TimeToLiveStatus: "DISABLED",
    });
    await client.send(
      new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: "expires", Enabled: true } }),
    );
    expect((await client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription).toEqual({
      TimeToLiveStatus: "ENABLED",
      AttributeName: "expires",
    });
    const pitr = async () =>
      (await client.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription;
    expect(await pitr()).toEqual({
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
    });
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    expect(await pitr()).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: 35 },
    });
  });
});
