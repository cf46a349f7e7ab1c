import type {
  GlobalSecondaryIndexDescription,
  LocalSecondaryIndexDescription,
  ProvisionedThroughputDescription,
  ReplicaDescription,
  TableDescription,
} from "../../../models/aws/dynamodb.generated.ts";
import type { Scope } from "../../../services/context.ts";
import type { OperationOutput } from "../../../services/manifest.ts";
import type { tables } from "../../../services/tables/service.ts";
import { STREAM_VIEWS, streamLabel } from "../table-streams.ts";
import { tableArn } from "../table-arn.ts";

type Described = OperationOutput<typeof tables, "describeTable">;
type Table = Described["table"];
type Index = Table["indexes"][number];
type Schema = Pick<Table, "partitionKey" | "sortKey">;

const PROJECTIONS = { all: "ALL", keysOnly: "KEYS_ONLY", include: "INCLUDE" } as const;
export const TABLE_CLASSES = { standard: "STANDARD", infrequentAccess: "STANDARD_INFREQUENT_ACCESS" } as const;

const keySchema = ({ partitionKey, sortKey }: Schema) => [
  { AttributeName: partitionKey.name, KeyType: "HASH" },
  ...(sortKey ? [{ AttributeName: sortKey.name, KeyType: "RANGE" }] : []),
];

const onDemand = (limits: Table["onDemandLimits"]) =>
  limits
    ? {
        OnDemandThroughput: {
          ...(limits.readUnitsMax !== undefined && { MaxReadRequestUnits: limits.readUnitsMax }),
          ...(limits.writeUnitsMax !== undefined && { MaxWriteRequestUnits: limits.writeUnitsMax }),
        },
      }
    : {};

const throughput = (units: Index["throughput"]): ProvisionedThroughputDescription => ({
  NumberOfDecreasesToday: 0,
  ReadCapacityUnits: units?.readUnits ?? 0,
  WriteCapacityUnits: units?.writeUnits ?? 0,
});

function localIndex(index: Index, described: Described, arn: string): LocalSecondaryIndexDescription {
  const held = described.statistics.indexes[index.name];
  return {
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: {
      ProjectionType: PROJECTIONS[index.projection.kind],
      ...(index.projection.attributes && { NonKeyAttributes: [...index.projection.attributes] }),
    },
    IndexSizeBytes: held?.sizeBytes ?? 0,
    ItemCount: held?.itemCount ?? 0,
    IndexArn: `${arn}/index/${index.name}`,
  };
}

const globalIndex = (index: Index, described: Described, arn: string): GlobalSecondaryIndexDescription => ({
  ...localIndex(index, described, arn),
  IndexStatus: index.isBuilding ? "CREATING" : "ACTIVE",
  ...(index.isBuilding && { Backfilling: true }),
  ProvisionedThroughput: throughput(index.throughput),
  ...onDemand(index.onDemandLimits),
});

function streamOf(table: Table, arn: string) {
  if (!table.stream) return {};
  const label = streamLabel(table.stream.sinceMs);
  return {
    StreamSpecification: { StreamEnabled: true, StreamViewType: STREAM_VIEWS[table.stream.view] },
    LatestStreamLabel: label,
    LatestStreamArn: `${arn}/stream/${label}`,
  };
}

function encryptionOf(table: Table, scope: Scope) {
  const key = table.encryptionKey;
  if (key === undefined) return {};
  const arn = key.startsWith("arn:")
    ? key
    : `arn:aws:kms:${scope.region}:${scope.account}:${key.startsWith("alias/") ? key : `key/${key}`}`;
  return { SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: arn } };
}

function restoreOf({ restored }: Table, scope: Scope) {
  if (!restored) return {};
  const { table: source, region = scope.region, backup } = restored.from;
  const SourceTableArn = tableArn({ ...scope, region }, source);
  return {
    RestoreSummary: {
      ...(backup !== undefined && { SourceBackupArn: `${SourceTableArn}/backup/${backup}` }),
      SourceTableArn,
      RestoreDateTime: new Date(restored.atMs),
      RestoreInProgress: false,
    },
  };
}

