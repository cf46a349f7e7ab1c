import {
  DeleteItemCommand,
  DeleteResourcePolicyCommand,
  DescribeContributorInsightsCommand,
  DescribeEndpointsCommand,
  DescribeKinesisStreamingDestinationCommand,
  DescribeLimitsCommand,
  DisableKinesisStreamingDestinationCommand,
  EnableKinesisStreamingDestinationCommand,
  GetResourcePolicyCommand,
  ListContributorInsightsCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  TransactWriteItemsCommand,
  UpdateContributorInsightsCommand,
  UpdateItemCommand,
  UpdateKinesisStreamingDestinationCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

let tables: TestTables;
let TableName = "";

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());
beforeEach(async () => {
  TableName = await tables.create();
});

describe("a resource policy", () => {
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  const arn = () => `arn:aws:dynamodb:us-east-1:111111111111:table/${TableName}`;
  const put = (more: object = {}) =>
    tables.client.send(new PutResourcePolicyCommand({ ResourceArn: arn(), Policy, ...more }));
  const get = () => tables.client.send(new GetResourcePolicyCommand({ ResourceArn: arn() }));
  const absent = () => ({
    name: "PolicyNotFoundException",
    message: `Resource-based policy not found for the provided ResourceArn: ${arn()}`,
  });

  test("is kept as it was given, and goes", async () => {
    expect(await refusal(get())).toEqual(absent());
    const { RevisionId } = await put();
    expect(await get()).toMatchObject({ Policy, RevisionId });
    expect((await put()).RevisionId).toBe(RevisionId);
    await tables.client.send(new DeleteResourcePolicyCommand({ ResourceArn: arn() }));
    expect(await refusal(get())).toEqual(absent());
    await tables.client.send(new DeleteResourcePolicyCommand({ ResourceArn: arn() }));
  });

  test("is changed only from the revision that was expected", async () => {
    await put({ ExpectedRevisionId: "NO_POLICY" });
    expect((await refusal(put({ ExpectedRevisionId: "NO_POLICY" }))).name).toBe("PolicyNotFoundException");
    expect((await refusal(put({ ExpectedRevisionId: "1" }))).name).toBe("PolicyNotFoundException");
  });

  test("of no table, or that is no JSON, is refused", async () => {
    const ResourceArn = "arn:aws:dynamodb:us-east-1:111111111111:table/nothing";
    expect((await refusal(put({ ResourceArn }))).name).toBe("ResourceNotFoundException");
    expect((await refusal(put({ Policy: "{" }))).name).toBe("ValidationException");
    const made = tables.create({ TableName: "other", ResourcePolicy: "{" });
    expect((await refusal(made)).name).toBe("ValidationException");
  });

  test("is a table's or a stream's, and no index's", async () => {
    const ResourceArn = `${arn()}/index/by-n`;
    expect(await refusal(put({ ResourceArn }))).toEqual({
      name: "ValidationException",
      message: `Invalid TableArn: Invalid ResourceArn provided as input ${ResourceArn}`,
    });
  });
});

describe("contributor insights", () => {
  const describeInsights = (more: object = {}) =>
    tables.client.send(new DescribeContributorInsightsCommand({ TableName, ...more }));
  const update = (ContributorInsightsAction: "ENABLE" | "DISABLE", more: object = {}) =>
    tables.client.send(new UpdateContributorInsightsCommand({ TableName, ContributorInsightsAction, ...more }));

  test("are off until they are switched on", async () => {
    expect((await describeInsights()).ContributorInsightsStatus).toBe("DISABLED");
    expect((await update("ENABLE")).ContributorInsightsStatus).toBe("ENABLING");
    expect(await describeInsights()).toMatchObject({
      TableName,
      ContributorInsightsStatus: "ENABLED",
      ContributorInsightsRuleList: ["PKC", "PKT"].map((rule) => `DynamoDBContributorInsights-${rule}-${TableName}`),
    });
    const { ContributorInsightsSummaries } = await tables.client.send(
      new ListContributorInsightsCommand({ TableName }),
    );
    expect(ContributorInsightsSummaries).toEqual([{ TableName, ContributorInsightsStatus: "ENABLED" }]);
    await update("DISABLE");
    expect((await describeInsights()).ContributorInsightsStatus).toBe("DISABLED");
  });

  test("of an index that is not there are refused", async () => {
    expect((await refusal(update("ENABLE", { IndexName: "none" }))).name).toBe("ResourceNotFoundException");
  });
});

