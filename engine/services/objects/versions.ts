import { linkBodies, unlinkBodies } from "../../kernel/joined-body.ts";
import type { StoredBody } from "../../kernel/blobs.ts";
import type { Reader, Transaction } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";
import { errors } from "./errors.ts";
import {
  ageInVersionId,
  ageOf,
  bodies,
  currents,
  keys,
  olders,
  RECORD_BODY_BYTES_MAX,
  UNVERSIONED,
  versionIdOf,
  type Bucket,
  type BodyRecord,
  type CompletedPart,
  type ObjectVersion,
} from "./model.ts";

/**
 * The history of one key. The latest version is one record, the ones before it lie newest first beside it, and `null`
 * (written while versioning was off or suspended) occurs at most once among them all.
 */

/** A version that has not been given its place yet. */
export type NewVersion = Omit<ObjectVersion, "versionId" | "sequence" | "modifiedAtMs" | "body">;

export interface NewBody {
  readonly body: StoredBody;
  readonly parts?: readonly CompletedPart[];
}

/** Later than everything before it, also within one millisecond or after the clock was set back. */
const nextSequence = (current: ObjectVersion | undefined, nowMs: number): number =>
  Math.max(nowMs * 1000, (current?.sequence ?? 0) + 1);

const staysInRecord = ({ body, parts }: NewBody): boolean =>
  !parts && !body.parts && (body.inline?.length ?? 0) <= RECORD_BODY_BYTES_MAX;

const NO_DIGESTS: StoredBody["digests"] = Object.freeze({});

/** Forgets a version's body; its blob is garbage when nobody else uses it. */
async function forgetBody(tx: Transaction, bucket: Bucket, key: string, version: ObjectVersion): Promise<void> {
  if (version.isDeleteMarker) return;
  const owner = keys.body.key(bucket.id, key, version.sequence);
  if (version.body) return unlinkBodies(tx, version.body, owner);
  const record = await bodies.get(tx, bucket.id, key, version.sequence);
  if (!record) return;
  unlinkBodies(tx, record.body, owner);
  bodies.remove(tx, bucket.id, key, version.sequence);
}

/** The latest version steps back among the older ones. */
function demote(tx: Transaction, bucket: Bucket, key: string, version: ObjectVersion): void {
  const age = ageOf(version.sequence);
  olders.put(tx, version, bucket.id, key, age);
  if (version.versionId === UNVERSIONED) tx.set(keys.unversioned.key(bucket.id, key), age);
}

async function forgetOlder(tx: Transaction, bucket: Bucket, key: string, version: ObjectVersion): Promise<void> {
  await forgetBody(tx, bucket, key, version);
  olders.remove(tx, bucket.id, key, ageOf(version.sequence));
  if (version.versionId === UNVERSIONED) tx.delete(keys.unversioned.key(bucket.id, key));
}

async function olderUnversioned(tx: Reader, bucket: Bucket, key: string): Promise<ObjectVersion | undefined> {
  const age = await tx.get<number>(keys.unversioned.key(bucket.id, key));
  return age === undefined ? undefined : olders.get(tx, bucket.id, key, age);
}

/** Makes `written` the latest version of `key`; `current` is the one there is. */
export async function placeVersion(
  tx: Transaction,
  ctx: OperationContext,
  bucket: Bucket,
  key: string,
  current: ObjectVersion | undefined,
  written: NewVersion,
  newBody?: NewBody,
): Promise<ObjectVersion> {
  const nowMs = ctx.clock.nowMs();
  const sequence = nextSequence(current, nowMs);
  const isEnabled = bucket.versioning === "enabled";
  const versionId = isEnabled ? versionIdOf(sequence, ctx.ids.upper(21)) : UNVERSIONED;
  const version: ObjectVersion = Object.assign({}, written, { versionId, sequence, modifiedAtMs: nowMs });

  if (current) {
    if (!isEnabled && current.versionId === UNVERSIONED) await forgetBody(tx, bucket, key, current);
    else demote(tx, bucket, key, current);
  }
  if (bucket.versioning === "suspended") {
    const replaced = current?.versionId === UNVERSIONED ? undefined : await olderUnversioned(tx, bucket, key);
    if (replaced) await forgetOlder(tx, bucket, key, replaced);
  }
  const record = newBody ? keepBody(tx, bucket, key, version, newBody) : version;
  currents.put(tx, record, bucket.id, key);
  return record;
}

function keepBody(
  tx: Transaction,
  bucket: Bucket,
  key: string,
  version: ObjectVersion,
  newBody: NewBody,
): ObjectVersion {
  const { sizeBytes, inline, seal } = newBody.body;
  // What the digests were for stands in the version itself.
  if (inline !== undefined && seal === undefined && staysInRecord(newBody))
    return Object.assign(version, { body: { sizeBytes, inline, digests: NO_DIGESTS } });
  const body: StoredBody = { ...newBody.body, digests: NO_DIGESTS };
  if (inline !== undefined && staysInRecord(newBody)) return Object.assign(version, { body });
  if (body.inline === undefined) linkBodies(tx, body, keys.body.key(bucket.id, key, version.sequence));
  const record: BodyRecord = newBody.parts ? { body, parts: newBody.parts } : { body };
  bodies.put(tx, record, bucket.id, key, version.sequence);
  return version;
}

