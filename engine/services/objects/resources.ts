import { Type, type Static } from "typebox";
import { after } from "../../kernel/key.ts";
import type { Reader, Transaction } from "../../kernel/store.ts";
import { generatedName } from "../generated-name.ts";
import { resourceType } from "../resource-type.ts";
import {
  BUCKET_TAGS_MAX,
  buckets,
  keys,
  partitionOf,
  UNVERSIONED,
  type Bucket,
  type ObjectVersion,
  type Tag,
} from "./model.ts";
import { dropBucket, makeBucket } from "./operations/buckets.ts";
import { readConfiguration, writeConfiguration } from "./operations/configurations.ts";
import { amendBucket } from "./bucket-access.ts";
import { errors } from "./errors.ts";
import { checkTags } from "./tags.ts";

const properties = Type.Object(
  {
    Name: Type.Optional(
      Type.String({ minLength: 3, maxLength: 63, description: "The bucket's name; generated when omitted." }),
    ),
    Versioning: Type.Optional(Type.Boolean({ default: false, description: "Keeps every version of every object." })),
    Labels: Type.Optional(Type.Record(Type.String(), Type.String(), { description: "Labels as key and value." })),
  },
  { additionalProperties: false },
);
type Properties = Static<typeof properties>;

const tagsOf = (labels: Properties["Labels"]): Tag[] =>
  Object.entries(labels ?? {}).map(([key, value]) => ({ key, value }));

async function stateOf(tx: Reader, bucket: Bucket) {
  const tags = (await readConfiguration<Tag[]>(tx, bucket, "tags")) ?? [];
  return {
    id: bucket.name,
    properties: {
      Name: bucket.name,
      // Off and suspended are declared alike, and told apart by who has to go back to one of them.
      ...(bucket.versioning !== "off" && { Versioning: bucket.versioning === "enabled" }),
      Labels: Object.fromEntries(tags.map((tag) => [tag.key, tag.value])),
    },
    attributes: { Name: bucket.name, Region: bucket.region },
  };
}

/** Once switched on it can only be suspended, unless that is undone before it has made a version. */
async function withoutVersioning(tx: Reader, bucket: Bucket, wasOff: boolean): Promise<Bucket["versioning"]> {
  if (!wasOff) return "suspended";
  const [older] = await tx.range(keys.older.range(bucket.id), { limit: 1 });
  if (older) return "suspended";
  for await (const { value } of tx.scan<ObjectVersion>(keys.current.range(bucket.id)))
    if (value.versionId !== UNVERSIONED) return "suspended";
  return "off";
}

function label(tx: Transaction, bucket: Bucket, labels: Properties["Labels"]): void {
  const tags = tagsOf(labels);
  checkTags(tags, BUCKET_TAGS_MAX, "Bucket");
  if (tags.length > 0) writeConfiguration(tx, bucket, "tags", tags);
  else tx.delete(keys.configuration.key(bucket.id, "tags", ""));
}

const find = async (
  tx: Reader,
  ctx: { account: string; region: string },
  name: string,
): Promise<Bucket | undefined> => {
  const bucket = await buckets.get(tx, partitionOf(ctx.region), name);
  return bucket?.account === ctx.account ? bucket : undefined;
};

/** A generated name with what bucket names cannot hold taken out, cut so that its random end stays. */
const bucketNameFrom = (name: string): string =>
  name
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replace(/^-+/, "")
    .slice(-63)
    .replace(/^-+/, "")
    .padStart(3, "0");

export const bucketType = resourceType({
  name: "Bucket",
  summary: "A bucket of objects.",
  properties,
  attributes: Type.Object({ Name: Type.String(), Region: Type.String() }),
  ref: "Name",
  replacement: { Name: "always" },
  nameProperty: "Name",
  tags: { property: "Labels", form: "map" },
  examples: [
    {
      title: "a bucket that keeps every version",
      properties: { Name: "example-bucket", Versioning: true, Labels: { tier: "front" } },
    },
    { title: "a bucket whose name is generated", properties: {} },
  ],
  handlers: {
    async create(tx, { Name, Versioning, Labels }, ctx) {
      const made = await makeBucket(tx, ctx, {
        bucket: Name ?? bucketNameFrom(generatedName(ctx)),
        tags: tagsOf(Labels),
      });
      return stateOf(tx, Versioning ? amendBucket(tx, made, { versioning: "enabled" }) : made);
    },
    async read(tx, id, ctx) {
      const bucket = await find(tx, ctx, id);
      return bucket && stateOf(tx, bucket);
    },
    async update(tx, id, { Versioning, Labels }, _previous, ctx) {
      let bucket = await find(tx, ctx, id);
      if (!bucket) throw errors.BucketNotFound({ bucket: id });
      if (Versioning && bucket.versioning !== "enabled") bucket = amendBucket(tx, bucket, { versioning: "enabled" });
      if (!Versioning && bucket.versioning === "enabled") {
        const wasOff = ctx.isUndo === true && Versioning === undefined;
        bucket = amendBucket(tx, bucket, { versioning: await withoutVersioning(tx, bucket, wasOff) });
      }
      label(tx, bucket, Labels);
      return stateOf(tx, bucket);
    },
    async delete(tx, id, ctx) {
      const bucket = await find(tx, ctx, id);
      if (bucket) await dropBucket(tx, ctx, bucket);
    },
    async list(tx, ctx, page) {
      const partition = partitionOf(ctx.region);
      const all = keys.bucketOfAccount.range(partition, ctx.account);
      const rest =
        page.after === undefined ? all : after(all, keys.bucketOfAccount.key(partition, ctx.account, page.after));
      const names: string[] = [];
      for await (const { key, value } of tx.scan<string>(rest)) {
        if (value !== ctx.region) continue;
        if (names.length === page.limit) break;
        names.push(keys.bucketOfAccount.parts(key)[2]);
      }
      return names;
    },
  },
});

export const resources = [bucketType];
