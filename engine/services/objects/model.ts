import { subspace, records } from "../../kernel/subspace.ts";
import type { StoredBody } from "../../kernel/blobs.ts";
import type { ChecksumAlgorithm } from "../../kernel/checksums.ts";
import type { PublicAccess } from "./rules.ts";

export const KEY_BYTES_MAX = 1024;
export const METADATA_BYTES_MAX = 2048;
export const BODY_BYTES_MAX = 5 * 1024 ** 3;
export const PART_BYTES_MIN = 5 * 1024 ** 2;
export const PART_NUMBER_MAX = 10_000;
export const LIST_LIMIT_MAX = 1000;
export const BUCKET_TAGS_MAX = 50;
export const OBJECT_TAGS_MAX = 10;
/** Bodies up to this size live in their object's record; larger inline ones beside it, so that lists stay light. */
export const RECORD_BODY_BYTES_MAX = 4096;
/** Bodies in these classes are read only after they were restored. */
export const ARCHIVES: ReadonlySet<string> = new Set(["GLACIER", "DEEP_ARCHIVE"]);
/** What the version of an object is called that was written while versioning was off or suspended. */
export const UNVERSIONED = "null";

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export type Versioning = "off" | "enabled" | "suspended";
/** Who owns what others upload: `bucket-owner-enforced` also switches access control lists off. */
export type Ownership = "bucket-owner-enforced" | "bucket-owner-preferred" | "object-writer";

/** What every write of an object reads: flat, small, and changed only by the bucket's owner. */
export interface Bucket {
  /** Distinguishes a bucket from an earlier one of the same name in every key below. */
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly createdAtMs: number;
  readonly versioning: Versioning;
  readonly ownership?: Ownership;
  readonly hasObjectLock?: boolean;
  /** For new versions, where a lock is on and the writer names none. */
  readonly defaultRetention?: DefaultRetention;
  readonly encryption: Encryption;
  /** Somebody asked for encryption, so bodies are sealed also when their writer says nothing. */
  readonly sealsBodies?: boolean;
  /** What the keys of sealed bodies are wrapped in. Never told. */
  readonly secret: Uint8Array;
  /** Writes look for rules only where there are some. */
  readonly hasLifecycle?: boolean;
  readonly hasNotifications?: boolean;
  readonly hasReplication?: boolean;
  /** Other accounts are let in only when they say that they pay. */
  readonly isPaidByRequesters?: boolean;
}

export interface DefaultRetention {
  readonly mode: RetentionMode;
  readonly days: number;
}
export type RetentionMode = "governance" | "compliance";

/** How bodies are sealed. `customer` keeps the digest of a key that only the customer has. */
export interface Encryption {
  readonly kind: "provider" | "key" | "key-dual" | "customer";
  readonly keyId?: string;
  readonly usesBucketKey?: boolean;
  readonly customerKeyMd5?: string;
}

/** Who may do what, as an access control list says it. Kept and answered; the engine does not evaluate it yet. */
export interface Grant {
  readonly grantee: {
    readonly account?: string;
    readonly canonicalId?: string;
    readonly group?: string;
    readonly email?: string;
  };
  readonly permission: "full-control" | "read" | "write" | "read-acl" | "write-acl";
}

export interface ContentHeaders {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly expires?: string;
  /** Where a website sends those who ask for this object. */
  readonly redirectTo?: string;
}

/** Base64, as clients exchange it. `composite`: made from the parts' checksums. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  readonly isComposite?: boolean;
}

/** One version of an object, or the marker that stands for its deletion. */
export interface ObjectVersion {
  readonly versionId: string;
  /** Rises with every write of the key; never falls, even when the clock does. */
  readonly sequence: number;
  readonly modifiedAtMs: number;
  readonly isDeleteMarker?: boolean;
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  /** Absent on delete markers, and where it lies in `bodies`. */
  readonly body?: StoredBody;
  readonly headers?: ContentHeaders;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly Tag[];
  readonly checksum?: Checksum;
  /** Absent for the standard class. */
  readonly storageClass?: string;
  readonly encryption?: Encryption;
  readonly grants?: readonly Grant[];
  readonly retention?: Retention;
  readonly hasLegalHold?: boolean;
  readonly partCount?: number;
  /** Until when an archived body can be read again. */
  readonly restoredUntilMs?: number;
  /** How far the copies in other buckets are, or that this is one. */
  readonly replication?: "pending" | "completed" | "failed" | "replica";
}

export interface Retention {
  readonly mode: RetentionMode;
  readonly untilMs: number;
}

/** Bytes too large for the record, or the parts of an upload in order. */
export interface BodyRecord {
  readonly body: StoredBody;
  readonly parts?: readonly CompletedPart[];
}
export interface CompletedPart {
  readonly partNumber: number;
  readonly sizeBytes: number;
  readonly checksum?: string;
}

export interface Upload {
  readonly uploadId: string;
  readonly key: string;
  readonly startedAtMs: number;
  readonly account: string;
  readonly checksumAlgorithm: ChecksumAlgorithm;
  readonly isComposite: boolean;
  /** The client named the algorithm, so its parts must use it and answers show it. */
  readonly isChecksumAsked: boolean;
  /** Its parts are sealed. */
  readonly isSealed?: boolean;
  readonly headers?: ContentHeaders;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly Tag[];
  readonly storageClass?: string;
  readonly encryption?: Encryption;
  readonly grants?: readonly Grant[];
  readonly retention?: Retention;
  readonly hasLegalHold?: boolean;
}

export interface Part {
  readonly partNumber: number;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly body: StoredBody;
  /** By algorithm, base64. */
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
}

