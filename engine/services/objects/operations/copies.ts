import { Type, type Static } from "typebox";
import { openBody } from "../../../kernel/joined-body.ts";
import { isSealed, type OpenSeal, writeSealed } from "../../../kernel/sealed-body.ts";
import type { ByteRange, StoredBody } from "../../../kernel/blobs.ts";
import type { Reader } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import { operation } from "../../operation.ts";
import { reachBucket } from "../access-points.ts";
import { bucketErrors, chargeOf } from "../bucket-access.ts";
import {
  base64OfHex,
  DEFAULT_ALGORITHM,
  type ChecksumAlgorithm,
} from "../../../kernel/checksums.ts";
import { checkForCopying, checkForWriting } from "../conditions.ts";
import { digestersFor } from "../digests.ts";
import { errors } from "../errors.ts";
import { checkCustomerKey, checkReadable } from "../facts.ts";
import { BODY_BYTES_MAX, currents, UNVERSIONED, type Bucket, type ObjectVersion } from "../model.ts";
import {
  charge,
  checksum,
  checksumAlgorithm,
  conditions,
  due,
  objectRef,
  versionFacts,
  writtenWith,
} from "../schemas.ts";
import { bodyOf, placeVersion, requireVersion } from "../versions.ts";
import { checkKey, requireWritable, settingsOf } from "../writing.ts";
import { expiryIn } from "../lifecycle.ts";
import { wantCopies } from "../replication.ts";
import { openedBody, sealFor } from "../sealing.ts";
import { tell } from "../news.ts";
import { checkListNotBlocked } from "./configurations.ts";

export const sourceRef = Type.Object({
  bucket: Type.String(),
  key: Type.String(),
  versionId: Type.Optional(Type.String()),
  expectedAccount: Type.Optional(Type.String()),
  conditions: Type.Optional(conditions),
  customerKeyMd5: Type.Optional(Type.String()),
  customerKey: Type.Optional(Type.String()),
});
export const sourceErrors = [
  ...bucketErrors,
  "ObjectNotFound",
  "ObjectIsDeleted",
  "VersionNotFound",
  "SourceIsDeleteMarker",
  "VersionIdInvalid",
  "PreconditionFailed",
  "EncryptionKeyMissing",
  "EncryptionKeyWrong",
  "RequestInvalid",
  "ObjectArchived",
];

export interface Source {
  readonly bucket: Bucket;
  readonly version: ObjectVersion;
  /** With its keys at hand. */
  readonly body: StoredBody;
  readonly isSealed: boolean;
}

/** A marker can be met by name, but not be copied. */
function refusingMarker(problem: unknown): never {
  if (!(problem instanceof ServiceError) || problem.code !== "VersionIsDeleteMarker") throw problem;
  throw errors.SourceIsDeleteMarker(problem.details as { bucket: string; key: string; versionId: string });
}

/** The version that is copied from, when it may be. */
export async function findSource(tx: Reader, ctx: OperationContext, source: Static<typeof sourceRef>): Promise<Source> {
  const { key, versionId } = source;
  const bucket = await reachBucket(tx, ctx, source, { action: "GetObject", key, versionId });
  const version = await requireVersion(tx, bucket, source).catch(refusingMarker);
  checkForCopying(version, source.conditions);
  checkCustomerKey(version, source.customerKeyMd5);
  checkReadable(ctx, bucket, source.key, version);
  const { body } = await bodyOf(tx, bucket, source.key, version);
  return { bucket, version, isSealed: isSealed(body), body: openedBody(bucket, version, body, source.customerKey) };
}

/** Reads a stored body anew, for digests that its record does not have. */
export const digestAnew = (
  ctx: Pick<Required<OperationContext>, "blobs">,
  body: StoredBody,
  algorithm: ChecksumAlgorithm,
  range?: ByteRange,
  seal?: OpenSeal,
): Promise<StoredBody> => {
  const bytes = body.sizeBytes === 0 ? new Uint8Array() : openBody(ctx.blobs, body, range);
  const digesters = digestersFor(algorithm);
  return seal ? writeSealed(ctx.blobs, bytes, digesters, seal) : ctx.blobs.write(bytes, digesters);
};

/**
 * What is read anew for a copy: an object that was uploaded in parts, one without the checksum that the copy shall
 * have, and whatever is sealed or to be sealed, since each seal has its own key.
 */
const mustRead = ({ version, isSealed }: Source, wanted: ChecksumAlgorithm | undefined): boolean =>
  isSealed
  || version.partCount !== undefined
  || version.checksum === undefined
  || (wanted !== undefined && version.checksum.algorithm !== wanted);

const copyInput = Type.Object({
  ...objectRef,
  ...writtenWith,
  source: sourceRef,
  replacesMetadata: Type.Optional(
    Type.Boolean({ description: "Takes headers and metadata from this call, not from the source." }),
  ),
  replacesTags: Type.Optional(Type.Boolean({ description: "Takes tags from this call, not from the source." })),
  checksumAlgorithm: Type.Optional(checksumAlgorithm),
  conditions: Type.Optional(conditions),
});

