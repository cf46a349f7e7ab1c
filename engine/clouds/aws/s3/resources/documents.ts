import type * as Wire from "../../../../models/aws/s3.generated.ts";
import type {
  AnalyticsConfiguration,
  IntelligentTieringConfiguration,
  InventoryConfiguration,
  LoggingConfiguration,
  MetricsConfiguration,
  NotificationConfiguration,
  TagFilter,
  WebsiteConfiguration,
} from "../../../../models/cloudformation/aws-s3-bucket.generated.ts";
import { present } from "../../present.ts";
import { fromWire, toWire, type Names } from "./renaming.ts";

/** Documents whose members only have other names. */
export const CORS: Names = {
  CorsRules: ["CORSRules", { Id: "ID", ExposedHeaders: "ExposeHeaders", MaxAge: "MaxAgeSeconds" }],
};
export const ENCRYPTION: Names = {
  ServerSideEncryptionConfiguration: ["Rules", { ServerSideEncryptionByDefault: "ApplyServerSideEncryptionByDefault" }],
};
export const REPLICATION: Names = {
  Rules: ["Rules", { Id: "ID", Filter: ["Filter", { TagFilter: "Tag", And: ["And", { TagFilters: "Tags" }] }] }],
};
const NOTIFIED: Names = { Event: "Events", Filter: ["Filter", { S3Key: ["Key", { Rules: "FilterRules" }] }] };
export const NOTIFICATIONS: Names = {
  QueueConfigurations: ["QueueConfigurations", { ...NOTIFIED, Queue: "QueueArn" }],
  TopicConfigurations: ["TopicConfigurations", { ...NOTIFIED, Topic: "TopicArn" }],
  LambdaConfigurations: ["LambdaFunctionConfigurations", { ...NOTIFIED, Function: "LambdaFunctionArn" }],
};
const ROUTES: Names = { RedirectRule: "Redirect", RoutingRuleCondition: "Condition" };
const LOGGED: Names = { DestinationBucketName: "TargetBucket", LogFilePrefix: "TargetPrefix" };

interface Filtered {
  readonly Prefix?: string | undefined;
  readonly TagFilters?: TagFilter[] | undefined;
  readonly AccessPointArn?: string | undefined;
}
interface WireFilter {
  Prefix?: string;
  Tag?: Wire.Tag;
  AccessPointArn?: string;
  And?: { Prefix?: string; Tags?: Wire.Tag[]; AccessPointArn?: string };
}

/** One condition stands alone, several in `And`; without any there is no filter. */
function filterToWire({ Prefix, TagFilters = [], AccessPointArn }: Filtered): { Filter?: WireFilter } {
  const plain = present({ Prefix, AccessPointArn }) as WireFilter;
  const count = Object.keys(plain).length + TagFilters.length;
  if (count === 0) return {};
  if (count === 1) return { Filter: TagFilters[0] ? { Tag: TagFilters[0] } : plain };
  return { Filter: { And: { ...plain, ...(TagFilters.length > 0 && { Tags: TagFilters }) } } };
}

function filterFromWire(filter: WireFilter | undefined): Filtered {
  const { Prefix, AccessPointArn } = filter?.And ?? filter ?? {};
  return { Prefix, AccessPointArn, TagFilters: filter?.And?.Tags ?? (filter?.Tag && [filter.Tag]) };
}

export const metricsToWire = ({ Id, ...filtered }: MetricsConfiguration) => ({ Id, ...filterToWire(filtered) });
export const metricsFromWire = ({ Id, Filter }: Wire.MetricsConfiguration) =>
  present({ Id, ...filterFromWire(Filter) });

export const tieringToWire = ({ Id, Status, Tierings, ...filtered }: IntelligentTieringConfiguration) => ({
  Id,
  Status,
  Tierings,
  ...filterToWire(filtered),
});
export const tieringFromWire = ({ Filter, ...rest }: Wire.IntelligentTieringConfiguration) =>
  present({ ...rest, ...filterFromWire(Filter) });

export function analyticsToWire({ Id, StorageClassAnalysis, ...filtered }: AnalyticsConfiguration) {
  const { DataExport } = StorageClassAnalysis;
  return {
    Id,
    ...filterToWire(filtered),
    StorageClassAnalysis: DataExport
      ? {
          DataExport: {
            OutputSchemaVersion: DataExport.OutputSchemaVersion,
            Destination: { S3BucketDestination: toWire({ BucketArn: "Bucket" }, DataExport.Destination) },
          },
        }
      : {},
  };
}
export function analyticsFromWire({ Id, Filter, StorageClassAnalysis }: Wire.AnalyticsConfiguration) {
  const { DataExport } = StorageClassAnalysis;
  return present({
    Id,
    ...filterFromWire(Filter),
    StorageClassAnalysis: DataExport
      ? {
          DataExport: {
            OutputSchemaVersion: DataExport.OutputSchemaVersion,
            Destination: fromWire({ BucketArn: "Bucket" }, DataExport.Destination.S3BucketDestination),
          },
        }
      : {},
  });
}