describe("a Kinesis destination", () => {
  const StreamArn = "arn:aws:kinesis:us-east-1:111111111111:stream/changes";
  const destinations = async () =>
    (await tables.client.send(new DescribeKinesisStreamingDestinationCommand({ TableName })))
      .KinesisDataStreamDestinations;
  const enable = () => tables.client.send(new EnableKinesisStreamingDestinationCommand({ TableName, StreamArn }));

  test("is enabled, changed and disabled", async () => {
    expect(await destinations()).toEqual([]);
    expect((await enable()).DestinationStatus).toBe("ENABLING");
    const active = { StreamArn, DestinationStatus: "ACTIVE", ApproximateCreationDateTimePrecision: "MILLISECOND" };
    expect(await destinations()).toEqual([active]);
    expect((await refusal(enable())).name).toBe("ValidationException");
    await tables.client.send(
      new UpdateKinesisStreamingDestinationCommand({
        TableName,
        StreamArn,
        UpdateKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: "MICROSECOND" },
      }),
    );
    expect((await destinations())?.[0]?.ApproximateCreationDateTimePrecision).toBe("MICROSECOND");
    await tables.client.send(new DisableKinesisStreamingDestinationCommand({ TableName, StreamArn }));
    expect((await destinations())?.[0]?.DestinationStatus).toBe("DISABLED");
  });

  test("is a stream beside the table", async () => {
    const elsewhere = (arn: string) =>
      refusal(tables.client.send(new EnableKinesisStreamingDestinationCommand({ TableName, StreamArn: arn })));
    for (const [part, other] of [["us-east-1", "eu-west-1"], ["111111111111", "222222222222"], ["kinesis", "sqs"]]) {
      expect((await elsewhere(StreamArn.replace(part as string, other as string))).name).toBe("ValidationException");
    }
  });
});

test("limits and endpoints are told", async () => {
  expect(await tables.client.send(new DescribeLimitsCommand({}))).toMatchObject({
    AccountMaxReadCapacityUnits: 80_000,
    TableMaxWriteCapacityUnits: 40_000,
  });
  const { Endpoints } = await tables.client.send(new DescribeEndpointsCommand({}));
  expect(Endpoints).toEqual([{ Address: new URL(tables.cloud.endpoint).host, CachePeriodInMinutes: 1440 }]);
});

describe("item collections", () => {
  const Item = { id: { S: "a" }, at: { N: "1" }, rank: { N: "5" } };
  const Key = { id: { S: "a" }, at: { N: "1" } };
  const ReturnItemCollectionMetrics = "SIZE";
  const metrics = { ItemCollectionKey: { id: { S: "a" } }, SizeEstimateRangeGB: [0, 1] };

  test("are measured for tables with a local index, and for no other", async () => {
    const plain = await tables.client.send(
      new PutItemCommand({ TableName, Item: { id: { S: "a" } }, ReturnItemCollectionMetrics }),
    );
    expect(plain.ItemCollectionMetrics).toBeUndefined();
    const Table = await tables.create({
      AttributeDefinitions: ["id:S", "at:N", "rank:N"].map((each) => ({
        AttributeName: each.split(":")[0],
        AttributeType: each.split(":")[1] as "S" | "N",
      })),
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: "by-rank",
          KeySchema: [
            { AttributeName: "id", KeyType: "HASH" },
            { AttributeName: "rank", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    });
    const send = { TableName: Table, ReturnItemCollectionMetrics } as const;
    expect((await tables.client.send(new PutItemCommand({ ...send, Item }))).ItemCollectionMetrics).toEqual(metrics);
    expect((await tables.client.send(new UpdateItemCommand({ ...send, Key }))).ItemCollectionMetrics).toEqual(metrics);
    expect((await tables.client.send(new DeleteItemCommand({ ...send, Key }))).ItemCollectionMetrics).toEqual(metrics);
    const { ItemCollectionMetrics } = await tables.client.send(
      new TransactWriteItemsCommand({
        TransactItems: [{ Put: { TableName: Table, Item } }],
        ReturnItemCollectionMetrics,
      }),
    );
    expect(ItemCollectionMetrics).toEqual({ [Table]: [metrics] });
  });
});
