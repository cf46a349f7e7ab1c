import type { DynamodbOperations } from "../../../../models/aws/dynamodb.generated.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import { tableNameOf } from "../../table-arn.ts";
import { tableDescription } from "../table-description.ts";
import { createInput, updateInput } from "../table-input.ts";

const RECORDED = [
  "ProvisionedThroughput",
  "OnDemandThroughput",
  "SSESpecification",
  "TableClass",
  "WarmThroughput",
] as const;

const REPLICA_SETTINGS = [
  "ReplicaUpdates.Create.KMSMasterKeyId",
  "ReplicaUpdates.Create.ProvisionedThroughputOverride",
  "ReplicaUpdates.Create.OnDemandThroughputOverride",
  "ReplicaUpdates.Create.GlobalSecondaryIndexes",
  "ReplicaUpdates.Create.TableClassOverride",
  "ReplicaUpdates.Update.KMSMasterKeyId",
  "ReplicaUpdates.Update.ProvisionedThroughputOverride",
  "ReplicaUpdates.Update.OnDemandThroughputOverride",
  "ReplicaUpdates.Update.GlobalSecondaryIndexes",
  "ReplicaUpdates.Update.TableClassOverride",
] as const;

export const tableOperations = bind<DynamodbOperations>()(tables, {
  CreateTable: {
    to: "createTable",
    in: createInput,
    out: (result, _, call) => ({ TableDescription: tableDescription(result, call) }),
    recordedOnly: [...RECORDED, "ResourcePolicy"],
    accepted: ["GlobalSecondaryIndexes.WarmThroughput"],
  },
  DescribeTable: {
    to: "describeTable",
    in: (wire, call) => ({ table: tableNameOf(wire.TableName, call) }),
    out: (result, _, call) => ({ Table: tableDescription(result, call) }),
  },
  ListTables: {
    to: "listTables",
    in: (wire) => ({ after: wire.ExclusiveStartTableName, limit: wire.Limit }),
    out: (result) => ({
      TableNames: result.tables,
      ...(result.lastTable !== undefined && { LastEvaluatedTableName: result.lastTable }),
    }),
  },
  UpdateTable: {
    to: "updateTable",
    in: updateInput,
    out: (result, _, call) => ({ TableDescription: tableDescription(result, call) }),
    recordedOnly: [...RECORDED, ...REPLICA_SETTINGS],
    accepted: [
      "GlobalSecondaryIndexUpdates.Create.WarmThroughput",
      "GlobalSecondaryIndexUpdates.Update.WarmThroughput",
    ],
  },
  DeleteTable: {
    to: "deleteTable",
    in: (wire, call) => ({ table: tableNameOf(wire.TableName, call) }),
    out: (result, _, call) => ({ TableDescription: tableDescription(result, call, "DELETING") }),
  },
});
