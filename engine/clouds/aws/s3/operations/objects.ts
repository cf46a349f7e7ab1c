import type {
  CopyObjectRequest,
  GetObjectAttributesRequest,
  GetObjectOutput,
  GetObjectRequest,
  HeadObjectOutput,
  HeadObjectRequest,
  ObjectIdentifier,
  PutObjectOutput,
  PutObjectRequest,
  S3Operations,
} from "../../../../models/aws/s3.generated.ts";
import { objects } from "../../../../services/objects/service.ts";
import type { OperationInput, OperationOutput } from "../../../../services/manifest.ts";
import { bind, type AwsWireError, type WireCall } from "../../binding.ts";
import {
  addEncryption,
  algorithmOf,
  bucketRef,
  chargeMember,
  checksumMembers,
  checksumWanted,
  conditionsOf,
  customerKeyOf,
  dateOf,
  encryptionMembers,
  expirationMember,
  expirationText,
  invalidArgument,
  md5Of,
  paysAsRequester,
  quoted,
  unquoted,
  versionRef,
  writeConditionsOf,
} from "../model.ts";
import { limitOf, partMarkerOf } from "../limits.ts";
import { metadataMember } from "../metadata.ts";
import { invalidRequest, malformedXml } from "../rules/faults.ts";
import { refuseMembers } from "../refusals.ts";
import { ACCEPTED_OF_WRITES, RECORDED_OF_WRITES, writtenWith } from "../written-with.ts";
import { wireErrors } from "../errors.ts";
import { copySourceOf } from "../copy-sources.ts";

type Found = OperationOutput<typeof objects, "headObject">;

/** What GET and HEAD say of a version. Built member by member, since this is on the path of every read. */
function foundMembers(found: Found, wire: GetObjectRequest | HeadObjectRequest): HeadObjectOutput {
  const { headers, range } = found;
  const out: HeadObjectOutput = {
    AcceptRanges: "bytes",
    LastModified: dateOf(found.modifiedAtMs),
    ContentLength: range ? range.end - range.start + 1 : found.sizeBytes,
    ETag: quoted(found.etag),
    ContentType: wire.ResponseContentType ?? headers?.contentType ?? "binary/octet-stream",
  };
  addEncryption(out, found.encryption);
  if (found.isVersioned) out.VersionId = found.versionId;
  if (range) out.ContentRange = `bytes ${range.start}-${range.end}/${found.sizeBytes}`;
  if (found.metadata) out.Metadata = metadataMember(found.metadata);
  if (found.storageClass !== undefined) out.StorageClass = found.storageClass;
  if (found.partCount !== undefined && wire.PartNumber !== undefined) out.PartsCount = found.partCount;
  if (found.checksum && wire.ChecksumMode === "ENABLED") Object.assign(out, checksumMembers(found.checksum));
  if (found.retention?.untilMs) {
    out.ObjectLockMode = found.retention.mode.toUpperCase();
    out.ObjectLockRetainUntilDate = new Date(found.retention.untilMs);
  }
  if (found.hasLegalHold !== undefined) out.ObjectLockLegalHoldStatus = found.hasLegalHold ? "ON" : "OFF";
  if (found.restoredUntilMs !== undefined && found.storageClass !== undefined)
    out.Restore = `ongoing-request="false", expiry-date="${new Date(found.restoredUntilMs).toUTCString()}"`;
  if (found.replication) out.ReplicationStatus = found.replication.toUpperCase();
  if (found.tagCount > 0) out.TagCount = found.tagCount;
  if (found.expiry) out.Expiration = expirationText(found.expiry);
  if (found.isCharged) out.RequestCharged = "requester";
  if (headers) Object.assign(out, contentMembers(headers));
  return out;
}

