import type {
  AutoScalingSettingsDescription,
  AutoScalingSettingsUpdate,
  DynamodbOperations,
  TableAutoScalingDescription,
} from "../../../../models/aws/dynamodb.generated.ts";
import type { OperationInput, OperationOutput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import { tableNameOf } from "../../table-arn.ts";

type Change = NonNullable<OperationInput<typeof tables, "changeScaling">["write"]>;
type Described = OperationOutput<typeof tables, "describeScaling">;
type Settings = NonNullable<Described["replicas"][number]["read"]>;

function policyIn({ ScalingPolicyUpdate: said }: AutoScalingSettingsUpdate): Change["policy"] {
  if (said === undefined) return undefined;
  const { TargetValue, DisableScaleIn, ScaleInCooldown, ScaleOutCooldown } =
    said.TargetTrackingScalingPolicyConfiguration;
  return {
    ...(said.PolicyName !== undefined && { name: said.PolicyName }),
    targetPercent: TargetValue,
    ...(DisableScaleIn !== undefined && { neverLowers: DisableScaleIn }),
    ...(ScaleInCooldown !== undefined && { lowersAfterSeconds: ScaleInCooldown }),
    ...(ScaleOutCooldown !== undefined && { raisesAfterSeconds: ScaleOutCooldown }),
  };
}

export function changeIn(wire: AutoScalingSettingsUpdate): Change {
  const policy = policyIn(wire);
  return {
    ...(wire.AutoScalingDisabled !== undefined && { isOff: wire.AutoScalingDisabled }),
    ...(wire.MinimumUnits !== undefined && { unitsMin: wire.MinimumUnits }),
    ...(wire.MaximumUnits !== undefined && { unitsMax: wire.MaximumUnits }),
    ...(wire.AutoScalingRoleArn !== undefined && { role: wire.AutoScalingRoleArn }),
    ...(policy && { policy }),
  };
}

function settingsOf({ unitsMin, unitsMax, role, policies }: Settings): AutoScalingSettingsDescription {
  return {
    ...(unitsMin !== undefined && { MinimumUnits: unitsMin }),
    ...(unitsMax !== undefined && { MaximumUnits: unitsMax }),
    ...(role !== undefined && { AutoScalingRoleArn: role }),
    ScalingPolicies: policies.map((policy) => ({
      PolicyName: policy.name,
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: policy.targetPercent,
        ...(policy.neverLowers !== undefined && { DisableScaleIn: policy.neverLowers }),
        ...(policy.lowersAfterSeconds !== undefined && { ScaleInCooldown: policy.lowersAfterSeconds }),
        ...(policy.raisesAfterSeconds !== undefined && { ScaleOutCooldown: policy.raisesAfterSeconds }),
      },
    })),
  };
}
const OFF: AutoScalingSettingsDescription = { AutoScalingDisabled: true };
export const told = (settings: Settings | undefined) => (settings ? settingsOf(settings) : OFF);

const description = ({ table, replicas }: Described): TableAutoScalingDescription => ({
  TableName: table,
  TableStatus: "ACTIVE",
  Replicas: replicas.map(({ region, read, write, indexes }) => ({
    RegionName: region,
    ReplicaStatus: "ACTIVE",
    ReplicaProvisionedReadCapacityAutoScalingSettings: told(read),
    ReplicaProvisionedWriteCapacityAutoScalingSettings: told(write),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      IndexStatus: index.isBuilding ? "CREATING" : "ACTIVE",
      ProvisionedReadCapacityAutoScalingSettings: told(index.read),
      ProvisionedWriteCapacityAutoScalingSettings: told(index.write),
    })),
  })),
});

export const scaling = bind<DynamodbOperations>()(tables, {
  UpdateTableReplicaAutoScaling: {
    to: "changeScaling",
    in: (wire, call) => ({
      table: tableNameOf(wire.TableName, call),
      ...(wire.ProvisionedWriteCapacityAutoScalingUpdate && {
        write: changeIn(wire.ProvisionedWriteCapacityAutoScalingUpdate),
      }),
      indexes: (wire.GlobalSecondaryIndexUpdates ?? []).map((index) => ({
        name: index.IndexName ?? "",
        write: changeIn(index.ProvisionedWriteCapacityAutoScalingUpdate ?? {}),
      })),
      replicas: (wire.ReplicaUpdates ?? []).map((replica) => ({
        region: replica.RegionName,
        ...(replica.ReplicaProvisionedReadCapacityAutoScalingUpdate && {
          read: changeIn(replica.ReplicaProvisionedReadCapacityAutoScalingUpdate),
        }),
        indexes: (replica.ReplicaGlobalSecondaryIndexUpdates ?? []).map((index) => ({
          name: index.IndexName ?? "",
          read: changeIn(index.ProvisionedReadCapacityAutoScalingUpdate ?? {}),
        })),
      })),
    }),
    out: (result) => ({ TableAutoScalingDescription: description(result) }),
    recordedOnly: [
      "ProvisionedWriteCapacityAutoScalingUpdate",
      "GlobalSecondaryIndexUpdates.ProvisionedWriteCapacityAutoScalingUpdate",
      "ReplicaUpdates.ReplicaProvisionedReadCapacityAutoScalingUpdate",
      "ReplicaUpdates.ReplicaGlobalSecondaryIndexUpdates.ProvisionedReadCapacityAutoScalingUpdate",
    ],
  },
  DescribeTableReplicaAutoScaling: {
    to: "describeScaling",
    in: (wire, call) => ({ table: tableNameOf(wire.TableName, call) }),
    out: (result) => ({ TableAutoScalingDescription: description(result) }),
  },
});
