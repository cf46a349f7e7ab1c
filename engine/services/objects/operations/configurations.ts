import { Type } from "typebox";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { ServiceError } from "../../errors.ts";
import { operation } from "../../operation.ts";
import { checkAccessListAllowed, grantsOf, requireBucket } from "../bucket-access.ts";
import { errors } from "../errors.ts";
import {
  BUCKET_TAGS_MAX,
  buckets,
  keys,
  LIST_LIMIT_MAX,
  partitionOf,
  present,
  type Bucket,
  type Grant,
  type Tag,
} from "../model.ts";
import { accessList, bucketRef, encryption, grants, ownership, retentionMode, tags } from "../schemas.ts";
import { checkTags } from "../tags.ts";

type Absent = ((of: { bucket: string }) => ServiceError) | "empty";

/** Documents that a bucket keeps as they were given, and what a reader hears when there is none. */
const DOCUMENTS = {
  policy: errors.PolicyNotFound,
  cors: errors.CorsNotFound,
  lifecycle: errors.LifecycleNotFound,
  website: errors.WebsiteNotFound,
  replication: errors.ReplicationNotFound,
  publicAccessBlock: errors.PublicAccessBlockNotFound,
  logging: "empty",
  notification: "empty",
  requestPayment: "empty",
  acceleration: "empty",
} as const satisfies Record<string, Absent>;
/** Documents of which a bucket may keep several, by id. */
const NAMED_DOCUMENTS = ["analytics", "inventory", "metrics", "intelligentTiering"] as const;

export type DocumentKind = keyof typeof DOCUMENTS;
type Kind = DocumentKind | (typeof NAMED_DOCUMENTS)[number] | "tags" | "accessList" | "objectLock";

export const writeConfiguration = (tx: Transaction, bucket: Bucket, kind: Kind, id: string, document: unknown): void =>
  tx.set(keys.configuration.key(bucket.id, kind, id), document);
export const readConfiguration = <T>(tx: Reader, bucket: Bucket, kind: Kind): Promise<T | undefined> =>
  tx.get<T>(keys.configuration.key(bucket.id, kind, ""));

const bucketErrors = ["BucketNotFound", "BucketOfAnotherAccount"];
const documentKind = Type.Unsafe<DocumentKind>(Type.Enum(Object.keys(DOCUMENTS)));
const namedKind = Type.Unsafe<(typeof NAMED_DOCUMENTS)[number]>(Type.Enum([...NAMED_DOCUMENTS]));
const document = Type.Unknown({ description: "The document as its cloud's API writes it." });
const absences = (Object.values(DOCUMENTS) as Absent[]).flatMap((absent) =>
  absent === "empty" ? [] : [absent({ bucket: "" }).code],
);

function checkDocument(bucket: Bucket, kind: DocumentKind, content: unknown): void {
  if (kind === "acceleration" && bucket.name.includes(".")) {
    throw errors.RequestInvalid({
      why: "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names",
    });
  }
  if (kind === "replication" && bucket.versioning !== "enabled")
    throw errors.VersioningRequired({ bucket: bucket.name });
  if (kind === "policy") checkPolicy(bucket, content);
}

