import type { DynamodbOperations, ReplicaSettingsDescription } from "../../../../models/aws/dynamodb.generated.ts";
import type { OperationOutput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import { present } from "../../present.ts";
import { TABLE_CLASSES } from "../table-description.ts";
import { billingOf, tableClassOf } from "../table-input.ts";
import { changeIn, told } from "./scaling.ts";

type Described = OperationOutput<typeof tables, "describeGlobalSettings">;

const changeOf = (wire: Parameters<typeof changeIn>[0] | undefined) => wire && changeIn(wire);

const replicaSettings = (replica: Described["replicas"][number]): ReplicaSettingsDescription => ({
  RegionName: replica.region,
  ReplicaStatus: "ACTIVE",
  ReplicaBillingModeSummary: present({
    BillingMode: replica.billing === "onDemand" ? "PAY_PER_REQUEST" : "PROVISIONED",
    LastUpdateToPayPerRequestDateTime:
      replica.onDemandSinceMs === undefined ? undefined : new Date(replica.onDemandSinceMs),
  }),
  ReplicaProvisionedReadCapacityUnits: replica.readUnits,
  ReplicaProvisionedReadCapacityAutoScalingSettings: told(replica.read),
  ReplicaProvisionedWriteCapacityUnits: replica.writeUnits,
  ReplicaProvisionedWriteCapacityAutoScalingSettings: told(replica.write),
  ReplicaGlobalSecondaryIndexSettings: replica.indexes.map((index) => ({
    IndexName: index.name,
    IndexStatus: index.isBuilding ? "CREATING" : "ACTIVE",
    ProvisionedReadCapacityUnits: index.readUnits,
    ProvisionedReadCapacityAutoScalingSettings: told(index.read),
    ProvisionedWriteCapacityUnits: index.writeUnits,
    ProvisionedWriteCapacityAutoScalingSettings: told(index.write),
  })),
  ReplicaTableClassSummary: {
    TableClass: TABLE_CLASSES[replica.tableClass ?? "standard"],
  },
});

const settingsOf = ({ table, replicas }: Described) => ({
  GlobalTableName: table,
  ReplicaSettings: replicas.map(replicaSettings),
});

/** The capacity of global tables in their older form (2017.11.29). */
export const globalTableSettings = bind<DynamodbOperations>()(tables, {
  DescribeGlobalTableSettings: {
    to: "describeGlobalSettings",
    in: (wire) => ({ table: wire.GlobalTableName }),
    out: settingsOf,
  },
  UpdateGlobalTableSettings: {
    to: "changeGlobalSettings",
    in: (wire) =>
      present({
        table: wire.GlobalTableName,
        billing: billingOf(wire.GlobalTableBillingMode),
        writeUnits: wire.GlobalTableProvisionedWriteCapacityUnits,
        write: changeOf(wire.GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate),
        indexes: (wire.GlobalTableGlobalSecondaryIndexSettingsUpdate ?? []).map((index) =>
          present({
            name: index.IndexName,
            writeUnits: index.ProvisionedWriteCapacityUnits,
            write: changeOf(index.ProvisionedWriteCapacityAutoScalingSettingsUpdate),
          }),
        ),
        replicas: (wire.ReplicaSettingsUpdate ?? []).map((replica) =>
          present({
            region: replica.RegionName,
            readUnits: replica.ReplicaProvisionedReadCapacityUnits,
            read: changeOf(replica.ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate),
            tableClass: tableClassOf(replica.ReplicaTableClass),
            indexes: (replica.ReplicaGlobalSecondaryIndexSettingsUpdate ?? []).map((index) =>
              present({
                name: index.IndexName,
                readUnits: index.ProvisionedReadCapacityUnits,
                read: changeOf(index.ProvisionedReadCapacityAutoScalingSettingsUpdate),
              }),
            ),
          }),
        ),
      }),
    out: settingsOf,
    recordedOnly: [
      "GlobalTableProvisionedWriteCapacityUnits",
      "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate",
      "GlobalTableGlobalSecondaryIndexSettingsUpdate",
      "ReplicaSettingsUpdate",
    ],
  },
});
