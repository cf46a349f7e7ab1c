import type { Reader, Transaction } from "../../../../kernel/store.ts";
import type {
  DynamoDBTableProperties as Properties,
} from "../../../../models/cloudformation/aws-dynamodb-table.generated.ts";
import { generatedName } from "../../../../services/generated-name.ts";
import { resourceErrors } from "../../../../services/resource-errors.ts";
import type { ResourceContext } from "../../../../services/resource-type.ts";
import { tables } from "../../../../services/tables/service.ts";
import { awsResourceType, nativeType } from "../../resource-type.ts";
import { tagList, tagMap } from "../../tags.ts";
import { ifThere } from "../../wire-calls.ts";
import { dynamodbCalls, isRecordedOnly } from "./calls.ts";
import { creationOf, indexUpdates, propertiesOf, updatesOf } from "./table-wire.ts";

const TYPE = "AWS::DynamoDB::Table";
type Context = ResourceContext<never>;
const native = nativeType(tables, "Table");

async function stateOf(tx: Reader, name: string, ctx: Context) {
  const dynamodb = dynamodbCalls(tx, ctx);
  const table = (await ifThere(dynamodb("DescribeTable", { TableName: name })))?.Table;
  if (!table) return undefined;
  const { TimeToLiveDescription: ttl } = await dynamodb("DescribeTimeToLive", { TableName: name });
  const { ContinuousBackupsDescription: backups } = await dynamodb("DescribeContinuousBackups", { TableName: name });
  const { Tags } = await dynamodb("ListTagsOfResource", { ResourceArn: table.TableArn ?? "" });
  const properties = propertiesOf(table);
  if (ttl?.TimeToLiveStatus === "ENABLED")
    properties.TimeToLiveSpecification = { AttributeName: ttl.AttributeName ?? "", Enabled: true };
  const recovery = backups?.PointInTimeRecoveryDescription;
  if (recovery?.PointInTimeRecoveryStatus === "ENABLED") {
    properties.PointInTimeRecoverySpecification = {
      PointInTimeRecoveryEnabled: true,
      ...(recovery.RecoveryPeriodInDays !== undefined && { RecoveryPeriodInDays: recovery.RecoveryPeriodInDays }),
    };
  }
  const tags = tagList(tagMap(Tags));
  if (tags) properties.Tags = tags;
  return {
    id: name,
    properties,
    attributes: { TableName: name, Arn: table.TableArn, StreamArn: table.LatestStreamArn },
  };
}

async function requireState(tx: Reader, name: string, ctx: Context) {
  const state = await stateOf(tx, name, ctx);
  if (!state) throw resourceErrors.ResourceNotFound({ type: TYPE, id: name });
  return state;
}

/** What has an operation of its own. */
async function applySettings(tx: Transaction, name: string, wanted: Properties, current: Properties, ctx: Context) {
  const dynamodb = dynamodbCalls(tx, ctx);
  const [to, from] = [wanted.TimeToLiveSpecification, current.TimeToLiveSpecification];
  const attribute = to?.Enabled ? to.AttributeName : undefined;
  const timeToLive = (AttributeName: string, Enabled: boolean) =>
    dynamodb("UpdateTimeToLive", { TableName: name, TimeToLiveSpecification: { AttributeName, Enabled } });
  const last = from?.AttributeName;
  if (last !== undefined && last !== attribute) await timeToLive(last, false);
  if (attribute !== undefined && last !== attribute) await timeToLive(attribute, true);

  const recovery = wanted.PointInTimeRecoverySpecification;
  const isWanted = recovery?.PointInTimeRecoveryEnabled ?? false;
  const now = current.PointInTimeRecoverySpecification;
  const days = recovery?.RecoveryPeriodInDays;
  if (isWanted !== (now !== undefined) || (days !== undefined && days !== now?.RecoveryPeriodInDays)) {
    await dynamodb("UpdateContinuousBackups", {
      TableName: name,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: isWanted,
        ...(isWanted && days !== undefined && { RecoveryPeriodInDays: days }),
      },
    });
  }
}

