import { Type, type Static } from "typebox";
import type { StoredBody } from "../../../kernel/blobs.ts";
import type { OpenSeal } from "../../../kernel/sealed-body.ts";
import { joinBodies } from "../../../kernel/joined-body.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import { invariant } from "../../../platform/invariant.ts";
import type { OperationContext } from "../../context.ts";
import { operation } from "../../operation.ts";
import { reachBucket } from "../access-points.ts";
import { bucketErrors, chargeOf } from "../bucket-access.ts";
import type { ForeignAction } from "../foreign-access.ts";
import {
  base64OfHex,
  CHECKSUM_ALGORITHMS,
  compositeChecksum,
  DEFAULT_ALGORITHM,
  isJoinable,
  joinChecksums,
  md5Hex,
  type ChecksumAlgorithm,
} from "../../../kernel/checksums.ts";
import { checkForWriting } from "../conditions.ts";
import { bodyDigests, checkDigested, checksumOfBody, digestersFor } from "../digests.ts";
import { errors } from "../errors.ts";
import {
  BODY_BYTES_MAX,
  currents,
  PART_BYTES_MIN,
  PART_NUMBER_MAX,
  present,
  uploads,
  UNVERSIONED,
  type Bucket,
  type Checksum,
  type Part,
  type Upload,
} from "../model.ts";
import { forgetParts, partsOf, placePart } from "../parts.ts";
import {
  charge,
  checksum,
  checksumAlgorithm,
  checksumWanted,
  conditions,
  due,
  objectRef,
  versionFacts,
  writtenWith,
} from "../schemas.ts";
import { placeVersion, type NewVersion } from "../versions.ts";
import { checkKey, requireWritable, settingsOf } from "../writing.ts";
import { readRules } from "../kept-documents.ts";
import { abortOf, expiryIn } from "../lifecycle.ts";
import { checkCustomerKey } from "../facts.ts";
import { wantCopies } from "../replication.ts";
import { encryptionAsked, sealedNow, sealFor } from "../sealing.ts";
import { tell } from "../news.ts";
import { checkListNotBlocked } from "./configurations.ts";
import { digestAnew, findSource, sourceErrors, sourceRef } from "./copies.ts";

export const uploadErrors = [...bucketErrors, "UploadNotFound"];
export const uploadRef = { ...objectRef, uploadId: Type.String() };

export async function requireUpload(
  tx: Reader,
  ctx: OperationContext,
  ref: Static<ReturnType<typeof uploadInput>>,
  action: ForeignAction = "PutObject",
): Promise<{ bucket: Bucket; upload: Upload }> {
  const bucket = await reachBucket(tx, ctx, ref, { action, key: ref.key });
  const upload = await uploads.get(tx, bucket.id, ref.key, ref.uploadId);
  if (!upload) throw errors.UploadNotFound({ uploadId: ref.uploadId });
  return { bucket, upload };
}
const uploadInput = () => Type.Object(uploadRef);

function checkPartNumber(partNumber: number): void {
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > PART_NUMBER_MAX)
    throw errors.PartNumberInvalid({ partNumber });
}

/**
 * Sorts by the time it began, so that uploads of one key are listed in order; and ends in the checksum that the whole
 * will need, so that a part's bytes are summed as they come, before its upload is looked up.
 */
const uploadIdOf = (ctx: OperationContext, algorithm: ChecksumAlgorithm): string =>
  ctx.clock.nowMs().toString(36).padStart(9, "0") + ctx.ids.hex(54) + CHECKSUM_ALGORITHMS.indexOf(algorithm);
const algorithmIn = (uploadId: string): ChecksumAlgorithm =>
  CHECKSUM_ALGORITHMS[Number(uploadId.at(-1))] ?? DEFAULT_ALGORITHM;