function contentMembers(headers: NonNullable<Found["headers"]>): HeadObjectOutput {
  const out: HeadObjectOutput = {};
  if (headers.cacheControl !== undefined) out.CacheControl = headers.cacheControl;
  if (headers.contentDisposition !== undefined) out.ContentDisposition = headers.contentDisposition;
  if (headers.contentEncoding !== undefined) out.ContentEncoding = headers.contentEncoding;
  if (headers.contentLanguage !== undefined) out.ContentLanguage = headers.contentLanguage;
  if (headers.expires !== undefined) out.Expires = headers.expires;
  if (headers.redirectTo !== undefined) out.WebsiteRedirectLocation = headers.redirectTo;
  return out;
}

/** `response-content-type` and its kind: a reader says how the answer is labelled. */
function overrides(wire: GetObjectRequest | HeadObjectRequest): GetObjectOutput {
  const out: GetObjectOutput = {};
  if (wire.ResponseCacheControl !== undefined) out.CacheControl = wire.ResponseCacheControl;
  if (wire.ResponseContentDisposition !== undefined) out.ContentDisposition = wire.ResponseContentDisposition;
  if (wire.ResponseContentEncoding !== undefined) out.ContentEncoding = wire.ResponseContentEncoding;
  if (wire.ResponseContentLanguage !== undefined) out.ContentLanguage = wire.ResponseContentLanguage;
  if (wire.ResponseExpires !== undefined) out.Expires = wire.ResponseExpires.toUTCString();
  return out;
}

function checkPartAsked({ PartNumber, Range }: GetObjectRequest | HeadObjectRequest): void {
  if (PartNumber === undefined) return;
  if (Range !== undefined) throw invalidRequest("Cannot specify both Range header and partNumber query parameter");
  if (PartNumber < 1 || PartNumber > 10_000)
    throw invalidArgument(
      "partNumber",
      String(PartNumber),
      "Part number must be an integer between 1 and 10000, inclusive",
    );
}

/** What GET and HEAD ask for. */
function readInput(wire: GetObjectRequest | HeadObjectRequest): OperationInput<typeof objects, "headObject"> {
  checkPartAsked(wire);
  return readMembers(wire);
}
const readMembers = (wire: GetObjectRequest | HeadObjectRequest) => ({
  bucket: wire.Bucket,
  key: wire.Key,
  expectedAccount: wire.ExpectedBucketOwner,
  paysAsRequester: paysAsRequester(wire),
  versionId: wire.VersionId,
  conditions: conditionsOf(wire),
  range: wire.Range,
  partNumber: wire.PartNumber,
  wantsChecksum: wire.ChecksumMode === "ENABLED",
  customerKeyMd5: customerKeyOf(wire),
  customerKey: wire.SSECustomerKey,
});
const PARTIAL = { status: 206 };
const WHOLE = {};
const readResponse = (found: Found): { status?: number } => (found.range ? PARTIAL : WHOLE);

function deletion(wire: ObjectIdentifier) {
  refuseMembers(wire, "LastModifiedTime", "Size");
  return {
    key: wire.Key,
    versionId: wire.VersionId,
    ...(wire.ETag !== undefined && { conditions: { ifMatch: [unquoted(wire.ETag)] } }),
  };
}

