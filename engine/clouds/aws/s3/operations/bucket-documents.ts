import type {
  AnalyticsConfiguration,
  IntelligentTieringConfiguration,
  InventoryConfiguration,
  MetricsConfiguration,
  PublicAccessBlockConfiguration,
  PutBucketLifecycleConfigurationRequest,
  PutPublicAccessBlockRequest,
  ReplicationConfiguration,
  S3Operations,
} from "../../../../models/aws/s3.generated.ts";
import { objects } from "../../../../services/objects/service.ts";
import { bind } from "../../binding.ts";
import { bucketRef } from "../model.ts";

const SMALL_OBJECTS_STAY = "all_storage_classes_128K";

/** As it is answered: the rules beside the size below which objects stay where they are. */
const lifecycleOf = (wire: PutBucketLifecycleConfigurationRequest) => ({
  Rules: wire.LifecycleConfiguration?.Rules ?? [],
  TransitionDefaultMinimumObjectSize: wire.TransitionDefaultMinimumObjectSize ?? SMALL_OBJECTS_STAY,
});

/** What is not said is off. */
const publicAccessOf = ({ PublicAccessBlockConfiguration: said }: PutPublicAccessBlockRequest) => ({
  BlockPublicAcls: said.BlockPublicAcls ?? false,
  IgnorePublicAcls: said.IgnorePublicAcls ?? false,
  BlockPublicPolicy: said.BlockPublicPolicy ?? false,
  RestrictPublicBuckets: said.RestrictPublicBuckets ?? false,
});

