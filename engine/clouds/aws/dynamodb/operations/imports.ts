import type {
  DynamodbOperations,
  ImportSummary,
  ImportTableDescription,
  ImportTableInput,
  TableCreationParameters,
} from "../../../../models/aws/dynamodb.generated.ts";
import type { Scope } from "../../../../services/context.ts";
import type { OperationInput, OperationOutput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import { bucketFailure, refuseInput, validationFailure } from "../model.ts";
import { tableArn, tableNameOf } from "../../table-arn.ts";
import { tableDescription } from "../table-description.ts";
import { createInput } from "../table-input.ts";

type Import = OperationOutput<typeof tables, "describeImport">;
type Format = OperationInput<typeof tables, "importTable">["format"];

const arnOf = (record: Import, scope: Scope): string => `${tableArn(scope, record.table)}/import/${record.id}`;

const arnForm = /^arn:[^:]+:dynamodb:[^:]*:[^:]*:table\/[^/]+\/import\/(.+)$/;
function idOf(arn: string): string {
  const id = arnForm.exec(arn)?.[1];
  if (id === undefined) throw validationFailure(`Invalid Import ARN: ${arn}`);
  return id;
}

/** The model wants tokens of 112 hexadecimal digits or more. */
const TOKEN_DIGITS = 112;
const tokenOf = (id: string): string => Buffer.from(id).toString("hex").padEnd(TOKEN_DIGITS, "0");
const idOfToken = (token: string): string => Buffer.from(token, "hex").toString().replace(/\0+$/, "");

const STATES = { running: "IN_PROGRESS", done: "COMPLETED", failed: "FAILED" } as const;
const NOTHING = { itemCount: 0, sizeBytes: 0, indexes: {} };
const FORMATS = { json: "DYNAMODB_JSON", csv: "CSV" } as const;

const summary = (record: Import, scope: Scope): ImportSummary => ({
  ImportArn: arnOf(record, scope),
  ImportStatus: STATES[record.state],
  TableArn: tableArn(scope, record.table),
  S3BucketSource: {
    S3Bucket: record.bucket,
    ...(record.expectedAccount !== undefined && { S3BucketOwner: record.expectedAccount }),
    ...(record.prefix !== undefined && { S3KeyPrefix: record.prefix }),
  },
  InputFormat: FORMATS[record.format.kind],
  StartTime: new Date(record.startedAtMs),
  ...(record.endedAtMs !== undefined && { EndTime: new Date(record.endedAtMs) }),
});

function optionsOf({ format }: Import) {
  if (format.kind !== "csv") return {};
  const { delimiter: Delimiter, header } = format;
  return { InputFormatOptions: { Csv: { Delimiter, ...(header && { HeaderList: [...header] }) } } };
}

const units = (given: { ReadCapacityUnits?: number; WriteCapacityUnits?: number } = {}) => ({
  ReadCapacityUnits: given.ReadCapacityUnits ?? 0,
  WriteCapacityUnits: given.WriteCapacityUnits ?? 0,
});

/** The table as the request asked for it. */
function creationOf({ definition }: Import, scope: Scope): TableCreationParameters {
  const asked = tableDescription({ table: definition, statistics: NOTHING }, scope);
  const isProvisioned = definition.billing === "provisioned";
  const indexes = asked.GlobalSecondaryIndexes?.map((index) => ({
    IndexName: index.IndexName ?? "",
    KeySchema: index.KeySchema ?? [],
    Projection: index.Projection ?? {},
    ...(isProvisioned && { ProvisionedThroughput: units(index.ProvisionedThroughput) }),
    ...(index.OnDemandThroughput && { OnDemandThroughput: index.OnDemandThroughput }),
  }));
  const key = asked.SSEDescription?.KMSMasterKeyArn;
  return {
    TableName: definition.name,
    AttributeDefinitions: asked.AttributeDefinitions ?? [],
    KeySchema: asked.KeySchema ?? [],
    BillingMode: isProvisioned ? "PROVISIONED" : "PAY_PER_REQUEST",
    ...(isProvisioned && { ProvisionedThroughput: units(asked.ProvisionedThroughput) }),
    ...(asked.OnDemandThroughput && { OnDemandThroughput: asked.OnDemandThroughput }),
    ...(key !== undefined && { SSESpecification: { Enabled: true, SSEType: "KMS", KMSMasterKeyId: key } }),
    ...(indexes && { GlobalSecondaryIndexes: indexes }),
  };
}

const description = (record: Import, scope: Scope): ImportTableDescription => ({
  ...summary(record, scope),
  TableId: record.tableId,
  ...(record.token !== undefined && { ClientToken: record.token }),
  ...optionsOf(record),
  InputCompressionType: record.isCompressed ? "GZIP" : "NONE",
  TableCreationParameters: creationOf(record, scope),
  ErrorCount: record.failedItems,
  ProcessedSizeBytes: record.processedBytes,
  ProcessedItemCount: record.processedItems,
  ImportedItemCount: record.importedItems,
  ...bucketFailure(record.failure),
});

function formatOf(wire: ImportTableInput): Format {
  if (wire.InputFormat === "ION") refuseInput(wire, { InputFormat: "DYNAMODB_JSON or CSV" });
  const csv = wire.InputFormatOptions?.Csv;
  if (wire.InputFormat === "CSV") return { kind: "csv", delimiter: csv?.Delimiter, header: csv?.HeaderList };
  if (csv) throw validationFailure("InputFormatOptions.Csv needs the InputFormat CSV");
  return { kind: "json" };
}

export const imports = bind<DynamodbOperations>()(tables, {
  ImportTable: {
    to: "importTable",
    in(wire, call) {
      if (wire.InputCompressionType === "ZSTD") refuseInput(wire, { InputCompressionType: "GZIP or NONE" });
      const { S3Bucket, S3BucketOwner, S3KeyPrefix } = wire.S3BucketSource;
      return {
        create: createInput(wire.TableCreationParameters, call),
        bucket: S3Bucket,
        expectedAccount: S3BucketOwner,
        prefix: S3KeyPrefix,
        format: formatOf(wire),
        isCompressed: wire.InputCompressionType === "GZIP",
        token: wire.ClientToken,
      };
    },
    out: (record, _, call) => ({ ImportTableDescription: description(record, call) }),
    recordedOnly: [
      "TableCreationParameters.ProvisionedThroughput",
      "TableCreationParameters.OnDemandThroughput",
      "TableCreationParameters.SSESpecification",
    ],
    accepted: ["TableCreationParameters.GlobalSecondaryIndexes.WarmThroughput"],
  },
  DescribeImport: {
    to: "describeImport",
    in: (wire) => ({ id: idOf(wire.ImportArn) }),
    out: (record, _, call) => ({ ImportTableDescription: description(record, call) }),
  },
  ListImports: {
    to: "listImports",
    in: (wire, call) => ({
      table: wire.TableArn === undefined ? undefined : tableNameOf(wire.TableArn, call),
      after: wire.NextToken === undefined ? undefined : idOfToken(wire.NextToken),
      limit: wire.PageSize,
    }),
    out(result, _, call) {
      const last = result.transfers.at(-1);
      return {
        ImportSummaryList: result.transfers.map((record) => summary(record, call)),
        ...(result.hasMore && last && { NextToken: tokenOf(last.id) }),
      };
    },
  },
});