/** Puts a version that has its id and place already among the others; undefined when it is there. */
export async function insertVersion(
  tx: Transaction,
  bucket: Bucket,
  key: string,
  version: ObjectVersion,
  newBody: NewBody | undefined,
): Promise<ObjectVersion | undefined> {
  const current = await currents.get(tx, bucket.id, key);
  const age = ageOf(version.sequence);
  if (current?.sequence === version.sequence || (await olders.get(tx, bucket.id, key, age))) return undefined;
  const record = newBody ? keepBody(tx, bucket, key, { ...version }, newBody) : version;
  const isLatest = !current || current.sequence < version.sequence;
  if (isLatest && current) demote(tx, bucket, key, current);
  if (isLatest) currents.put(tx, record, bucket.id, key);
  else olders.put(tx, record, bucket.id, key, age);
  return record;
}

/** The body of a version, wherever it lies. */
export async function bodyOf(tx: Reader, bucket: Bucket, key: string, version: ObjectVersion): Promise<BodyRecord> {
  if (version.body) return { body: version.body };
  return (await bodies.get(tx, bucket.id, key, version.sequence)) ?? { body: { sizeBytes: 0, digests: {} } };
}

/** The version of that id, delete markers included, or undefined. Throws `VersionIdInvalid`. */
export async function findVersion(
  tx: Reader,
  bucket: Bucket,
  key: string,
  versionId: string,
): Promise<ObjectVersion | undefined> {
  const age = versionId === UNVERSIONED ? undefined : ageInVersionId(versionId);
  if (versionId !== UNVERSIONED && age === undefined) throw errors.VersionIdInvalid({ versionId });
  const current = await currents.get(tx, bucket.id, key);
  if (current?.versionId === versionId) return current;
  const older = age === undefined ? await olderUnversioned(tx, bucket, key) : await olders.get(tx, bucket.id, key, age);
  return older?.versionId === versionId ? older : undefined;
}

/** What `requireVersion` refuses with. */
export const versionErrors = [
  "ObjectNotFound",
  "ObjectIsDeleted",
  "VersionNotFound",
  "VersionIsDeleteMarker",
  "VersionIdInvalid",
] as const;

/** The version asked for, or the latest. Throws when it does not exist or is a delete marker. */
export async function requireVersion(
  tx: Reader,
  bucket: Bucket,
  ref: { readonly key: string; readonly versionId?: string | undefined },
): Promise<ObjectVersion> {
  const of = { bucket: bucket.name, key: ref.key };
  if (ref.versionId === undefined) {
    const current = await currents.get(tx, bucket.id, ref.key);
    if (!current) throw errors.ObjectNotFound(of);
    if (current.isDeleteMarker) throw errors.ObjectIsDeleted({ ...of, versionId: current.versionId });
    return current;
  }
  const version = await findVersion(tx, bucket, ref.key, ref.versionId);
  if (!version) throw errors.VersionNotFound({ ...of, versionId: ref.versionId });
  if (version.isDeleteMarker) {
    throw errors.VersionIsDeleteMarker({ ...of, versionId: version.versionId, modifiedAtMs: version.modifiedAtMs });
  }
  return version;
}

/** Replaces what is recorded about a version that stays where it is. */
export async function amendVersion(
  tx: Transaction,
  bucket: Bucket,
  key: string,
  version: ObjectVersion,
  changes: Partial<ObjectVersion>,
): Promise<void> {
  const amended = { ...version, ...changes };
  const current = await currents.get(tx, bucket.id, key);
  if (current?.sequence === version.sequence) currents.put(tx, amended, bucket.id, key);
  else olders.put(tx, amended, bucket.id, key, ageOf(version.sequence));
}

/** Removes a version for good. When it was the latest, the one before it steps forward. */
export async function removeVersion(
  tx: Transaction,
  bucket: Bucket,
  key: string,
  version: ObjectVersion,
): Promise<void> {
  const current = await currents.get(tx, bucket.id, key);
  if (current?.sequence !== version.sequence) return forgetOlder(tx, bucket, key, version);
  await forgetBody(tx, bucket, key, version);
  const [next] = await olders.range(tx, keys.older.range(bucket.id, key), { limit: 1 });
  if (!next) return currents.remove(tx, bucket.id, key);
  currents.put(tx, next.value, bucket.id, key);
  tx.delete(next.key);
  if (next.value.versionId === UNVERSIONED) tx.delete(keys.unversioned.key(bucket.id, key));
}
