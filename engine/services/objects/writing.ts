import type { Reader } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";
import { reachBucket } from "./access-points.ts";
import { checkAccessListAllowed, grantsOf, type AccessList, type BucketRef } from "./bucket-access.ts";
import { errors } from "./errors.ts";
import {
  KEY_BYTES_MAX,
  METADATA_BYTES_MAX,
  OBJECT_TAGS_MAX,
  type Bucket,
  type ContentHeaders,
  type Encryption,
  type Grant,
  type ObjectVersion,
  type Retention,
  type Tag,
} from "./model.ts";
import { checkTags } from "./tags.ts";

/** What a writer says about a new version. */
export interface WrittenWith {
  readonly headers?: ContentHeaders;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly Tag[];
  readonly storageClass?: string;
  readonly encryption?: Encryption;
  readonly accessList?: AccessList;
  readonly retention?: Retention;
  readonly hasLegalHold?: boolean;
}

export interface VersionSettings {
  headers?: ContentHeaders;
  metadata?: Readonly<Record<string, string>>;
  tags?: readonly Tag[];
  storageClass?: string;
  encryption: Encryption;
  grants?: readonly Grant[];
  retention?: Retention;
  hasLegalHold?: boolean;
}

/** The bucket that an object is to be written into. Errors: those of `reachBucket` */
export const requireWritable = (
  tx: Reader,
  ctx: OperationContext,
  ref: BucketRef & { readonly key: string },
): Promise<Bucket> => reachBucket(tx, ctx, ref, { action: "PutObject", key: ref.key });

export function checkKey(key: string): void {
  // A key of a third as many characters cannot be too long, whatever they are.
  if (key.length * 3 <= KEY_BYTES_MAX) return;
  const sizeBytes = Buffer.byteLength(key);
  if (sizeBytes > KEY_BYTES_MAX) throw errors.KeyTooLong({ sizeBytes, limitBytes: KEY_BYTES_MAX });
}

function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  let sizeBytes = 0;
  for (const name in metadata) sizeBytes += Buffer.byteLength(name) + Buffer.byteLength(metadata[name] ?? "");
  if (sizeBytes > METADATA_BYTES_MAX) throw errors.MetadataTooLarge({ sizeBytes, limitBytes: METADATA_BYTES_MAX });
}

const DAY_MS = 86_400_000;

/** Throws `InputInvalid` for a time that is over. */
export function checkRetention(ctx: OperationContext, { untilMs }: Retention): void {
  if (untilMs > ctx.clock.nowMs()) return;
  throw errors.InputInvalid({
    name: "x-amz-object-lock-retain-until-date",
    value: new Date(untilMs).toISOString(),
    why: "The retain until date must be in the future!",
  });
}

function retentionOf(ctx: OperationContext, bucket: Bucket, written: WrittenWith): Retention | undefined {
  if ((written.retention || written.hasLegalHold) && !bucket.hasObjectLock)
    throw errors.ObjectLockDisabled({ bucket: bucket.name });
  if (written.retention) checkRetention(ctx, written.retention);
  if (written.retention || !bucket.defaultRetention) return written.retention;
  const { mode, days } = bucket.defaultRetention;
  return { mode, untilMs: ctx.clock.nowMs() + days * DAY_MS };
}

/** Checks what a writer says and puts it as a version keeps it: only what is there, so that records stay small. */
export function settingsOf(ctx: OperationContext, bucket: Bucket, written: WrittenWith): VersionSettings {
  const settings: VersionSettings = { encryption: written.encryption ?? bucket.encryption };
  const { headers, metadata, tags, storageClass, accessList } = written;
  if (headers) settings.headers = headers;
  if (metadata) {
    checkMetadata(metadata);
    settings.metadata = metadata;
  }
  if (tags?.length) {
    checkTags(tags, OBJECT_TAGS_MAX, "Object");
    settings.tags = tags;
  }
  if (storageClass && storageClass !== "STANDARD") settings.storageClass = storageClass;
  if (accessList) {
    checkAccessListAllowed(bucket, accessList);
    settings.grants = grantsOf(accessList, bucket.account);
  }
  const retention = retentionOf(ctx, bucket, written);
  if (retention) settings.retention = retention;
  if (written.hasLegalHold) settings.hasLegalHold = true;
  return settings;
}

/** Refuses what a lock protects. `mayBypass`: the caller asks to override governance. */
export function checkNotLocked(
  ctx: OperationContext,
  of: { bucket: string; key: string },
  version: ObjectVersion,
  mayBypass: boolean | undefined,
): void {
  const { retention } = version;
  const isRetained =
    retention && retention.untilMs > ctx.clock.nowMs() && !(retention.mode === "governance" && mayBypass);
  if (version.hasLegalHold || isRetained) throw errors.ObjectLocked({ ...of, versionId: version.versionId });
}
