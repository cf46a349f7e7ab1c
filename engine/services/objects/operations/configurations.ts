import { Type } from "typebox";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import { operation } from "../../operation.ts";
import { reachBucket } from "../access-points.ts";
import {
  amendBucket,
  bucketErrors,
  checkAccessListAllowed,
  grantsOf,
  isPublicList,
  requireBucket,
  type AccessList,
} from "../bucket-access.ts";
import { errors } from "../errors.ts";
import {
  BUCKET_TAGS_MAX,
  keys,
  present,
  type Bucket,
  type Grant,
  type Tag,
} from "../model.ts";
import { accessList, bucketRef, document, encryption, grants, ownership, retentionMode, tags } from "../schemas.ts";
import { checkTags } from "../tags.ts";
import { readPublicAccess } from "../public-access.ts";

/** What a bucket keeps beside its documents. */
type Kind = "tags" | "accessList" | "objectLock";

export const writeConfiguration = (tx: Transaction, bucket: Bucket, kind: Kind, content: unknown): void =>
  tx.set(keys.configuration.key(bucket.id, kind, ""), content);
export const readConfiguration = <T>(tx: Reader, bucket: Bucket, kind: Kind): Promise<T | undefined> =>
  tx.get<T>(keys.configuration.key(bucket.id, kind, ""));

/** Refuses a list for everybody where the bucket's owner has blocked those. */
export async function checkListNotBlocked(tx: Reader, bucket: Bucket, list: AccessList): Promise<void> {
  if (!isPublicList(list)) return;
  const block = await readPublicAccess(tx, bucket);
  if (block?.refusesLists) throw errors.PublicAccessBlocked({ bucket: bucket.name, what: "BlockPublicAcls" });
}

const defaultRetention = Type.Object({ mode: retentionMode, days: Type.Number() });

export const configurationOperations = {
  putBucketTags: operation({
    summary: "Replaces a bucket's tags.",
    input: Type.Object({ ...bucketRef, tags }),
    output: Type.Object({}),
    effects: "write",
    errors: [...bucketErrors, "TagsInvalid", "TagsTooMany"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      checkTags(input.tags, BUCKET_TAGS_MAX, "Bucket");
      writeConfiguration(tx, bucket, "tags", input.tags);
      return {};
    },
  }),
  getBucketTags: operation({
    summary: "Gives a bucket's tags.",
    input: Type.Object(bucketRef),
    output: Type.Object({ tags }),
    effects: "read",
    errors: [...bucketErrors, "BucketTagsNotFound"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      const kept = await readConfiguration<Tag[]>(tx, bucket, "tags");
      if (!kept?.length) throw errors.BucketTagsNotFound({ bucket: bucket.name });
      return { tags: kept };
    },
  }),
  deleteBucketTags: operation({
    summary: "Removes all of a bucket's tags.",
    input: Type.Object(bucketRef),
    output: Type.Object({}),
    effects: "write",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      tx.delete(keys.configuration.key((await requireBucket(tx, ctx, input)).id, "tags", ""));
      return {};
    },
  }),
  putBucketAccessList: operation({
    summary: "Replaces a bucket's access control list.",
    input: Type.Object({ ...bucketRef, accessList }),
    output: Type.Object({}),
    effects: "write",
    errors: [...bucketErrors, "AccessListsDisabled", "PublicAccessBlocked"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      checkAccessListAllowed(bucket, input.accessList);
      await checkListNotBlocked(tx, bucket, input.accessList);
      writeConfiguration(tx, bucket, "accessList", grantsOf(input.accessList, bucket.account));
      return {};
    },
  }),
  getBucketAccessList: operation({
    summary: "Gives a bucket's owner and access control list.",
    input: Type.Object(bucketRef),
    output: Type.Object({ owner: Type.String(), grants }),
    effects: "read",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      const bucket = await reachBucket(tx, ctx, input);
      const kept = await readConfiguration<Grant[]>(tx, bucket, "accessList");
      return { owner: bucket.account, grants: kept ?? [...grantsOf({}, bucket.account)] };
    },
  }),
  putBucketOwnership: operation({
    summary: "Says who owns the objects that others write into a bucket.",
    input: Type.Object({ ...bucketRef, ownership }),
    output: Type.Object({}),
    effects: "write",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      amendBucket(tx, await requireBucket(tx, ctx, input), { ownership: input.ownership });
      return {};
    },
  }),
  getBucketOwnership: operation({
    summary: "Tells who owns the objects that others write into a bucket.",
    input: Type.Object(bucketRef),
    output: Type.Object({ ownership }),
    effects: "read",
    errors: [...bucketErrors, "OwnershipNotFound"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      if (!bucket.ownership) throw errors.OwnershipNotFound({ bucket: bucket.name });
      return { ownership: bucket.ownership };
    },
  }),
  deleteBucketOwnership: operation({
    summary: "Takes the ownership rule of a bucket away: the writer owns what it writes.",
    input: Type.Object(bucketRef),
    output: Type.Object({}),
    effects: "write",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      amendBucket(tx, bucket, { ownership: undefined });
      return {};
    },
  }),
  putBucketEncryption: operation({
    summary: "Sets how objects are encrypted whose writer says nothing.",
    input: Type.Object({ ...bucketRef, encryption }),
    output: Type.Object({}),
    effects: "write",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      amendBucket(tx, bucket, { encryption: present(input.encryption), sealsBodies: true });
      return {};
    },
  }),
  deleteBucketEncryption: operation({
    summary: "Leaves it to the writers whether their objects are encrypted.",
    input: Type.Object(bucketRef),
    output: Type.Object({}),
    effects: "write",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      amendBucket(tx, bucket, { encryption: { kind: "provider" }, sealsBodies: undefined });
      return {};
    },
  }),
  getBucketEncryption: operation({
    summary: "Tells how objects are encrypted whose writer says nothing.",
    input: Type.Object(bucketRef),
    output: Type.Object({ encryption }),
    effects: "read",
    errors: bucketErrors,
    run: async (tx, input, ctx) => ({ encryption: (await requireBucket(tx, ctx, input)).encryption }),
  }),
  putBucketObjectLock: operation({
    summary: "Switches object lock on for a versioned bucket, and sets the retention of new versions.",
    input: Type.Object({ ...bucketRef, retention: Type.Optional(defaultRetention), document }),
    output: Type.Object({}),
    effects: "write",
    errors: [...bucketErrors, "VersioningRequired"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      if (bucket.versioning !== "enabled") throw errors.VersioningRequired({ bucket: bucket.name });
      amendBucket(tx, bucket, { hasObjectLock: true, defaultRetention: input.retention });
      writeConfiguration(tx, bucket, "objectLock", input.document);
      return {};
    },
  }),
  getBucketObjectLock: operation({
    summary: "Tells a bucket's object lock.",
    input: Type.Object(bucketRef),
    output: Type.Object({ document: Type.Optional(document) }),
    effects: "read",
    errors: [...bucketErrors, "ObjectLockNotFound"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      if (!bucket.hasObjectLock) throw errors.ObjectLockNotFound({ bucket: bucket.name });
      const kept = await readConfiguration<unknown>(tx, bucket, "objectLock");
      return kept === undefined ? {} : { document: kept };
    },
  }),
};