const beginning = {
  createUpload: operation({
    summary: "Begins an upload in parts.",
    input: Type.Object({
      ...objectRef,
      ...writtenWith,
      checksumAlgorithm: Type.Optional(checksumAlgorithm),
      isComposite: Type.Optional(
        Type.Boolean({ description: "The checksum is made from the parts' ones, not from the bytes." }),
      ),
    }),
    output: Type.Object({
      uploadId: Type.String(),
      bucket: Type.String(),
      checksumAlgorithm: Type.Optional(checksumAlgorithm),
      isComposite: Type.Boolean(),
      encryption: versionFacts.encryption,
      abort: due,
      ...charge,
    }),
    effects: "write",
    errors: [
      ...bucketErrors,
      "KeyTooLong",
      "MetadataTooLarge",
      "TagsInvalid", "TagsTooMany",
      "AccessListsDisabled",
      "PublicAccessBlocked",
      "ObjectLockDisabled",
      "InputInvalid",
      "RequestInvalid",
    ],
    async run(tx, input, ctx) {
      const bucket = await requireWritable(tx, ctx, input);
      checkKey(input.key);
      if (input.accessList) await checkListNotBlocked(tx, bucket, input.accessList);
      const algorithm = input.checksumAlgorithm ?? DEFAULT_ALGORITHM;
      const isComposite = input.isComposite ?? (input.checksumAlgorithm !== undefined && algorithm !== "crc64nvme");
      if (isComposite ? algorithm === "crc64nvme" : !isJoinable(algorithm))
        throw errors.RequestInvalid({
          why:
            `The ${isComposite ? "COMPOSITE" : "FULL_OBJECT"} checksum type cannot be used `
            + `with the ${algorithm} checksum algorithm.`,
        });
      const upload: Upload = {
        ...settingsOf(ctx, bucket, input),
        uploadId: uploadIdOf(ctx, algorithm),
        key: input.key,
        startedAtMs: ctx.clock.nowMs(),
        account: ctx.account,
        checksumAlgorithm: algorithm,
        isComposite,
        isChecksumAsked: input.checksumAlgorithm !== undefined,
        ...(encryptionAsked(bucket, input.encryption) && { isSealed: true }),
      };
      uploads.put(tx, upload, bucket.id, input.key, upload.uploadId);
      const rules = bucket.hasLifecycle ? await readRules(tx, bucket, "lifecycle") : undefined;
      return {
        uploadId: upload.uploadId,
        bucket: bucket.name,
        isComposite,
        abort: abortOf(rules ?? [], input.key, upload.startedAtMs),
        encryption: upload.encryption,
        ...chargeOf(ctx, bucket),
        ...(upload.isChecksumAsked && { checksumAlgorithm: algorithm }),
      };
    },
  }),
  abortUpload: operation({
    summary: "Gives an upload up; its parts are gone.",
    input: uploadInput(),
    output: Type.Object(charge),
    effects: "write",
    errors: uploadErrors,
    async run(tx, input, ctx) {
      const { bucket, upload } = await requireUpload(tx, ctx, input, "AbortMultipartUpload");
      await forgetParts(tx, upload.uploadId);
      uploads.remove(tx, bucket.id, input.key, upload.uploadId);
      return chargeOf(ctx, bucket);
    },
  }),
};

/** A customer's key that is shown where none is needed must be the right one all the same. */
export const shownKey = { customerKeyMd5: Type.Optional(Type.String()) };
export function checkShownKey(upload: Upload, { customerKeyMd5 }: { readonly customerKeyMd5?: string }): void {
  if (customerKeyMd5 !== undefined) checkCustomerKey(upload, customerKeyMd5);
}

const partKey = { customerKeyMd5: Type.Optional(Type.String()), customerKey: Type.Optional(Type.String()) };

/** Parts are sealed as their upload is; a customer shows the same key with each. */
async function sealOfPart(
  tx: Reader,
  ctx: OperationContext,
  input: Static<ReturnType<typeof uploadInput>> & { customerKeyMd5?: string; customerKey?: string },
): Promise<OpenSeal | undefined> {
  const { bucket, upload } = await requireUpload(tx, ctx, input);
  checkCustomerKey(upload, input.customerKeyMd5);
  return upload.isSealed ? sealFor(ctx.random, bucket, upload.encryption, input.customerKey) : undefined;
}

