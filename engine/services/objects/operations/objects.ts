import { Type, type Static } from "typebox";
import type { ByteRange } from "../../../kernel/blobs.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import { invariant } from "../../../platform/invariant.ts";
import type { OperationContext } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import { operation } from "../../operation.ts";
import { reachBucket } from "../access-points.ts";
import { bucketErrors, chargeOf, checkLetIn, isCharged } from "../bucket-access.ts";
import { checkForReading, checkForWriting } from "../conditions.ts";
import { bodyDigests, checkDigested, checksumOfBody, digestersFor } from "../digests.ts";
import { errors } from "../errors.ts";
import { checkCustomerKey, checkReadable, factsNow, factsOf } from "../facts.ts";
import {
  BODY_BYTES_MAX,
  currents,
  UNVERSIONED,
  type BodyRecord,
  type Bucket,
  type Checksum,
  type ObjectVersion,
} from "../model.ts";
import {
  bucketRef,
  charge,
  checksum,
  conditions,
  due,
  objectRef,
  versionFacts,
  versionRef,
  writtenWith,
} from "../schemas.ts";
import { expiryIn } from "../lifecycle.ts";
import { wantCopies } from "../replication.ts";
import { parseQuery } from "../select/expression.ts";
import { encryptionAsked, openedBody, sealedNow, sealFor } from "../sealing.ts";
import { tell } from "../news.ts";
import { checkListNotBlocked } from "./configurations.ts";
import { bodyOf, findVersion, placeVersion, removeVersion, requireVersion, versionErrors } from "../versions.ts";
import { checkKey, checkNotLocked, requireWritable, settingsOf } from "../writing.ts";

/** The range asked for, cut at the body's end. A range that cannot be understood is no range. */
function rangeOf(text: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = text === undefined ? null : /^bytes=(\d*)-(\d*)$/.exec(text.trim());
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const first = match[1] === "" ? undefined : Number(match[1]);
  const last = match[2] === "" ? undefined : Number(match[2]);
  if (first !== undefined && last !== undefined && last < first) return undefined;
  const start = first ?? Math.max(0, sizeBytes - (last ?? 0));
  if (start >= sizeBytes || (first === undefined && last === 0))
    throw errors.RangeNotSatisfiable({ range: text ?? "", sizeBytes });
  return { start, end: first === undefined ? sizeBytes - 1 : Math.min(last ?? sizeBytes - 1, sizeBytes - 1) };
}

const readInput = {
  ...versionRef,
  conditions: Type.Optional(conditions),
  range: Type.Optional(Type.String({ description: "As HTTP writes it: `bytes=0-99`." })),
  partNumber: Type.Optional(Type.Number({ description: "Only this part of an object that was uploaded in parts." })),
  wantsChecksum: Type.Optional(Type.Boolean()),
  customerKeyMd5: Type.Optional(Type.String()),
  customerKey: Type.Optional(Type.String()),
};
const readOutput = Type.Object({
  ...versionFacts,
  range: Type.Optional(Type.Object({ start: Type.Number(), end: Type.Number() })),
  expiry: due,
});

async function partRange(
  tx: Reader,
  bucket: Bucket,
  key: string,
  version: ObjectVersion,
  partNumber: number,
): Promise<ByteRange | undefined> {
  const { parts } = await bodyOf(tx, bucket, key, version);
  const at = parts ? parts.findIndex((part) => part.partNumber === partNumber) : partNumber - 1;
  if (!parts && at === 0) return version.sizeBytes > 0 ? { start: 0, end: version.sizeBytes - 1 } : undefined;
  const part = parts?.[at];
  if (!part) throw errors.PartOutOfRange({ partNumber, partCount: parts?.length ?? 1 });
  const start = parts.slice(0, at).reduce((sum, before) => sum + before.sizeBytes, 0);
  return { start, end: start + part.sizeBytes - 1 };
}

async function readVersion(tx: Reader, input: Static<ReturnType<typeof readObject>>, ctx: OperationContext) {
  const { key, versionId } = input;
  const bucket = await reachBucket(tx, ctx, input, { action: "GetObject", key, versionId });
  const version = await requireVersion(tx, bucket, input);
  checkForReading(version, input.conditions);
  checkCustomerKey(version, input.customerKeyMd5);
  const range =
    input.partNumber === undefined
      ? rangeOf(input.range, version.sizeBytes)
      : await partRange(tx, bucket, input.key, version, input.partNumber);
  return { bucket, version, range };
}
const readObject = () => Type.Object(readInput);

