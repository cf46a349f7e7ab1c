import type {
  CreateTableInput,
  DynamodbOperations,
  GlobalSecondaryIndexUpdate,
  OnDemandThroughput,
  Projection,
  ProvisionedThroughput,
  SSESpecification,
  StreamSpecification,
  UpdateTableInput,
} from "../../../../models/aws/dynamodb.generated.ts";
import type { OperationInput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import { labelsOf, refuseInput, tableNameOf, validationFailure } from "../model.ts";
import { STREAM_VIEWS, TABLE_CLASSES, tableDescription } from "../table-description.ts";

type Create = OperationInput<typeof tables, "createTable">;
type Update = OperationInput<typeof tables, "updateTable">;
type IndexDefinition = NonNullable<Create["indexes"]>[number];
type IndexChange = NonNullable<Update["indexChanges"]>[number];

/** The service's word for a wire word. */
const inverse = <K extends string>(table: Readonly<Record<K, string>>, wire: string | undefined): K | undefined =>
  (Object.keys(table) as K[]).find((key) => table[key] === wire);

const billingOf = (mode: string | undefined) =>
  mode === undefined ? undefined : mode === "PAY_PER_REQUEST" ? "onDemand" : "provisioned";
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
const throughputOf = (units: ProvisionedThroughput | undefined) =>
  units && { readUnits: units.ReadCapacityUnits, writeUnits: units.WriteCapacityUnits };
const limitsOf = (limits: OnDemandThroughput | undefined) =>
  limits && {
    ...(limits.MaxReadRequestUnits !== undefined && { readUnitsMax: limits.MaxReadRequestUnits }),
    ...(limits.MaxWriteRequestUnits !== undefined && { writeUnitsMax: limits.MaxWriteRequestUnits }),
  };

interface WireIndex {
  readonly IndexName: string;
  readonly KeySchema: { AttributeName: string; KeyType: string }[];
  readonly Projection: Projection;
  readonly ProvisionedThroughput?: ProvisionedThroughput;
  readonly OnDemandThroughput?: OnDemandThroughput;
  readonly WarmThroughput?: object;
}
const PROJECTIONS = { all: "ALL", keysOnly: "KEYS_ONLY", include: "INCLUDE" } as const;

function indexOf(wire: WireIndex, isLocal: boolean): IndexDefinition {
  refuseInput(wire, { WarmThroughput: "" });
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

function encryptionKey(encryption: SSESpecification | undefined): string | undefined {
  if (encryption !== undefined && encryption.SSEType !== "KMS") refuseInput(encryption, { SSEType: "SSEType KMS" });
  return encryption?.Enabled === true ? (encryption.KMSMasterKeyId ?? "") : undefined;
}

function createInput(wire: CreateTableInput): Create {
  refuseInput(wire, {
    ResourcePolicy: "",
    GlobalTableSourceArn: "",
    GlobalTableSettingsReplicationMode: "",
    WarmThroughput: "",
    VectorIndexes: "",
  });
  return {
    table: tableNameOf(wire.TableName),
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
    tableClass: inverse(TABLE_CLASSES, wire.TableClass),
    encryptionKey: encryptionKey(wire.SSESpecification),
    isDeletionProtected: wire.DeletionProtectionEnabled,
    labels: labelsOf(wire.Tags ?? []),
  };
}

function indexChange({ Create, Update, Delete }: GlobalSecondaryIndexUpdate): IndexChange {
  if (Create) return { create: indexOf(Create, false) };
  if (Update) {
    refuseInput(Update, { WarmThroughput: "" });
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

function updateInput(wire: UpdateTableInput): Update {
  refuseInput(wire, {
    ReplicaUpdates: "",
    MultiRegionConsistency: "",
    GlobalTableWitnessUpdates: "",
    WarmThroughput: "",
    GlobalTableSettingsReplicationMode: "",
    DisassociationProtectionEnabled: "",
    VectorIndexUpdates: "",
  });
  return {
    table: tableNameOf(wire.TableName),
    attributes: wire.AttributeDefinitions && attributesOf(wire.AttributeDefinitions),
    billing: billingOf(wire.BillingMode),
    throughput: throughputOf(wire.ProvisionedThroughput),
    onDemandLimits: limitsOf(wire.OnDemandThroughput),
    indexChanges: wire.GlobalSecondaryIndexUpdates?.map(indexChange),
    stream: wire.StreamSpecification?.StreamEnabled === false ? "off" : streamView(wire.StreamSpecification),
    tableClass: inverse(TABLE_CLASSES, wire.TableClass),
    encryptionKey: encryptionKey(wire.SSESpecification),
    isEncryptionOff: wire.SSESpecification?.Enabled === false ? true : undefined,
    isDeletionProtected: wire.DeletionProtectionEnabled,
  };
}

const RECORDED = [
  "ProvisionedThroughput",
  "OnDemandThroughput",
  "StreamSpecification",
  "SSESpecification",
  "TableClass",
] as const;

export const tableOperations = bind<DynamodbOperations>()(tables, {
  CreateTable: {
    to: "createTable",
    in: createInput,
    out: (result, _, call) => ({ TableDescription: tableDescription(result, call) }),
    recordedOnly: RECORDED,
  },
  DescribeTable: {
    to: "describeTable",
    in: (wire) => ({ table: tableNameOf(wire.TableName) }),
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
    recordedOnly: RECORDED,
  },
  DeleteTable: {
    to: "deleteTable",
    in: (wire) => ({ table: tableNameOf(wire.TableName) }),
    out: (result, _, call) => ({ TableDescription: tableDescription(result, call, "DELETING") }),
  },
});
