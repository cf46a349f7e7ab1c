import type {
  CreateReplicationGroupMemberAction,
  CreateTableInput,
  GlobalSecondaryIndexUpdate,
  OnDemandThroughput,
  Projection,
  ProvisionedThroughput,
  ReplicationGroupUpdate,
  SSESpecification,
  StreamSpecification,
  UpdateTableInput,
  WarmThroughput,
} from "../../../models/aws/dynamodb.generated.ts";
import type { OperationInput } from "../../../services/manifest.ts";
import type { tables } from "../../../services/tables/service.ts";
import type { WireCall } from "../binding.ts";
import { tableNameOf } from "../table-arn.ts";
import { labelsOf, refuseInput, validationFailure } from "./model.ts";
import { STREAM_VIEWS } from "../table-streams.ts";
import { TABLE_CLASSES } from "./table-description.ts";

type Create = OperationInput<typeof tables, "createTable">;
type Update = OperationInput<typeof tables, "updateTable">;
type IndexDefinition = NonNullable<Create["indexes"]>[number];
type IndexChange = NonNullable<Update["indexChanges"]>[number];

/** The service's word for a wire word. */
const inverse = <K extends string>(table: Readonly<Record<K, string>>, wire: string | undefined): K | undefined =>
  (Object.keys(table) as K[]).find((key) => table[key] === wire);

export const billingOf = (mode: string | undefined) =>
  mode === undefined ? undefined : mode === "PAY_PER_REQUEST" ? "onDemand" : "provisioned";
export const tableClassOf = (wire: string | undefined) => inverse(TABLE_CLASSES, wire);
const keysOf = (schema: readonly { AttributeName: string; KeyType: string }[] = []) =>
  schema.map(({ AttributeName, KeyType }) => ({
    name: AttributeName,
    role: KeyType === "HASH" ? ("partition" as const) : ("sort" as const),
  }));
const attributesOf = (definitions: readonly { AttributeName: string; AttributeType: string }[]) =>
  definitions.map(({ AttributeName, AttributeType }) => ({
    name: AttributeName,
    type: AttributeType as "S" | "N" | "B",
  }));
export const throughputOf = (units: ProvisionedThroughput | undefined) =>
  units && { readUnits: units.ReadCapacityUnits, writeUnits: units.WriteCapacityUnits };
export const limitsOf = (limits: OnDemandThroughput | undefined) =>
  limits && {
    ...(limits.MaxReadRequestUnits !== undefined && { readUnitsMax: limits.MaxReadRequestUnits }),
    ...(limits.MaxWriteRequestUnits !== undefined && { writeUnitsMax: limits.MaxWriteRequestUnits }),
  };

const warmThroughputOf = (units: WarmThroughput | undefined) =>
  units && { readUnits: units.ReadUnitsPerSecond ?? 1, writeUnits: units.WriteUnitsPerSecond ?? 1 };

interface WireIndex {
  readonly IndexName: string;
  readonly KeySchema: { AttributeName: string; KeyType: string }[];
  readonly Projection: Projection;
  readonly ProvisionedThroughput?: ProvisionedThroughput;
  readonly OnDemandThroughput?: OnDemandThroughput;
  readonly WarmThroughput?: object;
}
const PROJECTIONS = { all: "ALL", keysOnly: "KEYS_ONLY", include: "INCLUDE" } as const;

export function indexOf(wire: WireIndex, isLocal: boolean): IndexDefinition {
  return {
    name: wire.IndexName,
    isLocal,
    keys: keysOf(wire.KeySchema),
    projection: {
      kind: inverse(PROJECTIONS, wire.Projection.ProjectionType),
      attributes: wire.Projection.NonKeyAttributes,
    },
    throughput: throughputOf(wire.ProvisionedThroughput),
    onDemandLimits: limitsOf(wire.OnDemandThroughput),
  };
}

function streamView(stream: StreamSpecification | undefined) {
  if (stream?.StreamEnabled !== true) return undefined;
  const view = inverse(STREAM_VIEWS, stream.StreamViewType);
  if (view) return view;
  throw validationFailure(
    "One or more parameter values were invalid: Table is being created with a stream but StreamViewType is missing",
  );
}

export function encryptionKey(encryption: SSESpecification | undefined): string | undefined {
  if (encryption !== undefined && encryption.SSEType !== "KMS") refuseInput(encryption, { SSEType: "SSEType KMS" });
  return encryption?.Enabled === true ? (encryption.KMSMasterKeyId ?? "") : undefined;
}

/** An empty list of indexes is no list of none. */
function refuseEmptyLists(wire: CreateTableInput): void {
  for (const list of ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] as const) {
    if (wire[list]?.length === 0) {
      throw validationFailure(`One or more parameter values were invalid: List of ${list} is empty`);
    }
  }
}

