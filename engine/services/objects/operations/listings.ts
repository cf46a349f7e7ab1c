import { Type, type Static } from "typebox";
import type { KeyRange, Reader } from "../../../kernel/store.ts";
import { operation } from "../../operation.ts";
import { reachBucket } from "../access-points.ts";
import { bucketErrors, chargeOf } from "../bucket-access.ts";
import { Cursor, endOf, listPage, rangeAfter, type ListRequest, type Walk } from "../listing.ts";
import { ageInVersionId, ageOf, keys, UNVERSIONED, type Bucket, type ObjectVersion } from "../model.ts";
import { after } from "../../../kernel/key.ts";
import { errors } from "../errors.ts";
import { bucketRef, charge, checksum } from "../schemas.ts";
import { findVersion } from "../versions.ts";

const spaceOf = (space: "c" | "o" | "u", bucket: Bucket) => ["objects", space, bucket.id] as const;

const listRequest = {
  ...bucketRef,
  prefix: Type.Optional(Type.String()),
  delimiter: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Number({ description: "The most objects and common prefixes wanted; 1000 when omitted." })),
};
const listed = {
  prefixes: Type.Array(Type.String()),
  isCut: Type.Boolean({ description: "True when more would follow." }),
  ...charge,
};
const requestOf = (input: { prefix?: string; delimiter?: string; limit?: number }): ListRequest => ({
  prefix: input.prefix ?? "",
  delimiter: input.delimiter,
  limit: Math.min(input.limit ?? 1000, 1000),
});

const objectListed = Type.Object({
  key: Type.String(),
  versionId: Type.String(),
  modifiedAtMs: Type.Number(),
  sizeBytes: Type.Number(),
  etag: Type.String(),
  storageClass: Type.Optional(Type.String()),
  restoredUntilMs: Type.Optional(Type.Number({ description: "An archived body can be read until then." })),
  checksum: Type.Optional(checksum),
});
/** All that a listing looks at: bodies and metadata stay where they are. */
const LISTED = [
  "versionId",
  "modifiedAtMs",
  "sizeBytes",
  "etag",
  "storageClass",
  "restoredUntilMs",
  "checksum",
  "isDeleteMarker",
] as const satisfies readonly (keyof ObjectVersion)[];
type ListedVersion = Pick<ObjectVersion, (typeof LISTED)[number]>;

function itemOf(key: string, version: ListedVersion, nowMs: number): Static<typeof objectListed> {
  const { versionId, modifiedAtMs, sizeBytes, etag, storageClass, restoredUntilMs, checksum } = version;
  const item: Static<typeof objectListed> = { key, versionId, modifiedAtMs, sizeBytes, etag };
  if (storageClass) item.storageClass = storageClass;
  if (restoredUntilMs !== undefined && restoredUntilMs > nowMs) item.restoredUntilMs = restoredUntilMs;
  if (checksum) item.checksum = checksum;
  return item;
}

/** The live objects of a bucket: what is deleted is stepped over. */
function liveObjects(
  tx: Reader,
  bucket: Bucket,
  range: KeyRange,
  request: ListRequest,
  nowMs: number,
): Walk<Static<typeof objectListed>> {
  const space = spaceOf("c", bucket);
  const cursor = new Cursor<ListedVersion>(tx, range, request, LISTED);
  return {
    load() {
      while (cursor.peek()?.value.isDeleteMarker) cursor.step();
      return cursor.load()?.then(() => this.load());
    },
    peek() {
      const entry = cursor.peek();
      if (!entry) return undefined;
      const key = entry.key[3] as string;
      return { key, item: itemOf(key, entry.value, nowMs) };
    },
    take: () => cursor.step(),
    leap: (prefix) => cursor.jump(endOf(space, prefix)),
  };
}

interface VersionItem extends Static<typeof objectListed> {
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
}

/** Every version, by key and newest first: the latest ones merged with those before them. */
function allVersions(
  tx: Reader,
  bucket: Bucket,
  { latest, older }: { readonly latest: KeyRange; readonly older: KeyRange },
  request: ListRequest,
  nowMs: number,
): Walk<VersionItem> {
  const latestCursor = new Cursor<ListedVersion>(tx, latest, request, LISTED);
  const olderCursor = new Cursor<ListedVersion>(tx, older, request, LISTED);
  let standing: { cursor: Cursor<ListedVersion> } | undefined;
  return {
    load() {
      const loading = latestCursor.load();
      return loading ? loading.then(() => olderCursor.load()) : olderCursor.load();
    },
    peek() {
      const [one, other] = [latestCursor.peek(), olderCursor.peek()];
      const isLatest = one !== undefined && (!other || !isBefore(other.key[3] as string, one.key[3] as string));
      const entry = isLatest ? one : other;
      if (!entry) return undefined;
      standing = { cursor: isLatest ? latestCursor : olderCursor };
      const key = entry.key[3] as string;
      return {
        key,
        item: { ...itemOf(key, entry.value, nowMs), isLatest, isDeleteMarker: entry.value.isDeleteMarker ?? false },
      };
    },
    take: () => standing?.cursor.step(),
    leap(prefix) {
      latestCursor.jump(endOf(spaceOf("c", bucket), prefix));
      olderCursor.jump(endOf(spaceOf("o", bucket), prefix));
    },
  };
}

