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
import { bucketRef, type OwnedWire } from "../model.ts";
import { refuseToken } from "../refusals.ts";

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

function listed<const Kind extends string>(wire: OwnedWire & { readonly ContinuationToken?: string }, kind: Kind) {
  refuseToken(wire.ContinuationToken);
  return { ...bucketRef(wire), kind };
}

/** Documents a bucket keeps as they were given. */
export const bucketDocumentBindings = bind<S3Operations>()(objects, {
  PutBucketPolicy: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "policy", document: w.Policy }),
    out: () => ({}),
    recordedOnly: ["Policy"],
    accepted: ["ConfirmRemoveSelfBucketAccess"],
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
    recordedOnly: ["CORSConfiguration"],
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
    recordedOnly: ["LifecycleConfiguration", "TransitionDefaultMinimumObjectSize"],
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
    recordedOnly: ["WebsiteConfiguration"],
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
    recordedOnly: ["ReplicationConfiguration"],
    accepted: ["Token"],
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
    recordedOnly: ["PublicAccessBlockConfiguration"],
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
    recordedOnly: ["BucketLoggingStatus"],
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
    recordedOnly: ["NotificationConfiguration"],
    accepted: ["SkipDestinationValidation"],
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
    recordedOnly: ["RequestPaymentConfiguration"],
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
    recordedOnly: ["AccelerateConfiguration"],
  },
  GetBucketAccelerateConfiguration: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "acceleration" }),
    out: (r) => (r.document as S3Operations["GetBucketAccelerateConfiguration"]["output"]) ?? {},
    accepted: ["RequestPayer"],
  },
  PutBucketAnalyticsConfiguration: {
    to: "putBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "analytics", id: w.Id, document: w.AnalyticsConfiguration }),
    out: () => ({}),
    recordedOnly: ["AnalyticsConfiguration"],
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
    in: (w) => listed(w, "analytics"),
    out: (r) => ({ IsTruncated: false, AnalyticsConfigurationList: r.documents as AnalyticsConfiguration[] }),
  },
  PutBucketInventoryConfiguration: {
    to: "putBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "inventory", id: w.Id, document: w.InventoryConfiguration }),
    out: () => ({}),
    recordedOnly: ["InventoryConfiguration"],
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
    in: (w) => listed(w, "inventory"),
    out: (r) => ({ IsTruncated: false, InventoryConfigurationList: r.documents as InventoryConfiguration[] }),
  },
  PutBucketMetricsConfiguration: {
    to: "putBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "metrics", id: w.Id, document: w.MetricsConfiguration }),
    out: () => ({}),
    recordedOnly: ["MetricsConfiguration"],
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
    in: (w) => listed(w, "metrics"),
    out: (r) => ({ IsTruncated: false, MetricsConfigurationList: r.documents as MetricsConfiguration[] }),
  },
  PutBucketIntelligentTieringConfiguration: {
    to: "putBucketNamedDocument",
    in: (w) => ({ ...bucketRef(w), kind: "intelligentTiering", id: w.Id, document: w.IntelligentTieringConfiguration }),
    out: () => ({}),
    recordedOnly: ["IntelligentTieringConfiguration"],
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
    in: (w) => listed(w, "intelligentTiering"),
    out: (r) => ({
      IsTruncated: false,
      IntelligentTieringConfigurationList: r.documents as IntelligentTieringConfiguration[],
    }),
  },
});
