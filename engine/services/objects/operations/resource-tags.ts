import { Type, type Static } from "typebox";
import type { Reader } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { operation } from "../../operation.ts";
import { bucketErrors, requireBucket } from "../bucket-access.ts";
import { accessPoints, BUCKET_TAGS_MAX, keys, present, type Tag } from "../model.ts";
import { tags } from "../schemas.ts";
import { checkTags } from "../tags.ts";
import { requirePoint } from "./access-points.ts";
import { readConfiguration, writeConfiguration } from "./configurations.ts";

/** Tags one by one, of a bucket or an access point. */

const resource = Type.Object({
  kind: Type.Union([Type.Literal("bucket"), Type.Literal("access-point")]),
  name: Type.String(),
});
type Resource = Static<typeof resource>;
const ownerErrors = [...bucketErrors, "AccessPointNotFound"];

async function tagsOf(tx: Reader, ctx: OperationContext, { kind, name }: Resource): Promise<readonly Tag[]> {
  if (kind === "access-point") return (await requirePoint(tx, ctx, name)).tags ?? [];
  const bucket = await requireBucket(tx, ctx, { bucket: name });
  return (await readConfiguration<Tag[]>(tx, bucket, "tags")) ?? [];
}

export const resourceTagOperations = {
  changeResourceTags: operation({
    summary: "Sets and removes single tags of a bucket or an access point.",
    input: Type.Object({ resource, set: tags, removed: Type.Array(Type.String()) }),
    output: Type.Object({}),
    effects: "write",
    errors: [...ownerErrors, "TagsInvalid", "TagsTooMany"],
    async run(tx, input, ctx) {
      const { kind, name } = input.resource;
      const gone = new Set([...input.removed, ...input.set.map(({ key }) => key)]);
      const kept = (await tagsOf(tx, ctx, input.resource)).filter(({ key }) => !gone.has(key));
      const changed = [...kept, ...input.set];
      checkTags(changed, BUCKET_TAGS_MAX, kind === "bucket" ? "Bucket" : "Access point");
      if (kind === "access-point") {
        const point = await requirePoint(tx, ctx, name);
        const tagged = present({ ...point, tags: changed.length > 0 ? changed : undefined });
        accessPoints.put(tx, tagged, ctx.account, ctx.region, name);
        return {};
      }
      const bucket = await requireBucket(tx, ctx, { bucket: name });
      if (changed.length > 0) writeConfiguration(tx, bucket, "tags", changed);
      else tx.delete(keys.configuration.key(bucket.id, "tags", ""));
      return {};
    },
  }),
  getResourceTags: operation({
    summary: "Gives the tags of a bucket or an access point, none when there are none.",
    input: Type.Object({ resource }),
    output: Type.Object({ tags }),
    effects: "read",
    errors: ownerErrors,
    run: async (tx, input, ctx) => ({ tags: [...(await tagsOf(tx, ctx, input.resource))] }),
  }),
};
