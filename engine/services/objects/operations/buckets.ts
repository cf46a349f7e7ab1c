import { Type } from "typebox";
import { after, textStartingWith } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { operation } from "../../operation.ts";
import {
  amendBucket,
  bucketErrors,
  checkAccessListAllowed,
  grantsOf,
  isPublicList,
  requireBucket,
  type AccessList,
} from "../bucket-access.ts";
import { reachBucket } from "../access-points.ts";
import { faultOfBucketName } from "../bucket-names.ts";
import { writeDocument } from "../kept-documents.ts";
import { errors } from "../errors.ts";
import { readDocument } from "../kept-documents.ts";
import {
  buckets,
  BUCKET_TAGS_MAX,
  keys,
  LIST_LIMIT_MAX,
  partitionOf,
  present,
  uploads,
  type Bucket,
  type Ownership,
  type Tag,
} from "../model.ts";
import { forgetParts } from "../parts.ts";
import { noteLogging } from "../access-log.ts";
import { beginLifecycle } from "../lifecycle.ts";
import { accessList, bucketRef, ownership, tags, versioning } from "../schemas.ts";
import { checkTags } from "../tags.ts";
import { writeConfiguration } from "./configurations.ts";

const bucketFacts = Type.Object({
  name: Type.String(),
  region: Type.String(),
  account: Type.String(),
  createdAtMs: Type.Number(),
  versioning,
  hasObjectLock: Type.Boolean(),
});
const factsOf = (bucket: Bucket) => ({
  name: bucket.name,
  region: bucket.region,
  account: bucket.account,
  createdAtMs: bucket.createdAtMs,
  versioning: bucket.versioning,
  hasObjectLock: bucket.hasObjectLock ?? false,
});

export interface NewBucket {
  readonly bucket: string;
  readonly region?: string;
  readonly ownership?: Ownership;
  readonly hasObjectLock?: boolean;
  readonly accessList?: AccessList;
  readonly tags?: readonly Tag[];
}

const NOTHING_PUBLIC = { refusesLists: true, ignoresLists: true, refusesPolicies: true, restrictsPolicies: true };

/** Makes a bucket as clouds make them today: its owner owns everything, nothing is public, everything is encrypted. */
export async function makeBucket(tx: Transaction, ctx: OperationContext, input: NewBucket): Promise<Bucket> {
  const why = faultOfBucketName(input.bucket);
  if (why) throw errors.BucketNameInvalid({ bucket: input.bucket, why });
  const partition = partitionOf(ctx.region);
  const existing = await buckets.get(tx, partition, input.bucket);
  if (existing)
    throw (existing.account === ctx.account ? errors.BucketAlreadyOwned : errors.BucketNameTaken)({
      bucket: input.bucket,
    });

  const bucket: Bucket = present({
    id: ctx.ids.upper(12),
    name: input.bucket,
    account: ctx.account,
    region: input.region ?? ctx.region,
    createdAtMs: ctx.clock.nowMs(),
    versioning: input.hasObjectLock ? ("enabled" as const) : ("off" as const),
    ownership: input.ownership ?? "bucket-owner-enforced",
    hasObjectLock: input.hasObjectLock || undefined,
    encryption: { kind: "provider" as const },
    secret: Buffer.from(ctx.random.bytes(32)),
  });
  if (input.accessList) {
    checkAccessListAllowed(bucket, input.accessList);
    if (isPublicList(input.accessList))
      throw errors.PublicAccessBlocked({ bucket: bucket.name, what: "BlockPublicAcls" });
  }
  buckets.put(tx, bucket, partition, bucket.name);
  tx.set(keys.bucketOfAccount.key(partition, ctx.account, bucket.name), bucket.region);
  writeDocument(tx, bucket, "publicAccessBlock", { rules: { publicAccessBlock: NOTHING_PUBLIC } });
  if (input.accessList) writeConfiguration(tx, bucket, "accessList", grantsOf(input.accessList, ctx.account));
  if (input.tags?.length) {
    checkTags(input.tags, BUCKET_TAGS_MAX, "Bucket");
    writeConfiguration(tx, bucket, "tags", input.tags);
  }
  return bucket;
}

const isEmpty = async (tx: Reader, bucket: Bucket): Promise<boolean> =>
  (await tx.range(keys.current.range(bucket.id), { limit: 1 })).length === 0
  && (await tx.range(keys.older.range(bucket.id), { limit: 1 })).length === 0;

