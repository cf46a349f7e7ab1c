import { objects } from "../../../services/objects/service.ts";
import type { AwsWireError } from "../binding.ts";
import { accountErrors } from "../s3-account-errors.ts";

type Details = Readonly<Record<string, unknown>>;
const ofBucket = (details: Details) => ({ BucketName: details["bucket"] });
const ofKey = (details: Details) => ({ Key: details["key"] });
const ofVersion = (details: Details) => ({ Key: details["key"], VersionId: details["versionId"] });
const says = (text: string) => () => text;
const httpDate = (ms: unknown): string => new Date(Number(ms)).toUTCString();
const CHECKSUM_NAMES: Readonly<Record<string, string>> = {
  crc32: "CRC32",
  crc32c: "CRC32C",
  crc64nvme: "CRC64NVME",
  sha1: "SHA1",
  sha256: "SHA256",
};

const bucketErrors = {
  BucketNotFound: {
    code: "NoSuchBucket",
    status: 404,
    message: says("The specified bucket does not exist"),
    members: ofBucket,
  },
  BucketNameInvalid: {
    code: "InvalidBucketName",
    status: 400,
    message: says("The specified bucket is not valid."),
    members: ofBucket,
  },
  BucketNameTaken: {
    code: "BucketAlreadyExists",
    status: 409,
    members: ofBucket,
    message: says(
      "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
        + "Please select a different name and try again.",
    ),
  },
  BucketAlreadyOwned: {
    code: "BucketAlreadyOwnedByYou",
    status: 409,
    members: ofBucket,
    message: says("Your previous request to create the named bucket succeeded and you already own it."),
  },
  BucketNotEmpty: {
    code: "BucketNotEmpty",
    status: 409,
    message: says("The bucket you tried to delete is not empty"),
    members: ofBucket,
  },
  BucketHasAccessPoints: {
    code: "BucketHasAccessPointsAttached",
    status: 400,
    members: ofBucket,
    message: says(
      "The bucket you tried to delete has access points attached. "
        + "Delete your access points, and then delete your bucket.",
    ),
  },
  RequesterMustPay: { code: "AccessDenied", status: 403, message: says("Access Denied") },
  ExpectedAccountInvalid: {
    code: "InvalidBucketOwnerAWSAccountID",
    status: 400,
    message: says("The value of the expected bucket owner parameter must be an AWS account ID"),
  },
  BucketOfAnotherAccount: { code: "AccessDenied", status: 403, message: says("Access Denied") },
} satisfies Record<string, AwsWireError>;

const TARGET_FAULTS: Readonly<Record<string, string>> = {
  absent: "does not exist",
  fifo: "is FIFO, which event notifications do not support",
  elsewhere: "is in another region than the bucket",
};

const LOG_TARGET_FAULTS: Readonly<Record<string, string>> = {
  absent: "The target bucket for logging does not exist",
  foreign: "The owner for the bucket to be logged and the target bucket must be the same.",
  elsewhere: "The target bucket for logging must be in the region of the bucket to be logged",
};

const configurationErrors = {
  PolicyNotFound: {
    code: "NoSuchBucketPolicy",
    status: 404,
    message: says("The bucket policy does not exist"),
    members: ofBucket,
  },
  CorsNotFound: {
    code: "NoSuchCORSConfiguration",
    status: 404,
    message: says("The CORS configuration does not exist"),
    members: ofBucket,
  },
  LifecycleNotFound: {
    code: "NoSuchLifecycleConfiguration",
    status: 404,
    message: says("The lifecycle configuration does not exist"),
    members: ofBucket,
  },
  WebsiteNotFound: {
    code: "NoSuchWebsiteConfiguration",
    status: 404,
    members: ofBucket,
    message: says("The specified bucket does not have a website configuration"),
  },
  ReplicationNotFound: {
    code: "ReplicationConfigurationNotFoundError",
    status: 404,
    members: ofBucket,
    message: says("The replication configuration was not found"),
  },
  PublicAccessBlockNotFound: {
    code: "NoSuchPublicAccessBlockConfiguration",
    status: 404,
    members: ofBucket,
    message: says("The public access block configuration was not found"),
  },
  OwnershipNotFound: {
    code: "OwnershipControlsNotFoundError",
    status: 404,
    message: says("The bucket ownership controls were not found"),
    members: ofBucket,
  },
  ObjectLockNotFound: {
    code: "ObjectLockConfigurationNotFoundError",
    status: 404,
    members: ofBucket,
    message: says("Object Lock configuration does not exist for this bucket"),
  },
  BucketTagsNotFound: {
    code: "NoSuchTagSet",
    status: 404,
    message: says("The TagSet does not exist"),
    members: ofBucket,
  },
  NamedConfigurationNotFound: {
    code: "NoSuchConfiguration",
    status: 404,
    message: says("The specified configuration does not exist."),
    members: ofBucket,
  },
  ConfigurationInvalid: { code: "MalformedXML", status: 400 },
  PolicyMalformed: { code: "MalformedPolicy", status: 400, message: (details: Details) => String(details["why"]) },
  VersioningRequired: {
    code: "InvalidBucketState",
    status: 409,
    message: says("Versioning must be 'Enabled' on the bucket to apply this configuration"),
  },
  VersioningLocked: {
    code: "InvalidBucketState",
    status: 409,
    message: says("An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."),
  },
  VersioningNeeded: {
    code: "InvalidBucketState",
    status: 409,
    message: says(
      "A replication configuration is present on this bucket, so you cannot change the versioning state. "
        + "To change the versioning state, first delete the replication configuration.",
    ),
  },
  TargetInvalid: {
    code: "InvalidArgument",
    status: 400,
    message: ({ why }) =>
      why === "elsewhere"
        ? "The notification destination service region is not valid for the bucket location constraint"
        : "Unable to validate the following destination configurations",
    members: ({ kind, region, account, name, why }) => ({
      ArgumentName1: `arn:aws:${kind === "queue" ? "sqs" : "sns"}:${String(region)}:${String(account)}:${String(name)}`,
      ArgumentValue1: `The destination ${String(kind)} ${TARGET_FAULTS[String(why)] ?? "is not valid"}`,
    }),
  },
  LogTargetInvalid: {
    code: "InvalidTargetBucketForLogging",
    status: 400,
    message: ({ why }) => LOG_TARGET_FAULTS[String(why)] ?? "The target bucket for logging is not valid",
    members: ({ target }) => ({ TargetBucket: target }),
  },
  ReplicationInvalid: { code: "InvalidRequest", status: 400 },
  TooManyConfigurations: {
    code: "TooManyConfigurations",
    status: 400,
    message: says(
      "You are attempting to create a new configuration but have already reached the 1,000-configuration limit.",
    ),
  },
  PublicAccessBlocked: {
    code: "AccessDenied",
    status: 403,
    message: ({ what }: Details) => `Access Denied: the ${String(what)} setting of the public access block forbids it.`,
  },
  AccessListsDisabled: {
    code: "AccessControlListNotSupported",
    status: 400,
    message: says("The bucket does not allow ACLs"),
  },
} satisfies Record<string, AwsWireError>;

