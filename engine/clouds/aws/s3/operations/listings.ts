import { percentEncoded } from "../../../../platform/percent-encoding.ts";
import type { S3Operations } from "../../../../models/aws/s3.generated.ts";
import { objects } from "../../../../services/objects/service.ts";
import type { OperationOutput } from "../../../../services/manifest.ts";
import { bind } from "../../binding.ts";
import { bucketRef, canonicalId, chargeMember, dateOf, invalidArgument, quoted, wireAlgorithm } from "../model.ts";
import { keysMaxOf, limitOf, versionsMaxOf } from "../limits.ts";

type Listed = OperationOutput<typeof objects, "listObjects">["objects"][number];

/** How keys are written: plain, or percent-encoded for those that XML cannot hold. */
function writerOf(encodingType: string | undefined): (text: string) => string {
  if (encodingType === undefined) return (text) => text;
  if (encodingType !== "url")
    throw invalidArgument("encoding-type", encodingType, "Invalid Encoding Method specified in Request");
  return (text) => percentEncoded(text).replaceAll("%2F", "/");
}

/** `RestoreStatus` is the one attribute that lists do not tell unasked. */
function tellsRestores({ OptionalObjectAttributes: asked = [] }: { OptionalObjectAttributes?: string[] }): boolean {
  const names = asked.flatMap((name) => name.split(",")).map((name) => name.trim());
  const unknown = names.find((name) => name !== "RestoreStatus");
  if (unknown !== undefined)
    throw invalidArgument("x-amz-optional-object-attributes", unknown, "Invalid attribute name specified");
  return names.length > 0;
}

interface Told {
  readonly write: (text: string) => string;
  readonly owner?: string | undefined;
  /** Archived objects that can be read for a while say until when. */
  readonly tellsRestores: boolean;
}
const entry = ({ write, owner, tellsRestores }: Told) => (object: Listed) => ({
  Key: write(object.key),
  LastModified: dateOf(object.modifiedAtMs),
  ETag: quoted(object.etag),
  Size: object.sizeBytes,
  StorageClass: object.storageClass ?? "STANDARD",
  ...(object.checksum && {
    ChecksumAlgorithm: [wireAlgorithm(object.checksum.algorithm)],
    ChecksumType: object.checksum.isComposite ? "COMPOSITE" : "FULL_OBJECT",
  }),
  ...(owner !== undefined && { Owner: { ID: canonicalId(owner) } }),
  ...(tellsRestores
    && object.restoredUntilMs !== undefined && {
      RestoreStatus: { IsRestoreInProgress: false, RestoreExpiryDate: new Date(object.restoredUntilMs) },
    }),
});


const prefixesOf = (prefixes: readonly string[], write: (text: string) => string) =>
  prefixes.length > 0 ? { CommonPrefixes: prefixes.map((prefix) => ({ Prefix: write(prefix) })) } : {};

const tokenOf = (last: string): string => Buffer.from(last).toString("base64");
function lastIn(token: string): string {
  const last = Buffer.from(token, "base64").toString();
  if (token === "" || tokenOf(last) !== token)
    throw invalidArgument("continuation-token", token, "The continuation token provided is incorrect");
  return last;
}

