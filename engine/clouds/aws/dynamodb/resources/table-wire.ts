import type {
  CreateTableInput,
  GlobalSecondaryIndex as WireIndex,
  TableDescription,
  UpdateTableInput,
} from "../../../../models/aws/dynamodb.generated.ts";
import type {
  DynamoDBTableProperties as Properties,
  GlobalSecondaryIndex,
} from "../../../../models/cloudformation/aws-dynamodb-table.generated.ts";
import { present } from "../../present.ts";
import { tagList, tagMap } from "../../tags.ts";

const NO_LIMIT = -1;
const NO_LIMITS = { MaxReadRequestUnits: NO_LIMIT, MaxWriteRequestUnits: NO_LIMIT };

const streamToWire = (stream: Properties["StreamSpecification"]) =>
  stream && { StreamEnabled: true, StreamViewType: stream.StreamViewType };

const encryptionToWire = (encryption: Properties["SSESpecification"]) =>
  encryption &&
  present({
    Enabled: encryption.SSEEnabled,
    SSEType: encryption.SSEEnabled ? (encryption.SSEType ?? "KMS") : undefined,
    KMSMasterKeyId: encryption.KMSMasterKeyId,
  });

/** CloudFormation's default is the older one: provisioned. */
export const billingOf = ({ BillingMode }: Properties) => BillingMode ?? "PROVISIONED";

const indexToWire = (index: GlobalSecondaryIndex): WireIndex => index as unknown as WireIndex;

/** What can be said at once; recovery and time to live are switched on afterwards. */
export const creationOf = (name: string, properties: Properties): CreateTableInput =>
  present({
    TableName: name,
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    BillingMode: billingOf(properties),
    ProvisionedThroughput: properties.ProvisionedThroughput,
    OnDemandThroughput: properties.OnDemandThroughput,
    WarmThroughput: properties.WarmThroughput,
    GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes?.map(indexToWire),
    LocalSecondaryIndexes: properties.LocalSecondaryIndexes,
    StreamSpecification: streamToWire(properties.StreamSpecification),
    SSESpecification: encryptionToWire(properties.SSESpecification),
    TableClass: properties.TableClass,
    DeletionProtectionEnabled: properties.DeletionProtectionEnabled,
    Tags: tagList(tagMap(properties.Tags)),
  }) as unknown as CreateTableInput;

/** What `DescribeTable` tells, as a template says it. */
export function propertiesOf(table: TableDescription): Properties {
  const mode = table.BillingModeSummary?.BillingMode ?? "PROVISIONED";
  const isProvisioned = mode === "PROVISIONED";
  const stream = table.StreamSpecification;
  return present({
    TableName: table.TableName,
    AttributeDefinitions: table.AttributeDefinitions,
    KeySchema: table.KeySchema,
    BillingMode: mode,
    ProvisionedThroughput: isProvisioned ? unitsOf(table.ProvisionedThroughput) : undefined,
    OnDemandThroughput: limitsOf(table.OnDemandThroughput),
    WarmThroughput: warmthOf(table.WarmThroughput),
    GlobalSecondaryIndexes: table.GlobalSecondaryIndexes?.map((index) => ({
      IndexName: index.IndexName,
      KeySchema: index.KeySchema,
      Projection: index.Projection,
      ProvisionedThroughput: isProvisioned ? unitsOf(index.ProvisionedThroughput) : undefined,
      OnDemandThroughput: limitsOf(index.OnDemandThroughput),
      WarmThroughput: warmthOf(index.WarmThroughput),
    })),
    LocalSecondaryIndexes: table.LocalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    })),
    StreamSpecification: stream?.StreamEnabled ? { StreamViewType: stream.StreamViewType } : undefined,
    SSESpecification: table.SSEDescription && {
      SSEEnabled: true,
      SSEType: table.SSEDescription.SSEType,
      KMSMasterKeyId: table.SSEDescription.KMSMasterKeyArn,
    },
    // A class is told from when it was first said; a template that says none means this one.
    TableClass: table.TableClassSummary?.TableClass ?? "STANDARD",
    DeletionProtectionEnabled: table.DeletionProtectionEnabled ?? false,
  }) as unknown as Properties;
}

const unitsOf = (units: { ReadCapacityUnits?: number; WriteCapacityUnits?: number } | undefined) =>
  units && { ReadCapacityUnits: units.ReadCapacityUnits, WriteCapacityUnits: units.WriteCapacityUnits };

const warmthOf = (warm: { ReadUnitsPerSecond?: number; WriteUnitsPerSecond?: number } | undefined) =>
  warm && { ReadUnitsPerSecond: warm.ReadUnitsPerSecond, WriteUnitsPerSecond: warm.WriteUnitsPerSecond };