/** Documents a bucket keeps as they were given. `accepted` names what is kept and not acted on. */
export const bucketDocumentBindings = bind<S3Operations>()(objects, {
  PutBucketPolicy: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "policy", document: w.Policy }),
    out: () => ({}),
  },
  GetBucketPolicy: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "policy" }),
    out: (r) => ({ Policy: r.document as string }),
  },
  DeleteBucketPolicy: { to: "deleteBucketDocument", in: (w) => ({ ...bucketRef(w), kind: "policy" }), out: () => ({}) },
  PutBucketCors: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "cors", document: w.CORSConfiguration }),
    out: () => ({}),
    accepted: ["CORSConfiguration"],
  },
  GetBucketCors: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "cors" }),
    out: (r) => r.document as S3Operations["GetBucketCors"]["output"],
  },
  DeleteBucketCors: { to: "deleteBucketDocument", in: (w) => ({ ...bucketRef(w), kind: "cors" }), out: () => ({}) },
  PutBucketLifecycleConfiguration: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "lifecycle", document: lifecycleOf(w) }),
    out: (_, w) => ({ TransitionDefaultMinimumObjectSize: w.TransitionDefaultMinimumObjectSize ?? SMALL_OBJECTS_STAY }),
    accepted: ["LifecycleConfiguration", "TransitionDefaultMinimumObjectSize"],
  },
  GetBucketLifecycleConfiguration: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "lifecycle" }),
    out: (r) => r.document as S3Operations["GetBucketLifecycleConfiguration"]["output"],
  },
  DeleteBucketLifecycle: {
    to: "deleteBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "lifecycle" }),
    out: () => ({}),
  },
  PutBucketWebsite: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "website", document: w.WebsiteConfiguration }),
    out: () => ({}),
    accepted: ["WebsiteConfiguration"],
  },
  GetBucketWebsite: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "website" }),
    out: (r) => r.document as S3Operations["GetBucketWebsite"]["output"],
  },
  DeleteBucketWebsite: {
    to: "deleteBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "website" }),
    out: () => ({}),
  },
  PutBucketReplication: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "replication", document: w.ReplicationConfiguration }),
    out: () => ({}),
    accepted: ["ReplicationConfiguration", "Token"],
  },
  GetBucketReplication: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "replication" }),
    out: (r) => ({ ReplicationConfiguration: r.document as ReplicationConfiguration }),
  },
  DeleteBucketReplication: {
    to: "deleteBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "replication" }),
    out: () => ({}),
  },
  PutPublicAccessBlock: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "publicAccessBlock", document: publicAccessOf(w) }),
    out: () => ({}),
    accepted: ["PublicAccessBlockConfiguration"],
  },
  GetPublicAccessBlock: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "publicAccessBlock" }),
    out: (r) => ({ PublicAccessBlockConfiguration: r.document as PublicAccessBlockConfiguration }),
  },
  DeletePublicAccessBlock: {
    to: "deleteBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "publicAccessBlock" }),
    out: () => ({}),
  },
  PutBucketLogging: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "logging", document: w.BucketLoggingStatus }),
    out: () => ({}),
    accepted: ["BucketLoggingStatus"],
  },
  GetBucketLogging: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "logging" }),
    out: (r) => (r.document as S3Operations["GetBucketLogging"]["output"]) ?? {},
  },
  PutBucketNotificationConfiguration: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "notification", document: w.NotificationConfiguration }),
    out: () => ({}),
    accepted: ["NotificationConfiguration", "SkipDestinationValidation"],
  },
  GetBucketNotificationConfiguration: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "notification" }),
    out: (r) => (r.document as S3Operations["GetBucketNotificationConfiguration"]["output"]) ?? {},
  },
  PutBucketRequestPayment: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "requestPayment", document: w.RequestPaymentConfiguration }),
    out: () => ({}),
    accepted: ["RequestPaymentConfiguration"],
  },
  GetBucketRequestPayment: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "requestPayment" }),
    out: (r) => (r.document as S3Operations["GetBucketRequestPayment"]["output"]) ?? { Payer: "BucketOwner" },
  },
  PutBucketAccelerateConfiguration: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "acceleration", document: w.AccelerateConfiguration }),
    out: () => ({}),
    accepted: ["AccelerateConfiguration"],
  },
  GetBucketAccelerateConfiguration: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "acceleration" }),
    out: (r) => (r.document as S3Operations["GetBucketAccelerateConfiguration"]["output"]) ?? {},
  },
  PutBucketAnalyticsConfiguration: {
    to: "putBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "analytics", id: w.Id, document: w.AnalyticsConfiguration }),
    out: () => ({}),
    accepted: ["AnalyticsConfiguration"],
  },
  GetBucketAnalyticsConfiguration: {
    to: "getBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "analytics", id: w.Id }),
    out: (r) => ({ AnalyticsConfiguration: r.document as AnalyticsConfiguration }),
  },
  DeleteBucketAnalyticsConfiguration: {
    to: "deleteBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "analytics", id: w.Id }),
    out: () => ({}),
  },
  ListBucketAnalyticsConfigurations: {
    to: "listBucketNamedDocuments",
    in: (w) => ({ ...bucketRef(w), kind: "analytics" }),
    out: (r) => ({ IsTruncated: false, AnalyticsConfigurationList: r.documents as AnalyticsConfiguration[] }),
  },
  PutBucketInventoryConfiguration: {
    to: "putBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "inventory", id: w.Id, document: w.InventoryConfiguration }),
    out: () => ({}),
    accepted: ["InventoryConfiguration"],
  },
  GetBucketInventoryConfiguration: {
    to: "getBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "inventory", id: w.Id }),
    out: (r) => ({ InventoryConfiguration: r.document as InventoryConfiguration }),
  },
  DeleteBucketInventoryConfiguration: {
    to: "deleteBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "inventory", id: w.Id }),
    out: () => ({}),
  },
  ListBucketInventoryConfigurations: {
    to: "listBucketNamedDocuments",
    in: (w) => ({ ...bucketRef(w), kind: "inventory" }),
    out: (r) => ({ IsTruncated: false, InventoryConfigurationList: r.documents as InventoryConfiguration[] }),
  },
  PutBucketMetricsConfiguration: {
    to: "putBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "metrics", id: w.Id, document: w.MetricsConfiguration }),
    out: () => ({}),
    accepted: ["MetricsConfiguration"],
  },
  GetBucketMetricsConfiguration: {
    to: "getBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "metrics", id: w.Id }),
    out: (r) => ({ MetricsConfiguration: r.document as MetricsConfiguration }),
  },
  DeleteBucketMetricsConfiguration: {
    to: "deleteBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "metrics", id: w.Id }),
    out: () => ({}),
  },
  ListBucketMetricsConfigurations: {
    to: "listBucketNamedDocuments",
    in: (w) => ({ ...bucketRef(w), kind: "metrics" }),
    out: (r) => ({ IsTruncated: false, MetricsConfigurationList: r.documents as MetricsConfiguration[] }),
  },
  PutBucketIntelligentTieringConfiguration: {
    to: "putBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "intelligentTiering", id: w.Id, document: w.IntelligentTieringConfiguration }),
    out: () => ({}),
    accepted: ["IntelligentTieringConfiguration"],
  },
  GetBucketIntelligentTieringConfiguration: {
    to: "getBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "intelligentTiering", id: w.Id }),
    out: (r) => ({ IntelligentTieringConfiguration: r.document as IntelligentTieringConfiguration }),
  },
  DeleteBucketIntelligentTieringConfiguration: {
    to: "deleteBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "intelligentTiering", id: w.Id }),
    out: () => ({}),
  },
  ListBucketIntelligentTieringConfigurations: {
    to: "listBucketNamedDocuments",
    in: (w) => ({ ...bucketRef(w), kind: "intelligentTiering" }),
    out: (r) => ({
      IsTruncated: false,
      IntelligentTieringConfigurationList: r.documents as IntelligentTieringConfiguration[],
    }),
  },
});
