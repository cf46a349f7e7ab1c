import { emit, type DeliveredEvent } from "../../kernel/outbox.ts";
import { isSealed, resealed, unsealed } from "../../kernel/sealed-body.ts";
import type { Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "../context.ts";
import { readRules } from "./kept-documents.ts";
import { buckets, partitionOf, type Bucket, type BodyRecord, type ObjectVersion } from "./model.ts";
import { tell, type FailedCopy } from "./news.ts";
import { isFor, type ReplicationRule } from "./rules.ts";
import { wrappingKeyOf } from "./sealing.ts";
import { amendVersion, bodyOf, findVersion, insertVersion } from "./versions.ts";

/** The type of the outbox events that ask for a copy in another bucket. */
export const REPLICATE = "objects.replicate";

interface Wanted extends Scope {
  readonly bucket: string;
  readonly bucketId: string;
  readonly key: string;
  readonly versionId: string;
  readonly target: string;
  readonly storageClass?: string;
  readonly copiesKeyId?: string;
  readonly ruleId: string;
  readonly tellsFailures?: boolean;
}

const isUnderNamedKey = ({ encryption }: ObjectVersion): boolean =>
  encryption?.kind === "key" || encryption?.kind === "key-dual";

/** The rule that decides for a version: of those that match, the one with the highest priority for each target. */
function rulesFor(rules: readonly ReplicationRule[], key: string, version: ObjectVersion): ReplicationRule[] {
  const byTarget = new Map<string, ReplicationRule>();
  for (const rule of rules) {
    if (!isFor(rule.filter, key, version)) continue;
    if (version.isDeleteMarker && (!rule.takesMarkers || rule.filter.tags !== undefined)) continue;
    if (isUnderNamedKey(version) && rule.copiesKeyId === undefined) continue;
    const known = byTarget.get(rule.target);
    if (!known || known.priority < rule.priority) byTarget.set(rule.target, rule);
  }
  return [...byTarget.values()];
}

/** Asks for the copies of a new version that the bucket's rules want, in the transaction that writes it. */
export async function wantCopies(tx: Transaction, bucket: Bucket, key: string, version: ObjectVersion): Promise<void> {
  // What only its customer can open stays where it is, and a replica is not replicated again.
  if (!bucket.hasReplication || version.encryption?.kind === "customer" || version.replication === "replica") return;
  const wanted = rulesFor((await readRules(tx, bucket, "replication")) ?? [], key, version);
  if (wanted.length === 0) return;
  const { account, region, name, id } = bucket;
  for (const { id: ruleId, target, storageClass, copiesKeyId, tellsFailures } of wanted) {
    const { versionId } = version;
    const payload: Wanted = {
      account,
      region,
      bucket: name,
      bucketId: id,
      key,
      versionId,
      target,
      ruleId,
      ...(tellsFailures && { tellsFailures }),
      ...(storageClass !== undefined && { storageClass }),
      ...(copiesKeyId !== undefined && { copiesKeyId }),
    };
    emit(tx, { type: REPLICATE, payload });
  }
  await amendVersion(tx, bucket, key, version, { replication: "pending" });
}

/** What is recorded about a version changes, and about its copies with it. */
export async function changeVersion(
  tx: Transaction,
  bucket: Bucket,
  key: string,
  version: ObjectVersion,
  changes: Pick<ObjectVersion, (typeof FOLLOWING)[number]>,
): Promise<void> {
  await amendVersion(tx, bucket, key, version, changes);
  // Who had no copy before gets none for what is said of it later.
  if (version.replication) await wantCopies(tx, bucket, key, { ...version, ...changes });
}
/** What copies take over also when it is changed later. */
const FOLLOWING = ["tags", "grants", "retention", "hasLegalHold"] as const;
const following = (version: ObjectVersion): Partial<ObjectVersion> =>
  Object.fromEntries(FOLLOWING.flatMap((name) => (version[name] === undefined ? [] : [[name, version[name]]])));

const keyIn = (bucket: Bucket, { encryption = { kind: "provider" } }: ObjectVersion) =>
  wrappingKeyOf(bucket, encryption, undefined);

/** A body as the other bucket keeps it: under a key of that bucket's. */
function handedOver(
  from: Bucket,
  to: Bucket,
  version: ObjectVersion,
  copy: ObjectVersion,
  kept: BodyRecord,
  ctx: OperationContext,
): BodyRecord {
  if (!isSealed(kept.body)) return kept;
  return { ...kept, body: resealed(unsealed(kept.body, keyIn(from, version)), keyIn(to, copy), ctx.random) };
}

async function fail(
  tx: Transaction,
  ctx: OperationContext,
  bucket: Bucket,
  version: ObjectVersion,
  { key, ruleId, target, tellsFailures }: Wanted,
  why: FailedCopy["why"],
): Promise<void> {
  await amendVersion(tx, bucket, key, version, { replication: "failed" });
  if (!tellsFailures) return;
  const failedCopy: FailedCopy = { ruleId, bucket: target, why, writtenAtMs: version.modifiedAtMs };
  await tell(tx, ctx, bucket, "replication.failed", key, version, failedCopy);
}

/** Makes one copy. What has gone meanwhile, on either side, needs none. */
export async function replicate(tx: Transaction, event: DeliveredEvent, ctx: OperationContext): Promise<void> {
  const wanted = event.payload as Wanted;
  const partition = partitionOf(wanted.region);
  const [from, to] = [
    await buckets.get(tx, partition, wanted.bucket),
    await buckets.get(tx, partition, wanted.target),
  ];
  if (from?.id !== wanted.bucketId) return;
  const version = await findVersion(tx, from, wanted.key, wanted.versionId);
  if (!version) return;
  if (to?.versioning !== "enabled") return fail(tx, ctx, from, version, wanted, to ? "unversioned" : "missing");
  const { body: _, ...facts } = version;
  const storageClass = wanted.storageClass === "STANDARD" ? undefined : wanted.storageClass;
  const copy: ObjectVersion = {
    ...facts,
    ...(storageClass !== undefined && !version.isDeleteMarker && { storageClass }),
    ...(version.encryption && isUnderNamedKey(version) && wanted.copiesKeyId !== undefined && {
      encryption: { ...version.encryption, keyId: wanted.copiesKeyId },
    }),
    replication: "replica",
  };
  const kept = version.isDeleteMarker ? undefined : await bodyOf(tx, from, wanted.key, version);
  const placed = await insertVersion(tx, to, wanted.key, copy, kept && handedOver(from, to, version, copy, kept, ctx));
  const there = placed ? undefined : await findVersion(tx, to, wanted.key, wanted.versionId);
  if (there) await amendVersion(tx, to, wanted.key, there, following(version));
  await amendVersion(tx, from, wanted.key, version, { replication: "completed" });
  if (placed) await tell(tx, ctx, to, version.isDeleteMarker ? "removed.marker" : "created.put", wanted.key, placed);
}
