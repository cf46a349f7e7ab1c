import { textStartingWith } from "../../../kernel/key.ts";
import type { Reader } from "../../../kernel/store.ts";
import { expiryOf } from "../lifecycle.ts";
import { keys, type Bucket, type Encryption, type ObjectVersion } from "../model.ts";
import type { InventoryRule, LifecycleRule } from "../rules.ts";

/** One version as a report tells of it. */
interface Row {
  readonly key: string;
  readonly version: ObjectVersion;
  readonly isLatest: boolean;
  readonly owner: string;
  readonly lifecycle: readonly LifecycleRule[];
}

const ENCRYPTION: Readonly<Record<Encryption["kind"], string>> = {
  provider: "SSE-S3",
  key: "SSE-KMS",
  "key-dual": "DSSE-KMS",
  customer: "SSE-C",
};
const timeText = (atMs: number | undefined): string => (atMs === undefined ? "" : new Date(atMs).toISOString());

const expiryText = ({ key, version, isLatest, lifecycle }: Row): string =>
  isLatest ? timeText(expiryOf(lifecycle, key, version)?.atMs) : "";

const encryptionText = ({ encryption }: ObjectVersion): string =>
  encryption ? ENCRYPTION[encryption.kind] : "NOT-SSE";

/**
 * What a report may tell of a version besides its key, in the order in which it does. The columns and their words are
 * S3's, since readers of inventories look for those.
 */
const COLUMNS = {
  Size: ({ version }) => String(version.sizeBytes),
  LastModifiedDate: ({ version }) => timeText(version.modifiedAtMs),
  ETag: ({ version }) => version.etag,
  StorageClass: ({ version }) => version.storageClass ?? "STANDARD",
  IsMultipartUploaded: ({ version }) => String(version.partCount !== undefined),
  ReplicationStatus: ({ version }) => (version.replication ?? "").toUpperCase(),
  EncryptionStatus: ({ version }) => encryptionText(version),
  ObjectLockRetainUntilDate: ({ version }) => timeText(version.retention?.untilMs),
  ObjectLockMode: ({ version }) => (version.retention?.mode ?? "").toUpperCase(),
  ObjectLockLegalHoldStatus: ({ version }) => (version.hasLegalHold ? "On" : "Off"),
  // No object moves between tiers by itself here.
  IntelligentTieringAccessTier: () => "",
  BucketKeyStatus: ({ version }) => (version.encryption?.usesBucketKey ? "ENABLED" : "DISABLED"),
  ChecksumAlgorithm: ({ version }) => version.checksum?.algorithm.toUpperCase() ?? "",
  ObjectOwner: ({ owner }) => owner,
  LifecycleExpirationDate: expiryText,
} as const satisfies Record<string, (row: Row) => string>;

export type InventoryColumn = keyof typeof COLUMNS;
export const INVENTORY_COLUMNS = Object.keys(COLUMNS) as InventoryColumn[];
/** Of these a delete marker has something to tell. */
const OF_MARKERS: ReadonlySet<InventoryColumn> = new Set(["LastModifiedDate", "ObjectOwner"]);

const columnsOf = ({ columns }: InventoryRule): InventoryColumn[] =>
  INVENTORY_COLUMNS.filter((name) => columns.includes(name));

/** What the columns of a report are called, in their order. */
export const schemaOf = (rule: InventoryRule): string =>
  ["Bucket", "Key", ...(rule.isOfAllVersions ? ["VersionId", "IsLatest", "IsDeleteMarker"] : []), ...columnsOf(rule)]
    .join(", ");

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const keyText = (key: string): string => encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/");

function lineOf(bucket: Bucket, rule: InventoryRule, columns: readonly InventoryColumn[], row: Row): string {
  const { key, version, isLatest } = row;
  const isMarker = version.isDeleteMarker === true;
  const cells = [bucket.name, keyText(key)];
  if (rule.isOfAllVersions) {
    const versionId = bucket.versioning === "off" ? "" : version.versionId;
    cells.push(versionId, String(isLatest), String(isMarker));
  }
  for (const name of columns) cells.push(isMarker && !OF_MARKERS.has(name) ? "" : COLUMNS[name](row));
  return cells.map(quoted).join(",");
}

/** The lines of a bucket's report, in order of keys, the latest version first. */
export async function* inventoryLines(
  tx: Reader,
  bucket: Bucket,
  rule: InventoryRule,
  lifecycle: readonly LifecycleRule[],
): AsyncIterable<string> {
  const columns = columnsOf(rule);
  const line = (key: string, version: ObjectVersion, isLatest: boolean) =>
    lineOf(bucket, rule, columns, { key, version, isLatest, owner: rule.owner, lifecycle });
  const range = textStartingWith(["objects", "c", bucket.id], rule.prefix);
  for await (const entry of tx.scan<ObjectVersion>(range)) {
    const key = keys.current.parts(entry.key)[1];
    if (rule.isOfAllVersions || !entry.value.isDeleteMarker) yield line(key, entry.value, true);
    if (!rule.isOfAllVersions || bucket.versioning === "off") continue;
    for await (const { value } of tx.scan<ObjectVersion>(keys.older.range(bucket.id, key)))
      yield line(key, value, false);
  }
}
