import * as commands from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll } from "vitest";
import { manualClock } from "../../../platform/clock.ts";
import { sweepDeclaredErrors, type Provocation } from "../../../testing/declared-errors.ts";
import { startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";
import { dynamodb as service } from "./service.ts";

const clock = manualClock("2030-01-01T00:00:00Z");
const ELSEWHERE = "eu-west-1";
const KEY = { id: { S: "a" } };
const arn = (table: string) => `arn:aws:dynamodb:us-east-1:111111111111:table/${table}`;
const none = { TableName: "none" };
const shape = (TableName: string) => ({
  TableName,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
});

let tables: TestTables;
let elsewhere: commands.DynamoDBClient;
// oxlint-disable no-explicit-any -- a command by its name
const commandOf = (name: string, input: object) => new (commands as any)[`${name}Command`](input);
const call = (name: string, input: object): Promise<any> => tables.client.send(commandOf(name, input));
// oxlint-enable no-explicit-any

beforeAll(async () => {
  tables = await startTables({ clock });
  elsewhere = new commands.DynamoDBClient(tables.cloud.aws("111111111111", ELSEWHERE));
  for (const name of ["orders", "single", "global"]) await call("CreateTable", shape(name));
  await elsewhere.send(commandOf("CreateTable", shape("global")));
  await call("CreateGlobalTable", {
    GlobalTableName: "global",
    ReplicationGroup: [{ RegionName: "us-east-1" }, { RegionName: ELSEWHERE }],
  });
  await call("PutItem", { TableName: "orders", Item: KEY });
});
afterAll(async () => {
  elsewhere.destroy();
  await tables.stop();
});

const recovery = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
const stream = { StreamArn: "arn:aws:kinesis:us-east-1:111111111111:stream/s" };
const put = (TableName: string) => ({ Put: { TableName, Item: KEY } });
const isAbsent = { ConditionExpression: "attribute_not_exists(id)" };
const toBucket = { S3Bucket: "no-such-bucket" };
const BACKUP = `${arn("orders")}/backup/01893456000000-00000000`;

/** Operations on a table that is not there: what each asks for besides. */
const NO_TABLE: Readonly<Record<string, object>> = {
  BatchGetItem: { RequestItems: { none: { Keys: [KEY] } } },
  BatchWriteItem: { RequestItems: { none: [{ PutRequest: { Item: KEY } }] } },
  DeleteItem: { ...none, Key: KEY },
  DeleteResourcePolicy: { ResourceArn: arn("none") },
  DeleteTable: none,
  DescribeContributorInsights: none,
  DescribeKinesisStreamingDestination: none,
  DescribeTable: none,
  DescribeTableReplicaAutoScaling: none,
  DescribeTimeToLive: none,
  DisableKinesisStreamingDestination: { ...none, ...stream },
  EnableKinesisStreamingDestination: { ...none, ...stream },
  ExecuteStatement: { Statement: "SELECT * FROM none" },
  ExecuteTransaction: { TransactStatements: [{ Statement: "INSERT INTO none VALUE {'id': 'a'}" }] },
  GetItem: { ...none, Key: KEY },
  GetResourcePolicy: { ResourceArn: arn("none") },
  ListContributorInsights: none,
  ListTagsOfResource: { ResourceArn: arn("none") },
  PutItem: { ...none, Item: KEY },
  PutResourcePolicy: { ResourceArn: arn("none"), Policy: '{"Version":"2012-10-17","Statement":[]}' },
  Query: { ...none, KeyConditionExpression: "id = :a", ExpressionAttributeValues: { ":a": { S: "a" } } },
  Scan: none,
  TagResource: { ResourceArn: arn("none"), Tags: [{ Key: "a", Value: "b" }] },
  TransactGetItems: { TransactItems: [{ Get: { ...none, Key: KEY } }] },
  TransactWriteItems: { TransactItems: [put("none")] },
  UntagResource: { ResourceArn: arn("none"), TagKeys: ["a"] },
  UpdateContributorInsights: { ...none, ContributorInsightsAction: "ENABLE" },
  UpdateItem: { ...none, Key: KEY },
  UpdateKinesisStreamingDestination: { ...none, ...stream },
  UpdateTable: { ...none, BillingMode: "PAY_PER_REQUEST" },
  UpdateTableReplicaAutoScaling: none,
  UpdateTimeToLive: { ...none, TimeToLiveSpecification: { Enabled: true, AttributeName: "ttl" } },
};
const noTable = Object.entries(NO_TABLE).map(
  ([operation, input]): Provocation => ["ResourceNotFoundException", operation, input],
);

const noSource: Provocation[] = [
  ["TableNotFoundException", "CreateBackup", { ...none, BackupName: "backup" }],
  ["TableNotFoundException", "DescribeContinuousBackups", none],
  ["TableNotFoundException", "UpdateContinuousBackups", { ...none, ...recovery }],
  ["TableNotFoundException", "ExportTableToPointInTime", { TableArn: arn("none"), ...toBucket }],
  ["TableNotFoundException", "RestoreTableToPointInTime", {
    SourceTableName: "none", TargetTableName: "restored", UseLatestRestorableTime: true,
  }],
  ["TableNotFoundException", "CreateGlobalTable", {
    GlobalTableName: "single", ReplicationGroup: [{ RegionName: "us-east-1" }, { RegionName: ELSEWHERE }],
  }],
  ["TableNotFoundException", "UpdateGlobalTable", {
    GlobalTableName: "global", ReplicaUpdates: [{ Create: { RegionName: "us-west-2" } }],
  }],
];

const replicas: Provocation[] = [
  ["GlobalTableAlreadyExistsException", "CreateGlobalTable", {
    GlobalTableName: "global", ReplicationGroup: [{ RegionName: "us-east-1" }],
  }],
  ["GlobalTableNotFoundException", "DescribeGlobalTable", { GlobalTableName: "none" }],
  ["GlobalTableNotFoundException", "DescribeGlobalTableSettings", { GlobalTableName: "orders" }],
  ["GlobalTableNotFoundException", "UpdateGlobalTableSettings", { GlobalTableName: "orders" }],
  ["ReplicaNotFoundException", "UpdateGlobalTableSettings", {
    GlobalTableName: "global", ReplicaSettingsUpdate: [{ RegionName: "us-west-2" }],
  }],
  ["IndexNotFoundException", "UpdateGlobalTableSettings", {
    GlobalTableName: "global", GlobalTableGlobalSecondaryIndexSettingsUpdate: [{ IndexName: "none" }],
  }],
  ["GlobalTableNotFoundException", "UpdateGlobalTable", { GlobalTableName: "none", ReplicaUpdates: [] }],
  ["ReplicaAlreadyExistsException", "UpdateGlobalTable", {
    GlobalTableName: "global", ReplicaUpdates: [{ Create: { RegionName: ELSEWHERE } }],
  }],
  ["ReplicaNotFoundException", "UpdateGlobalTable", {
    GlobalTableName: "global", ReplicaUpdates: [{ Delete: { RegionName: "us-west-2" } }],
  }],
];

const conditions: Provocation[] = [
  ["ConditionalCheckFailedException", "PutItem", { TableName: "orders", Item: KEY, ...isAbsent }],
  ["ConditionalCheckFailedException", "UpdateItem", { TableName: "orders", Key: KEY, ...isAbsent }],
  ["ConditionalCheckFailedException", "DeleteItem", { TableName: "orders", Key: KEY, ...isAbsent }],
  ["ConditionalCheckFailedException", "ExecuteStatement", {
    Statement: "UPDATE orders SET a = 1 WHERE id = 'a' AND b = 2",
  }],
  ["DuplicateItemException", "ExecuteStatement", { Statement: "INSERT INTO orders VALUE {'id': 'a'}" }],
  ["TransactionCanceledException", "TransactWriteItems", {
    TransactItems: [{ Put: { ...put("orders").Put, ...isAbsent } }],
  }],
  ["TransactionCanceledException", "ExecuteTransaction", {
    TransactStatements: [{ Statement: "INSERT INTO orders VALUE {'id': 'a'}" }],
  }],
  ["IdempotentParameterMismatchException", "TransactWriteItems", async () => {
    await call("TransactWriteItems", { ClientRequestToken: "one", TransactItems: [put("orders")] });
    return { ClientRequestToken: "one", TransactItems: [put("single")] };
  }],
  ["IdempotentParameterMismatchException", "ExecuteTransaction", async () => {
    const of = (id: string) => [{ Statement: `INSERT INTO orders VALUE {'id': '${id}'}` }];
    await call("ExecuteTransaction", { ClientRequestToken: "two", TransactStatements: of("new") });
    return { ClientRequestToken: "two", TransactStatements: of("newer") };
  }],
];

async function withHistory(): Promise<{ BackupArn: string }> {
  await call("UpdateContinuousBackups", { TableName: "orders", ...recovery });
  return (await call("CreateBackup", { TableName: "orders", BackupName: "backup" })).BackupDetails;
}
const earlier = new Date("2000-01-01");
const history: Provocation[] = [
  ["PointInTimeRecoveryUnavailableException", "ExportTableToPointInTime", { TableArn: arn("single"), ...toBucket }],
  ["PointInTimeRecoveryUnavailableException", "RestoreTableToPointInTime", {
    SourceTableName: "single", TargetTableName: "restored", UseLatestRestorableTime: true,
  }],
  ["BackupNotFoundException", "DeleteBackup", { BackupArn: BACKUP }],
  ["BackupNotFoundException", "DescribeBackup", { BackupArn: BACKUP }],
  ["BackupNotFoundException", "RestoreTableFromBackup", { BackupArn: BACKUP, TargetTableName: "restored" }],
  ["TableAlreadyExistsException", "RestoreTableFromBackup", async () => ({
    BackupArn: (await withHistory()).BackupArn, TargetTableName: "single",
  })],
  ["TableAlreadyExistsException", "RestoreTableToPointInTime", {
    SourceTableName: "orders", TargetTableName: "single", UseLatestRestorableTime: true,
  }],
  ["InvalidRestoreTimeException", "RestoreTableToPointInTime", {
    SourceTableName: "orders", TargetTableName: "restored", RestoreDateTime: earlier,
  }],
  ["InvalidExportTimeException", "ExportTableToPointInTime", {
    TableArn: arn("orders"), ...toBucket, ExportTime: earlier,
  }],
  ["ExportNotFoundException", "DescribeExport", { ExportArn: `${arn("orders")}/export/01893456000000-00000000` }],
  ["ImportNotFoundException", "DescribeImport", { ImportArn: `${arn("orders")}/import/01893456000000-00000000` }],
];

const indexed = (IndexName: string) => ({
  Create: { IndexName, KeySchema: [{ AttributeName: "id", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } },
});
const fromBucket = (TableName: string, S3KeyPrefix = "") => ({
  ClientToken: "three",
  S3BucketSource: { ...toBucket, S3KeyPrefix },
  InputFormat: "CSV",
  TableCreationParameters: shape(TableName),
});
const settings: Provocation[] = [
  ["ResourceInUseException", "CreateTable", shape("orders")],
  ["PolicyNotFoundException", "GetResourcePolicy", { ResourceArn: arn("orders") }],
  ["PolicyNotFoundException", "DeleteResourcePolicy", { ResourceArn: arn("orders"), ExpectedRevisionId: "1" }],
  ["PolicyNotFoundException", "PutResourcePolicy", { ...NO_TABLE.PutResourcePolicy, ResourceArn: arn("orders"),
    ExpectedRevisionId: "1" }],
  ["LimitExceededException", "UpdateTable", {
    TableName: "orders", GlobalSecondaryIndexUpdates: [indexed("one"), indexed("two")],
    AttributeDefinitions: shape("").AttributeDefinitions,
  }],
  ["ResourceInUseException", "ImportTable", fromBucket("orders")],
  ["ImportConflictException", "ImportTable", async () => {
    await call("ImportTable", fromBucket("imported"));
    return fromBucket("imported", "elsewhere");
  }],
  ["ExportConflictException", "ExportTableToPointInTime", async () => {
    const asked = { TableArn: arn("orders"), S3Bucket: "exports", ClientToken: "four" };
    await call("ExportTableToPointInTime", asked);
    return { ...asked, S3Prefix: "elsewhere" };
  }],
];

sweepDeclaredErrors({
  service,
  call,
  provoked: [...noTable, ...noSource, ...replicas, ...conditions, ...history, ...settings],
  never: {
    InternalServerError: "nobody means it to happen",
    RequestLimitExceeded: "nothing is throttled unless somebody asks for it (disturbances)",
    ThrottlingException: "nothing is throttled unless somebody asks for it (disturbances)",
    ItemCollectionSizeLimitExceededException: "an item collection may grow beyond 10 GB",
    ReplicatedWriteConflictException: "regions are one store, so writes to two of them are one after the other",
    TransactionConflictException: "a write that meets a transaction is run again, after it",
    TransactionInProgressException: "who sends a token twice waits for the first",
    "TransactGetItems TransactionCanceledException": "a read sees one moment, and nothing that happens meanwhile",
    TableInUseException: "a table is there as soon as it is asked for",
    BackupInUseException: "a backup is there as soon as it is asked for",
    ContinuousBackupsUnavailableException: "they can be asked for as soon as there is a table",
    LimitExceededException: "any number of control operations may run at once",
    ResourceInUseException: "a table is there as soon as it is asked for",
    "UpdateTable ResourceInUseException": "only while an index is built, which services/tables/busy.test.ts shows",
    "DeleteTable ResourceInUseException": "only during an import, which services/tables/busy.test.ts shows",
    ProvisionedThroughputExceededException: "nothing is throttled unless somebody asks for it (disturbances)",
  },
});