async function retag(tx: Transaction, arn: string, wanted: Properties, current: Properties, ctx: Context) {
  const dynamodb = dynamodbCalls(tx, ctx);
  const kept = tagMap(wanted.Tags);
  const TagKeys = Object.keys(tagMap(current.Tags)).filter((key) => kept[key] === undefined);
  if (TagKeys.length > 0) await dynamodb("UntagResource", { ResourceArn: arn, TagKeys });
  const Tags = tagList(kept);
  if (Tags) await dynamodb("TagResource", { ResourceArn: arn, Tags });
}

const RECORDED = [
  "ProvisionedThroughput",
  "OnDemandThroughput",
  "StreamSpecification",
  "SSESpecification",
  "TableClass",
] as const;
const SETTINGS = [
  ["UpdateTimeToLive", "TimeToLiveSpecification"],
  ["UpdateContinuousBackups", "PointInTimeRecoverySpecification"],
] as const;

export const table = awsResourceType<Properties>()({
  name: TYPE,
  summary: "A table of items found by key.",
  twinOf: "Table",
  attributes: ["Arn", "StreamArn", "TableName"],
  derivedAttributes: { StreamArn: ["StreamSpecification"] },
  nameProperty: "TableName",
  refused: [
    "ContributorInsightsSpecification",
    "GlobalSecondaryIndexes.*.ContributorInsightsSpecification",
    "GlobalSecondaryIndexes.*.WarmThroughput",
    "ImportSourceSpecification",
    "KinesisStreamSpecification",
    "ResourcePolicy",
    "StreamSpecification.ResourcePolicy",
    "StreamSpecification.Tags",
    "VectorIndexes",
    "WarmThroughput",
  ],
  recordedOnly: [
    ...RECORDED.filter((member) => isRecordedOnly("CreateTable", member)),
    ...SETTINGS.flatMap(([operation, member]) => (isRecordedOnly(operation, member) ? [member] : [])),
  ],
  // Beyond the facts, which call it an update: no table can change its local indexes, so only another one has others.
  replacesWhen: { LocalSecondaryIndexes: "always" },
  examples: [
    {
      title: "a table with an index, paid by request",
      properties: {
        TableName: "orders",
        AttributeDefinitions: [
          { AttributeName: "customer", AttributeType: "S" },
          { AttributeName: "placedAt", AttributeType: "N" },
          { AttributeName: "status", AttributeType: "S" },
        ],
        KeySchema: [
          { AttributeName: "customer", KeyType: "HASH" },
          { AttributeName: "placedAt", KeyType: "RANGE" },
        ],
        BillingMode: "PAY_PER_REQUEST",
        GlobalSecondaryIndexes: [
          {
            IndexName: "by-status",
            KeySchema: [{ AttributeName: "status", KeyType: "HASH" }],
            Projection: { ProjectionType: "ALL" },
          },
        ],
        TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
        Tags: [{ Key: "team", Value: "sales" }],
      },
    },
    {
      title: "a table with provisioned capacity",
      properties: {
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
      },
    },
  ],
  handlers: {
    async create(tx, properties, ctx) {
      const name = properties.TableName ?? generatedName(ctx).slice(-255);
      await dynamodbCalls(tx, ctx)("CreateTable", creationOf(name, properties));
      const made = await requireState(tx, name, ctx);
      await applySettings(tx, name, properties, made.properties, ctx);
      return requireState(tx, name, ctx);
    },
    read: stateOf,
    async update(tx, id, properties, _previous, ctx) {
      const dynamodb = dynamodbCalls(tx, ctx);
      const current = await requireState(tx, id, ctx);
      for (const update of updatesOf(properties, current.properties))
        await dynamodb("UpdateTable", { TableName: id, ...update });
      for (const update of indexUpdates(properties, (await requireState(tx, id, ctx)).properties))
        await dynamodb("UpdateTable", { TableName: id, ...update });
      await applySettings(tx, id, properties, current.properties, ctx);
      await retag(tx, current.attributes.Arn ?? "", properties, current.properties, ctx);
      return requireState(tx, id, ctx);
    },
    delete: native.handlers.delete,
    list: native.handlers.list,
  },
});