/** Deletes an empty bucket; uploads that were never completed go with it. */
export async function dropBucket(tx: Transaction, ctx: OperationContext, bucket: Bucket): Promise<void> {
  if (!(await isEmpty(tx, bucket))) throw errors.BucketNotEmpty({ bucket: bucket.name });
  if ((await tx.range(keys.accessPointOfBucket.range(bucket.id), { limit: 1 })).length > 0)
    throw errors.BucketHasAccessPoints({ bucket: bucket.name });
  for (const { value: upload } of await uploads.range(tx, keys.upload.range(bucket.id), {
    limit: Number.MAX_SAFE_INTEGER,
  })) {
    await forgetParts(tx, upload.uploadId);
  }
  tx.clear(keys.upload.range(bucket.id));
  tx.clear(keys.configuration.range(bucket.id));
  if (bucket.hasLifecycle) await beginLifecycle(tx, ctx, bucket, []);
  noteLogging(tx, bucket, false);
  const partition = partitionOf(ctx.region);
  buckets.remove(tx, partition, bucket.name);
  tx.delete(keys.bucketOfAccount.key(partition, bucket.account, bucket.name));
}

export const bucketOperations = {
  createBucket: operation({
    summary: "Creates a bucket.",
    input: Type.Object({
      bucket: Type.String(),
      region: Type.Optional(Type.String()),
      ownership: Type.Optional(ownership),
      hasObjectLock: Type.Optional(Type.Boolean()),
      accessList: Type.Optional(accessList),
      tags: Type.Optional(tags),
      acceptsOwned: Type.Optional(
        Type.Boolean({ description: "Succeeds when the caller owns a bucket of that name already." }),
      ),
    }),
    output: bucketFacts,
    effects: "write",
    errors: [
      "BucketNameInvalid",
      "BucketNameTaken",
      "BucketAlreadyOwned",
      "AccessListsDisabled",
      "PublicAccessBlocked",
      "TagsInvalid",
      "TagsTooMany",
    ],
    async run(tx, input, ctx) {
      const existing = input.acceptsOwned ? await buckets.get(tx, partitionOf(ctx.region), input.bucket) : undefined;
      return factsOf(existing?.account === ctx.account ? existing : await makeBucket(tx, ctx, input));
    },
  }),
  getBucket: operation({
    summary: "Tells what a bucket is and where.",
    input: Type.Object(bucketRef),
    output: bucketFacts,
    effects: "read",
    errors: bucketErrors,
    run: async (tx, input, ctx) => factsOf(await reachBucket(tx, ctx, input)),
  }),
  listBuckets: operation({
    summary: "Lists the account's buckets by name.",
    input: Type.Object({
      prefix: Type.Optional(Type.String()),
      region: Type.Optional(Type.String()),
      after: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Number()),
    }),
    output: Type.Object({ buckets: Type.Array(bucketFacts), next: Type.Optional(Type.String()) }),
    effects: "read",
    errors: [],
    async run(tx, { prefix = "", region, after: afterName, limit = 10_000 }, ctx) {
      const partition = partitionOf(ctx.region);
      let range = textStartingWith(["objects", "a", partition, ctx.account], prefix);
      if (afterName !== undefined) range = after(range, keys.bucketOfAccount.key(partition, ctx.account, afterName));
      const found: ReturnType<typeof factsOf>[] = [];
      for await (const { key } of tx.scan(range, { pageSize: LIST_LIMIT_MAX })) {
        const bucket = await buckets.get(tx, partition, keys.bucketOfAccount.parts(key)[2]);
        if (!bucket || (region !== undefined && bucket.region !== region)) continue;
        if (found.length === limit) return { buckets: found, next: found[limit - 1]?.name ?? "" };
        found.push(factsOf(bucket));
      }
      return { buckets: found };
    },
  }),
  deleteBucket: operation({
    summary: "Deletes an empty bucket.",
    input: Type.Object(bucketRef),
    output: Type.Object({}),
    effects: "write",
    errors: [...bucketErrors, "BucketNotEmpty", "BucketHasAccessPoints"],
    async run(tx, input, ctx) {
      await dropBucket(tx, ctx, await requireBucket(tx, ctx, input));
      return {};
    },
  }),
  putBucketVersioning: operation({
    summary: "Switches versioning on, or suspends it.",
    input: Type.Object({ ...bucketRef, versioning: Type.Union([Type.Literal("enabled"), Type.Literal("suspended")]) }),
    output: Type.Object({}),
    effects: "write",
    errors: [...bucketErrors, "VersioningLocked", "VersioningNeeded"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      if (bucket.hasObjectLock && input.versioning === "suspended")
        throw errors.VersioningLocked({ bucket: bucket.name });
      if (input.versioning === "suspended" && (await readDocument(tx, bucket, "replication")))
        throw errors.VersioningNeeded({ bucket: bucket.name });
      amendBucket(tx, bucket, { versioning: input.versioning });
      return {};
    },
  }),
};