const objectErrors = {
  ObjectNotFound: {
    code: "NoSuchKey",
    status: 404,
    message: says("The specified key does not exist."),
    members: ofKey,
  },
  ObjectIsDeleted: {
    code: "NoSuchKey",
    status: 404,
    message: says("The specified key does not exist."),
    members: ofKey,
    headers: (details: Details) => ({
      "x-amz-delete-marker": "true",
      "x-amz-version-id": String(details["versionId"]),
    }),
  },
  VersionNotFound: {
    code: "NoSuchVersion",
    status: 404,
    message: says("The specified version does not exist."),
    members: ofVersion,
  },
  VersionIsDeleteMarker: {
    code: "MethodNotAllowed",
    status: 405,
    message: says("The specified method is not allowed against this resource."),
    members: (_, call) => ({ Method: call.request.method, ResourceType: "DeleteMarker" }),
    headers: (details: Details) => ({
      "x-amz-delete-marker": "true",
      "x-amz-version-id": String(details["versionId"]),
      allow: "DELETE",
      "last-modified": httpDate(details["modifiedAtMs"]),
    }),
  },
  VersionIdInvalid: {
    code: "InvalidArgument",
    status: 400,
    message: ({ versionId }: Details) =>
      versionId === "" ? "Version id cannot be the empty string" : "Invalid version id specified",
    members: (details) => ({ ArgumentName: "versionId", ArgumentValue: details["versionId"] }),
  },
  KeyTooLong: {
    code: "KeyTooLongError",
    status: 400,
    message: says("Your key is too long"),
    members: (details) => ({ Size: details["sizeBytes"], MaxSizeAllowed: details["limitBytes"] }),
  },
  MetadataTooLarge: {
    code: "MetadataTooLarge",
    status: 400,
    message: says("Your metadata headers exceed the maximum allowed metadata size"),
    members: (details) => ({ Size: details["sizeBytes"], MaxSizeAllowed: details["limitBytes"] }),
  },
  ObjectTooLarge: {
    code: "EntityTooLarge",
    status: 400,
    message: says("Your proposed upload exceeds the maximum allowed size"),
    members: (details) => ({ ProposedSize: details["sizeBytes"], MaxSizeAllowed: details["limitBytes"] }),
  },
  TagsInvalid: { code: "InvalidTag", status: 400 },
  TagsTooMany: { code: "BadRequest", status: 400 },
  InputInvalid: {
    code: "InvalidArgument",
    status: 400,
    members: (details) => ({ ArgumentName: details["name"], ArgumentValue: details["value"] }),
  },
  RequestInvalid: { code: "InvalidRequest", status: 400 },
  SourceIsDeleteMarker: {
    code: "InvalidRequest",
    status: 400,
    message: says("The source of a copy request may not specifically refer to a delete marker by version id."),
  },
  DigestMissing: {
    code: "InvalidRequest",
    status: 400,
    message: ({ what }) =>
      `Content-MD5 OR x-amz-checksum- HTTP header is required for Put ${what === "part" ? "Part" : "Object"} requests `
      + "with Object Lock parameters",
  },
  ChecksumMismatch: {
    code: "BadDigest",
    status: 400,
    message: ({ algorithm }: Details) =>
      algorithm === "Content-MD5"
        ? "The Content-MD5 you specified did not match what we received."
        : `The ${CHECKSUM_NAMES[algorithm as string]} you specified did not match the calculated checksum.`,
  },
  PreconditionFailed: {
    code: "PreconditionFailed",
    status: 412,
    message: says("At least one of the pre-conditions you specified did not hold"),
    members: (details) => ({ Condition: String(details["condition"]).replace(/^source /, "x-amz-copy-source-") }),
  },
  NotModified: {
    code: "NotModified",
    status: 304,
    message: says("Not Modified"),
    headers: (details: Details) => ({
      etag: `"${String(details["etag"])}"`,
      "last-modified": httpDate(details["modifiedAtMs"]),
      ...(details["versionId"] !== "null" && { "x-amz-version-id": String(details["versionId"]) }),
    }),
  },
  RangeNotSatisfiable: {
    code: "InvalidRange",
    status: 416,
    message: says("The requested range is not satisfiable"),
    members: (details) => ({ RangeRequested: details["range"], ActualObjectSize: details["sizeBytes"] }),
    headers: (details: Details) => ({ "content-range": `bytes */${String(details["sizeBytes"])}` }),
  },
  EncryptionKeyMissing: {
    code: "InvalidRequest",
    status: 400,
    message: says(
      "The object was stored using a form of Server Side Encryption. "
        + "The correct parameters must be provided to retrieve the object.",
    ),
  },
  EncryptionKeyWrong: { code: "AccessDenied", status: 403, message: says("Access Denied") },
  ObjectLocked: {
    code: "AccessDenied",
    status: 403,
    message: says("Access Denied because object protected by object lock."),
  },
  ObjectLockDisabled: {
    code: "InvalidRequest",
    status: 400,
    message: says("Bucket is missing Object Lock Configuration"),
  },
  RetentionNotFound: {
    code: "NoSuchObjectLockConfiguration",
    status: 404,
    members: ofKey,
    message: says("The specified object does not have a ObjectLock configuration"),
  },
} satisfies Record<string, AwsWireError>;