/** The checksum of what is read: the whole, or exactly one part that was uploaded with one. Other ranges have none. */
async function checksumOfRead(
  tx: Reader,
  bucket: Bucket,
  key: string,
  version: ObjectVersion,
  range: ByteRange | undefined,
): Promise<Checksum | undefined> {
  const { checksum, sizeBytes } = version;
  if (!checksum || !range) return checksum;
  if (checksum.isComposite) {
    const { parts = [] } = await bodyOf(tx, bucket, key, version);
    return checksumOfPart(checksum, parts, range);
  }
  return range.start === 0 && range.end === sizeBytes - 1 ? checksum : undefined;
}

function checksumOfPart(
  whole: Checksum,
  parts: NonNullable<BodyRecord["parts"]>,
  range: ByteRange,
): Checksum | undefined {
  let start = 0;
  for (const { sizeBytes, checksum: value } of parts) {
    if (start === range.start && start + sizeBytes - 1 === range.end && value !== undefined) return { ...whole, value };
    start += sizeBytes;
  }
  return undefined;
}

const reading = {
  getObject: operation({
    summary: "Gives an object, or a part of it.",
    input: readObject(),
    output: readOutput,
    effects: "read",
    errors: [
      ...bucketErrors,
      ...versionErrors,
      "PreconditionFailed",
      "NotModified",
      "RangeNotSatisfiable",
      "PartOutOfRange",
      "EncryptionKeyMissing",
      "EncryptionKeyWrong",
      "RequestInvalid",
      "ObjectArchived",
    ],
    body: "out",
    async run(tx, input, ctx) {
      const { bucket, version, range } = await readVersion(tx, input, ctx);
      if (version.storageClass !== undefined) checkReadable(ctx, bucket, input.key, version);
      const stored = version.body ?? (await bodyOf(tx, bucket, input.key, version)).body;
      const body = openedBody(bucket, version, stored, input.customerKey);
      const facts = factsNow(ctx, bucket, version);
      if (input.wantsChecksum) facts.checksum = await checksumOfRead(tx, bucket, input.key, version, range);
      const found = Object.assign(facts, range ? { body, range } : { body });
      if (isCharged(ctx, bucket)) Object.assign(found, chargeOf(ctx, bucket));
      return bucket.hasLifecycle
        ? Object.assign(found, { expiry: await expiryIn(tx, bucket, input.key, version) })
        : found;
    },
  }),
  headObject: operation({
    summary: "Tells what an object is, without its body.",
    input: readObject(),
    output: readOutput,
    effects: "read",
    errors: [
      ...bucketErrors,
      ...versionErrors,
      "PreconditionFailed",
      "NotModified",
      "RangeNotSatisfiable",
      "PartOutOfRange",
      "EncryptionKeyMissing",
      "EncryptionKeyWrong",
      "RequestInvalid",
    ],
    async run(tx, input, ctx) {
      const { bucket, version, range } = await readVersion(tx, input, ctx);
      const expiry = await expiryIn(tx, bucket, input.key, version);
      const facts = Object.assign(factsNow(ctx, bucket, version), { expiry });
      if (isCharged(ctx, bucket)) Object.assign(facts, chargeOf(ctx, bucket));
      if (input.wantsChecksum) facts.checksum = await checksumOfRead(tx, bucket, input.key, version, range);
      return range ? { ...facts, range } : facts;
    },
  }),
  selectObject: operation({
    summary: "Gives an object whose records a query is run over; refuses a query that cannot be understood.",
    input: Type.Object({
      ...versionRef,
      customerKeyMd5: Type.Optional(Type.String()),
      customerKey: Type.Optional(Type.String()),
      expression: Type.String({ description: "`SELECT ... FROM S3Object ...`" }),
    }),
    output: Type.Object({ sizeBytes: Type.Number() }),
    effects: "read",
    errors: [
      ...bucketErrors,
      ...versionErrors,
      "SelectInvalid",
      "EncryptionKeyMissing",
      "EncryptionKeyWrong",
      "RequestInvalid",
      "ObjectArchived",
    ],
    body: "out",
    async run(tx, input, ctx) {
      const { key, versionId } = input;
      const bucket = await reachBucket(tx, ctx, input, { action: "GetObject", key, versionId });
      const version = await requireVersion(tx, bucket, input);
      checkCustomerKey(version, input.customerKeyMd5);
      checkReadable(ctx, bucket, input.key, version);
      parseQuery(input.expression);
      const { body } = await bodyOf(tx, bucket, input.key, version);
      return { sizeBytes: version.sizeBytes, body: openedBody(bucket, version, body, input.customerKey) };
    },
  }),
  getObjectParts: operation({
    summary: "Lists the parts an object was uploaded in, with their checksums.",
    input: Type.Object({
      ...versionRef,
      customerKeyMd5: Type.Optional(Type.String()),
      afterPart: Type.Optional(Type.Number()),
      limit: Type.Optional(Type.Number()),
    }),
    output: Type.Object({
      ...versionFacts,
      parts: Type.Array(
        Type.Object({ partNumber: Type.Number(), sizeBytes: Type.Number(), checksum: Type.Optional(Type.String()) }),
      ),
      isCut: Type.Boolean(),
    }),
    effects: "read",
    errors: [...bucketErrors, ...versionErrors, "EncryptionKeyMissing", "EncryptionKeyWrong", "RequestInvalid"],
    async run(tx, input, ctx) {
      const { key, versionId } = input;
      const bucket = await reachBucket(tx, ctx, input, { action: "GetObjectAttributes", key, versionId });
      const version = await requireVersion(tx, bucket, input);
      checkCustomerKey(version, input.customerKeyMd5);
      const kept = await bodyOf(tx, bucket, input.key, version);
      const rest = (kept.parts ?? []).filter((part) => part.partNumber > (input.afterPart ?? 0));
      const parts = rest.slice(0, input.limit ?? 1000);
      return {
        ...factsOf(bucket, version),
        parts,
        isCut: parts.length < rest.length,
        ...chargeOf(ctx, bucket),
      };
    },
  }),
};

