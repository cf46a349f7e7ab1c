import type {
  CORSConfiguration,
  ReplicationConfiguration,
  S3Operations,
  ServerSideEncryptionConfiguration,
} from "../../../../models/aws/s3.generated.ts";
import type { S3BucketProperties as Properties } from "../../../../models/cloudformation/aws-s3-bucket.generated.ts";
import { ifThere } from "../../wire-calls.ts";
import { tagList, tagMap } from "../../tags.ts";
import type { S3 } from "./calls.ts";
import {
  analyticsFromWire,
  analyticsToWire,
  CORS,
  ENCRYPTION,
  inventoryFromWire,
  inventoryToWire,
  loggingFromWire,
  loggingToWire,
  metricsFromWire,
  metricsToWire,
  notificationsFromWire,
  NOTIFICATIONS,
  notificationsToWire,
  REPLICATION,
  tieringFromWire,
  tieringToWire,
  websiteFromWire,
  websiteToWire,
} from "./documents.ts";
import { lifecycleFromWire, lifecycleToWire } from "./lifecycle.ts";
import { fromWire, toWire, type Names } from "./renaming.ts";

/** One property of a bucket: how it is read, written, and brought back to how a new bucket has it. */
export interface BucketSetting<Property extends keyof Properties = keyof Properties> {
  readonly property: Property;
  /** The operation that keeps it. */
  readonly put: keyof S3Operations;
  /** How its members are called on the wire, where that differs. */
  readonly names?: Names;
  /** What a bucket has of which nothing was said; nothing, when this is left out. */
  readonly unsaid?: readonly NonNullable<Properties[Property]>[];
  read(s3: S3, Bucket: string): Promise<Properties[Property] | undefined>;
  write(s3: S3, Bucket: string, value: NonNullable<Properties[Property]>): Promise<unknown>;
  clear(s3: S3, Bucket: string): Promise<unknown>;
}

const setting = <Property extends keyof Properties>(row: BucketSetting<Property>): BucketSetting =>
  row as unknown as BucketSetting;

type ElementOf<List> = NonNullable<List> extends (infer Element)[] ? Element : never;
interface ListSetting<Property extends keyof Properties, Entry extends { Id: string }> {
  readonly property: Property;
  readonly put: keyof S3Operations;
  list(s3: S3, Bucket: string): Promise<Entry[] | undefined>;
  write(s3: S3, Bucket: string, entry: ElementOf<Properties[Property]>): Promise<unknown>;
  remove(s3: S3, Bucket: string, Id: string): Promise<unknown>;
}

/** A property that is a list of documents, each kept by its id. */
function listSetting<Property extends keyof Properties, Entry extends { Id: string }>(
  row: ListSetting<Property, Entry>,
): BucketSetting {
  const read = async (s3: S3, Bucket: string) => {
    const entries = (await row.list(s3, Bucket)) ?? [];
    return entries.length === 0 ? undefined : entries;
  };
  const keepOnly = async (s3: S3, Bucket: string, ids: readonly string[]) => {
    for (const { Id } of (await read(s3, Bucket)) ?? []) if (!ids.includes(Id)) await row.remove(s3, Bucket, Id);
  };
  return {
    property: row.property,
    put: row.put,
    read: read as never,
    async write(s3, Bucket, value) {
      const entries = value as unknown as Entry[];
      await keepOnly(s3, Bucket, entries.map(({ Id }) => Id));
      for (const entry of entries) await row.write(s3, Bucket, entry as never);
    },
    clear: (s3, Bucket) => keepOnly(s3, Bucket, []),
  };
}

const CANNED = /(?<=[a-z])(?=[A-Z])/g;
const EVERYTHING_BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const NOTHING_BLOCKED = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

