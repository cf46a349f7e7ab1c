import { Type, type Static } from "typebox";
import { after } from "../../../kernel/key.ts";
import { operation } from "../../operation.ts";
import { reachBucket } from "../access-points.ts";
import { bucketErrors, chargeOf } from "../bucket-access.ts";
import { readRules } from "../kept-documents.ts";
import { abortOf } from "../lifecycle.ts";
import { Cursor, endOf, listPage, rangeAfter, type Walk } from "../listing.ts";
import { keys, parts as partRecords, type Upload } from "../model.ts";
import { bucketRef, charge, checksum, checksumAlgorithm, due } from "../schemas.ts";
import { checkShownKey, requireUpload, shownKey, uploadErrors, uploadRef } from "./uploads.ts";

const uploadListed = Type.Object({
  key: Type.String(),
  uploadId: Type.String(),
  startedAtMs: Type.Number(),
  storageClass: Type.Optional(Type.String()),
  checksumAlgorithm: Type.Optional(checksumAlgorithm),
  isComposite: Type.Boolean(),
});
const listedUpload = (upload: Upload): Static<typeof uploadListed> => ({
  key: upload.key,
  uploadId: upload.uploadId,
  startedAtMs: upload.startedAtMs,
  isComposite: upload.isComposite,
  ...(upload.storageClass && { storageClass: upload.storageClass }),
  ...(upload.isChecksumAsked && { checksumAlgorithm: upload.checksumAlgorithm }),
});

export const uploadListingOperations = {
  listUploads: operation({
    summary: "Lists the uploads that were begun and neither completed nor given up.",
    input: Type.Object({
      ...bucketRef,
      prefix: Type.Optional(Type.String()),
      delimiter: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Number()),
      afterKey: Type.Optional(Type.String()),
      afterUploadId: Type.Optional(Type.String()),
    }),
    output: Type.Object({
      uploads: Type.Array(uploadListed),
      prefixes: Type.Array(Type.String()),
      isCut: Type.Boolean(),
      bucket: Type.String(),
      owner: Type.String(),
      ...charge,
    }),
    effects: "read",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      const bucket = await reachBucket(tx, ctx, input, { action: "ListBucketMultipartUploads" });
      const space = ["objects", "u", bucket.id] as const;
      const request = {
        prefix: input.prefix ?? "",
        delimiter: input.delimiter,
        limit: Math.min(input.limit ?? 1000, 1000),
      };
      const all = rangeAfter(space, request, input.afterKey);
      const { afterKey, afterUploadId } = input;
      let range = all;
      if (afterKey !== undefined && afterUploadId !== undefined) {
        range = after(rangeAfter(space, request, undefined), keys.upload.key(bucket.id, afterKey, afterUploadId));
      } else if (afterKey !== undefined) {
        const past = keys.upload.range(bucket.id, afterKey).to;
        range = { from: past > all.from ? past : all.from, to: all.to };
      }
      const cursor = new Cursor<Upload>(tx, range, request);
      const walk: Walk<Static<typeof uploadListed>> = {
        load: () => cursor.load(),
        peek() {
          const entry = cursor.peek();
          return entry && { key: entry.value.key, item: listedUpload(entry.value) };
        },
        take: () => cursor.step(),
        leap: (prefix) => cursor.jump(endOf(space, prefix)),
      };
      const { items, prefixes, isCut } = await listPage(walk, request);
      return {
        uploads: [...items],
        prefixes: [...prefixes],
        isCut,
        bucket: bucket.name,
        owner: bucket.account,
        ...chargeOf(ctx, bucket),
      };
    },
  }),
  listParts: operation({
    summary: "Lists the parts of an upload.",
    input: Type.Object({
      ...uploadRef,
      ...shownKey,
      after: Type.Optional(Type.Number()),
      limit: Type.Optional(Type.Number()),
    }),
    output: Type.Object({
      upload: uploadListed,
      abort: due,
      bucket: Type.String(),
      owner: Type.String(),
      isCut: Type.Boolean(),
      ...charge,
      parts: Type.Array(
        Type.Object({
          partNumber: Type.Number(),
          etag: Type.String(),
          sizeBytes: Type.Number(),
          modifiedAtMs: Type.Number(),
          checksum: Type.Optional(checksum),
        }),
      ),
    }),
    effects: "read",
    errors: [...uploadErrors, "EncryptionKeyWrong", "RequestInvalid"],
    async run(tx, input, ctx) {
      const { bucket, upload } = await requireUpload(tx, ctx, input, "ListMultipartUploadParts");
      checkShownKey(upload, input);
      const limit = Math.min(input.limit ?? 1000, 1000);
      const range = after(keys.part.range(upload.uploadId), keys.part.key(upload.uploadId, input.after ?? 0));
      const found = await partRecords.range(tx, range, { limit: limit + 1 });
      const parts = found.slice(0, limit).map(({ value: part }) => {
        const { partNumber, etag, sizeBytes, modifiedAtMs } = part;
        const value = upload.isChecksumAsked ? part.checksums[upload.checksumAlgorithm] : undefined;
        const checksum = value === undefined ? undefined : { algorithm: upload.checksumAlgorithm, value };
        return { partNumber, etag, sizeBytes, modifiedAtMs, checksum };
      });
      const rules = bucket.hasLifecycle ? await readRules(tx, bucket, "lifecycle") : undefined;
      const abort = abortOf(rules ?? [], upload.key, upload.startedAtMs);
      return {
        upload: listedUpload(upload),
        abort,
        bucket: bucket.name,
        owner: bucket.account,
        isCut: found.length > limit,
        parts,
        ...chargeOf(ctx, bucket),
      };
    },
  }),
};
