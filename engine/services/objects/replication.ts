import { emit, type DeliveredEvent } from "../../kernel/outbox.ts";
import { isSealed, resealed, unsealed } from "../../kernel/sealed-body.ts";
import type { Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "../context.ts";
import { readRules } from "./kept-documents.ts";
import { buckets, partitionOf, type Bucket, type BodyRecord, type ObjectVersion } from "./model.ts";
import { tell } from "./news.ts";
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
  for (const { target, storageClass, copiesKeyId } of wanted) {
    const { versionId } = version;
    const payload: Wanted = {
      account,
      region,
      bucket: name,
      bucketId: id,
      key,
      versionId,
      target,
      ...(storageClass !== undefined && { storageClass }),
      ...(copiesKeyId !== undefined && { copiesKeyId }),
    };
    emit(tx, { type: REPLICATE, payload });
  }
  await amendVersion(tx, bucket, key, version, { replication: "pending" });
}

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
  if (to?.versioning !== "enabled") return amendVersion(tx, from, wanted.key, version, { replication: "failed" });
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
  await amendVersion(tx, from, wanted.key, version, { replication: "completed" });
  if (placed) await tell(tx, ctx, to, version.isDeleteMarker ? "removed.marker" : "created.put", wanted.key, placed);
}
