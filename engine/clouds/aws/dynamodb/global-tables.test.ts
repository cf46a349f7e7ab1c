import {
  CreateGlobalTableCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeGlobalTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListGlobalTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  TagResourceCommand,
  UpdateGlobalTableCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type ReplicationGroupUpdate,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

const EU = "eu-west-1";
let tables: TestTables;
let home: DynamoDBClient;
let away: DynamoDBClient;

beforeAll(async () => {
  tables = await startTables();
  home = tables.client;
  away = new DynamoDBClient(tables.cloud.aws("111111111111", EU));
});
afterAll(async () => {
  away.destroy();
  await tables.stop();
});

const update = (TableName: string, ...ReplicaUpdates: ReplicationGroupUpdate[]) =>
  home.send(new UpdateTableCommand({ TableName, ReplicaUpdates }));
const describeIn = async (client: DynamoDBClient, TableName: string) =>
  (await client.send(new DescribeTableCommand({ TableName }))).Table;
const Key = { id: { S: "a" } };
const get = async (client: DynamoDBClient, TableName: string) =>
  (await client.send(new GetItemCommand({ TableName, Key }))).Item;

describe("a replica", () => {
  test("is another region's name for the same items", async () => {
    const TableName = await tables.create();
    await home.send(new PutItemCommand({ TableName, Item: { ...Key, n: { N: "1" } } }));
    await update(TableName, { Create: { RegionName: EU } });
    expect(await get(away, TableName)).toEqual({ ...Key, n: { N: "1" } });
    await away.send(new PutItemCommand({ TableName, Item: { ...Key, n: { N: "2" } } }));
    expect(await get(home, TableName)).toEqual({ ...Key, n: { N: "2" } });
    expect(await describeIn(home, TableName)).toMatchObject({
      GlobalTableVersion: "2019.11.21",
      Replicas: [{ RegionName: EU, ReplicaStatus: "ACTIVE" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    });
    expect(await describeIn(away, TableName)).toMatchObject({
      TableArn: `arn:aws:dynamodb:${EU}:111111111111:table/${TableName}`,
      Replicas: [{ RegionName: "us-east-1" }],
    });
  });

  test("is not taken away while it is protected, nor its stream while it is one", async () => {
    const TableName = await tables.create();
    await update(TableName, { Create: { RegionName: EU } });
    const protect = (DeletionProtectionEnabled: boolean) =>
      away.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled }));
    await protect(true);
    const remove = () => update(TableName, { Delete: { RegionName: EU } });
    expect((await refusal(remove())).message).toContain("is currently protected against deletion");
    const StreamSpecification = { StreamEnabled: false };
    expect(await refusal(home.send(new UpdateTableCommand({ TableName, StreamSpecification })))).toEqual({
      name: "ValidationException",
      message:
        "One or more parameter values were invalid: "
        + `The stream of a table with replicas cannot be disabled: ${TableName}`,
    });
    await protect(false);
    await remove();
    await home.send(new UpdateTableCommand({ TableName, StreamSpecification }));
  });

  test("has settings of its own, which are changed and shown wherever the table is", async () => {
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
    await update(TableName, { Create: { RegionName: EU, KMSMasterKeyId: "alias/one" } });
    await update(TableName, {
      Update: {
        RegionName: EU,
        TableClassOverride: "STANDARD_INFREQUENT_ACCESS",
        OnDemandThroughputOverride: { MaxReadRequestUnits: 50 },
        GlobalSecondaryIndexes: [{ IndexName: "by-n", OnDemandThroughputOverride: { MaxReadRequestUnits: 5 } }],
      },
    });
    expect((await describeIn(home, TableName))?.Replicas).toEqual([
      {
        RegionName: EU,
        ReplicaStatus: "ACTIVE",
        KMSMasterKeyId: "alias/one",
        OnDemandThroughputOverride: { MaxReadRequestUnits: 50 },
        ReplicaTableClassSummary: { TableClass: "STANDARD_INFREQUENT_ACCESS" },
        GlobalSecondaryIndexes: [{ IndexName: "by-n", OnDemandThroughputOverride: { MaxReadRequestUnits: 5 } }],
      },
    ]);
    expect(await describeIn(away, TableName)).toMatchObject({
      TableClassSummary: { TableClass: "STANDARD_INFREQUENT_ACCESS" },
      SSEDescription: { KMSMasterKeyArn: `arn:aws:kms:${EU}:111111111111:alias/one` },
    });
    const nowhere = update(TableName, { Update: { RegionName: "ap-south-1", KMSMasterKeyId: "alias/two" } });
    expect((await refusal(nowhere)).name).toBe("ValidationException");
    const GlobalSecondaryIndexes = [{ IndexName: "no-such", OnDemandThroughputOverride: { MaxReadRequestUnits: 5 } }];
    const strange = update(TableName, { Update: { RegionName: EU, GlobalSecondaryIndexes } });
    expect((await refusal(strange)).message).toContain("no-such");
  });

  test("shares indexes and settings, and has its own tags", async () => {
    const TableName = await tables.create();
    await update(TableName, { Create: { RegionName: EU } });
    await home.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: "kind", AttributeType: "S" }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: "by-kind",
              KeySchema: [{ AttributeName: "kind", KeyType: "HASH" }],
              Projection: { ProjectionType: "ALL" },
            },
          },
        ],
      }),
    );
    const table = await describeIn(away, TableName);
    expect(table?.GlobalSecondaryIndexes?.[0]?.IndexName).toBe("by-kind");
    await away.send(
      new TagResourceCommand({ ResourceArn: table?.TableArn, Tags: [{ Key: "where", Value: "eu" }] }),
    );
    const homeArn = (await describeIn(home, TableName))?.TableArn;
    expect((await home.send(new ListTagsOfResourceCommand({ ResourceArn: homeArn }))).Tags).toEqual([]);
  });

  test("goes without the table's other regions, which keep the items", async () => {
    const TableName = await tables.create();
    await home.send(new PutItemCommand({ TableName, Item: Key }));
    await home.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
      }),
    );
    await update(TableName, { Create: { RegionName: EU } });
    await home.send(new DeleteTableCommand({ TableName }));
    expect(await get(away, TableName)).toEqual(Key);
    expect((await describeIn(away, TableName))?.Replicas).toBeUndefined();
    await away.send(new DeleteTableCommand({ TableName }));
    expect((await refusal(describeIn(away, TableName))).name).toBe("ResourceNotFoundException");
  });

  test("is removed by an update", async () => {
    const TableName = await tables.create();
    await update(TableName, { Create: { RegionName: EU } });
    await update(TableName, { Delete: { RegionName: EU } });
    expect((await describeIn(home, TableName))?.Replicas).toBeUndefined();
    expect((await refusal(describeIn(away, TableName))).name).toBe("ResourceNotFoundException");
  });

  test("is refused twice, where there is such a table, and with another stream", async () => {
    const TableName = await tables.create();
    await update(TableName, { Create: { RegionName: EU } });
    expect((await refusal(update(TableName, { Create: { RegionName: EU } }))).name).toBe("ValidationException");
    expect((await refusal(update(TableName, { Delete: { RegionName: "ap-south-1" } }))).name).toBe(
      "ValidationException",
    );
    const keysOnly = await tables.create({
      StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
    });
    expect(await refusal(update(keysOnly, { Create: { RegionName: EU } }))).toMatchObject({
      message: expect.stringContaining("must have the view type NEW_AND_OLD_IMAGES"),
    });
  });
});