/** Another name of a bucket, of one account and region. */
export interface AccessPoint {
  readonly name: string;
  readonly alias: string;
  readonly bucket: string;
  readonly bucketId: string;
  readonly bucketAccount: string;
  readonly createdAtMs: number;
  readonly network?: string;
  readonly publicAccessBlock: PublicAccess;
  readonly policy?: string;
  readonly tags?: readonly Tag[];
}

/** One name for buckets of several regions: requests are led to one that takes them. */
export interface MultiRegionPoint {
  readonly name: string;
  /** Names it in requests for objects; tells nothing of its name. */
  readonly alias: string;
  readonly createdAtMs: number;
  readonly publicAccessBlock: PublicAccess;
  readonly policy?: string;
  readonly routes: readonly Route[];
}
export interface Route {
  readonly bucket: string;
  readonly bucketAccount: string;
  readonly region: string;
  readonly isActive: boolean;
}

/** What was asked of the points of several regions, kept for those who come back for how it went. */
export interface PointRequest {
  readonly id: string;
  readonly kind: "create" | "delete" | "put-policy";
  readonly atMs: number;
  readonly name: string;
  readonly regions: readonly string[];
  readonly created?: Pick<MultiRegionPoint, "publicAccessBlock" | "routes">;
  readonly policy?: string;
}

/** What an account wants measured of its buckets in a region: kept and shown, not measured. */
export interface Dashboard {
  readonly id: string;
  readonly isEnabled: boolean;
  /** As its cloud wrote it. */
  readonly document: unknown;
  readonly tags?: readonly Tag[];
}

export const keys = {
  /** Names are global within a partition of a cloud (public, China, government). */
  bucket: subspace<[partition: string, name: string]>("objects", "b"),
  bucketOfAccount: subspace<[partition: string, account: string, name: string]>("objects", "a"),
  configuration: subspace<[bucketId: string, kind: string, id: string]>("objects", "f"),
  /** The latest version of every key, delete markers included: reading the latest is one read. */
  current: subspace<[bucketId: string, key: string]>("objects", "c"),
  /** The versions before it, newest first. */
  older: subspace<[bucketId: string, key: string, age: number]>("objects", "o"),
  /** Where among the older ones the version called `null` is. */
  unversioned: subspace<[bucketId: string, key: string]>("objects", "n"),
  body: subspace<[bucketId: string, key: string, sequence: number]>("objects", "d"),
  upload: subspace<[bucketId: string, key: string, uploadId: string]>("objects", "u"),
  part: subspace<[uploadId: string, partNumber: number]>("objects", "p"),
  /** Buckets that log their requests. */
  loggedBucket: subspace<[partition: string, name: string]>("objects", "l"),
  /** What happened in such a bucket and is not delivered yet, in order. */
  accessRecord: subspace<[bucketId: string, position: number]>("objects", "r"),
  accountBlock: subspace<[partition: string, account: string]>("objects", "k"),
  accessPoint: subspace<[account: string, region: string, name: string]>("objects", "x"),
  /** Account, region and name of the access point that an alias stands for. */
  accessPointAlias: subspace<[partition: string, alias: string]>("objects", "y"),
  accessPointOfBucket: subspace<[bucketId: string, region: string, name: string]>("objects", "z"),
  multiRegionPoint: subspace<[partition: string, account: string, name: string]>("objects", "m"),
  /** Account and name of the point that an alias stands for. */
  multiRegionAlias: subspace<[partition: string, alias: string]>("objects", "ma"),
  pointRequest: subspace<[partition: string, account: string, id: string]>("objects", "mr"),
  dashboard: subspace<[account: string, region: string, id: string]>("objects", "s"),
  /** The id of the request that was made with a client's token. */
  pointRequestToken: subspace<[partition: string, account: string, token: string]>("objects", "mt"),
};

export const buckets = records<Bucket, [string, string]>(keys.bucket);
export const currents = records<ObjectVersion, [string, string]>(keys.current);
export const olders = records<ObjectVersion, [string, string, number]>(keys.older);
export const bodies = records<BodyRecord, [string, string, number]>(keys.body);
export const uploads = records<Upload, [string, string, string]>(keys.upload);
export const parts = records<Part, [string, number]>(keys.part);
export const accessPoints = records<AccessPoint, [string, string, string]>(keys.accessPoint);
export const multiRegionPoints = records<MultiRegionPoint, [string, string, string]>(keys.multiRegionPoint);
export const dashboards = records<Dashboard, [string, string, string]>(keys.dashboard);
export const pointRequests = records<PointRequest, [string, string, string]>(keys.pointRequest);

/** Sorts the newest first. */
export const ageOf = (sequence: number): number => Number.MAX_SAFE_INTEGER - sequence;

/** The part of the world within which bucket names are unique. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "china";
  return region.includes("-gov-") ? "government" : "public";
}

const VERSION_DIGITS = 11;
const versionIdForm = /^[0-9A-Z]{32}$/;

/** A version id carries its sequence, so that finding the version needs no index. `salt` makes it unguessable. */
export const versionIdOf = (sequence: number, salt: string): string =>
  ageOf(sequence).toString(36).toUpperCase().padStart(VERSION_DIGITS, "0") + salt.slice(0, 32 - VERSION_DIGITS);

/** The age a version id carries, or undefined when it is none of ours. */
export const ageInVersionId = (versionId: string): number | undefined => {
  if (!versionIdForm.test(versionId)) return undefined;
  const age = Number.parseInt(versionId.slice(0, VERSION_DIGITS), 36);
  return Number.isSafeInteger(age) ? age : undefined;
};

/** Drops absent members, which records cannot hold. */
export function present<T extends object>(record: T): T {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) if (value !== undefined) kept[name] = value;
  return kept as T;
}