const ATTRIBUTES: ReadonlySet<string> = new Set(["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]);

/** A header that is there and empty is no list at all. */
function attributesOf(listed: readonly string[] = []): ReadonlySet<string> {
  const names = listed.flatMap((name) => name.split(",")).map((name) => name.trim());
  if (names.every((name) => name === ""))
    throw invalidRequest(
      "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
    );
  const unknown = names.find((name) => !ATTRIBUTES.has(name));
  if (unknown !== undefined)
    throw invalidArgument("x-amz-object-attributes", unknown, "Invalid attribute name specified.");
  return new Set(names);
}

/** `COPY`, which is what silence says, or `REPLACE`. */
function replaces(what: "metadata" | "tagging", directive: string | undefined): boolean {
  if (directive === undefined || directive === "COPY") return false;
  if (directive === "REPLACE") return true;
  throw invalidArgument(`x-amz-${what}-directive`, directive, `Unknown ${what} directive.`);
}

/** No object has annotations, so whether they are to be copied makes no difference. */
function withoutAnnotations({ AnnotationDirective: directive = "COPY" }: CopyObjectRequest): Record<string, never> {
  if (directive === "COPY" || directive === "EXCLUDE") return {};
  throw invalidArgument("x-amz-annotation-directive", directive, "Unknown annotation directive.");
}

/** Parts are listed one by one where each has a checksum of its own; of others S3 tells only how many there are. */
function partsOf(found: OperationOutput<typeof objects, "getObjectParts">, wire: GetObjectAttributesRequest) {
  const { checksum, parts, partCount, isCut } = found;
  if (!checksum?.isComposite) return { TotalPartsCount: partCount };
  return {
    TotalPartsCount: partCount,
    IsTruncated: isCut,
    MaxParts: limitOf("max-parts", wire.MaxParts),
    PartNumberMarker: wire.PartNumberMarker ?? 0,
    NextPartNumberMarker: parts.at(-1)?.partNumber ?? 0,
    Parts: parts.map(({ partNumber, sizeBytes, checksum: value }) => ({
      PartNumber: partNumber,
      Size: sizeBytes,
      ...(value !== undefined && checksumMembers({ algorithm: checksum.algorithm, value })),
    })),
  };
}

const reading = bind<S3Operations>()(objects, {
  GetObject: {
    to: "getObject",
    in: readInput,
    out: (r, w) => Object.assign(foundMembers(r, w), overrides(w)),
    bodyOut: "Body",
    response: readResponse,
  },
  HeadObject: {
    to: "headObject",
    in: readInput,
    out: (r, w) => Object.assign(foundMembers(r, w), overrides(w)),
    response: readResponse,
  },
  GetObjectAttributes: {
    to: "getObjectParts",
    in: (w) => ({
      ...versionRef(w),
      customerKeyMd5: customerKeyOf(w),
      afterPart: partMarkerOf(w.PartNumberMarker),
      limit: limitOf("max-parts", w.MaxParts),
    }),
    out: (r, w) => {
      const wants = attributesOf(w.ObjectAttributes);
      return {
        LastModified: dateOf(r.modifiedAtMs),
        ...chargeMember(r),
        ...(r.isVersioned && { VersionId: r.versionId }),
        ...(wants.has("ETag") && { ETag: r.etag }),
        ...(wants.has("Checksum") && r.checksum && { Checksum: checksumMembers(r.checksum) }),
        ...(wants.has("ObjectSize") && { ObjectSize: r.sizeBytes }),
        ...(wants.has("StorageClass") && { StorageClass: r.storageClass ?? "STANDARD" }),
        ...(wants.has("ObjectParts") && r.partCount !== undefined && { ObjectParts: partsOf(r, w) }),
      };
    },
  },
});

/** What a put says. Every member stands in one literal: on this path a spread would cost more than the rest. */
function putInput(w: PutObjectRequest, call: WireCall): OperationInput<typeof objects, "putObject"> {
  if (w.WriteOffsetBytes !== undefined) refuseMembers(w, "WriteOffsetBytes");
  const written = writtenWith(w, call);
  return {
    bucket: w.Bucket,
    key: w.Key,
    expectedAccount: w.ExpectedBucketOwner,
    paysAsRequester: paysAsRequester(w),
    conditions: writeConditionsOf(w),
    checksum: checksumWanted(w, call),
    md5: md5Of(w),
    digestsLocked: !call.request.isPostForm,
    headers: written.headers,
    metadata: written.metadata,
    tags: written.tags,
    storageClass: written.storageClass,
    encryption: written.encryption,
    customerKey: written.customerKey,
    accessList: written.accessList,
    retention: written.retention,
    hasLegalHold: written.hasLegalHold,
    isPosted: call.request.isPostForm,
  };
}

const writing = bind<S3Operations>()(objects, {
  PutObject: {
    to: "putObject",
    in: putInput,
    out: (r) => {
      const out: PutObjectOutput = { ETag: quoted(r.etag) };
      addEncryption(out, r.encryption);
      Object.assign(out, checksumMembers(r.checksum));
      if (r.versionId !== undefined) out.VersionId = r.versionId;
      if (r.expiry) out.Expiration = expirationText(r.expiry);
      if (r.isCharged) out.RequestCharged = "requester";
      return out;
    },
    body: (w) => w.Body,
    recordedOnly: RECORDED_OF_WRITES,
    accepted: ACCEPTED_OF_WRITES,
  },
  CopyObject: {
    to: "copyObject",
    in: (w, call) => ({
      ...versionRef(w),
      ...writtenWith(w, call),
      source: copySourceOf(w),
      conditions: writeConditionsOf(w),
      replacesMetadata: replaces("metadata", w.MetadataDirective),
      replacesTags: replaces("tagging", w.TaggingDirective),
      ...withoutAnnotations(w),
      checksumAlgorithm: algorithmOf(w.ChecksumAlgorithm),
    }),
    out: (r) => ({
      CopyObjectResult: { ETag: quoted(r.etag), LastModified: dateOf(r.modifiedAtMs), ...checksumMembers(r.checksum) },
      ...encryptionMembers(r.encryption),
      ...expirationMember(r),
      ...chargeMember(r),
      ...(r.versionId !== undefined && { VersionId: r.versionId }),
      ...(r.sourceVersionId !== undefined && { CopySourceVersionId: r.sourceVersionId }),
    }),
    recordedOnly: RECORDED_OF_WRITES,
    accepted: ACCEPTED_OF_WRITES,
  },
});

const deleting = bind<S3Operations>()(objects, {
  DeleteObject: {
    to: "deleteObject",
    in: (w) => {
      refuseMembers(w, "IfMatchLastModifiedTime", "IfMatchSize");
      return {
        ...versionRef(w),
        conditions: conditionsOf({ IfMatch: w.IfMatch }),
        bypassesGovernance: w.BypassGovernanceRetention,
      };
    },
    out: (r) => ({
      ...(r.versionId !== undefined && { VersionId: r.versionId }),
      ...(r.isDeleteMarker && { DeleteMarker: true }),
      ...chargeMember(r),
    }),
    accepted: ["MFA"],
  },
  DeleteObjects: {
    to: "deleteObjects",
    in: (w) => {
      const { Objects } = w.Delete;
      if (Objects.length > 1000)
        throw malformedXml();
      return { ...bucketRef(w), objects: Objects.map(deletion), bypassesGovernance: w.BypassGovernanceRetention };
    },
    out: (r, w, call) => {
      const asked = w.Delete.Objects;
      const failed = r.results.filter((one) => one.failure !== undefined);
      return {
        ...chargeMember(r),
        ...(!w.Delete.Quiet && {
          Deleted: r.results.flatMap((one, at) => (one.failure === undefined ? [deletedEntry(one, asked[at])] : [])),
        }),
        ...(failed.length > 0 && {
          Errors: r.results.flatMap((one, at) =>
            one.failure === undefined ? [] : [errorEntry(one.key, asked[at]?.VersionId, one.failure, call)],
          ),
        }),
      };
    },
    accepted: ["MFA"],
  },
});

interface Deleted {
  readonly key: string;
  readonly versionId?: string;
  readonly isDeleteMarker: boolean;
}
/** A deletion by version tells that version; one that made a marker tells the marker's. */
function deletedEntry({ key, versionId, isDeleteMarker }: Deleted, asked: { VersionId?: string } | undefined) {
  return {
    Key: key,
    ...(asked?.VersionId !== undefined && { VersionId: asked.VersionId }),
    ...(isDeleteMarker && { DeleteMarker: true, ...(versionId !== undefined && { DeleteMarkerVersionId: versionId }) }),
  };
}

type Refusal = NonNullable<OperationOutput<typeof objects, "deleteObjects">["results"][number]["failure"]>;

function errorEntry(key: string, versionId: string | undefined, { code, message, details }: Refusal, call: WireCall) {
  const look: AwsWireError = wireErrors[code as keyof typeof wireErrors];
  return {
    Key: key,
    ...(versionId !== undefined && { VersionId: versionId }),
    Code: look.code,
    Message: look.message?.(details, call) ?? message,
  };
}

export const objectBindings = [reading, writing, deleting];