export function createInput(wire: CreateTableInput, call: WireCall): Create {
  refuseEmptyLists(wire);
  if (wire.StreamSpecification?.StreamEnabled === false && wire.StreamSpecification.StreamViewType !== undefined) {
    throw validationFailure(
      "One or more parameter values were invalid: "
        + "Table is being created without a stream but StreamViewType is specified",
    );
  }
  refuseInput(wire, {
    GlobalTableSourceArn: "",
    GlobalTableSettingsReplicationMode: "",
    VectorIndexes: "",
  });
  return {
    table: tableNameOf(wire.TableName, call),
    attributes: attributesOf(wire.AttributeDefinitions ?? []),
    keys: keysOf(wire.KeySchema),
    indexes: [
      ...(wire.LocalSecondaryIndexes ?? []).map((index) => indexOf(index, true)),
      ...(wire.GlobalSecondaryIndexes ?? []).map((index) => indexOf(index, false)),
    ],
    billing: billingOf(wire.BillingMode),
    throughput: throughputOf(wire.ProvisionedThroughput),
    onDemandLimits: limitsOf(wire.OnDemandThroughput),
    stream: streamView(wire.StreamSpecification),
    tableClass: tableClassOf(wire.TableClass),
    encryptionKey: encryptionKey(wire.SSESpecification),
    isDeletionProtected: wire.DeletionProtectionEnabled,
    labels: labelsOf(wire.Tags ?? []),
    warmThroughput: warmThroughputOf(wire.WarmThroughput),
    policy: wire.ResourcePolicy,
  };
}

function indexChange({ Create, Update, Delete }: GlobalSecondaryIndexUpdate): IndexChange {
  if (Create) return { create: indexOf(Create, false) };
  if (Update) {
    return {
      update: {
        name: Update.IndexName,
        throughput: throughputOf(Update.ProvisionedThroughput),
        onDemandLimits: limitsOf(Update.OnDemandThroughput),
      },
    };
  }
  if (Delete) return { delete: { name: Delete.IndexName } };
  throw validationFailure(
    "One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, "
      + "GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null",
  );
}

type ReplicaWanted = NonNullable<Update["replicas"]>["added"][number];

const readLimits = ({ ProvisionedThroughputOverride: fixed, OnDemandThroughputOverride: most }: ReadOverrides) => ({
  ...(fixed?.ReadCapacityUnits !== undefined && { readUnits: fixed.ReadCapacityUnits }),
  ...(most?.MaxReadRequestUnits !== undefined && { readUnitsMax: most.MaxReadRequestUnits }),
});
type ReadOverrides = Pick<
  CreateReplicationGroupMemberAction,
  "ProvisionedThroughputOverride" | "OnDemandThroughputOverride"
>;

function replicaOf(wire: CreateReplicationGroupMemberAction): ReplicaWanted {
  const tableClass = tableClassOf(wire.TableClassOverride);
  return {
    region: wire.RegionName,
    ...(tableClass && { tableClass }),
    ...(wire.KMSMasterKeyId !== undefined && { encryptionKey: wire.KMSMasterKeyId }),
    ...readLimits(wire),
    ...(wire.GlobalSecondaryIndexes && {
      indexes: wire.GlobalSecondaryIndexes.map((index) => ({ name: index.IndexName, ...readLimits(index) })),
    }),
  };
}

function replicaChanges(updates: readonly ReplicationGroupUpdate[] | undefined): Update["replicas"] {
  if (!updates) return undefined;
  const added: ReplicaWanted[] = [];
  const changed: ReplicaWanted[] = [];
  const removed: string[] = [];
  for (const { Create: made, Update: updated, Delete: gone, ...rest } of updates) {
    refuseInput(rest, { Disassociate: "Delete" });
    if (made) added.push(replicaOf(made));
    if (updated) changed.push(replicaOf(updated));
    if (gone) removed.push(gone.RegionName);
  }
  return { added, changed, removed };
}

export function updateInput(wire: UpdateTableInput, call: WireCall): Update {
  refuseInput(wire, {
    GlobalTableWitnessUpdates: "",
    GlobalTableSettingsReplicationMode: "",
    DisassociationProtectionEnabled: "",
    VectorIndexUpdates: "",
  });
  if (wire.MultiRegionConsistency === "STRONG") refuseInput(wire, { MultiRegionConsistency: "EVENTUAL" });
  return {
    table: tableNameOf(wire.TableName, call),
    attributes: wire.AttributeDefinitions && attributesOf(wire.AttributeDefinitions),
    billing: billingOf(wire.BillingMode),
    throughput: throughputOf(wire.ProvisionedThroughput),
    onDemandLimits: limitsOf(wire.OnDemandThroughput),
    indexChanges: wire.GlobalSecondaryIndexUpdates?.map(indexChange),
    stream: wire.StreamSpecification?.StreamEnabled === false ? "off" : streamView(wire.StreamSpecification),
    tableClass: tableClassOf(wire.TableClass),
    encryptionKey: encryptionKey(wire.SSESpecification),
    isEncryptionOff: wire.SSESpecification?.Enabled === false ? true : undefined,
    isDeletionProtected: wire.DeletionProtectionEnabled,
    warmThroughput: warmThroughputOf(wire.WarmThroughput),
    replicas: replicaChanges(wire.ReplicaUpdates),
  };
}
