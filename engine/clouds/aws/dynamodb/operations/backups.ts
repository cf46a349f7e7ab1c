import type {
  BackupDescription,
  BackupDetails,
  BackupSummary,
  DynamodbOperations,
  RestoreTableFromBackupInput,
  RestoreTableToPointInTimeInput,
  TableDescription,
} from "../../../../models/aws/dynamodb.generated.ts";
import type { Scope } from "../../../../services/context.ts";
import type { OperationInput, OperationOutput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind, type WireCall } from "../../binding.ts";
import { refuseInput, validationFailure } from "../model.ts";
import { accountTable, ownTable, tableArn, tableNameOf } from "../../table-arn.ts";
import { tableDescription } from "../table-description.ts";
import { billingOf, encryptionKey, indexOf, limitsOf, throughputOf } from "../table-input.ts";

type Backup = OperationOutput<typeof tables, "describeBackup">;
type Overrides = NonNullable<OperationInput<typeof tables, "restoreBackup">["overrides"]>;

const arnOf = (scope: Scope, { id, source }: Backup): string =>
  `${tableArn(scope, source.table.name)}/backup/${id}`;

/** A backup as an ARN names it; those of other regions can be restored here. */
function backupOf(arn: string, call: WireCall): { id: string; region: string } {
  const { region = call.region, part } = accountTable(arn, call) ?? {};
  const id = part?.startsWith("backup/") ? part.slice("backup/".length) : "";
  if (id === "") throw validationFailure(`The BackupArn is not valid: ${arn}`);
  return { id, region };
}

/** Of one that must be of the request's own region. */
function idOf(arn: string, call: WireCall): string {
  ownTable(arn, call);
  return backupOf(arn, call).id;
}

const details = (backup: Backup, scope: Scope, BackupStatus = "AVAILABLE"): BackupDetails => ({
  BackupArn: arnOf(scope, backup),
  BackupName: backup.name,
  BackupSizeBytes: backup.source.statistics.sizeBytes,
  BackupStatus,
  BackupType: backup.expiresAtMs === undefined ? "USER" : "SYSTEM",
  BackupCreationDateTime: new Date(backup.createdAtMs),
  ...(backup.expiresAtMs !== undefined && { BackupExpiryDateTime: new Date(backup.expiresAtMs) }),
});

function description(backup: Backup, scope: Scope, status?: string): BackupDescription {
  const { table, statistics } = backup.source;
  const source = tableDescription(backup.source, scope);
  const local = source.LocalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  const global = source.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection, ProvisionedThroughput }) => ({
    IndexName,
    KeySchema,
    Projection,
    ProvisionedThroughput: units(ProvisionedThroughput),
  }));
  return {
    BackupDetails: details(backup, scope, status),
    SourceTableDetails: {
      TableName: table.name,
      TableId: table.id,
      TableArn: tableArn(scope, table.name),
      TableSizeBytes: statistics.sizeBytes,
      KeySchema: source.KeySchema ?? [],
      TableCreationDateTime: new Date(table.createdAtMs),
      ProvisionedThroughput: units(source.ProvisionedThroughput),
      ItemCount: statistics.itemCount,
      BillingMode: table.billing === "onDemand" ? "PAY_PER_REQUEST" : "PROVISIONED",
      ...(source.OnDemandThroughput && { OnDemandThroughput: source.OnDemandThroughput }),
    },
    SourceTableFeatureDetails: {
      ...(local && { LocalSecondaryIndexes: local }),
      ...(global && { GlobalSecondaryIndexes: global }),
      ...(source.StreamSpecification && { StreamDescription: source.StreamSpecification }),
      ...(source.SSEDescription && { SSEDescription: source.SSEDescription }),
      ...(table.timeToLiveAttribute !== undefined && {
        TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: table.timeToLiveAttribute },
      }),
    },
  };
}

const units = (given: TableDescription["ProvisionedThroughput"]) => ({
  ReadCapacityUnits: given?.ReadCapacityUnits ?? 0,
  WriteCapacityUnits: given?.WriteCapacityUnits ?? 0,
});