const archiveErrors = {
  SelectInvalid: { code: "ParseUnexpectedToken", status: 400 },
  SelectFailed: { code: "InvalidTextEncoding", status: 400 },
  ObjectArchived: {
    code: "InvalidObjectState",
    status: 403,
    message: says("The operation is not valid for the object's storage class"),
    members: ({ storageClass }) => ({ StorageClass: storageClass }),
  },
  ObjectNotArchived: {
    code: "InvalidObjectState",
    status: 403,
    message: says("Restore is not allowed for the object's current storage class"),
    members: ({ storageClass }) => ({ StorageClass: storageClass }),
  },
} satisfies Record<string, AwsWireError>;

const uploadErrors = {
  UploadNotFound: {
    code: "NoSuchUpload",
    status: 404,
    members: (details) => ({ UploadId: details["uploadId"] }),
    message: says(
      "The specified upload does not exist. The upload ID may be invalid, "
        + "or the upload may have been aborted or completed.",
    ),
  },
  PartNumberInvalid: {
    code: "InvalidArgument",
    status: 400,
    message: says("Part number must be an integer between 1 and 10000, inclusive"),
    members: (details) => ({ ArgumentName: "partNumber", ArgumentValue: details["partNumber"] }),
  },
  PartInvalid: {
    code: "InvalidPart",
    status: 400,
    message: says(
      "One or more of the specified parts could not be found.  The part may not have been uploaded, "
        + "or the specified entity tag may not match the part's entity tag.",
    ),
    members: (details) => ({ UploadId: details["uploadId"], PartNumber: details["partNumber"], ETag: details["etag"] }),
  },
  PartOrderInvalid: {
    code: "InvalidPartOrder",
    status: 400,
    members: (details) => ({ UploadId: details["uploadId"] }),
    message: says("The list of parts was not in ascending order. Parts must be ordered by part number."),
  },
  PartTooSmall: {
    code: "EntityTooSmall",
    status: 400,
    message: says("Your proposed upload is smaller than the minimum allowed size"),
    members: (details) => ({
      ProposedSize: details["sizeBytes"],
      MinSizeAllowed: details["limitBytes"],
      PartNumber: details["partNumber"],
      ETag: details["etag"],
    }),
  },
  PartsMissing: {
    code: "MalformedXML",
    status: 400,
    message: says("The XML you provided was not well-formed or did not validate against our published schema"),
  },
  PartOutOfRange: {
    code: "InvalidPartNumber",
    status: 416,
    message: says("The requested partnumber is not satisfiable"),
    members: (details) => ({ ActualPartCount: details["partCount"], PartNumberRequested: details["partNumber"] }),
  },
} satisfies Record<string, AwsWireError>;

export const wireErrors = {
  ...bucketErrors,
  ...configurationErrors,
  ...accountErrors,
  ...objectErrors,
  ...archiveErrors,
  ...uploadErrors,
} satisfies Record<keyof typeof objects.errors, AwsWireError>;