/** By UTF-8 bytes, as the store orders keys; JavaScript's own order differs above U+FFFF. */
const isBefore = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

/** Where the listing goes on after a given version of a key. */
async function rangesAfterVersion(tx: Reader, bucket: Bucket, request: ListRequest, key?: string, versionId?: string) {
  const latest = rangeAfter(spaceOf("c", bucket), request, key);
  if (key === undefined || versionId === undefined)
    return { latest, older: rangeAfter(spaceOf("o", bucket), request, key) };
  const version = await findVersion(tx, bucket, key, versionId);
  const age = version ? ageOf(version.sequence) : ageInVersionId(versionId);
  if (age === undefined)
    throw errors.InputInvalid({ name: "version-id-marker", value: versionId, why: "Invalid version id specified" });
  const all = rangeAfter(spaceOf("o", bucket), request, undefined);
  return { latest, older: after(all, keys.older.key(bucket.id, key, age)) };
}

/** Older versions of a key come after the key itself, so a listing after the key must leave them out too. */
const pastKey = (bucket: Bucket, range: KeyRange, key: string | undefined): KeyRange =>
  key === undefined ? range : { from: max(range.from, keys.older.range(bucket.id, key).to), to: range.to };
const max = (a: KeyRange["from"], b: KeyRange["from"]) => (a > b ? a : b);

const LISTING = { action: "ListBucket" } as const;
const VERSION_LISTING = { action: "ListBucketVersions" } as const;

export const listingOperations = {
  listObjects: operation({
    summary: "Lists a bucket's objects by key, with keys that share a prefix up to a delimiter rolled up.",
    input: Type.Object({
      ...listRequest,
      after: Type.Optional(Type.String({ description: "Begins after this key or common prefix." })),
    }),
    output: Type.Object({
      objects: Type.Array(objectListed),
      ...listed,
      owner: Type.String(),
      last: Type.Optional(Type.String()),
    }),
    effects: "read",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      const bucket = await reachBucket(tx, ctx, input, LISTING);
      const request = requestOf(input);
      const nowMs = ctx.clock.nowMs();
      const walk = liveObjects(tx, bucket, rangeAfter(spaceOf("c", bucket), request, input.after), request, nowMs);
      const { items, prefixes, isCut } = await listPage(walk, request);
      const lastKey = items.at(-1)?.key,
        lastPrefix = prefixes.at(-1);
      const last =
        lastKey === undefined || (lastPrefix !== undefined && isBefore(lastKey, lastPrefix)) ? lastPrefix : lastKey;
      return {
        objects: [...items],
        prefixes: [...prefixes],
        isCut,
        owner: bucket.account,
        ...chargeOf(ctx, bucket),
        ...(last !== undefined && { last }),
      };
    },
  }),
  listObjectVersions: operation({
    summary: "Lists every version of a bucket's objects, delete markers too, by key and newest first.",
    input: Type.Object({
      ...listRequest,
      afterKey: Type.Optional(Type.String()),
      afterVersionId: Type.Optional(Type.String()),
    }),
    output: Type.Object({
      versions: Type.Array(
        Type.Object({ ...objectListed.properties, isLatest: Type.Boolean(), isDeleteMarker: Type.Boolean() }),
      ),
      ...listed,
      owner: Type.String(),
      nextKey: Type.Optional(Type.String()),
      nextVersionId: Type.Optional(Type.String()),
    }),
    effects: "read",
    errors: [...bucketErrors, "InputInvalid", "VersionIdInvalid"],
    async run(tx, input, ctx) {
      const bucket = await reachBucket(tx, ctx, input, VERSION_LISTING);
      const request = requestOf(input);
      const { afterKey, afterVersionId } = input;
      const ranges = await rangesAfterVersion(tx, bucket, request, afterKey, afterVersionId);
      const older = afterVersionId === undefined ? pastKey(bucket, ranges.older, afterKey) : ranges.older;
      const walk = allVersions(tx, bucket, { latest: ranges.latest, older }, request, ctx.clock.nowMs());
      const { items, prefixes, isCut } = await listPage(walk, request);
      const last = items.at(-1),
        lastPrefix = prefixes.at(-1);
      const isPrefixLast = lastPrefix !== undefined && (!last || isBefore(last.key, lastPrefix));
      return {
        versions: [...items],
        prefixes: [...prefixes],
        isCut,
        owner: bucket.account,
        ...chargeOf(ctx, bucket),
        ...(isCut
          && (isPrefixLast
            ? { nextKey: lastPrefix }
            : { nextKey: last?.key, nextVersionId: last?.versionId ?? UNVERSIONED })),
      };
    },
  }),
};
