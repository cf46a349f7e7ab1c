import { Type } from "typebox";
import { after } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import type { ServiceError } from "../../errors.ts";
import { operationUsing } from "../../operation.ts";
import { reachBucket } from "../access-points.ts";
import { amendBucket, bucketErrors, checkAccessListAllowed, requireBucket } from "../bucket-access.ts";
import { errors } from "../errors.ts";
import { buckets, keys, partitionOf, present, type Bucket } from "../model.ts";
import type { Ports } from "../ports.ts";
import { readPublicAccess } from "../public-access.ts";
import { bucketHolder, isPublicPolicy, statementsOf } from "../policies.ts";
import { testDestinations } from "../news.ts";
import { inventoryRule, rules, type Rules } from "../rules.ts";
import { readDocument, writeDocument } from "../kept-documents.ts";
import { noteLogging } from "../access-log.ts";
import { beginInventory, endInventory } from "../inventory/reports.ts";
import { beginLifecycle } from "../lifecycle.ts";
import { bucketRef, document } from "../schemas.ts";

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
  attributeAccess: "empty",
} as const satisfies Record<string, Absent>;
/** Documents of which a bucket may keep several, by id. */
const NAMED_DOCUMENTS = ["analytics", "inventory", "metrics", "intelligentTiering"] as const;

/** What is told of a bucket also to those who call it by an access point. */
const THROUGH_ACCESS_POINTS: ReadonlySet<DocumentKind> = new Set(["policy", "cors", "notification"]);

export type DocumentKind = keyof typeof DOCUMENTS;

const operation = operationUsing<Ports>();
const documentKind = Type.Unsafe<DocumentKind>(Type.Enum(Object.keys(DOCUMENTS)));
const namedKind = Type.Unsafe<(typeof NAMED_DOCUMENTS)[number]>(Type.Enum([...NAMED_DOCUMENTS]));
const absences = (Object.values(DOCUMENTS) as Absent[]).flatMap((absent) =>
  absent === "empty" ? [] : [absent({ bucket: "" }).code],
);

async function checkDocument(tx: Reader, bucket: Bucket, kind: DocumentKind, content: unknown): Promise<void> {
  if (kind === "acceleration" && bucket.name.includes(".")) {
    throw errors.RequestInvalid({
      why: "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names",
    });
  }
  if (kind === "replication" && bucket.versioning !== "enabled")
    throw errors.ReplicationInvalid({
      bucket: bucket.name,
      why: "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
    });
  if (kind === "policy") await checkPolicy(tx, bucket, content);
}

function faultOfLogTarget(from: Bucket, to: Bucket | undefined) {
  if (!to) return "absent" as const;
  if (to.account !== from.account) return "foreign" as const;
  return to.region === from.region ? undefined : ("elsewhere" as const);
}

/** News can be handed only to who is there to take it. FIFO queues and topics are not among them. */
async function checkTargets(tx: Reader, ports: Ports, bucket: Bucket, given: Rules | undefined): Promise<void> {
  for (const { target } of given?.notification ?? []) {
    const port = target.kind === "queue" ? ports.queues : ports.topics;
    const found = await port?.find(tx, target);
    const why = !found ? "absent" : found.isFifo ? "fifo" : target.region === bucket.region ? undefined : "elsewhere";
    if (why) throw errors.TargetInvalid({ bucket: bucket.name, ...target, why });
  }
  if (given?.logging) {
    const to = await buckets.get(tx, partitionOf(bucket.region), given.logging.target);
    const why = faultOfLogTarget(bucket, to);
    if (why) throw errors.LogTargetInvalid({ bucket: bucket.name, target: given.logging.target, why });
    if (to && given.logging.grants) checkAccessListAllowed(to, given.logging);
  }
  for (const { target } of given?.replication ?? []) {
    const to = await buckets.get(tx, partitionOf(bucket.region), target);
    if (!to) throw errors.ReplicationInvalid({ bucket: bucket.name, why: "Destination bucket must exist." });
    if (to.versioning !== "enabled")
      throw errors.ReplicationInvalid({
        bucket: bucket.name,
        why: "Destination bucket must have versioning enabled.",
      });
  }
}

/** Refuses a policy for everybody where the bucket's owner has blocked those. */
async function checkPolicy(tx: Reader, bucket: Bucket, content: unknown): Promise<void> {
  const isPublic = isPublicPolicy(statementsOf(bucketHolder(bucket.name), content));
  const block = isPublic ? await readPublicAccess(tx, bucket) : undefined;
  if (block?.refusesPolicies) throw errors.PublicAccessBlocked({ bucket: bucket.name, what: "BlockPublicPolicy" });
}

/** What every write asks of its bucket stands in the bucket's record, so that a write reads nothing else. */
async function noteRules(
  tx: Transaction,
  ctx: OperationContext,
  bucket: Bucket,
  kind: DocumentKind,
  given: Rules | undefined,
): Promise<void> {
  const note = (changes: Partial<Bucket>) => amendBucket(tx, bucket, changes);
  if (kind === "notification") note({ hasNotifications: given?.notification?.length ? true : undefined });
  if (kind === "replication") note({ hasReplication: given?.replication?.length ? true : undefined });
  if (kind === "requestPayment") note({ isPaidByRequesters: given?.requestersPay || undefined });
  if (kind === "logging") noteLogging(tx, bucket, given?.logging !== undefined);
  if (kind !== "lifecycle") return;
  note({ hasLifecycle: given?.lifecycle?.length ? true : undefined });
  await beginLifecycle(tx, ctx, bucket, given?.lifecycle ?? []);
}

