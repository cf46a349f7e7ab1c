import { Type, type Static } from "typebox";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import { invariant } from "../../../platform/invariant.ts";
import type { OperationContext } from "../../context.ts";
import { operationUsing } from "../../operation.ts";
import { bucketErrors, requireBucket } from "../bucket-access.ts";
import { accessPoints, BUCKET_TAGS_MAX, keys, present, type Tag } from "../model.ts";
import type { Ports } from "../ports.ts";
import { tags } from "../schemas.ts";
import { checkTags } from "../tags.ts";
import { requirePoint } from "./access-points.ts";
import { readConfiguration, writeConfiguration } from "./configurations.ts";

/** Tags one by one, of whatever belongs to buckets and has tags. */

const operation = operationUsing<Ports>();
const resource = Type.Union([
  Type.Object({ kind: Type.Union([Type.Literal("bucket"), Type.Literal("access-point")]), name: Type.String() }),
  Type.Object({ kind: Type.Literal("grants"), of: Type.Literal("instance") }),
  Type.Object({
    kind: Type.Literal("grants"),
    of: Type.Union([Type.Literal("location"), Type.Literal("grant")]),
    id: Type.String(),
  }),
]);
type Resource = Static<typeof resource>;
const ownerErrors = [
  ...bucketErrors,
  "AccessPointNotFound",
  "GrantsInstanceNotFound",
  "GrantsLocationNotFound",
  "GrantNotFound",
];

interface Tagged {
  readonly what: Parameters<typeof checkTags>[2];
  readonly tags: readonly Tag[];
  replaceTags(tx: Transaction, tags: readonly Tag[]): Promise<void> | void;
}

async function taggedPoint(tx: Reader, name: string, ctx: OperationContext): Promise<Tagged> {
  const point = await requirePoint(tx, ctx, name);
  return {
    what: "Access point",
    tags: point.tags ?? [],
    replaceTags(to, changed) {
      const tagged = present({ ...point, tags: changed.length > 0 ? changed : undefined });
      accessPoints.put(to, tagged, ctx.account, ctx.region, name);
    },
  };
}

async function taggedBucket(tx: Reader, name: string, ctx: OperationContext): Promise<Tagged> {
  const bucket = await requireBucket(tx, ctx, { bucket: name });
  return {
    what: "Bucket",
    tags: (await readConfiguration<Tag[]>(tx, bucket, "tags")) ?? [],
    replaceTags(to, changed) {
      if (changed.length > 0) writeConfiguration(to, bucket, "tags", changed);
      else to.delete(keys.configuration.key(bucket.id, "tags", ""));
    },
  };
}

async function taggedGrants(
  tx: Reader,
  thing: Extract<Resource, { kind: "grants" }>,
  ctx: OperationContext<Ports>,
): Promise<Tagged> {
  const { grants } = ctx.ports;
  invariant(grants, "what can be granted of buckets is there where buckets are");
  const labels = await grants.labelsOf(tx, ctx, thing);
  return {
    what: "Access grants",
    tags: Object.entries(labels).map(([key, value]) => ({ key, value })),
    replaceTags: (to, changed) =>
      grants.putLabels(to, ctx, thing, Object.fromEntries(changed.map(({ key, value }) => [key, value]))),
  };
}

function taggedOf(tx: Reader, thing: Resource, ctx: OperationContext<Ports>): Promise<Tagged> {
  if (thing.kind === "grants") return taggedGrants(tx, thing, ctx);
  return thing.kind === "bucket" ? taggedBucket(tx, thing.name, ctx) : taggedPoint(tx, thing.name, ctx);
}

export const resourceTagOperations = {
  changeResourceTags: operation({
    summary: "Sets and removes single tags of a bucket, an access point or what is granted.",
    input: Type.Object({ resource, set: tags, removed: Type.Array(Type.String()) }),
    output: Type.Object({}),
    effects: "write",
    errors: [...ownerErrors, "TagsInvalid", "TagsTooMany", "GrantLabelsInvalid"],
    async run(tx, input, ctx) {
      const tagged = await taggedOf(tx, input.resource, ctx);
      const gone = new Set([...input.removed, ...input.set.map(({ key }) => key)]);
      const changed = [...tagged.tags.filter(({ key }) => !gone.has(key)), ...input.set];
      checkTags(changed, BUCKET_TAGS_MAX, tagged.what);
      await tagged.replaceTags(tx, changed);
      return {};
    },
  }),
  getResourceTags: operation({
    summary: "Gives the tags of a bucket, an access point or what is granted, none when there are none.",
    input: Type.Object({ resource }),
    output: Type.Object({ tags }),
    effects: "read",
    errors: ownerErrors,
    run: async (tx, input, ctx) => ({ tags: [...(await taggedOf(tx, input.resource, ctx)).tags] }),
  }),
};
