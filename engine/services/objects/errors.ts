import { defineErrors } from "../errors.ts";

type OfBucket = { bucket: string };
type OfObject = { bucket: string; key: string };
type OfVersion = OfObject & { versionId: string };

/** Why nobody at a destination can take a bucket's news. */
const TARGET_FAULTS = {
  absent: "it does not exist",
  fifo: "it is FIFO",
  elsewhere: "it is in another region than the bucket",
} as const;
type TargetFault = keyof typeof TARGET_FAULTS;

/** Why a bucket cannot take another's logs. */
const LOG_TARGET_FAULTS = {
  absent: "it does not exist",
  foreign: "it belongs to another account",
  elsewhere: "it is in another region",
} as const;
type LogTargetFault = keyof typeof LOG_TARGET_FAULTS;

/** Everything that can go wrong with buckets and objects. */
export const errors = defineErrors({
  BucketNotFound: { kind: "notFound", message: (p: OfBucket) => `Bucket ${p.bucket} does not exist.` },
  BucketNameInvalid: {
    kind: "invalidInput",
    message: (p: OfBucket & { why: string }) => `"${p.bucket}" cannot name a bucket: ${p.why}.`,
  },
  BucketNameTaken: {
    kind: "alreadyExists",
    message: (p: OfBucket) => `The bucket name ${p.bucket} is used by another account.`,
  },
  BucketAlreadyOwned: { kind: "alreadyExists", message: (p: OfBucket) => `You already own bucket ${p.bucket}.` },
  BucketNotEmpty: {
    kind: "failedPrecondition",
    message: (p: OfBucket) => `Bucket ${p.bucket} still holds objects or versions.`,
  },
  ExpectedAccountInvalid: {
    kind: "invalidInput",
    message: (p: { account: string }) => `"${p.account}" is not the number of an account.`,
  },
  BucketOfAnotherAccount: {
    kind: "permissionDenied",
    message: (p: OfBucket) => `Bucket ${p.bucket} belongs to another account.`,
  },

  BucketHasAccessPoints: {
    kind: "failedPrecondition",
    message: (p: OfBucket) => `Bucket ${p.bucket} still has access points.`,
  },

  AccessPointNotFound: {
    kind: "notFound",
    message: (p: { name: string }) => `There is no access point ${p.name}.`,
  },
  AccessPointNameInvalid: {
    kind: "invalidInput",
    message: (p: { name: string }) =>
      `"${p.name}" cannot name an access point: it must have 3 to 50 lower-case letters, digits and hyphens.`,
  },
  AccessPointExists: {
    kind: "alreadyExists",
    message: (p: { name: string }) => `The account already has an access point ${p.name} here.`,
  },
  AccessPointPolicyNotFound: {
    kind: "notFound",
    message: (p: { name: string }) => `Access point ${p.name} has no policy.`,
  },

  MultiRegionPointNotFound: {
    kind: "notFound",
    message: (p: { name: string }) => `There is no access point of several regions called ${p.name}.`,
  },
  MultiRegionPointExists: {
    kind: "alreadyExists",
    message: (p: { name: string }) => `The account already has an access point of several regions called ${p.name}.`,
  },
  RegionsInvalid: { kind: "invalidInput", message: (p: { why: string }) => p.why },
  PointRequestNotFound: {
    kind: "notFound",
    message: (p: { id: string }) => `Nothing was asked of an access point of several regions as ${p.id}.`,
  },
  DashboardNotFound: { kind: "notFound", message: (p: { id: string }) => `There is no dashboard ${p.id}.` },
  DashboardInvalid: { kind: "invalidInput", message: (p: { why: string }) => p.why },

  RequesterMustPay: {
    kind: "permissionDenied",
    message: (p: OfBucket) => `Whoever asks something of bucket ${p.bucket} pays for it, and must say so.`,
  },

  PolicyNotFound: { kind: "notFound", message: (p: OfBucket) => `Bucket ${p.bucket} has no policy.` },
  CorsNotFound: { kind: "notFound", message: (p: OfBucket) => `Bucket ${p.bucket} has no CORS rules.` },
  LifecycleNotFound: { kind: "notFound", message: (p: OfBucket) => `Bucket ${p.bucket} has no lifecycle rules.` },
  WebsiteNotFound: { kind: "notFound", message: (p: OfBucket) => `Bucket ${p.bucket} has no website configuration.` },
  ReplicationNotFound: { kind: "notFound", message: (p: OfBucket) => `Bucket ${p.bucket} has no replication rules.` },
  PublicAccessBlockNotFound: {
    kind: "notFound",
    message: (p: OfBucket) => `Bucket ${p.bucket} has no public access block.`,
  },
  AccountBlockNotFound: {
    kind: "notFound",
    message: (p: { account: string }) => `Account ${p.account} has no public access block.`,
  },
  OwnershipNotFound: { kind: "notFound", message: (p: OfBucket) => `Bucket ${p.bucket} has no ownership rule.` },
  ObjectLockNotFound: { kind: "notFound", message: (p: OfBucket) => `Bucket ${p.bucket} has no object lock.` },
  BucketTagsNotFound: { kind: "notFound", message: (p: OfBucket) => `Bucket ${p.bucket} has no tags.` },
  NamedConfigurationNotFound: {
    kind: "notFound",
    message: (p: OfBucket & { id: string }) => `Bucket ${p.bucket} has no configuration ${p.id} of this kind.`,
  },
  ConfigurationInvalid: { kind: "invalidInput", message: (p: OfBucket & { why: string }) => p.why },
  PolicyMalformed: {
    kind: "invalidInput",
    message: (p: OfBucket & { why: string }) => `The policy is not valid: ${p.why}`,
  },
  VersioningRequired: {
    kind: "failedPrecondition",
    message: (p: OfBucket) => `Versioning must be enabled on bucket ${p.bucket} for this.`,
  },
  VersioningLocked: {
    kind: "failedPrecondition",
    message: (p: OfBucket) => `Bucket ${p.bucket} has an object lock, so its versioning cannot be suspended.`,
  },
  VersioningNeeded: {
    kind: "failedPrecondition",
    message: (p: OfBucket) => `Bucket ${p.bucket} is replicated, so its versioning cannot be suspended.`,
  },
  TargetInvalid: {
    kind: "invalidInput",
    message: (p: OfBucket & { kind: string; account: string; region: string; name: string; why: TargetFault }) =>
      `News of bucket ${p.bucket} cannot be handed to the ${p.kind} ${p.name} in ${p.region}: ${TARGET_FAULTS[p.why]}.`,
  },
  LogTargetInvalid: {
    kind: "invalidInput",
    message: (p: OfBucket & { target: string; why: LogTargetFault }) =>
      `Logs of bucket ${p.bucket} cannot go to ${p.target}: ${LOG_TARGET_FAULTS[p.why]}.`,
  },
  ReplicationInvalid: { kind: "invalidInput", message: (p: OfBucket & { why: string }) => p.why },
  TooManyConfigurations: {
    kind: "limitExceeded",
    message: (p: OfBucket) => `Bucket ${p.bucket} has as many configurations of this kind as it may.`,
  },
  PublicAccessBlocked: {
    kind: "permissionDenied",
    message: (p: OfBucket & { what: string }) => `Bucket ${p.bucket} blocks what is for everybody (${p.what}).`,
  },
  AccessListsDisabled: {
    kind: "failedPrecondition",
    message: (p: OfBucket) => `Bucket ${p.bucket} does not use access control lists (its owner owns every object).`,
  },

  ObjectNotFound: { kind: "notFound", message: (p: OfObject) => `Bucket ${p.bucket} has no object "${p.key}".` },
  ObjectIsDeleted: {
    kind: "notFound",
    message: (p: OfVersion) =>
      `Object "${p.key}" of bucket ${p.bucket} is deleted: its latest version is a delete marker.`,
  },
  VersionNotFound: { kind: "notFound", message: (p: OfVersion) => `Object "${p.key}" has no version ${p.versionId}.` },
  VersionIsDeleteMarker: {
    kind: "failedPrecondition",
    message: (p: OfVersion & { modifiedAtMs: number }) => `Version ${p.versionId} of "${p.key}" is a delete marker.`,
  },
  VersionIdInvalid: {
    kind: "invalidInput",
    message: (p: { versionId: string }) => `"${p.versionId}" is not a version id.`,
  },
  KeyTooLong: {
    kind: "invalidInput",
    message: (p: { sizeBytes: number; limitBytes: number }) =>
      `The key is ${p.sizeBytes} bytes; the limit is ${p.limitBytes}.`,
  },
  MetadataTooLarge: {
    kind: "invalidInput",
    message: (p: { sizeBytes: number; limitBytes: number }) =>
      `User metadata is ${p.sizeBytes} bytes; the limit is ${p.limitBytes}.`,
  },
  ObjectTooLarge: {
    kind: "limitExceeded",
    message: (p: { sizeBytes: number; limitBytes: number }) =>
      `The body is ${p.sizeBytes} bytes; the limit is ${p.limitBytes}.`,
  },
  TagsTooMany: {
    kind: "invalidInput",
    message: (p: { what: string; limit: number }) => `${p.what} tags cannot be greater than ${p.limit}`,
  },
  SourceIsDeleteMarker: {
    kind: "invalidInput",
    message: (p: OfVersion) => `Version ${p.versionId} of "${p.key}" is a delete marker, which cannot be copied.`,
  },
  TagsInvalid: { kind: "invalidInput", message: (p: { why: string }) => p.why },
  InputInvalid: { kind: "invalidInput", message: (p: { name: string; value: string; why: string }) => p.why },
  RequestInvalid: { kind: "invalidInput", message: (p: { why: string }) => p.why },
  DigestMissing: {
    kind: "invalidInput",
    message: (p: { what: "object" | "part" }) => `A locked ${p.what} must come with a digest of what it is.`,
  },
  ChecksumMismatch: {
    kind: "invalidInput",
    message: (p: { algorithm: string }) => `The ${p.algorithm} you specified did not match the calculated checksum.`,
  },
  PreconditionFailed: {
    kind: "failedPrecondition",
    message: (p: { condition: string }) => `Condition ${p.condition} does not hold.`,
  },
  NotModified: {
    kind: "failedPrecondition",
    message: (p: { etag: string; modifiedAtMs: number; versionId?: string }) =>
      `Not modified; the entity tag is still ${p.etag}.`,
  },
  RangeNotSatisfiable: {
    kind: "invalidInput",
    message: (p: { range: string; sizeBytes: number }) =>
      `Range ${p.range} is outside of an object of ${p.sizeBytes} bytes.`,
  },
  EncryptionKeyMissing: {
    kind: "invalidInput",
    message: () => "The object is encrypted with the customer's key, which must be given: 32 bytes, in base64.",
  },
  EncryptionKeyWrong: {
    kind: "permissionDenied",
    message: () => "The key given is not the one this object was encrypted with.",
  },
  ObjectLocked: {
    kind: "permissionDenied",
    message: (p: OfVersion) => `Version ${p.versionId} of "${p.key}" is protected by its object lock.`,
  },
  ObjectLockDisabled: {
    kind: "failedPrecondition",
    message: (p: OfBucket) => `Bucket ${p.bucket} has no object lock.`,
  },
  RetentionNotFound: { kind: "notFound", message: (p: OfObject) => `Object "${p.key}" has no lock of this kind.` },

  SelectInvalid: { kind: "invalidInput", message: (p: { why: string }) => `The expression is not valid: ${p.why}` },
  SelectFailed: { kind: "invalidInput", message: (p: { code: string; why: string }) => p.why },
  ObjectArchived: {
    kind: "failedPrecondition",
    message: (p: OfObject & { storageClass: string }) =>
      `Object "${p.key}" is archived (${p.storageClass}) and must be restored before it is read.`,
  },
  ObjectNotArchived: {
    kind: "failedPrecondition",
    message: (p: OfObject & { storageClass: string }) =>
      `Object "${p.key}" is in class ${p.storageClass}, which needs no restore.`,
  },

  UploadNotFound: { kind: "notFound", message: (p: { uploadId: string }) => `There is no upload ${p.uploadId}.` },
  PartNumberInvalid: {
    kind: "invalidInput",
    message: (p: { partNumber: number }) => `Part number ${p.partNumber} is not between 1 and 10000.`,
  },
  PartInvalid: {
    kind: "invalidInput",
    message: (p: { uploadId: string; partNumber: number; etag: string }) =>
      `Part ${p.partNumber} was not uploaded, or with another entity tag than ${p.etag}.`,
  },
  PartOrderInvalid: {
    kind: "invalidInput",
    message: (p: { uploadId: string }) => `The parts of upload ${p.uploadId} are not listed in ascending order.`,
  },
  PartTooSmall: {
    kind: "invalidInput",
    message: (p: { partNumber: number; sizeBytes: number; limitBytes: number; etag: string }) =>
      `Part ${p.partNumber} is ${p.sizeBytes} bytes; all but the last have at least ${p.limitBytes}.`,
  },
  PartsMissing: { kind: "invalidInput", message: () => "At least one part must be listed." },
  PartOutOfRange: {
    kind: "invalidInput",
    message: (p: { partNumber: number; partCount: number }) =>
      `Part ${p.partNumber} does not exist; the object has ${p.partCount}.`,
  },
});