/** In the order of writing: what others need comes first, and goes last. */
export const BUCKET_SETTINGS: readonly BucketSetting[] = [
  setting({
    property: "VersioningConfiguration",
    put: "PutBucketVersioning",
    // Once on, it is suspended rather than off.
    unsaid: [{ Status: "Suspended" }],
    async read(s3, Bucket) {
      const { Status } = await s3("GetBucketVersioning", { Bucket });
      return Status === undefined ? undefined : ({ Status } as never);
    },
    write: (s3, Bucket, { Status }) => s3("PutBucketVersioning", { Bucket, VersioningConfiguration: { Status } }),
    clear: (s3, Bucket) => s3("PutBucketVersioning", { Bucket, VersioningConfiguration: { Status: "Suspended" } }),
  }),
  setting({
    property: "OwnershipControls",
    put: "PutBucketOwnershipControls",
    unsaid: [{ Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] }],
    read: async (s3, Bucket) =>
      (await ifThere(s3("GetBucketOwnershipControls", { Bucket })))?.OwnershipControls as never,
    write: (s3, Bucket, { Rules }) =>
      s3("PutBucketOwnershipControls", { Bucket, OwnershipControls: { Rules: Rules as never } }),
    clear: (s3, Bucket) =>
      s3("PutBucketOwnershipControls", {
        Bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      }),
  }),
  setting({
    property: "PublicAccessBlockConfiguration",
    put: "PutPublicAccessBlock",
    unsaid: [EVERYTHING_BLOCKED],
    read: async (s3, Bucket) =>
      (await ifThere(s3("GetPublicAccessBlock", { Bucket })))?.PublicAccessBlockConfiguration,
    write: (s3, Bucket, value) =>
      s3("PutPublicAccessBlock", { Bucket, PublicAccessBlockConfiguration: { ...NOTHING_BLOCKED, ...value } }),
    clear: (s3, Bucket) => s3("PutPublicAccessBlock", { Bucket, PublicAccessBlockConfiguration: EVERYTHING_BLOCKED }),
  }),
  setting({
    property: "AccessControl",
    put: "PutBucketAcl",
    // The registry calls it write-only: grants do not say which canned list they came from.
    read: async () => undefined,
    write: (s3, Bucket, value) =>
      s3("PutBucketAcl", { Bucket, ACL: value.replace(CANNED, "-").toLowerCase() as never }),
    clear: (s3, Bucket) => s3("PutBucketAcl", { Bucket, ACL: "private" }),
  }),
  setting({
    property: "BucketEncryption",
    put: "PutBucketEncryption",
    unsaid: [
      {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false },
        ],
      },
    ],
    async read(s3, Bucket) {
      const found = await ifThere(s3("GetBucketEncryption", { Bucket }));
      return found && fromWire(ENCRYPTION, found.ServerSideEncryptionConfiguration);
    },
    write: (s3, Bucket, value) =>
      s3("PutBucketEncryption", {
        Bucket,
        ServerSideEncryptionConfiguration: toWire<ServerSideEncryptionConfiguration>(ENCRYPTION, value),
      }),
    clear: (s3, Bucket) => s3("DeleteBucketEncryption", { Bucket }),
  }),
  setting({
    property: "Tags",
    put: "PutBucketTagging",
    read: async (s3, Bucket) => tagList(tagMap((await ifThere(s3("GetBucketTagging", { Bucket })))?.TagSet)),
    write: (s3, Bucket, TagSet) => s3("PutBucketTagging", { Bucket, Tagging: { TagSet } }),
    clear: (s3, Bucket) => s3("DeleteBucketTagging", { Bucket }),
  }),
  setting({
    property: "CorsConfiguration",
    put: "PutBucketCors",
    async read(s3, Bucket) {
      const found = await ifThere(s3("GetBucketCors", { Bucket }));
      return found && fromWire(CORS, found);
    },
    write: (s3, Bucket, value) =>
      s3("PutBucketCors", { Bucket, CORSConfiguration: toWire<CORSConfiguration>(CORS, value) }),
    clear: (s3, Bucket) => s3("DeleteBucketCors", { Bucket }),
  }),
  setting({
    property: "LifecycleConfiguration",
    put: "PutBucketLifecycleConfiguration",
    async read(s3, Bucket) {
      const found = await ifThere(s3("GetBucketLifecycleConfiguration", { Bucket }));
      const read = found && lifecycleFromWire(found);
      const size = found?.TransitionDefaultMinimumObjectSize;
      if (size === "varies_by_storage_class" && read) read.TransitionDefaultMinimumObjectSize = size as never;
      return read;
    },
    write: (s3, Bucket, value) =>
      s3("PutBucketLifecycleConfiguration", {
        Bucket,
        LifecycleConfiguration: lifecycleToWire(value),
        ...(value.TransitionDefaultMinimumObjectSize && {
          TransitionDefaultMinimumObjectSize: value.TransitionDefaultMinimumObjectSize,
        }),
      }),
    clear: (s3, Bucket) => s3("DeleteBucketLifecycle", { Bucket }),
  }),
  setting({
    property: "WebsiteConfiguration",
    put: "PutBucketWebsite",
    async read(s3, Bucket) {
      const found = await ifThere(s3("GetBucketWebsite", { Bucket }));
      return found && websiteFromWire(found);
    },
    write: (s3, Bucket, value) => s3("PutBucketWebsite", { Bucket, WebsiteConfiguration: websiteToWire(value) }),
    clear: (s3, Bucket) => s3("DeleteBucketWebsite", { Bucket }),
  }),
  setting({
    property: "LoggingConfiguration",
    put: "PutBucketLogging",
    read: async (s3, Bucket) => loggingFromWire(await s3("GetBucketLogging", { Bucket })),
    write: (s3, Bucket, value) =>
      s3("PutBucketLogging", { Bucket, BucketLoggingStatus: loggingToWire(value, Bucket) }),
    clear: (s3, Bucket) => s3("PutBucketLogging", { Bucket, BucketLoggingStatus: {} }),
  }),
  setting({
    property: "NotificationConfiguration",
    names: NOTIFICATIONS,
    put: "PutBucketNotificationConfiguration",
    read: async (s3, Bucket) =>
      notificationsFromWire(await s3("GetBucketNotificationConfiguration", { Bucket })),
    write: (s3, Bucket, value) =>
      s3("PutBucketNotificationConfiguration", { Bucket, NotificationConfiguration: notificationsToWire(value) }),
    clear: (s3, Bucket) =>
      s3("PutBucketNotificationConfiguration", { Bucket, NotificationConfiguration: {} }),
  }),
  setting({
    property: "AccelerateConfiguration",
    put: "PutBucketAccelerateConfiguration",
    unsaid: [{ AccelerationStatus: "Suspended" }],
    async read(s3, Bucket) {
      const { Status } = await s3("GetBucketAccelerateConfiguration", { Bucket });
      return Status === undefined ? undefined : ({ AccelerationStatus: Status } as never);
    },
    write: (s3, Bucket, { AccelerationStatus: Status }) =>
      s3("PutBucketAccelerateConfiguration", { Bucket, AccelerateConfiguration: { Status } }),
    clear: (s3, Bucket) =>
      s3("PutBucketAccelerateConfiguration", { Bucket, AccelerateConfiguration: { Status: "Suspended" } }),
  }),
  setting({
    property: "ObjectLockConfiguration",
    put: "PutObjectLockConfiguration",
    async read(s3, Bucket) {
      const found = (await ifThere(s3("GetObjectLockConfiguration", { Bucket })))?.ObjectLockConfiguration;
      return found?.Rule && (found as never);
    },
    write: (s3, Bucket, value) =>
      s3("PutObjectLockConfiguration", {
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", ...(value.Rule && { Rule: value.Rule as never }) },
      }),
    clear: (s3, Bucket) =>
      s3("PutObjectLockConfiguration", { Bucket, ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } }),
  }),
  setting({
    property: "ReplicationConfiguration",
    names: REPLICATION,
    put: "PutBucketReplication",
    async read(s3, Bucket) {
      const found = (await ifThere(s3("GetBucketReplication", { Bucket })))?.ReplicationConfiguration;
      return found && fromWire(REPLICATION, found);
    },
    write: (s3, Bucket, value) =>
      s3("PutBucketReplication", {
        Bucket,
        ReplicationConfiguration: toWire<ReplicationConfiguration>(REPLICATION, value),
      }),
    clear: (s3, Bucket) => s3("DeleteBucketReplication", { Bucket }),
  }),
  listSetting({
    property: "AnalyticsConfigurations",
    put: "PutBucketAnalyticsConfiguration",
    list: async (s3, Bucket) =>
      (await s3("ListBucketAnalyticsConfigurations", { Bucket })).AnalyticsConfigurationList?.map(analyticsFromWire),
    write: (s3, Bucket, entry) =>
      s3("PutBucketAnalyticsConfiguration", {
        Bucket,
        Id: entry.Id,
        AnalyticsConfiguration: analyticsToWire(entry) as never,
      }),
    remove: (s3, Bucket, Id) => s3("DeleteBucketAnalyticsConfiguration", { Bucket, Id }),
  }),
  listSetting({
    property: "IntelligentTieringConfigurations",
    put: "PutBucketIntelligentTieringConfiguration",
    list: async (s3, Bucket) =>
      (
        await s3("ListBucketIntelligentTieringConfigurations", { Bucket })
      ).IntelligentTieringConfigurationList?.map(tieringFromWire),
    write: (s3, Bucket, entry) =>
      s3("PutBucketIntelligentTieringConfiguration", {
        Bucket,
        Id: entry.Id,
        IntelligentTieringConfiguration: tieringToWire(entry),
      }),
    remove: (s3, Bucket, Id) => s3("DeleteBucketIntelligentTieringConfiguration", { Bucket, Id }),
  }),
  listSetting({
    property: "InventoryConfigurations",
    put: "PutBucketInventoryConfiguration",
    list: async (s3, Bucket) =>
      (await s3("ListBucketInventoryConfigurations", { Bucket })).InventoryConfigurationList?.map(inventoryFromWire),
    write: (s3, Bucket, entry) =>
      s3("PutBucketInventoryConfiguration", {
        Bucket,
        Id: entry.Id,
        InventoryConfiguration: inventoryToWire(entry) as never,
      }),
    remove: (s3, Bucket, Id) => s3("DeleteBucketInventoryConfiguration", { Bucket, Id }),
  }),
  listSetting({
    property: "MetricsConfigurations",
    put: "PutBucketMetricsConfiguration",
    list: async (s3, Bucket) =>
      (await s3("ListBucketMetricsConfigurations", { Bucket })).MetricsConfigurationList?.map(metricsFromWire),
    write: (s3, Bucket, entry) =>
      s3("PutBucketMetricsConfiguration", { Bucket, Id: entry.Id, MetricsConfiguration: metricsToWire(entry) }),
    remove: (s3, Bucket, Id) => s3("DeleteBucketMetricsConfiguration", { Bucket, Id }),
  }),
];