const INVENTORY_BUCKET: Names = { BucketArn: "Bucket", BucketAccountId: "AccountId" };
export const inventoryToWire = (from: InventoryConfiguration) =>
  present({
    Id: from.Id,
    IsEnabled: from.Enabled,
    IncludedObjectVersions: from.IncludedObjectVersions,
    OptionalFields: from.OptionalFields,
    Filter: from.Prefix === undefined ? undefined : { Prefix: from.Prefix },
    Schedule: { Frequency: from.ScheduleFrequency },
    Destination: { S3BucketDestination: toWire(INVENTORY_BUCKET, from.Destination) },
  });
export const inventoryFromWire = (from: Wire.InventoryConfiguration) =>
  present({
    Id: from.Id,
    Enabled: from.IsEnabled,
    IncludedObjectVersions: from.IncludedObjectVersions,
    OptionalFields: from.OptionalFields,
    Prefix: from.Filter?.Prefix,
    ScheduleFrequency: from.Schedule.Frequency,
    Destination: fromWire(INVENTORY_BUCKET, from.Destination.S3BucketDestination),
  });

export function websiteToWire({ IndexDocument, ErrorDocument, RoutingRules, ...rest }: WebsiteConfiguration) {
  return {
    ...rest,
    ...(IndexDocument !== undefined && { IndexDocument: { Suffix: IndexDocument } }),
    ...(ErrorDocument !== undefined && { ErrorDocument: { Key: ErrorDocument } }),
    ...(RoutingRules && { RoutingRules: toWire<Wire.RoutingRule[]>(ROUTES, RoutingRules) }),
  };
}
export function websiteFromWire(wire: Wire.GetBucketWebsiteOutput): WebsiteConfiguration {
  const { IndexDocument, ErrorDocument, RoutingRules, RedirectAllRequestsTo } = wire;
  return present({
    IndexDocument: IndexDocument?.Suffix,
    ErrorDocument: ErrorDocument?.Key,
    RedirectAllRequestsTo,
    RoutingRules: RoutingRules && fromWire(ROUTES, RoutingRules),
  }) as WebsiteConfiguration;
}

/** Logs go into the bucket itself where the template names no other. */
export const loggingToWire = (from: LoggingConfiguration, bucket: string) => ({
  LoggingEnabled: { TargetBucket: bucket, TargetPrefix: "", ...toWire<Partial<Wire.LoggingEnabled>>(LOGGED, from) },
});
export function loggingFromWire({ LoggingEnabled }: Wire.GetBucketLoggingOutput): LoggingConfiguration | undefined {
  if (!LoggingEnabled) return undefined;
  const { TargetGrants: _, ...rest } = LoggingEnabled;
  return fromWire(LOGGED, rest);
}

/** A template names one event an entry, S3 a list of them. */
export function notificationsToWire({ EventBridgeConfiguration: bridge, ...from }: NotificationConfiguration) {
  const wire = toWire<Record<string, { Events: unknown }[]>>(NOTIFICATIONS, from);
  return {
    ...mapped(wire, (entries) => entries.map((entry) => ({ ...entry, Events: [entry.Events] }))),
    ...(bridge && String(bridge.EventBridgeEnabled) !== "false" && { EventBridgeConfiguration: {} }),
  } as Wire.NotificationConfiguration;
}
export function notificationsFromWire(wire: Wire.NotificationConfiguration): NotificationConfiguration | undefined {
  const { EventBridgeConfiguration: bridge, ...lists } = wire;
  const single = mapped(lists as Record<string, { Id?: string; Events: string[] }[]>, (entries) =>
    entries.flatMap((entry) => entry.Events.map((event) => ({ ...withoutId(entry), Events: event }))),
  );
  const named = fromWire<NotificationConfiguration>(NOTIFICATIONS, single);
  const all = { ...named, ...(bridge && { EventBridgeConfiguration: { EventBridgeEnabled: true } }) };
  return Object.keys(all).length === 0 ? undefined : all;
}

/** S3 gives each entry an id; a template has no place for it. */
const withoutId = <Entry extends object>(entry: Entry) =>
  Object.fromEntries(Object.entries(entry).filter(([name]) => name !== "Id"));

const mapped = <A, B>(lists: Readonly<Record<string, A[] | undefined>>, change: (list: A[]) => B[]) =>
  Object.fromEntries(
    Object.entries(lists).flatMap(([name, list]) => (list && list.length > 0 ? [[name, change(list)]] : [])),
  ) as Record<string, B[]>;