const partWritten = Type.Object({
  etag: Type.String(),
  modifiedAtMs: Type.Number(),
  checksum: Type.Optional(checksum),
  encryption: versionFacts.encryption,
  sourceVersionId: Type.Optional(Type.String()),
  ...charge,
});

async function writePart(
  tx: Transaction,
  ctx: OperationContext,
  upload: Upload,
  partNumber: number,
  body: StoredBody,
  summed: Checksum | undefined,
): Promise<Static<typeof partWritten>> {
  if (body.sizeBytes > BODY_BYTES_MAX)
    throw errors.ObjectTooLarge({ sizeBytes: body.sizeBytes, limitBytes: BODY_BYTES_MAX });
  const checksums: Record<string, string> = {};
  for (const name in body.digests) if (name !== "md5") checksums[name] = base64OfHex(body.digests[name] ?? "");
  if (upload.isChecksumAsked && summed?.algorithm !== upload.checksumAlgorithm)
    throw errors.RequestInvalid({
      why:
        `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksumAlgorithm}, `
        + `actual checksum Type: ${summed?.algorithm ?? "null"}`,
    });
  const etag = body.digests["md5"] ?? "";
  const part: Part = {
    partNumber,
    etag,
    sizeBytes: body.sizeBytes,
    modifiedAtMs: ctx.clock.nowMs(),
    body: { ...body, digests: {} },
    checksums,
  };
  await placePart(tx, upload.uploadId, part);
  return {
    etag,
    modifiedAtMs: part.modifiedAtMs,
    ...(upload.encryption && { encryption: upload.encryption }),
    ...(summed && { checksum: summed }),
  };
}

const partWriting = {
  uploadPart: operation({
    summary: "Writes one part of an upload.",
    input: Type.Object({
      ...uploadRef,
      partNumber: Type.Number(),
      ...bodyDigests,
      ...partKey,
    }),
    output: partWritten,
    effects: "write",
    errors: [
      ...uploadErrors,
      "PartNumberInvalid",
      "ChecksumMismatch",
      "DigestMissing",
      "ObjectTooLarge",
      "RequestInvalid",
      "EncryptionKeyMissing",
      "EncryptionKeyWrong",
    ],
    body: "in",
    seal: (store, input, ctx) => store.read((tx) => sealOfPart(tx, ctx, input)),
    digests: ({ checksum, uploadId }) => digestersFor(algorithmIn(uploadId), checksum?.algorithm),
    async run(tx, input, ctx) {
      checkPartNumber(input.partNumber);
      const { bucket, upload } = await requireUpload(tx, ctx, input);
      checkDigested("part", upload, input);
      invariant(ctx.body, "a part carries its body");
      const summed = checksumOfBody(ctx.body, input.checksum, input.md5);
      const body = sealedNow(ctx.body, await sealOfPart(tx, ctx, input));
      const written = await writePart(tx, ctx, upload, input.partNumber, body, input.checksum && summed);
      return { ...written, ...chargeOf(ctx, bucket) };
    },
  }),
  copyPart: operation({
    summary: "Writes one part of an upload from an object or a range of it.",
    input: Type.Object({
      ...uploadRef,
      partNumber: Type.Number(),
      source: sourceRef,
      ...partKey,
      range: Type.Optional(Type.Object({ start: Type.Number(), end: Type.Number() })),
    }),
    output: partWritten,
    effects: "write",
    errors: [...uploadErrors, ...sourceErrors, "PartNumberInvalid", "ObjectTooLarge", "InputInvalid"],
    async prepare(store, input, ctx) {
      checkPartNumber(input.partNumber);
      const { source, upload, seal } = await store.read(async (tx) => ({
        seal: await sealOfPart(tx, ctx, input),
        upload: (await requireUpload(tx, ctx, input)).upload,
        source: await findSource(tx, ctx, input.source),
      }));
      const { range } = input;
      if (range && (range.end >= source.version.sizeBytes || range.start > range.end))
        throw errors.InputInvalid({
          name: "x-amz-copy-source-range",
          value: `bytes=${range.start}-${range.end}`,
          why: `Range specified is not valid for source object of size: ${source.version.sizeBytes}`,
        });
      return digestAnew(ctx, source.body, upload.checksumAlgorithm, range, seal);
    },
    async run(tx, input, ctx) {
      const { bucket, upload } = await requireUpload(tx, ctx, input);
      const { version, bucket: from } = await findSource(tx, ctx, input.source);
      const value = base64OfHex(ctx.body?.digests[upload.checksumAlgorithm] ?? "");
      const summed = upload.isChecksumAsked ? { algorithm: upload.checksumAlgorithm, value } : undefined;
      invariant(ctx.body, "a copied part has been read");
      const copied = await writePart(tx, ctx, upload, input.partNumber, ctx.body, summed);
      const written = { ...copied, ...chargeOf(ctx, from), ...chargeOf(ctx, bucket) };
      return version.versionId === UNVERSIONED ? written : { ...written, sourceVersionId: version.versionId };
    },
  }),
};