interface ReadLimits {
  readonly readUnits?: number;
  readonly readUnitsMax?: number;
}
const readOverrides = ({ readUnits, readUnitsMax }: ReadLimits) => ({
  ...(readUnits !== undefined && { ProvisionedThroughputOverride: { ReadCapacityUnits: readUnits } }),
  ...(readUnitsMax !== undefined && { OnDemandThroughputOverride: { MaxReadRequestUnits: readUnitsMax } }),
});

const replicaDescription = (replica: NonNullable<Table["replicas"]>[number]): ReplicaDescription => ({
  RegionName: replica.region,
  ReplicaStatus: "ACTIVE",
  ...(replica.encryptionKey !== undefined && { KMSMasterKeyId: replica.encryptionKey }),
  ...readOverrides(replica),
  ...(replica.tableClass && { ReplicaTableClassSummary: { TableClass: TABLE_CLASSES[replica.tableClass] } }),
  ...(replica.indexes && {
    GlobalSecondaryIndexes: replica.indexes.map(({ name, ...limits }) => ({
      IndexName: name,
      ...readOverrides(limits),
    })),
  }),
});

/** The other regions of a global table. */
function replicasOf({ replicas }: Table, scope: Scope) {
  if (!replicas) return {};
  const others = replicas.filter(({ region }) => region !== scope.region);
  return {
    GlobalTableVersion: "2019.11.21",
    Replicas: others.map(replicaDescription),
  };
}

function statusOf(table: Table): string {
  if (table.isImporting) return "CREATING";
  return table.indexes.some((index) => index.isBuilding) ? "UPDATING" : "ACTIVE";
}

/** A table as DynamoDB describes it. */
export function tableDescription(described: Described, scope: Scope, status = "ACTIVE"): TableDescription {
  const { table, statistics } = described;
  const arn = tableArn(scope, table.name);
  const local = table.indexes.filter((index) => index.isLocal);
  const global = table.indexes.filter((index) => !index.isLocal);
  return {
    TableName: table.name,
    TableArn: arn,
    TableId: table.id,
    TableStatus: status === "ACTIVE" ? statusOf(table) : status,
    CreationDateTime: new Date(table.createdAtMs),
    AttributeDefinitions: table.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: keySchema(table),
    ProvisionedThroughput: {
      ...throughput(table.throughput),
      ...(table.throughputRaisedAtMs !== undefined && { LastIncreaseDateTime: new Date(table.throughputRaisedAtMs) }),
      ...(table.throughputLowered && {
        LastDecreaseDateTime: new Date(table.throughputLowered.atMs),
        NumberOfDecreasesToday: table.throughputLowered.timesThatDay,
      }),
    },
    ...(table.onDemandSinceMs !== undefined && {
      BillingModeSummary: {
        BillingMode: table.billing === "onDemand" ? "PAY_PER_REQUEST" : "PROVISIONED",
        LastUpdateToPayPerRequestDateTime: new Date(table.onDemandSinceMs),
      },
    }),
    TableSizeBytes: statistics.sizeBytes,
    ItemCount: statistics.itemCount,
    ...(local.length > 0 && { LocalSecondaryIndexes: local.map((index) => localIndex(index, described, arn)) }),
    ...(global.length > 0 && { GlobalSecondaryIndexes: global.map((index) => globalIndex(index, described, arn)) }),
    ...streamOf(table, arn),
    ...encryptionOf(table, scope),
    ...(table.tableClass && { TableClassSummary: { TableClass: TABLE_CLASSES[table.tableClass] } }),
    ...onDemand(table.onDemandLimits),
    DeletionProtectionEnabled: table.isDeletionProtected,
    ...restoreOf(table, scope),
    ...replicasOf(table, scope),
    ...(table.warmThroughput && {
      WarmThroughput: {
        ReadUnitsPerSecond: table.warmThroughput.readUnits,
        WriteUnitsPerSecond: table.warmThroughput.writeUnits,
        Status: "ACTIVE",
      },
    }),
  };
}