function checkNotOntoItself(input: Static<typeof copyInput>): void {
  const { source } = input;
  const isSame = source.bucket === input.bucket && source.key === input.key && source.versionId === undefined;
  if (!isSame || input.replacesMetadata || input.storageClass || input.encryption || input.headers?.redirectTo) return;
  throw errors.RequestInvalid({
    why:
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
      + "metadata, "
      + "storage class, website redirect location or encryption attributes.",
  });
}

function inherited(input: Static<typeof copyInput>, version: ObjectVersion): Static<typeof copyInput> {
  const { redirectTo: _, ...headers } = version.headers ?? {};
  const own = input.headers?.redirectTo === undefined ? {} : { redirectTo: input.headers.redirectTo };
  return {
    ...input,
    ...(!input.replacesMetadata && { headers: { ...headers, ...own }, metadata: { ...version.metadata } }),
    ...(!input.replacesTags && { tags: version.tags?.map((tag) => ({ ...tag })) }),
  };
}

export const copyOperations = {
  copyObject: operation({
    summary: "Copies an object, within a bucket or into another.",
    input: copyInput,
    output: Type.Object({
      etag: Type.String(),
      modifiedAtMs: Type.Number(),
      versionId: Type.Optional(Type.String()),
      checksum: Type.Optional(checksum),
      sourceVersionId: Type.Optional(Type.String()),
      encryption: versionFacts.encryption,
      expiry: due,
      ...charge,
    }),
    effects: "write",
    errors: [
      ...sourceErrors,
      "KeyTooLong",
      "ObjectTooLarge",
      "MetadataTooLarge",
      "TagsInvalid", "TagsTooMany",
      "AccessListsDisabled",
      "PublicAccessBlocked",
      "ObjectLockDisabled",
      "InputInvalid",
    ],
    async prepare(store, input, ctx) {
      const { source, seal } = await store.read(async (tx) => ({
        source: await findSource(tx, ctx, input.source),
        seal: sealFor(ctx.random, await requireWritable(tx, ctx, input), input.encryption, input.customerKey),
      }));
      if (source.body.sizeBytes > BODY_BYTES_MAX) return undefined;
      if (!seal && !mustRead(source, input.checksumAlgorithm)) return undefined;
      const algorithm = input.checksumAlgorithm ?? source.version.checksum?.algorithm ?? DEFAULT_ALGORITHM;
      const body = await digestAnew(ctx, source.body, algorithm, undefined, seal);
      return { ...body, digests: { ...body.digests, source: `${source.version.etag} ${source.version.sequence}` } };
    },
    async run(tx, input, ctx) {
      const bucket = await requireWritable(tx, ctx, input);
      const source = await findSource(tx, ctx, input.source);
      checkNotOntoItself(input);
      checkKey(input.key);
      const { version: from } = source;
      if (from.sizeBytes > BODY_BYTES_MAX)
        throw errors.ObjectTooLarge({ sizeBytes: from.sizeBytes, limitBytes: BODY_BYTES_MAX });
      const isStale = ctx.body && ctx.body.digests["source"] !== `${from.etag} ${from.sequence}`;
      if (isStale) throw errors.PreconditionFailed({ condition: "source changed while it was copied" });

      const settings = settingsOf(ctx, bucket, inherited(input, from));
      const algorithm = input.checksumAlgorithm ?? from.checksum?.algorithm ?? DEFAULT_ALGORITHM;
      const hex = ctx.body?.digests[algorithm];
      const summed = hex === undefined ? from.checksum : { algorithm, value: base64OfHex(hex) };
      if (input.accessList) await checkListNotBlocked(tx, bucket, input.accessList);
      const current = await currents.get(tx, bucket.id, input.key);
      checkForWriting({ bucket: bucket.name, key: input.key }, current, input.conditions);
      const written = { ...settings, sizeBytes: from.sizeBytes, etag: ctx.body?.digests["md5"] ?? from.etag };
      const version = await placeVersion(
        tx,
        ctx,
        bucket,
        input.key,
        current,
        summed ? { ...written, checksum: summed } : written,
        { body: ctx.body ?? source.body },
      );
      await wantCopies(tx, bucket, input.key, version);
      await tell(tx, ctx, bucket, "created.copy", input.key, version);
      return {
        etag: version.etag,
        modifiedAtMs: version.modifiedAtMs,
        encryption: settings.encryption,
        ...chargeOf(ctx, source.bucket),
        ...chargeOf(ctx, bucket),
        expiry: await expiryIn(tx, bucket, input.key, version),
        ...(version.versionId !== UNVERSIONED && { versionId: version.versionId }),
        ...(from.versionId !== UNVERSIONED && { sourceVersionId: from.versionId }),
        ...(summed && { checksum: summed }),
      };
    },
  }),
};