function checkKindOfChecksum(upload: Upload, isComposite: boolean | undefined): void {
  if (isComposite === undefined || isComposite === upload.isComposite) return;
  const kind = upload.isComposite ? "COMPOSITE" : "FULL_OBJECT";
  throw errors.RequestInvalid({
    why:
      `The upload was created using the ${kind} checksum mode. `
      + "The complete request must use the same checksum mode.",
  });
}

const completedParts = Type.Array(
  Type.Object({ partNumber: Type.Number(), etag: Type.String(), checksum: Type.Optional(checksumWanted) }),
);

/** A checksum that is made from those of the parts is made from those that the client still knows. */
function checkSummed(upload: Upload, partNumber: number, value: string | undefined): void {
  if (!upload.isChecksumAsked || !upload.isComposite || value !== undefined) return;
  throw errors.RequestInvalid({
    why:
      `The upload was created using a ${upload.checksumAlgorithm} checksum. The complete request must include the `
      + `checksum for each part. It was missing for part ${partNumber} in the request.`,
  });
}

/** The parts as listed, each checked against what was uploaded. */
async function chosenParts(tx: Reader, upload: Upload, listed: Static<typeof completedParts>): Promise<Part[]> {
  if (listed.length === 0) throw errors.PartsMissing();
  const { uploadId } = upload;
  const uploaded = new Map((await partsOf(tx, uploadId)).map((part) => [part.partNumber, part]));
  const chosen: Part[] = [];
  for (const { partNumber, etag, checksum } of listed) {
    if (partNumber <= (chosen.at(-1)?.partNumber ?? 0)) throw errors.PartOrderInvalid({ uploadId });
    const part = uploaded.get(partNumber);
    checkSummed(upload, partNumber, checksum?.value);
    const isSame = part?.etag === etag && (!checksum?.value || part.checksums[checksum.algorithm] === checksum.value);
    if (!part || !isSame) throw errors.PartInvalid({ uploadId, partNumber, etag });
    chosen.push(part);
  }
  for (const part of chosen.slice(0, -1)) {
    const { partNumber, sizeBytes, etag } = part;
    if (sizeBytes < PART_BYTES_MIN)
      throw errors.PartTooSmall({ partNumber, sizeBytes, etag, limitBytes: PART_BYTES_MIN });
  }
  return chosen;
}

function checksumOfParts(upload: Upload, chosen: readonly Part[]): Checksum | undefined {
  const { checksumAlgorithm: algorithm, isComposite } = upload;
  const summed = chosen.map((part) => ({ checksum: part.checksums[algorithm] ?? "", sizeBytes: part.sizeBytes }));
  if (summed.some((part) => part.checksum === "")) return undefined;
  if (!isComposite) return { algorithm, value: joinChecksums(algorithm, summed) };
  const value = compositeChecksum(
    algorithm,
    summed.map((part) => part.checksum),
  );
  return { algorithm, value: `${value}-${chosen.length}`, isComposite: true };
}

