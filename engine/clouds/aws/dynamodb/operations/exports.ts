import type {
  DynamodbOperations,
  ExportDescription,
  ExportTableToPointInTimeInput,
} from "../../../../models/aws/dynamodb.generated.ts";
import type { Scope } from "../../../../services/context.ts";
import type { OperationInput, OperationOutput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import { tableArn, tableNameOf } from "../../table-arn.ts";
import { bucketFailure, refuseInput, tableOfArn, validationFailure } from "../model.ts";

type Export = OperationOutput<typeof tables, "describeExport">;
type Wanted = OperationInput<typeof tables, "exportTable">;

const arnOf = (record: Pick<Export, "table" | "id">, scope: Scope): string =>
  `${tableArn(scope, record.table)}/export/${record.id}`;

const arnForm = /^arn:[^:]+:dynamodb:[^:]*:[^:]*:table\/[^/]+\/export\/(.+)$/;
function idOf(arn: string): string {
  const id = arnForm.exec(arn)?.[1];
  if (id === undefined) throw validationFailure(`Invalid Export ARN: ${arn}`);
  return id;
}

const STATES = { running: "IN_PROGRESS", done: "COMPLETED", failed: "FAILED" } as const;
const VIEWS = { newImage: "NEW_IMAGE", newAndOldImages: "NEW_AND_OLD_IMAGES" } as const;
const typeOf = ({ extent }: Export) => (extent.kind === "full" ? "FULL_EXPORT" : "INCREMENTAL_EXPORT");

function extentOf({ extent }: Export) {
  if (extent.kind === "full") return { ExportTime: new Date(extent.atMs) };
  return {
    IncrementalExportSpecification: {
      ExportFromTime: new Date(extent.fromMs),
      ExportToTime: new Date(extent.toMs),
      ExportViewType: VIEWS[extent.view],
    },
  };
}

function description(record: Export, scope: Scope): ExportDescription {
  const { encryption, failure } = record;
  return {
    ExportArn: arnOf(record, scope),
    ExportStatus: STATES[record.state],
    StartTime: new Date(record.startedAtMs),
    ...(record.endedAtMs !== undefined && { EndTime: new Date(record.endedAtMs) }),
    ...(record.manifest !== undefined && { ExportManifest: record.manifest }),
    TableArn: tableArn(scope, record.table),
    TableId: record.tableId,
    ...(record.token !== undefined && { ClientToken: record.token }),
    S3Bucket: record.bucket,
    ...(record.expectedAccount !== undefined && { S3BucketOwner: record.expectedAccount }),
    ...(record.prefix !== undefined && { S3Prefix: record.prefix }),
    S3SseAlgorithm: encryption?.kind === "key" ? "KMS" : "AES256",
    ...(encryption?.keyId !== undefined && { S3SseKmsKeyId: encryption.keyId }),
    ...bucketFailure(failure),
    ExportFormat: "DYNAMODB_JSON",
    ...(record.sizeBytes !== undefined && { BilledSizeBytes: record.sizeBytes }),
    ...(record.itemCount !== undefined && { ItemCount: record.itemCount }),
    ExportType: typeOf(record),
    ...extentOf(record),
  };
}

function wantedExtent(wire: ExportTableToPointInTimeInput): Wanted["extent"] {
  const window = wire.IncrementalExportSpecification;
  if (wire.ExportType !== "INCREMENTAL_EXPORT") {
    if (window) throw validationFailure("IncrementalExportSpecification needs the ExportType INCREMENTAL_EXPORT");
    return { kind: "full", atMs: wire.ExportTime?.getTime() };
  }
  if (wire.ExportTime) throw validationFailure("ExportTime cannot be specified for incremental exports");
  if (!window?.ExportFromTime) {
    throw validationFailure("ExportFromTime in IncrementalExportSpecification is required for incremental exports");
  }
  return {
    kind: "changes",
    fromMs: window.ExportFromTime.getTime(),
    toMs: window.ExportToTime?.getTime(),
    view: window.ExportViewType === VIEWS.newImage ? "newImage" : "newAndOldImages",
  };
}

function encryptionOf({ S3SseAlgorithm, S3SseKmsKeyId }: ExportTableToPointInTimeInput): Wanted["encryption"] {
  if (S3SseAlgorithm === undefined && S3SseKmsKeyId === undefined) return undefined;
  return S3SseAlgorithm === "AES256" ? { kind: "provider" } : { kind: "key", keyId: S3SseKmsKeyId };
}

export const exports = bind<DynamodbOperations>()(tables, {
  ExportTableToPointInTime: {
    to: "exportTable",
    in(wire, call) {
      if (wire.ExportFormat === "ION") refuseInput(wire, { ExportFormat: "DYNAMODB_JSON" });
      refuseInput(wire, { FilterSpecification: "" });
      return {
        bucket: wire.S3Bucket,
        expectedAccount: wire.S3BucketOwner,
        prefix: wire.S3Prefix,
        encryption: encryptionOf(wire),
        extent: wantedExtent(wire),
        token: wire.ClientToken,
        table: tableOfArn(wire.TableArn, call),
        tableName: wire.TableArn,
      };
    },
    out: (record, _, call) => ({ ExportDescription: description(record, call) }),
  },
  DescribeExport: {
    to: "describeExport",
    in: (wire) => ({ id: idOf(wire.ExportArn) }),
    out: (record, _, call) => ({ ExportDescription: description(record, call) }),
  },
  ListExports: {
    to: "listExports",
    in: (wire, call) => ({
      table: wire.TableArn === undefined ? undefined : tableNameOf(wire.TableArn, call),
      after: wire.NextToken,
      limit: wire.MaxResults,
    }),
    out(result, _, call) {
      const last = result.transfers.at(-1);
      return {
        ExportSummaries: result.transfers.map((record) => ({
          ExportArn: arnOf(record, call),
          ExportStatus: STATES[record.state],
          ExportType: typeOf(record),
        })),
        ...(result.hasMore && last && { NextToken: last.id }),
      };
    },
  },
});