function limitsOf(limits: { MaxReadRequestUnits?: number; MaxWriteRequestUnits?: number } | undefined) {
  const said = Object.entries(limits ?? {}).filter(([, units]) => units !== NO_LIMIT);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

/** What `UpdateTable` must be told, one request each: it changes one thing at a time. */
export function updatesOf(wanted: Properties, current: Properties): Partial<UpdateTableInput>[] {
  const isGone = (property: keyof Properties) => wanted[property] === undefined && current[property] !== undefined;
  const differs = (property: keyof Properties, value: unknown = wanted[property]) =>
    value !== undefined && JSON.stringify(value) !== JSON.stringify(current[property]);
  const updates: (Partial<UpdateTableInput> | undefined)[] = [
    differs("BillingMode", billingOf(wanted)) || differs("ProvisionedThroughput") ? billingUpdate(wanted) : undefined,
    limitsUpdate(wanted, current),
    // What is warm stays so: it can be raised and not be taken back.
    differs("WarmThroughput") ? { WarmThroughput: wanted.WarmThroughput as never } : undefined,
    ...streamUpdates(wanted, current),
    differs("SSESpecification") ? { SSESpecification: encryptionToWire(wanted.SSESpecification) as never } : undefined,
    isGone("SSESpecification") ? { SSESpecification: { Enabled: false } } : undefined,
    differs("TableClass") ? { TableClass: wanted.TableClass as never } : undefined,
    isGone("TableClass") && current.TableClass !== "STANDARD" ? { TableClass: "STANDARD" } : undefined,
    differs("DeletionProtectionEnabled", wanted.DeletionProtectionEnabled ?? false)
      ? { DeletionProtectionEnabled: wanted.DeletionProtectionEnabled ?? false }
      : undefined,
  ];
  return updates.filter((update) => update !== undefined);
}

/** Limits change one by one, so that those which are not said are taken away. */
function limitsUpdate(wanted: Properties, current: Properties): Partial<UpdateTableInput> | undefined {
  const { OnDemandThroughput } = wanted;
  // They are gone already when the capacity has become a provisioned one.
  if (!OnDemandThroughput && billingOf(wanted) === "PROVISIONED") return undefined;
  if (JSON.stringify(OnDemandThroughput) === JSON.stringify(current.OnDemandThroughput)) return undefined;
  return { OnDemandThroughput: { ...NO_LIMITS, ...OnDemandThroughput } };
}

/** The indexes' units change with the table's, since both are provisioned or neither. */
function billingUpdate(wanted: Properties): Partial<UpdateTableInput> {
  const BillingMode = billingOf(wanted);
  if (BillingMode === "PAY_PER_REQUEST") return { BillingMode };
  const indexes = (wanted.GlobalSecondaryIndexes ?? []).flatMap(({ IndexName, ProvisionedThroughput }) =>
    ProvisionedThroughput ? [{ Update: { IndexName, ProvisionedThroughput } }] : [],
  );
  return present({
    BillingMode,
    ProvisionedThroughput: wanted.ProvisionedThroughput,
    GlobalSecondaryIndexUpdates: indexes.length === 0 ? undefined : indexes,
  }) as Partial<UpdateTableInput>;
}

/** Another view of a stream is another stream. */
function streamUpdates(wanted: Properties, current: Properties): Partial<UpdateTableInput>[] {
  const [to, from] = [wanted.StreamSpecification, current.StreamSpecification];
  if (to?.StreamViewType === from?.StreamViewType) return [];
  const off = from ? [{ StreamSpecification: { StreamEnabled: false } }] : [];
  return to ? [...off, { StreamSpecification: streamToWire(to) as never }] : off;
}

/** Indexes that go or change first, then those that come; each is an update of its own. */
export function indexUpdates(wanted: Properties, current: Properties): Partial<UpdateTableInput>[] {
  const target = new Map((wanted.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]));
  const there = new Map((current.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]));
  const going = [...there.keys()].filter((name) => !isSame(target.get(name), there.get(name)));
  const coming = [...target.values()].filter((index) => !isSame(index, there.get(index.IndexName)));
  const staying = [...target.values()].filter((index) => isSame(index, there.get(index.IndexName)));
  return [
    ...going.map((IndexName) => ({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] })),
    ...coming.map((index) => ({
      AttributeDefinitions: wanted.AttributeDefinitions as never,
      GlobalSecondaryIndexUpdates: [{ Create: indexToWire(index) as never }],
    })),
    ...staying.flatMap((index) => capacityUpdate(index, there.get(index.IndexName))),
  ];
}

const isSame = (a: GlobalSecondaryIndex | undefined, b: GlobalSecondaryIndex | undefined) =>
  a !== undefined && b !== undefined && shapeOf(a) === shapeOf(b);

/** What cannot be changed of an index. */
const shapeOf = ({ KeySchema, Projection }: GlobalSecondaryIndex) =>
  JSON.stringify([KeySchema.map((key) => [key.AttributeName, key.KeyType]), Projection]);

function capacityUpdate(
  { IndexName, ProvisionedThroughput, OnDemandThroughput, WarmThroughput }: GlobalSecondaryIndex,
  current: GlobalSecondaryIndex | undefined,
): Partial<UpdateTableInput>[] {
  const capacity = present({ ProvisionedThroughput, OnDemandThroughput, WarmThroughput });
  const now = present({
    ProvisionedThroughput: current?.ProvisionedThroughput,
    OnDemandThroughput: current?.OnDemandThroughput,
    WarmThroughput: current?.WarmThroughput,
  });
  const hadLimits = current?.OnDemandThroughput !== undefined && !ProvisionedThroughput;
  if (!hadLimits && Object.keys(capacity).length === 0) return [];
  if (JSON.stringify(capacity) === JSON.stringify(now)) return [];
  const limits = (OnDemandThroughput || hadLimits) && { OnDemandThroughput: { ...NO_LIMITS, ...OnDemandThroughput } };
  return [{ GlobalSecondaryIndexUpdates: [{ Update: { IndexName, ...capacity, ...limits } as never }] }];
}