function checkPolicy(bucket: Bucket, content: unknown): void {
  const malformed = (why: string) => errors.PolicyMalformed({ bucket: bucket.name, why });
  let policy: unknown;
  try {
    policy = JSON.parse(String(content));
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  if (typeof policy !== "object" || policy === null || Array.isArray(policy))
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  if (!("Statement" in policy)) throw malformed("Missing required field Statement");
  const statements = [policy.Statement].flat() as Record<string, unknown>[];
  for (const statement of statements) {
    if (!["Allow", "Deny"].includes(String(statement["Effect"])))
      throw malformed(`Invalid effect: ${String(statement["Effect"])}`);
    for (const name of ["Principal", "Action", "Resource"]) {
      if (!(name in statement) && !(`Not${name}` in statement)) throw malformed(`Missing required field ${name}`);
    }
  }
}

const documentOperations = {
  putBucketDocument: operation({
    summary: "Keeps one of a bucket's configuration documents.",
    input: Type.Object({ ...bucketRef, kind: documentKind, document }),
    output: Type.Object({}),
    effects: "write",
    errors: [...bucketErrors, "RequestInvalid", "VersioningRequired", "PolicyMalformed"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      checkDocument(bucket, input.kind, input.document);
      writeConfiguration(tx, bucket, input.kind, "", input.document);
      return {};
    },
  }),
  getBucketDocument: operation({
    summary: "Gives one of a bucket's configuration documents.",
    input: Type.Object({ ...bucketRef, kind: documentKind }),
    output: Type.Object({ document: Type.Optional(document) }),
    effects: "read",
    errors: [...bucketErrors, ...absences],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      const kept = await readConfiguration<unknown>(tx, bucket, input.kind);
      const absent: Absent = DOCUMENTS[input.kind];
      if (kept === undefined && absent !== "empty") throw absent({ bucket: bucket.name });
      return kept === undefined ? {} : { document: kept };
    },
  }),
  deleteBucketDocument: operation({
    summary: "Forgets one of a bucket's configuration documents.",
    input: Type.Object({ ...bucketRef, kind: documentKind }),
    output: Type.Object({}),
    effects: "write",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      tx.delete(keys.configuration.key((await requireBucket(tx, ctx, input)).id, input.kind, ""));
      return {};
    },
  }),
  putBucketNamedDocument: operation({
    summary: "Keeps one of several configuration documents of a kind.",
    input: Type.Object({ ...bucketRef, kind: namedKind, id: Type.String(), document }),
    output: Type.Object({}),
    effects: "write",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      writeConfiguration(tx, await requireBucket(tx, ctx, input), input.kind, input.id, input.document);
      return {};
    },
  }),
  getBucketNamedDocument: operation({
    summary: "Gives one of several configuration documents of a kind.",
    input: Type.Object({ ...bucketRef, kind: namedKind, id: Type.String() }),
    output: Type.Object({ document }),
    effects: "read",
    errors: [...bucketErrors, "NamedConfigurationNotFound"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      const kept = await tx.get<unknown>(keys.configuration.key(bucket.id, input.kind, input.id));
      if (kept === undefined) throw errors.NamedConfigurationNotFound({ bucket: bucket.name, id: input.id });
      return { document: kept };
    },
  }),
  deleteBucketNamedDocument: operation({
    summary: "Forgets one of several configuration documents of a kind.",
    input: Type.Object({ ...bucketRef, kind: namedKind, id: Type.String() }),
    output: Type.Object({}),
    effects: "write",
    errors: [...bucketErrors, "NamedConfigurationNotFound"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      const key = keys.configuration.key(bucket.id, input.kind, input.id);
      if ((await tx.get(key)) === undefined)
        throw errors.NamedConfigurationNotFound({ bucket: bucket.name, id: input.id });
      tx.delete(key);
      return {};
    },
  }),
  listBucketNamedDocuments: operation({
    summary: "Lists the configuration documents of a kind.",
    input: Type.Object({ ...bucketRef, kind: namedKind }),
    output: Type.Object({ documents: Type.Array(document) }),
    effects: "read",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      const { id } = await requireBucket(tx, ctx, input);
      const entries = await tx.range(keys.configuration.range(id, input.kind), { limit: LIST_LIMIT_MAX });
      return { documents: entries.map((entry) => entry.value) };
    },
  }),
};

const settings = (tx: Transaction, bucket: Bucket, changes: Partial<Bucket>) =>
  buckets.put(tx, present({ ...bucket, ...changes }), partitionOf(bucket.region), bucket.name);
const defaultRetention = Type.Object({ mode: retentionMode, days: Type.Number() });

const settingOperations = {
  putBucketTags: operation({
    summary: "Replaces a bucket's tags.",
    input: Type.Object({ ...bucketRef, tags }),
    output: Type.Object({}),
    effects: "write",
    errors: [...bucketErrors, "TagsInvalid", "TagsTooMany"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      checkTags(input.tags, BUCKET_TAGS_MAX, "Bucket");
      writeConfiguration(tx, bucket, "tags", "", input.tags);
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
    errors: [...bucketErrors, "AccessListsDisabled"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      checkAccessListAllowed(bucket, input.accessList);
      writeConfiguration(tx, bucket, "accessList", "", grantsOf(input.accessList, bucket.account));
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
      const bucket = await requireBucket(tx, ctx, input);
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
      settings(tx, await requireBucket(tx, ctx, input), { ownership: input.ownership });
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
      settings(tx, bucket, { ownership: undefined });
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
      settings(tx, await requireBucket(tx, ctx, input), { encryption: present(input.encryption) });
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
      settings(tx, bucket, { hasObjectLock: true, defaultRetention: input.retention });
      writeConfiguration(tx, bucket, "objectLock", "", input.document);
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

export const configurationOperations = { ...documentOperations, ...settingOperations };