const deleted = { versionId: Type.Optional(Type.String()), isDeleteMarker: Type.Boolean() };
const deletion = { key: Type.String(), versionId: Type.Optional(Type.String()), conditions: Type.Optional(conditions) };
const LATEST_DELETED = { sizeBytes: 0, etag: "", isDeleteMarker: true } as const;

/** Deletes a version for good, or hides the object behind a delete marker where versions are kept. */
async function deleteVersion(
  tx: Transaction,
  ctx: OperationContext,
  bucket: Bucket,
  input: Static<ReturnType<typeof deletionInput>>,
  mayBypass: boolean | undefined,
): Promise<{ versionId?: string; isDeleteMarker: boolean }> {
  const { key, versionId } = input;
  const of = { bucket: bucket.name, key };
  if (versionId !== undefined) {
    const version = await findVersion(tx, bucket, key, versionId);
    if (!version) return { versionId, isDeleteMarker: false };
    checkForWriting(of, version, input.conditions);
    checkNotLocked(ctx, of, version, mayBypass);
    await removeVersion(tx, bucket, key, version);
    await tell(tx, ctx, bucket, "removed.delete", key, version);
    return { versionId, isDeleteMarker: version.isDeleteMarker ?? false };
  }
  const current = await currents.get(tx, bucket.id, key);
  checkForWriting(of, current, input.conditions);
  if (bucket.versioning === "off") {
    if (!current) return { isDeleteMarker: false };
    await removeVersion(tx, bucket, key, current);
    await tell(tx, ctx, bucket, "removed.delete", key, current);
    return { isDeleteMarker: false };
  }
  const marker = await placeVersion(tx, ctx, bucket, key, current, LATEST_DELETED);
  await wantCopies(tx, bucket, key, marker);
  await tell(tx, ctx, bucket, "removed.marker", key, marker);
  return { versionId: marker.versionId, isDeleteMarker: true };
}
const deletionInput = () => Type.Object(deletion);

/** What refuses one deletion of many and lets the others go on. */
const REFUSALS: ReadonlySet<string> = new Set([
  "VersionIdInvalid",
  "ObjectNotFound",
  "PreconditionFailed",
  "ObjectLocked",
  "BucketOfAnotherAccount",
]);
const refusal = Type.Object({
  code: Type.String(),
  message: Type.String(),
  details: Type.Record(Type.String(), Type.Unknown()),
});

const DELETION_LATER = { action: "DeleteObject", isAskedLater: true } as const;

