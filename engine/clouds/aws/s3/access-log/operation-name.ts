/** Kinds of things that are not named after their operation. */
const RESOURCES: Readonly<Record<string, string>> = {
  GetBucketAcl: "ACL",
  PutBucketAcl: "ACL",
  GetObjectAcl: "ACL",
  PutObjectAcl: "ACL",
  GetBucketPolicy: "BUCKETPOLICY",
  PutBucketPolicy: "BUCKETPOLICY",
  DeleteBucketPolicy: "BUCKETPOLICY",
  GetBucketLogging: "LOGGING_STATUS",
  PutBucketLogging: "LOGGING_STATUS",
  ListObjects: "BUCKET",
  ListObjectsV2: "BUCKET",
  ListObjectVersions: "BUCKETVERSIONS",
  ListMultipartUploads: "UPLOADS",
  CreateMultipartUpload: "UPLOADS",
  CompleteMultipartUpload: "UPLOAD",
  AbortMultipartUpload: "UPLOAD",
  ListParts: "UPLOAD",
  UploadPart: "PART",
  DeleteObjects: "MULTI_OBJECT_DELETE",
  RestoreObject: "RESTORE",
};
const WITHOUT_METHOD: Readonly<Record<string, string>> = {
  CopyObject: "REST.COPY.OBJECT",
  UploadPartCopy: "REST.COPY.PART",
};

/** `GetBucketRequestPayment` -> `REQUEST_PAYMENT`, `HeadBucket` -> `BUCKET` */
function resourceOf(operation: string): string {
  const named = operation
    .replace(/^(?:Get|Put|Delete|List|Head|Create)/, "")
    .replace(/^Bucket(?=.)/, "")
    .replace(/Configurations?$/, "");
  return named.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

interface Asked {
  readonly method: string;
  readonly key: string;
  readonly isWebsite: boolean;
  /** It is about what a copy was made of. */
  readonly isCopied: boolean;
  /** The model's name; undefined when the request could not be placed. */
  readonly operation: string | undefined;
}

/**
 * What an access log calls an operation.
 * Source: S3 User Guide, "Amazon S3 server access log format", Operation
 */
export function operationName({ method, key, isWebsite, isCopied, operation }: Asked): string {
  if (isWebsite) return `WEBSITE.${method}.OBJECT`;
  if (method === "OPTIONS") return "REST.OPTIONS.PREFLIGHT";
  if (operation === undefined) return `REST.${method}.${key === "" ? "BUCKET" : "OBJECT"}`;
  const copying = WITHOUT_METHOD[operation];
  if (copying !== undefined) return isCopied ? `${copying}_GET` : copying;
  return `REST.${method}.${RESOURCES[operation] ?? resourceOf(operation)}`;
}
