import { isReservedTag } from "../tags.ts";
import type {
  AttributeValue,
  ConsumedCapacity,
  ItemCollectionMetrics,
} from "../../../models/aws/dynamodb.generated.ts";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import { JsonText } from "../../../protocols/aws/json/json-text.ts";
import type { OperationOutput } from "../../../services/manifest.ts";
import type { tables } from "../../../services/tables/service.ts";
import type { WireCall } from "../binding.ts";
import { ownTable } from "../table-arn.ts";
import { ownStream } from "../table-streams.ts";

type Consumed = NonNullable<OperationOutput<typeof tables, "putItem">["consumed"]>;
type Item = NonNullable<OperationOutput<typeof tables, "getItem">["item"]>;

/** The same value: the service's type is read-only, the wire's is not. */
export const wireItem = (item: Item): Record<string, AttributeValue> => item as Record<string, AttributeValue>;
export const wireItems = (items: readonly Item[]): Record<string, AttributeValue>[] =>
  items as Record<string, AttributeValue>[];

/** The same of items that are JSON already. */
export const writtenItem = (text: string): Record<string, AttributeValue> =>
  new JsonText(text) as unknown as Record<string, AttributeValue>;
export const writtenItems = (text: string): Record<string, AttributeValue>[] =>
  new JsonText(text) as unknown as Record<string, AttributeValue>[];

/** The table of a request on an ARN. */
export function tableOfArn(arn: string, call: WireCall): string {
  const named = ownTable(arn, call);
  if (named && named.part === undefined) return named.table;
  throw validationFailure(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
}

/** What a policy is attached to: a table, or one of its streams. */
export function policyHolderOf(arn: string, call: WireCall): { table: string; streamSinceMs?: number } {
  const stream = ownStream(arn, call);
  return stream ? { table: stream.table, streamSinceMs: stream.sinceMs } : { table: tableOfArn(arn, call) };
}

export const validationFailure = (message: string): AwsFailure =>
  new AwsFailure({ code: "ValidationException", status: 400, message });

/** Refuses by name what a request says and the engine would ignore. `instead`: what to write in its place. */
export function refuseInput<W extends object>(
  wire: W,
  refused: Readonly<Partial<Record<keyof W & string, string>>>,
): void {
  for (const [member, instead] of Object.entries(refused) as [keyof W & string, string][]) {
    if (wire[member] === undefined) continue;
    throw validationFailure(
      `CloudStacks does not support the parameter ${member} yet${instead === "" ? "" : `; use ${instead} instead`}.`,
    );
  }
}

const DETAILS = { NONE: "none", TOTAL: "total", INDEXES: "indexes" } as const;
export const capacityDetail = (wanted: string | undefined) => DETAILS[wanted as keyof typeof DETAILS];

const unitsOf = (record: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(record).map(([name, CapacityUnits]) => [name, { CapacityUnits }]));

export function wireConsumed(consumed: Consumed): ConsumedCapacity {
  return {
    TableName: consumed.table,
    CapacityUnits: consumed.units,
    ...(consumed.readUnits !== undefined && { ReadCapacityUnits: consumed.readUnits }),
    ...(consumed.writeUnits !== undefined && { WriteCapacityUnits: consumed.writeUnits }),
    ...(consumed.tableUnits !== undefined && { Table: { CapacityUnits: consumed.tableUnits } }),
    ...(consumed.globalIndexes && { GlobalSecondaryIndexes: unitsOf(consumed.globalIndexes) }),
    ...(consumed.localIndexes && { LocalSecondaryIndexes: unitsOf(consumed.localIndexes) }),
  };
}

/** `{ ConsumedCapacity }` where the request asked for it. */
export const withConsumed = ({
  consumed,
}: {
  readonly consumed?: Consumed;
}): { ConsumedCapacity?: ConsumedCapacity } => (consumed ? { ConsumedCapacity: wireConsumed(consumed) } : {});
export const withAllConsumed = ({
  consumed,
}: {
  readonly consumed?: readonly Consumed[];
}): { ConsumedCapacity?: ConsumedCapacity[] } => (consumed ? { ConsumedCapacity: consumed.map(wireConsumed) } : {});

type Collection = NonNullable<OperationOutput<typeof tables, "putItem">["collection"]>;
const GIB = 1024 ** 3;

/** DynamoDB says between which whole gigabytes a collection's size lies. */
export const wireCollection = ({ key, sizeBytes }: Collection): ItemCollectionMetrics => ({
  ItemCollectionKey: wireItem(key),
  SizeEstimateRangeGB: [Math.floor(sizeBytes / GIB), Math.floor(sizeBytes / GIB) + 1],
});

export function wireCollections(
  collections: readonly Collection[] | undefined,
): { ItemCollectionMetrics?: Record<string, ItemCollectionMetrics[]> } {
  if (!collections) return {};
  const byTable: Record<string, ItemCollectionMetrics[]> = {};
  for (const collection of collections) (byTable[collection.table] ??= []).push(wireCollection(collection));
  return { ItemCollectionMetrics: byTable };
}

const INVALID = "One or more parameter values were invalid: ";
export const tagsOf = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([Key, Value]) => ({ Key, Value }));
/** Tags as labels. A key is given once, and AWS keeps those that begin with `aws:` for itself. */
export function labelsOf(tags: readonly { readonly Key: string; readonly Value: string }[]): Record<string, string> {
  const labels = new Map<string, string>();
  for (const { Key, Value } of tags) {
    refuseReservedTag(Key);
    if (labels.has(Key)) throw validationFailure(`${INVALID}Found duplicate tag keys: ${Key}`);
    labels.set(Key, Value);
  }
  return Object.fromEntries(labels);
}

export function refuseReservedTag(key: string): void {
  if (isReservedTag(key)) throw validationFailure(`${INVALID}Tag keys that begin with aws: are reserved: ${key}`);
}

/** What a bucket answered, as DynamoDB's exports and imports say it. */
const BUCKET_FAILURES: Readonly<Record<string, string>> = {
  BucketNotFound: "S3NoSuchBucket",
  BucketOfAnotherAccount: "S3AccessDenied",
  ObjectNotFound: "S3NoSuchKey",
  SourceNotFound: "S3NoSuchKey",
  SourceUnreadable: "InputDecompressionFailed",
  TableNotFound: "TableNotFound",
};
export const bucketFailure = (failure: { readonly code: string; readonly message: string } | undefined) =>
  failure ? { FailureCode: BUCKET_FAILURES[failure.code] ?? failure.code, FailureMessage: failure.message } : {};
