import type { Reader, Transaction } from "../../../../kernel/store.ts";
import type {
  DynamoDBTableProperties as Properties,
} from "../../../../models/cloudformation/aws-dynamodb-table.generated.ts";
import { generatedName } from "../../../../services/generated-name.ts";
import { resourceErrors } from "../../../../services/resource-errors.ts";
import type { ResourceContext } from "../../../../services/resource-type.ts";
import { tables } from "../../../../services/tables/service.ts";
import { awsResourceType, nativeType } from "../../resource-type.ts";
import { ifThere } from "../../wire-calls.ts";
import { dynamodbCalls, isRecordedOnly } from "./calls.ts";
import { TABLE_SETTINGS } from "./table-settings.ts";
import { creationOf, indexUpdates, propertiesOf, updatesOf } from "./table-wire.ts";

const TYPE = "AWS::DynamoDB::Table";
type Context = ResourceContext<never>;
const native = nativeType(tables, "Table");

async function stateOf(tx: Reader, name: string, ctx: Context) {
  const dynamodb = dynamodbCalls(tx, ctx);
  const table = (await ifThere(dynamodb("DescribeTable", { TableName: name })))?.Table;
  if (!table) return undefined;
  const { TableArn = "", LatestStreamArn } = table;
  const properties: Record<string, unknown> = { ...propertiesOf(table) };
  for (const setting of TABLE_SETTINGS) {
    const value = await setting.read(dynamodb, { TableName: name, TableArn });
    if (value !== undefined) properties[setting.property] = value;
  }
  return {
    id: name,
    properties: properties as unknown as Properties,
    attributes: { TableName: name, Arn: TableArn, StreamArn: LatestStreamArn },
  };
}

type State = NonNullable<Awaited<ReturnType<typeof stateOf>>>;

async function requireState(tx: Reader, name: string, ctx: Context) {
  const state = await stateOf(tx, name, ctx);
  if (!state) throw resourceErrors.ResourceNotFound({ type: TYPE, id: name });
  return state;
}

/** What has operations of its own. */
async function applySettings(tx: Transaction, wanted: Properties, current: State, ctx: Context) {
  const table = { TableName: current.id, TableArn: current.attributes.Arn };
  for (const { property, change } of TABLE_SETTINGS)
    await change(dynamodbCalls(tx, ctx), table, wanted[property], current.properties[property]);
}

const RECORDED = [
  "ProvisionedThroughput",
  "OnDemandThroughput",
  "StreamSpecification",
  "SSESpecification",
  "TableClass",
  "WarmThroughput",
] as const;
export const table = awsResourceType<Properties>()({
  name: TYPE,
  summary: "A table of items found by key.",
  twinOf: "Table",
  attributes: ["Arn", "StreamArn", "TableName"],
  derivedAttributes: { StreamArn: ["StreamSpecification"] },
  nameProperty: "TableName",
  refused: [
    "GlobalSecondaryIndexes.*.ContributorInsightsSpecification",
    "ImportSourceSpecification",
    "StreamSpecification.ResourcePolicy",
    "StreamSpecification.Tags",
    "VectorIndexes",
  ],
  recordedOnly: [
    ...RECORDED.filter((member) => isRecordedOnly("CreateTable", member)),
    ...TABLE_SETTINGS.filter(({ put }) => isRecordedOnly(...put)).map(({ property }) => property),
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
      await applySettings(tx, properties, made, ctx);
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
      await applySettings(tx, properties, current, ctx);
      return requireState(tx, id, ctx);
    },
    delete: native.handlers.delete,
    list: native.handlers.list,
  },
});
