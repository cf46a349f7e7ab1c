import { ARCHIVES, type Bucket, type ObjectVersion } from "./model.ts";
import type { OperationContext } from "../context.ts";
import { errors } from "./errors.ts";

/** What is told of a version. Built by hand, since it is on the path of every read. */
export function factsOf(bucket: Bucket, version: ObjectVersion) {
  return {
    versionId: version.versionId,
    isVersioned: bucket.versioning !== "off",
    modifiedAtMs: version.modifiedAtMs,
    sizeBytes: version.sizeBytes,
    etag: version.etag,
    headers: version.headers,
    metadata: version.metadata,
    tagCount: version.tags?.length ?? 0,
    checksum: version.checksum,
    storageClass: version.storageClass,
    encryption: version.encryption,
    retention: version.retention,
    hasLegalHold: version.hasLegalHold,
    partCount: version.partCount,
    replication: version.replication,
    restoredUntilMs: version.restoredUntilMs,
  };
}

/** `factsOf` as a reader is told them: a restore that has ended is told no more. */
export function factsNow(ctx: OperationContext, bucket: Bucket, version: ObjectVersion): ReturnType<typeof factsOf> {
  const facts = factsOf(bucket, version);
  if (facts.restoredUntilMs !== undefined && facts.restoredUntilMs <= ctx.clock.nowMs())
    facts.restoredUntilMs = undefined;
  return facts;
}

/** True for a body that must be restored before it can be read. */
export const isArchived = ({ storageClass, restoredUntilMs = 0 }: ObjectVersion, nowMs: number): boolean =>
  storageClass !== undefined && ARCHIVES.has(storageClass) && restoredUntilMs <= nowMs;

/** Throws `ObjectArchived`. */
export function checkReadable(ctx: OperationContext, bucket: Bucket, key: string, version: ObjectVersion): void {
  const { storageClass = "" } = version;
  if (isArchived(version, ctx.clock.nowMs())) throw errors.ObjectArchived({ bucket: bucket.name, key, storageClass });
}

/** What a customer encrypted can be read only by those who show the same key. */
export function checkCustomerKey(version: Pick<ObjectVersion, "encryption">, customerKeyMd5: string | undefined): void {
  if (version.encryption?.kind !== "customer") {
    if (customerKeyMd5 !== undefined)
      throw errors.RequestInvalid({ why: "The encryption parameters are not applicable to this object." });
    return;
  }
  if (customerKeyMd5 === undefined) throw errors.EncryptionKeyMissing();
  if (customerKeyMd5 !== version.encryption.customerKeyMd5) throw errors.EncryptionKeyWrong();
}