const deleting = {
  deleteObject: operation({
    summary: "Deletes an object, or one version of it for good.",
    input: Type.Object({
      ...versionRef,
      conditions: Type.Optional(conditions),
      bypassesGovernance: Type.Optional(Type.Boolean()),
    }),
    output: Type.Object({ ...deleted, ...charge }),
    effects: "write",
    errors: [...bucketErrors, "VersionIdInvalid", "ObjectNotFound", "PreconditionFailed", "ObjectLocked"],
    async run(tx, input, ctx) {
      const { key, versionId } = input;
      const bucket = await reachBucket(tx, ctx, input, { action: "DeleteObject", key, versionId });
      const gone = await deleteVersion(tx, ctx, bucket, input, input.bypassesGovernance);
      return { ...gone, ...chargeOf(ctx, bucket) };
    },
  }),
  deleteObjects: operation({
    summary: "Deletes up to a thousand objects or versions, and tells of each how it went.",
    input: Type.Object({
      ...bucketRef,
      objects: Type.Array(Type.Object(deletion)),
      bypassesGovernance: Type.Optional(Type.Boolean()),
    }),
    output: Type.Object({
      results: Type.Array(Type.Object({ ...deleted, key: Type.String(), failure: Type.Optional(refusal) })),
      ...charge,
    }),
    effects: "write",
    errors: [...bucketErrors, "RequestInvalid"],
    async run(tx, input, ctx) {
      const bucket = await reachBucket(tx, ctx, input, DELETION_LATER);
      const results: { key: string; versionId?: string; isDeleteMarker: boolean; failure?: Static<typeof refusal> }[] =
        [];
      for (const one of input.objects) {
        try {
          const { key, versionId } = one;
          if (bucket.account !== ctx.account)
            await checkLetIn(tx, ctx, bucket, { action: "DeleteObject", key, versionId });
          results.push({ key: one.key, ...(await deleteVersion(tx, ctx, bucket, one, input.bypassesGovernance)) });
        } catch (failure) {
          // Nothing is written before a deletion is refused, so the others go on.
          if (!(failure instanceof ServiceError && REFUSALS.has(failure.code))) throw failure;
          const { code, message, details } = failure;
          results.push({ key: one.key, isDeleteMarker: false, failure: { code, message, details: { ...details } } });
        }
      }
      return { results, ...chargeOf(ctx, bucket) };
    },
  }),
};

const writing = {
  putObject: operation({
    summary: "Writes an object.",
    input: Type.Object({
      ...objectRef,
      ...writtenWith,
      conditions: Type.Optional(conditions),
      ...bodyDigests,
      isPosted: Type.Optional(Type.Boolean({ description: "It came as a browser's form." })),
    }),
    output: Type.Object({
      etag: Type.String(),
      versionId: Type.Optional(Type.String()),
      sizeBytes: Type.Number(),
      checksum: Type.Optional(checksum),
      encryption: versionFacts.encryption,
      expiry: due,
      ...charge,
    }),
    effects: "write",
    errors: [
      ...bucketErrors,
      "KeyTooLong",
      "MetadataTooLarge",
      "ObjectTooLarge",
      "TagsInvalid", "TagsTooMany",
      "ChecksumMismatch",
      "DigestMissing",
      "PreconditionFailed",
      "ObjectNotFound",
      "AccessListsDisabled",
      "PublicAccessBlocked",
      "ObjectLockDisabled",
      "InputInvalid",
      "EncryptionKeyMissing",
    ],
    body: "in",
    digests: ({ checksum }) => digestersFor(checksum?.algorithm),
    seal: (store, input, ctx) =>
      store.read(async (tx) =>
        sealFor(ctx.random, await requireWritable(tx, ctx, input), input.encryption, input.customerKey),
      ),
    async run(tx, input, ctx) {
      const { key } = input;
      const { body } = ctx;
      invariant(body, "a put carries its body");
      const bucket = await requireWritable(tx, ctx, input);
      checkKey(key);
      if (body.sizeBytes > BODY_BYTES_MAX)
        throw errors.ObjectTooLarge({ sizeBytes: body.sizeBytes, limitBytes: BODY_BYTES_MAX });
      const checksum = checksumOfBody(body, input.checksum, input.md5);
      const seal = encryptionAsked(bucket, input.encryption)
        && sealFor(ctx.random, bucket, input.encryption, input.customerKey);
      const settings = settingsOf(ctx, bucket, input);
      checkDigested("object", settings, input);
      if (input.accessList) await checkListNotBlocked(tx, bucket, input.accessList);
      const current = await currents.get(tx, bucket.id, key);
      checkForWriting({ bucket: bucket.name, key }, current, input.conditions);
      const written = { checksum, sizeBytes: body.sizeBytes, etag: body.digests["md5"] ?? "", ...settings };
      const version = await placeVersion(tx, ctx, bucket, key, current, written, {
        body: seal ? sealedNow(body, seal) : body,
      });
      if (bucket.hasReplication) await wantCopies(tx, bucket, key, version);
      if (bucket.hasNotifications)
        await tell(tx, ctx, bucket, input.isPosted ? "created.post" : "created.put", key, version);
      return {
        etag: version.etag,
        sizeBytes: version.sizeBytes,
        encryption: settings.encryption,
        versionId: version.versionId === UNVERSIONED ? undefined : version.versionId,
        checksum,
        expiry: bucket.hasLifecycle ? await expiryIn(tx, bucket, key, version) : undefined,
        isCharged: isCharged(ctx, bucket) || undefined,
      };
    },
  }),
};

export const objectOperations = { ...writing, ...reading, ...deleting };