export const listingBindings = bind<S3Operations>()(objects, {
  ListObjectsV2: {
    to: "listObjects",
    in: (w) => ({
      ...bucketRef(w),
      prefix: w.Prefix,
      delimiter: w.Delimiter,
      limit: keysMaxOf(w.MaxKeys),
      after: w.ContinuationToken === undefined ? w.StartAfter : lastIn(w.ContinuationToken),
    }),
    out: (r, w) => {
      const write = writerOf(w.EncodingType);
      return {
        Name: w.Bucket,
        Prefix: write(w.Prefix ?? ""),
        MaxKeys: keysMaxOf(w.MaxKeys),
        IsTruncated: r.isCut,
        KeyCount: r.objects.length + r.prefixes.length,
        ...chargeMember(r),
        Contents: r.objects.map(
          entry({ write, owner: w.FetchOwner ? r.owner : undefined, tellsRestores: tellsRestores(w) }),
        ),
        ...prefixesOf(r.prefixes, write),
        ...(w.Delimiter !== undefined && { Delimiter: write(w.Delimiter) }),
        ...(w.EncodingType !== undefined && { EncodingType: w.EncodingType }),
        ...(w.StartAfter !== undefined && { StartAfter: write(w.StartAfter) }),
        ...(w.ContinuationToken !== undefined && { ContinuationToken: w.ContinuationToken }),
        ...(r.isCut && r.last !== undefined && { NextContinuationToken: tokenOf(r.last) }),
      };
    },
  },
  ListObjects: {
    to: "listObjects",
    in: (w) => ({
      ...bucketRef(w),
      prefix: w.Prefix,
      delimiter: w.Delimiter,
      limit: keysMaxOf(w.MaxKeys),
      after: w.Marker,
    }),
    out: (r, w) => {
      const write = writerOf(w.EncodingType);
      return {
        Name: w.Bucket,
        Prefix: write(w.Prefix ?? ""),
        Marker: write(w.Marker ?? ""),
        ...chargeMember(r),
        MaxKeys: keysMaxOf(w.MaxKeys),
        IsTruncated: r.isCut,
        Contents: r.objects.map(entry({ write, owner: r.owner, tellsRestores: tellsRestores(w) })),
        ...prefixesOf(r.prefixes, write),
        ...(w.Delimiter !== undefined && { Delimiter: write(w.Delimiter) }),
        ...(w.EncodingType !== undefined && { EncodingType: w.EncodingType }),
        ...(r.isCut && w.Delimiter !== undefined && r.last !== undefined && { NextMarker: write(r.last) }),
      };
    },
  },
  ListObjectVersions: {
    to: "listObjectVersions",
    in: (w) => {
      if (w.VersionIdMarker && !w.KeyMarker) {
        throw invalidArgument(
          "version-id-marker",
          w.VersionIdMarker,
          "A version-id marker cannot be specified without a key marker.",
        );
      }
      return {
        ...bucketRef(w),
        prefix: w.Prefix,
        delimiter: w.Delimiter,
        limit: versionsMaxOf(w.MaxKeys),
        afterKey: w.KeyMarker || undefined,
        afterVersionId: w.VersionIdMarker || undefined,
      };
    },
    out: (r, w) => {
      const write = writerOf(w.EncodingType);
      const owner = { ID: canonicalId(r.owner) };
      const told = entry({ write, tellsRestores: tellsRestores(w) });
      const all = r.versions.map((version) => ({
        ...version,
        wire: { ...told(version), VersionId: version.versionId, IsLatest: version.isLatest, Owner: owner },
      }));
      return {
        Name: w.Bucket,
        Prefix: write(w.Prefix ?? ""),
        KeyMarker: write(w.KeyMarker ?? ""),
        VersionIdMarker: w.VersionIdMarker ?? "",
        ...chargeMember(r),
        MaxKeys: versionsMaxOf(w.MaxKeys),
        IsTruncated: r.isCut,
        Versions: all.filter((version) => !version.isDeleteMarker).map((version) => version.wire),
        DeleteMarkers: all
          .filter((version) => version.isDeleteMarker)
          .map(({ wire }) => ({
            Key: wire.Key,
            VersionId: wire.VersionId,
            IsLatest: wire.IsLatest,
            LastModified: wire.LastModified,
            Owner: owner,
          })),
        ...prefixesOf(r.prefixes, write),
        ...(w.Delimiter !== undefined && { Delimiter: write(w.Delimiter) }),
        ...(w.EncodingType !== undefined && { EncodingType: w.EncodingType }),
        ...(r.nextKey !== undefined && { NextKeyMarker: write(r.nextKey) }),
        ...(r.nextVersionId !== undefined && { NextVersionIdMarker: r.nextVersionId }),
      };
    },
  },
  ListMultipartUploads: {
    to: "listUploads",
    in: (w) => ({
      ...bucketRef(w),
      prefix: w.Prefix,
      delimiter: w.Delimiter,
      limit: limitOf("max-uploads", w.MaxUploads),
      afterKey: w.KeyMarker || undefined,
      afterUploadId: (w.KeyMarker && w.UploadIdMarker) || undefined,
    }),
    out: (r, w) => {
      const write = writerOf(w.EncodingType);
      const owner = { ID: canonicalId(r.owner) };
      const last = r.uploads.at(-1);
      return {
        Bucket: r.bucket,
        Prefix: write(w.Prefix ?? ""),
        KeyMarker: write(w.KeyMarker ?? ""),
        UploadIdMarker: w.UploadIdMarker ?? "",
        ...chargeMember(r),
        MaxUploads: limitOf("max-uploads", w.MaxUploads),
        IsTruncated: r.isCut,
        Uploads: r.uploads.map((upload) => ({
          Key: write(upload.key),
          UploadId: upload.uploadId,
          Initiated: dateOf(upload.startedAtMs),
          StorageClass: upload.storageClass ?? "STANDARD",
          Owner: owner,
          Initiator: owner,
          ...(upload.checksumAlgorithm && {
            ChecksumAlgorithm: wireAlgorithm(upload.checksumAlgorithm),
            ChecksumType: upload.isComposite ? "COMPOSITE" : "FULL_OBJECT",
          }),
        })),
        ...prefixesOf(r.prefixes, write),
        ...(w.Delimiter !== undefined && { Delimiter: write(w.Delimiter) }),
        ...(w.EncodingType !== undefined && { EncodingType: w.EncodingType }),
        ...(r.isCut
          && (last
            ? { NextKeyMarker: write(last.key), NextUploadIdMarker: last.uploadId }
            : { NextKeyMarker: write(r.prefixes.at(-1) ?? "") })),
      };
    },
  },
});
