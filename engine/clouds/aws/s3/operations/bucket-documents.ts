import type {
  AbacStatus,
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
import { objects, type Rules } from "../../../../services/objects/service.ts";
import { bind } from "../../binding.ts";
import { bucketRef, invalidArgument, type OwnedWire } from "../model.ts";
import { corsRulesOf } from "../rules/cors.ts";
import { malformedXml } from "../rules/faults.ts";
import { inventoryOf } from "../rules/inventory.ts";
import { lifecycleOf } from "../rules/lifecycle.ts";
import { loggingOf } from "../rules/logging.ts";
import { notificationsOf } from "../rules/notifications.ts";
import { RECORDED_OF_REPLICATION, replicationOf } from "../rules/replication.ts";
import { websiteOf } from "../rules/website.ts";
import { refuseToken } from "../refusals.ts";

const SMALL_OBJECTS_STAY = "all_storage_classes_128K";

/** Below which size objects stay in their class when nothing else is said. */
const smallStay = (wire: PutBucketLifecycleConfigurationRequest): string =>
  wire.TransitionDefaultMinimumObjectSize ?? SMALL_OBJECTS_STAY;

/** What is not said is off. */
const publicAccessOf = ({ PublicAccessBlockConfiguration: said }: PutPublicAccessBlockRequest) => ({
  refusesLists: said.BlockPublicAcls ?? false,
  ignoresLists: said.IgnorePublicAcls ?? false,
  refusesPolicies: said.BlockPublicPolicy ?? false,
  restrictsPolicies: said.RestrictPublicBuckets ?? false,
});
const publicAccessBlock = ({ publicAccessBlock: kept }: Rules = {}): PublicAccessBlockConfiguration => ({
  BlockPublicAcls: kept?.refusesLists ?? false,
  IgnorePublicAcls: kept?.ignoresLists ?? false,
  BlockPublicPolicy: kept?.refusesPolicies ?? false,
  RestrictPublicBuckets: kept?.restrictsPolicies ?? false,
});

const tokenOf = (id: string): string => Buffer.from(id).toString("base64url");

function listed<const Kind extends string>(wire: OwnedWire & { readonly ContinuationToken?: string }, kind: Kind) {
  const { ContinuationToken: token } = wire;
  const after = token === undefined ? undefined : Buffer.from(token, "base64url").toString();
  if (token !== undefined && (after === undefined || tokenOf(after) !== token || token === "")) refuseToken(token);
  return { ...bucketRef(wire), kind, after };
}
const page = (result: { readonly next?: string }, wire: { readonly ContinuationToken?: string }) => ({
  IsTruncated: result.next !== undefined,
  ...(wire.ContinuationToken !== undefined && { ContinuationToken: wire.ContinuationToken }),
  ...(result.next !== undefined && { NextContinuationToken: tokenOf(result.next) }),
});
/** The id in the address and the one in the document are one. */
function sameId(wire: { readonly Id: string }, document: { readonly Id?: string }): string {
  if (document.Id === wire.Id) return wire.Id;
  throw invalidArgument("id", wire.Id, "The ID in the request and the ID in the configuration do not match.");
}
/** One of two words, as S3's documents have them. */
function oneOf<const Word extends string>(given: string | undefined, ...words: readonly Word[]): void {
  if (!words.some((word) => word === given)) throw malformedXml();
}

/** Documents a bucket keeps as they were given. */
export const bucketDocumentBindings = bind<S3Operations>()(objects, {
  PutBucketPolicy: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "policy", document: w.Policy }),
    out: () => ({}),
    accepted: ["ConfirmRemoveSelfBucketAccess"],
  },
  GetBucketPolicy: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "policy" }),
    out: (r) => ({ Policy: r.document as string }),
  },
  GetBucketPolicyStatus: {
    to: "getBucketPolicyStatus",
    in: bucketRef,
    out: (r) => ({ PolicyStatus: { IsPublic: r.isPublic } }),
  },
  DeleteBucketPolicy: { to: "deleteBucketDocument", in: (w) => ({ ...bucketRef(w), kind: "policy" }), out: () => ({}) },
  PutBucketCors: {
    to: "putBucketDocument",
    in: (w) => ({
      ...bucketRef(w),
      kind: "cors",
      document: w.CORSConfiguration,
      rules: { cors: corsRulesOf(w.CORSConfiguration) },
    }),
    out: () => ({}),
  },
  GetBucketCors: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "cors" }),
    out: (r) => r.document as S3Operations["GetBucketCors"]["output"],
  },
  DeleteBucketCors: { to: "deleteBucketDocument", in: (w) => ({ ...bucketRef(w), kind: "cors" }), out: () => ({}) },
  PutBucketLifecycleConfiguration: {
    to: "putBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "lifecycle", ...lifecycleOf(w.LifecycleConfiguration?.Rules, smallStay(w)) }),
    out: (_, w) => ({ TransitionDefaultMinimumObjectSize: smallStay(w) }),
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
    in: (w) => ({
      ...bucketRef(w),
      kind: "website",
      document: w.WebsiteConfiguration,
      rules: { website: websiteOf(w.WebsiteConfiguration) },
    }),
    out: () => ({}),
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
    in: (w) => ({ ...bucketRef(w), kind: "replication", ...replicationOf(w.ReplicationConfiguration) }),
    out: () => ({}),
    recordedOnly: RECORDED_OF_REPLICATION,
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
    in: (w) => ({ ...bucketRef(w), kind: "publicAccessBlock", rules: { publicAccessBlock: publicAccessOf(w) } }),
    out: () => ({}),
  },
  GetPublicAccessBlock: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "publicAccessBlock" }),
    out: (r) => ({ PublicAccessBlockConfiguration: publicAccessBlock(r.rules) }),
  },
  DeletePublicAccessBlock: {
    to: "deleteBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "publicAccessBlock" }),
    out: () => ({}),
  },
  PutBucketLogging: {
    to: "putBucketDocument",
    in: (w, call) => {
      const { BucketLoggingStatus: document } = w;
      return { ...bucketRef(w), kind: "logging", document, rules: { logging: loggingOf(document, call) } };
    },
    out: () => ({}),
  },
  GetBucketLogging: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "logging" }),
    out: (r) => (r.document as S3Operations["GetBucketLogging"]["output"]) ?? {},
  },
  PutBucketNotificationConfiguration: {
    to: "putBucketDocument",
    in: (w) => ({
      ...bucketRef(w),
      kind: "notification",
      ...notificationsOf(w.NotificationConfiguration),
      trustsTargets: w.SkipDestinationValidation,
    }),
    out: () => ({}),
    recordedOnly: [
      "NotificationConfiguration.LambdaFunctionConfigurations",
      "NotificationConfiguration.EventBridgeConfiguration",
    ],
  },
  GetBucketNotificationConfiguration: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "notification" }),
    out: (r) => (r.document as S3Operations["GetBucketNotificationConfiguration"]["output"]) ?? {},
  },
  PutBucketRequestPayment: {
    to: "putBucketDocument",
    in: (w) => {
      oneOf(w.RequestPaymentConfiguration.Payer, "BucketOwner", "Requester");
      const { RequestPaymentConfiguration: document } = w;
      const rules = { requestersPay: document.Payer === "Requester" };
      return { ...bucketRef(w), kind: "requestPayment", document, rules };
    },
    out: () => ({}),
  },
  GetBucketRequestPayment: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "requestPayment" }),
    out: (r) => (r.document as S3Operations["GetBucketRequestPayment"]["output"]) ?? { Payer: "BucketOwner" },
  },
  PutBucketAccelerateConfiguration: {
    to: "putBucketDocument",
    in: (w) => {
      oneOf(w.AccelerateConfiguration.Status, "Enabled", "Suspended");
      const { AccelerateConfiguration: document } = w;
      const acceleration = document.Status === "Enabled" ? ("enabled" as const) : ("suspended" as const);
      return { ...bucketRef(w), kind: "acceleration", document, rules: { acceleration } };
    },
    out: () => ({}),
  },
  GetBucketAccelerateConfiguration: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "acceleration" }),
    out: (r) => (r.document as S3Operations["GetBucketAccelerateConfiguration"]["output"]) ?? {},
  },
  PutBucketAbac: {
    to: "putBucketDocument",
    in: (w) => {
      oneOf(w.AbacStatus.Status, "Enabled", "Disabled");
      return { ...bucketRef(w), kind: "attributeAccess", document: w.AbacStatus };
    },
    out: () => ({}),
    recordedOnly: ["AbacStatus"],
  },
  GetBucketAbac: {
    to: "getBucketDocument",
    in: (w) => ({ ...bucketRef(w), kind: "attributeAccess" }),
    out: (r) => ({ AbacStatus: (r.document as AbacStatus | undefined) ?? { Status: "Disabled" } }),
  },
  PutBucketAnalyticsConfiguration: {
    to: "putBucketNamedDocument",
    in: (w) => ({
      ...bucketRef(w),
      kind: "analytics",
      id: sameId(w, w.AnalyticsConfiguration),
      document: w.AnalyticsConfiguration,
    }),
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
    out: (r, w) => ({ ...page(r, w), AnalyticsConfigurationList: r.documents as AnalyticsConfiguration[] }),
  },
  PutBucketInventoryConfiguration: {
    to: "putBucketNamedDocument",
    in: (w, call) => ({
      ...bucketRef(w),
      kind: "inventory",
      id: sameId(w, w.InventoryConfiguration),
      document: w.InventoryConfiguration,
      inventory: inventoryOf(w.InventoryConfiguration, call),
    }),
    out: () => ({}),
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
    out: (r, w) => ({ ...page(r, w), InventoryConfigurationList: r.documents as InventoryConfiguration[] }),
  },
  PutBucketMetricsConfiguration: {
    to: "putBucketNamedDocument",
    in: (w) => ({
      ...bucketRef(w),
      kind: "metrics",
      id: sameId(w, w.MetricsConfiguration),
      document: w.MetricsConfiguration,
    }),
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
    out: (r, w) => ({ ...page(r, w), MetricsConfigurationList: r.documents as MetricsConfiguration[] }),
  },
  PutBucketIntelligentTieringConfiguration: {
    to: "putBucketNamedDocument",
    in: (w) => ({
      ...bucketRef(w),
      kind: "intelligentTiering",
      id: sameId(w, w.IntelligentTieringConfiguration),
      document: w.IntelligentTieringConfiguration,
    }),
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
    out: (r, w) => ({
      ...page(r, w),
      IntelligentTieringConfigurationList: r.documents as IntelligentTieringConfiguration[],
    }),
  },
});