/** How many of a kind a bucket has, and how many come at once. */
const NAMED_MAX = 1000;
const NAMED_PAGE = 100;

export const documentOperations = {
  putBucketDocument: operation({
    summary: "Keeps one of a bucket's configuration documents.",
    input: Type.Object({
      ...bucketRef,
      kind: documentKind,
      document: Type.Optional(document),
      rules: Type.Optional(rules),
      trustsTargets: Type.Optional(Type.Boolean({ description: "Whom the rules name need not be there yet." })),
    }),
    output: Type.Object({}),
    effects: "write",
    errors: [
      ...bucketErrors,
      "RequestInvalid",
      "PolicyMalformed",
      "PublicAccessBlocked",
      "TargetInvalid",
      "LogTargetInvalid",
      "AccessListsDisabled",
      "ReplicationInvalid",
    ],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      await checkDocument(tx, bucket, input.kind, input.document);
      if (!input.trustsTargets) {
        await checkTargets(tx, ctx.ports, bucket, input.rules);
        testDestinations(tx, ctx, bucket, input.rules?.notification ?? []);
      }
      writeDocument(tx, bucket, input.kind, present({ document: input.document, rules: input.rules }));
      await noteRules(tx, ctx, bucket, input.kind, input.rules);
      return {};
    },
  }),
  getBucketDocument: operation({
    summary: "Gives one of a bucket's configuration documents.",
    input: Type.Object({ ...bucketRef, kind: documentKind }),
    output: Type.Object({ document: Type.Optional(document), rules: Type.Optional(rules) }),
    effects: "read",
    errors: [...bucketErrors, ...absences],
    async run(tx, input, ctx) {
      const find = THROUGH_ACCESS_POINTS.has(input.kind) ? reachBucket : requireBucket;
      const bucket = await find(tx, ctx, input);
      const kept = await readDocument(tx, bucket, input.kind);
      const absent: Absent = DOCUMENTS[input.kind];
      if (kept === undefined && absent !== "empty") throw absent({ bucket: bucket.name });
      return kept ?? {};
    },
  }),
  deleteBucketDocument: operation({
    summary: "Forgets one of a bucket's configuration documents.",
    input: Type.Object({ ...bucketRef, kind: documentKind }),
    output: Type.Object({}),
    effects: "write",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      tx.delete(keys.configuration.key(bucket.id, input.kind, ""));
      await noteRules(tx, ctx, bucket, input.kind, undefined);
      return {};
    },
  }),
  putBucketNamedDocument: operation({
    summary: "Keeps one of several configuration documents of a kind.",
    input: Type.Object({
      ...bucketRef,
      kind: namedKind,
      id: Type.String(),
      document,
      inventory: Type.Optional(inventoryRule),
    }),
    output: Type.Object({}),
    effects: "write",
    errors: [...bucketErrors, "TooManyConfigurations"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      const key = keys.configuration.key(bucket.id, input.kind, input.id);
      const count = (await tx.range(keys.configuration.range(bucket.id, input.kind), { limit: NAMED_MAX })).length;
      if (count === NAMED_MAX && (await tx.get(key)) === undefined)
        throw errors.TooManyConfigurations({ bucket: bucket.name });
      tx.set(key, input.document);
      if (input.inventory) await beginInventory(tx, ctx, bucket, input.id, input.inventory);
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
      if (input.kind === "inventory") endInventory(tx, bucket, input.id);
      return {};
    },
  }),
  listBucketNamedDocuments: operation({
    summary: "Lists the configuration documents of a kind.",
    input: Type.Object({ ...bucketRef, kind: namedKind, after: Type.Optional(Type.String()) }),
    output: Type.Object({ documents: Type.Array(document), next: Type.Optional(Type.String()) }),
    effects: "read",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      const { id } = await requireBucket(tx, ctx, input);
      const all = keys.configuration.range(id, input.kind);
      const rest = input.after === undefined ? all : after(all, keys.configuration.key(id, input.kind, input.after));
      const entries = await tx.range(rest, { limit: NAMED_PAGE + 1 });
      const page = entries.slice(0, NAMED_PAGE);
      const last = page.at(-1);
      const isCut = entries.length > NAMED_PAGE && last !== undefined;
      return {
        documents: page.map((entry) => entry.value),
        ...(isCut && { next: keys.configuration.parts(last.key)[2] }),
      };
    },
  }),
  getBucketPolicyStatus: operation({
    summary: "Tells whether a bucket's policy allows something to everybody.",
    input: Type.Object(bucketRef),
    output: Type.Object({ isPublic: Type.Boolean() }),
    effects: "read",
    errors: [...bucketErrors, "PolicyNotFound"],
    async run(tx, input, ctx) {
      const bucket = await requireBucket(tx, ctx, input);
      const kept = await readDocument(tx, bucket, "policy");
      if (!kept) throw errors.PolicyNotFound({ bucket: bucket.name });
      return { isPublic: isPublicPolicy(statementsOf(bucketHolder(bucket.name), kept.document)) };
    },
  }),
};
