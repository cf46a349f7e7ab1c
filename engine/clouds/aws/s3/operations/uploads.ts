import type { S3Operations } from "../../../../models/aws/s3.generated.ts";
import { objects } from "../../../../services/objects/service.ts";
import { bind } from "../../binding.ts";
import { copyRangeOf, copySourceOf } from "../copy-sources.ts";
import { limitOf, partMarkerOf } from "../limits.ts";
import {
  abortMembers,
  algorithmOf,
  canonicalId,
  chargeMember,
  checksumGiven,
  checksumMembers,
  checksumWanted,
  customerKeyMembers,
  customerKeyOf,
  dateOf,
  encryptionMembers,
  expirationMember,
  md5Of,
  quoted,
  unquoted,
  versionRef,
  wireAlgorithm,
  writeConditionsOf,
} from "../model.ts";
import { refuseMembers } from "../refusals.ts";
import { invalidRequest } from "../rules/faults.ts";
import { ACCEPTED_OF_WRITES, RECORDED_OF_WRITES, writtenWith } from "../written-with.ts";

const typeOf = (isComposite: boolean) => (isComposite ? "COMPOSITE" : "FULL_OBJECT");
const compositeOf = (type: string | undefined) => (type === undefined ? undefined : type === "COMPOSITE");
/** How the whole's checksum is to be made. */
function checksumOfUpload(wire: { readonly ChecksumAlgorithm?: string; readonly ChecksumType?: string }) {
  const checksumAlgorithm = algorithmOf(wire.ChecksumAlgorithm);
  const { ChecksumType: type } = wire;
  if (type !== undefined && type !== "COMPOSITE" && type !== "FULL_OBJECT")
    throw invalidRequest("Value for x-amz-checksum-type header is invalid.");
  if (type !== undefined && !checksumAlgorithm)
    throw invalidRequest(
      "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
    );
  return { checksumAlgorithm, isComposite: compositeOf(type) };
}
const withoutType = (members: ReturnType<typeof checksumMembers>) => ({ ...members, ChecksumType: undefined });

export const uploadBindings = bind<S3Operations>()(objects, {
  CreateMultipartUpload: {
    to: "createUpload",
    in: (w, call) => ({
      ...versionRef(w),
      ...writtenWith(w, call),
      ...checksumOfUpload(w),
    }),
    out: (r, w) => ({
      Bucket: r.bucket,
      Key: w.Key,
      UploadId: r.uploadId,
      ...abortMembers(r),
      ...chargeMember(r),
      ...encryptionMembers(r.encryption),
      ...(r.checksumAlgorithm && {
        ChecksumAlgorithm: wireAlgorithm(r.checksumAlgorithm),
        ChecksumType: typeOf(r.isComposite),
      }),
    }),
    recordedOnly: RECORDED_OF_WRITES,
    accepted: ACCEPTED_OF_WRITES,
  },
  UploadPart: {
    to: "uploadPart",
    in: (w, call) => ({
      ...versionRef(w),
      uploadId: w.UploadId,
      partNumber: w.PartNumber,
      checksum: checksumWanted(w, call),
      md5: md5Of(w),
      digestsLocked: true,
      ...customerKeyMembers(w),
    }),
    out: (r) => ({
      ETag: quoted(r.etag),
      ...encryptionMembers(r.encryption),
      ...withoutType(checksumMembers(r.checksum)),
      ...chargeMember(r),
    }),
    body: (w) => w.Body,
  },
  UploadPartCopy: {
    to: "copyPart",
    in: (w) => ({
      ...versionRef(w),
      uploadId: w.UploadId,
      partNumber: w.PartNumber,
      source: copySourceOf(w),
      range: copyRangeOf(w.CopySourceRange),
      ...customerKeyMembers(w),
    }),
    out: (r) => ({
      CopyPartResult: {
        ETag: quoted(r.etag),
        LastModified: dateOf(r.modifiedAtMs),
        ...withoutType(checksumMembers(r.checksum)),
      },
      ...encryptionMembers(r.encryption),
      ...chargeMember(r),
      ...(r.sourceVersionId !== undefined && { CopySourceVersionId: r.sourceVersionId }),
    }),
  },
  CompleteMultipartUpload: {
    to: "completeUpload",
    in: (w) => ({
      ...versionRef(w),
      uploadId: w.UploadId,
      customerKeyMd5: customerKeyOf(w),
      isComposite: compositeOf(w.ChecksumType),
      checksum: checksumGiven(w),
      conditions: writeConditionsOf(w),
      sizeBytes: w.MpuObjectSize,
      parts: (w.MultipartUpload?.Parts ?? []).map((part) => ({
        partNumber: part.PartNumber ?? 0,
        etag: unquoted(part.ETag ?? ""),
        checksum: checksumGiven(part),
      })),
    }),
    out: (r, w, call) => ({
      Location: call.endpoint + call.request.path,
      Bucket: r.bucket,
      Key: w.Key,
      ETag: quoted(r.etag),
      ...encryptionMembers(r.encryption),
      ...checksumMembers(r.checksum),
      ...expirationMember(r),
      ...chargeMember(r),
      ...(r.versionId !== undefined && { VersionId: r.versionId }),
    }),
  },
  AbortMultipartUpload: {
    to: "abortUpload",
    in: (w) => {
      refuseMembers(w, "IfMatchInitiatedTime");
      return { ...versionRef(w), uploadId: w.UploadId };
    },
    out: chargeMember,
  },
  ListParts: {
    to: "listParts",
    in: (w) => ({
      ...versionRef(w),
      uploadId: w.UploadId,
      customerKeyMd5: customerKeyOf(w),
      after: partMarkerOf(w.PartNumberMarker),
      limit: limitOf("max-parts", w.MaxParts),
    }),
    out: (r, w) => {
      const owner = { ID: canonicalId(r.owner) };
      return {
        Bucket: r.bucket,
        Key: w.Key,
        UploadId: w.UploadId,
        ...abortMembers(r),
        ...chargeMember(r),
        MaxParts: limitOf("max-parts", w.MaxParts),
        IsTruncated: r.isCut,
        PartNumberMarker: w.PartNumberMarker ?? 0,
        NextPartNumberMarker: r.parts.at(-1)?.partNumber ?? 0,
        Owner: owner,
        Initiator: owner,
        StorageClass: r.upload.storageClass ?? "STANDARD",
        ...(r.upload.checksumAlgorithm && {
          ChecksumAlgorithm: wireAlgorithm(r.upload.checksumAlgorithm),
          ChecksumType: typeOf(r.upload.isComposite),
        }),
        Parts: r.parts.map((part) => ({
          PartNumber: part.partNumber,
          ETag: quoted(part.etag),
          Size: part.sizeBytes,
          LastModified: dateOf(part.modifiedAtMs),
          ...(part.checksum && withoutType(checksumMembers(part.checksum))),
        })),
      };
    },
  },
});
