import type { Bucket, ObjectVersion } from "./model.ts";
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
  };
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