const etagOfParts = (chosen: readonly Part[]): string =>
  `${md5Hex(Buffer.from(chosen.map((part) => part.etag).join(""), "hex"))}-${chosen.length}`;

function versionOf(upload: Upload, chosen: readonly Part[], summed: Checksum | undefined): NewVersion {
  const {
    uploadId: _,
    key: _k,
    startedAtMs: _s,
    account: _a,
    checksumAlgorithm: _c,
    isComposite: _i,
    isChecksumAsked: _q,
    isSealed: _z,
    ...settings
  } = upload;
  return {
    ...settings,
    ...(summed && { checksum: summed }),
    partCount: chosen.length,
    etag: etagOfParts(chosen),
    sizeBytes: chosen.reduce((sum, part) => sum + part.sizeBytes, 0),
  };
}

const completing = {
  completeUpload: operation({
    summary: "Makes an object of the parts listed.",
    input: Type.Object({
      ...uploadRef,
      parts: completedParts,
      ...shownKey,
      checksum: Type.Optional(checksumWanted),
      isComposite: Type.Optional(Type.Boolean({ description: "Which kind of checksum the upload must have." })),
      conditions: Type.Optional(conditions),
      sizeBytes: Type.Optional(Type.Number({ description: "What the object's size must be." })),
    }),
    output: Type.Object({
      etag: Type.String(),
      versionId: Type.Optional(Type.String()),
      checksum: Type.Optional(checksum),
      bucket: Type.String(),
      region: Type.String(),
      encryption: versionFacts.encryption,
      expiry: due,
      ...charge,
    }),
    effects: "write",
    errors: [
      ...uploadErrors,
      "PartsMissing",
      "PartInvalid",
      "PartOrderInvalid",
      "PartTooSmall",
      "ChecksumMismatch",
      "PreconditionFailed",
      "ObjectNotFound",
      "RequestInvalid",
      "EncryptionKeyWrong",
    ],
    async run(tx, input, ctx) {
      const { bucket, upload } = await requireUpload(tx, ctx, input);
      checkShownKey(upload, input);
      checkKindOfChecksum(upload, input.isComposite);
      const chosen = await chosenParts(tx, upload, input.parts);
      const summed = checksumOfParts(upload, chosen);
      const wanted = input.checksum;
      if (
        wanted?.value
        && summed?.algorithm === wanted.algorithm
        && wanted.value !== summed.value.replace(/-\d+$/, "")
        && wanted.value !== summed.value
      )
        throw errors.ChecksumMismatch({ algorithm: wanted.algorithm });
      const current = await currents.get(tx, bucket.id, input.key);
      checkForWriting({ bucket: bucket.name, key: input.key }, current, input.conditions);
      const written = versionOf(upload, chosen, summed);
      if (input.sizeBytes !== undefined && input.sizeBytes !== written.sizeBytes)
        throw errors.RequestInvalid({
          why: "The provided 'x-amz-mp-object-size' header does not match what was computed.",
        });
      const version = await placeVersion(tx, ctx, bucket, input.key, current, written, {
        body: joinBodies(chosen.map((part) => part.body)),
        parts: chosen.map(({ partNumber, sizeBytes, checksums }) =>
          present({
            partNumber,
            sizeBytes,
            checksum: upload.isChecksumAsked ? checksums[upload.checksumAlgorithm] : undefined,
          }),
        ),
      });
      await forgetParts(tx, upload.uploadId);
      uploads.remove(tx, bucket.id, input.key, upload.uploadId);
      await wantCopies(tx, bucket, input.key, version);
      await tell(tx, ctx, bucket, "created.upload", input.key, version);
      return {
        etag: version.etag,
        bucket: bucket.name,
        region: bucket.region,
        ...chargeOf(ctx, bucket),
        expiry: await expiryIn(tx, bucket, input.key, version),
        ...(version.encryption && { encryption: version.encryption }),
        ...(version.versionId !== UNVERSIONED && { versionId: version.versionId }),
        ...(summed && { checksum: summed }),
      };
    },
  }),
};

export const uploadOperations = { ...beginning, ...partWriting, ...completing };