describe("a global table of the older kind", () => {
  const twins = async () => {
    const StreamSpecification = { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" as const };
    const TableName = await tables.create({ StreamSpecification });
    await away.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        StreamSpecification,
      }),
    );
    return TableName;
  };
  const create = (GlobalTableName: string, regions = ["us-east-1", EU]) =>
    home.send(
      new CreateGlobalTableCommand({
        GlobalTableName,
        ReplicationGroup: regions.map((RegionName) => ({ RegionName })),
      }),
    );

  test("joins empty tables of several regions", async () => {
    const GlobalTableName = await twins();
    const { GlobalTableDescription } = await create(GlobalTableName);
    expect(GlobalTableDescription).toMatchObject({
      GlobalTableName,
      GlobalTableStatus: "ACTIVE",
      GlobalTableArn: `arn:aws:dynamodb::111111111111:global-table/${GlobalTableName}`,
      ReplicationGroup: [{ RegionName: "us-east-1" }, { RegionName: EU }],
    });
    await home.send(new PutItemCommand({ TableName: GlobalTableName, Item: Key }));
    expect(await get(away, GlobalTableName)).toEqual(Key);
    expect((await away.send(new DescribeGlobalTableCommand({ GlobalTableName }))).GlobalTableDescription).toMatchObject(
      { GlobalTableName },
    );
    expect((await home.send(new ListGlobalTablesCommand({ RegionName: EU }))).GlobalTables).toContainEqual({
      GlobalTableName,
      ReplicationGroup: [{ RegionName: "us-east-1" }, { RegionName: EU }],
    });
  });

  test("gives a region up, which keeps a table of its own with the items", async () => {
    const GlobalTableName = await twins();
    await create(GlobalTableName);
    await home.send(new PutItemCommand({ TableName: GlobalTableName, Item: Key }));
    const { GlobalTableDescription } = await home.send(
      new UpdateGlobalTableCommand({ GlobalTableName, ReplicaUpdates: [{ Delete: { RegionName: EU } }] }),
    );
    expect(GlobalTableDescription?.ReplicationGroup).toEqual([]);
    await away.send(new PutItemCommand({ TableName: GlobalTableName, Item: { ...Key, n: { N: "1" } } }));
    expect(await get(home, GlobalTableName)).toEqual(Key);
    expect(await get(away, GlobalTableName)).toEqual({ ...Key, n: { N: "1" } });
  });

  test("is refused over items, over itself and where there is none", async () => {
    const GlobalTableName = await twins();
    await away.send(new PutItemCommand({ TableName: GlobalTableName, Item: Key }));
    expect((await refusal(create(GlobalTableName))).name).toBe("ValidationException");
    const joined = await twins();
    await create(joined);
    expect((await refusal(create(joined))).name).toBe("GlobalTableAlreadyExistsException");
    expect((await refusal(home.send(new DescribeGlobalTableCommand({ GlobalTableName: "none" })))).name).toBe(
      "GlobalTableNotFoundException",
    );
  });
});
