import { AwsFailure } from "../../../../protocols/aws/codec.ts";
import type {
  ObjectLockConfiguration,
  S3Operations,
  ServerSideEncryptionRule,
} from "../../../../models/aws/s3.generated.ts";
import { objects, type Encryption } from "../../../../services/objects/service.ts";
import { bind } from "../../binding.ts";
import { accessListOf, wireGrants } from "../access-lists.ts";
import { bucketRef, canonicalId, encryptionMembers, namedEncryption, tagsOf, wireTags } from "../model.ts";
import { badArgument, malformedXml } from "../rules/faults.ts";
import { refuseMembers } from "../refusals.ts";
import { OWNERSHIPS } from "./buckets.ts";

function defaultEncryptionOf(rules: readonly ServerSideEncryptionRule[] | undefined): Encryption {
  const rule = rules?.[0];
  const byDefault = rule?.ApplyServerSideEncryptionByDefault;
  if (!rule || rules.length !== 1 || !byDefault) throw malformedXml();
  if (rule.BlockedEncryptionTypes?.EncryptionType?.some((type) => type !== "NONE"))
    refuseMembers(rule, "BlockedEncryptionTypes");
  if (byDefault.SSEAlgorithm === "AES256" && byDefault.KMSMasterKeyID !== undefined)
    throw badArgument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse");
  const encryption = namedEncryption(byDefault.SSEAlgorithm, byDefault.KMSMasterKeyID, rule.BucketKeyEnabled);
  return rule.BucketKeyEnabled ? { ...encryption, usesBucketKey: true } : encryption;
}

function encryptionRule(encryption: Encryption): ServerSideEncryptionRule {
  const { ServerSideEncryption = "AES256", SSEKMSKeyId } = encryptionMembers(encryption);
  return {
    ApplyServerSideEncryptionByDefault: {
      SSEAlgorithm: ServerSideEncryption,
      ...(SSEKMSKeyId !== undefined && { KMSMasterKeyID: SSEKMSKeyId }),
    },
    BucketKeyEnabled: encryption.usesBucketKey ?? false,
  };
}

const LOCK_DAYS_MAX = 36_500;
const LOCK_YEARS_MAX = 100;

function lockRetentionOf(
  configuration: ObjectLockConfiguration | undefined,
): { mode: "governance" | "compliance"; days: number } | undefined {
  if (configuration?.ObjectLockEnabled !== "Enabled") throw malformedXml();
  const retention = configuration.Rule?.DefaultRetention;
  if (!retention) return undefined;
  const { Mode, Days, Years } = retention;
  if ((Mode !== "GOVERNANCE" && Mode !== "COMPLIANCE") || (Days === undefined) === (Years === undefined))
    throw malformedXml();
  if ((Days ?? Years ?? 0) < 1) throw badArgument("Default retention period must be a positive integer value.");
  if ((Days ?? 0) > LOCK_DAYS_MAX || (Years ?? 0) > LOCK_YEARS_MAX)
    throw badArgument(`Default retention period must be at most ${LOCK_DAYS_MAX} days or ${LOCK_YEARS_MAX} years.`);
  return { mode: Mode === "GOVERNANCE" ? "governance" : "compliance", days: Days ?? (Years ?? 0) * 365 };
}

export const bucketSettingBindings = bind<S3Operations>()(objects, {
  PutBucketTagging: {
    to: "putBucketTags",
    in: (w) => ({ ...bucketRef(w), tags: tagsOf(w.Tagging.TagSet) }),
    out: () => ({}),
  },
  GetBucketTagging: { to: "getBucketTags", in: bucketRef, out: (r) => ({ TagSet: wireTags(r.tags) }) },
  DeleteBucketTagging: { to: "deleteBucketTags", in: bucketRef, out: () => ({}) },
  PutBucketAcl: {
    to: "putBucketAccessList",
    in: (w, call) => {
      const accessList = accessListOf(w, call);
      if (accessList) return { ...bucketRef(w), accessList };
      throw new AwsFailure({
        code: "MissingSecurityHeader",
        status: 400,
        message: "Your request was missing a required header",
        members: { MissingHeaderName: "x-amz-acl" },
      });
    },
    out: () => ({}),
    accepted: ["AccessControlPolicy.Owner"],
  },
  GetBucketAcl: {
    to: "getBucketAccessList",
    in: bucketRef,
    out: (r) => ({ Owner: { ID: canonicalId(r.owner) }, Grants: wireGrants(r.grants) }),
  },
  PutBucketOwnershipControls: {
    to: "putBucketOwnership",
    in: (w) => {
      const [rule] = w.OwnershipControls.Rules;
      if (rule === undefined || !Object.hasOwn(OWNERSHIPS, rule.ObjectOwnership)) throw malformedXml();
      const ownership = OWNERSHIPS[rule.ObjectOwnership as keyof typeof OWNERSHIPS];
      return { ...bucketRef(w), ownership };
    },
    out: () => ({}),
  },
  GetBucketOwnershipControls: {
    to: "getBucketOwnership",
    in: bucketRef,
    out: (r) => ({
      OwnershipControls: {
        Rules: [
          {
            ObjectOwnership: Object.entries(OWNERSHIPS).find(([, name]) => name === r.ownership)?.[0] ?? "ObjectWriter",
          },
        ],
      },
    }),
  },
  DeleteBucketOwnershipControls: { to: "deleteBucketOwnership", in: bucketRef, out: () => ({}) },
  PutBucketEncryption: {
    to: "putBucketEncryption",
    in: (w) => ({ ...bucketRef(w), encryption: defaultEncryptionOf(w.ServerSideEncryptionConfiguration.Rules) }),
    out: () => ({}),
  },
  GetBucketEncryption: {
    to: "getBucketEncryption",
    in: bucketRef,
    out: (r) => ({ ServerSideEncryptionConfiguration: { Rules: [encryptionRule(r.encryption)] } }),
  },
  DeleteBucketEncryption: { to: "deleteBucketEncryption", in: bucketRef, out: () => ({}) },
  PutObjectLockConfiguration: {
    to: "putBucketObjectLock",
    in: (w) => ({
      ...bucketRef(w),
      retention: lockRetentionOf(w.ObjectLockConfiguration),
      document: w.ObjectLockConfiguration ?? {},
    }),
    out: () => ({}),
    accepted: ["Token"],
  },
  GetObjectLockConfiguration: {
    to: "getBucketObjectLock",
    in: bucketRef,
    out: (r) => ({
      ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", ...(r.document as ObjectLockConfiguration | undefined) },
    }),
  },
});