const summary = (backup: Backup, scope: Scope): BackupSummary => ({
  TableName: backup.source.table.name,
  TableId: backup.source.table.id,
  TableArn: tableArn(scope, backup.source.table.name),
  ...details(backup, scope),
});

function overridesOf(wire: RestoreTableFromBackupInput | RestoreTableToPointInTimeInput): Overrides {
  refuseInput(wire, { VectorIndexOverride: "" });
  return {
    billing: billingOf(wire.BillingModeOverride),
    throughput: throughputOf(wire.ProvisionedThroughputOverride),
    onDemandLimits: limitsOf(wire.OnDemandThroughputOverride),
    globalIndexes: wire.GlobalSecondaryIndexOverride?.map((index) => indexOf(index, false)),
    localIndexes: wire.LocalSecondaryIndexOverride?.map((index) => indexOf(index, true)),
    encryptionKey: encryptionKey(wire.SSESpecificationOverride),
  };
}

/** ALL names no kind. */
const BACKUP_KINDS = { USER: "made", SYSTEM: "ofDeleted" } as const;

export const backups = bind<DynamodbOperations>()(tables, {
  CreateBackup: {
    to: "createBackup",
    in: (wire, call) => ({ table: tableNameOf(wire.TableName, call), name: wire.BackupName }),
    out: (backup, _, call) => ({ BackupDetails: details(backup, call) }),
  },
  DescribeBackup: {
    to: "describeBackup",
    in: (wire, call) => ({ id: idOf(wire.BackupArn, call) }),
    out: (backup, _, call) => ({ BackupDescription: description(backup, call) }),
  },
  ListBackups: {
    to: "listBackups",
    in: (wire, call) => ({
      table: wire.TableName === undefined ? undefined : tableNameOf(wire.TableName, call),
      limit: wire.Limit,
      fromMs: wire.TimeRangeLowerBound?.getTime(),
      toMs: wire.TimeRangeUpperBound?.getTime(),
      kind: BACKUP_KINDS[(wire.BackupType ?? "USER") as keyof typeof BACKUP_KINDS],
      after: wire.ExclusiveStartBackupArn === undefined ? undefined : idOf(wire.ExclusiveStartBackupArn, call),
    }),
    out(result, wire, call) {
      // There is no AWS Backup here that could have made any.
      const isAny = wire.BackupType !== "AWS_BACKUP";
      const last = result.backups.at(-1);
      return {
        BackupSummaries: isAny ? result.backups.map((backup) => summary(backup, call)) : [],
        ...(isAny && result.hasMore && last && { LastEvaluatedBackupArn: arnOf(call, last) }),
      };
    },
  },
  DeleteBackup: {
    to: "deleteBackup",
    in: (wire, call) => ({ id: idOf(wire.BackupArn, call) }),
    out: (backup, _, call) => ({ BackupDescription: description(backup, call, "DELETED") }),
  },
  RestoreTableFromBackup: {
    to: "restoreBackup",
    in: (wire, call) => ({
      target: wire.TargetTableName,
      overrides: overridesOf(wire),
      ...backupOf(wire.BackupArn, call),
    }),
    out: (result, _, call) => ({ TableDescription: tableDescription(result, call) }),
    accepted: ["GlobalSecondaryIndexOverride.WarmThroughput"],
  },
  RestoreTableToPointInTime: {
    to: "restoreToTime",
    in(wire, call) {
      const { TargetTableName: target } = wire;
      const overrides = overridesOf(wire);
      const source = wire.SourceTableArn ?? wire.SourceTableName;
      if (source === undefined) throw validationFailure("SourceTableArn or SourceTableName must be specified");
      if ((wire.RestoreDateTime === undefined) !== (wire.UseLatestRestorableTime === true)) {
        throw validationFailure(
          "One or more parameter values were invalid: "
            + "RestoreDateTime and UseLatestRestorableTime cannot be specified at the same time, nor both be left out",
        );
      }
      const named = accountTable(source, call);
      return {
        table: named?.table ?? source,
        region: named?.region,
        target,
        atMs: wire.RestoreDateTime?.getTime(),
        overrides,
      };
    },
    out: (result, _, call) => ({ TableDescription: tableDescription(result, call) }),
    accepted: ["GlobalSecondaryIndexOverride.WarmThroughput"],
  },
});
