import { Type } from "typebox";
import { after } from "../../../kernel/key.ts";
import type { Reader } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { operationUsing } from "../../operation.ts";
import { bucketErrors, requireBucket } from "../bucket-access.ts";
import { errors } from "../errors.ts";
import {
  accessPoints,
  BUCKET_TAGS_MAX,
  keys,
  LIST_LIMIT_MAX,
  partitionOf,
  present,
  type AccessPoint,
} from "../model.ts";
import { accessPointHolder, isPublicPolicy, statementsOf } from "../policies.ts";
import type { Ports } from "../ports.ts";
import { readPublicAccessAt } from "../public-access.ts";
import { publicAccess } from "../rules.ts";
import { tags } from "../schemas.ts";
import { checkTags } from "../tags.ts";

const operation = operationUsing<Ports>();
const pointRef = { name: Type.String({ description: "Unique in the account and region." }) };
const pointFacts = Type.Object({
  ...pointRef,
  alias: Type.String({ description: "Stands for the bucket's name in requests for its objects." }),
  bucket: Type.String(),
  bucketAccount: Type.String(),
  createdAtMs: Type.Number(),
  network: Type.Optional(Type.String({ description: "The only one it is reached from." })),
  publicAccessBlock: publicAccess,
});

export const POINT_NAME_FORM = /^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/;
const ALIAS_LETTERS = 34;
export const EVERYTHING_BLOCKED = {
  refusesLists: true,
  ignoresLists: true,
  refusesPolicies: true,
  restrictsPolicies: true,
};

export async function requirePoint(tx: Reader, ctx: OperationContext, name: string): Promise<AccessPoint> {
  const point = await accessPoints.get(tx, ctx.account, ctx.region, name);
  if (point === undefined) throw errors.AccessPointNotFound({ name });
  return point;
}

const factsOf = ({ name, alias, bucket, bucketAccount, createdAtMs, network, publicAccessBlock }: AccessPoint) =>
  present({ name, alias, bucket, bucketAccount, createdAtMs, network, publicAccessBlock });

export const accessPointOperations = {
  createAccessPoint: operation({
    summary: "Gives a bucket another name, with a policy of its own.",
    input: Type.Object({
      ...pointRef,
      bucket: Type.String(),
      bucketAccount: Type.Optional(Type.String({ description: "Refuses when the bucket belongs to another account." })),
      network: Type.Optional(Type.String()),
      publicAccessBlock: Type.Optional(publicAccess),
      tags: Type.Optional(tags),
    }),
    output: pointFacts,
    effects: "write",
    errors: [
      "AccessPointNameInvalid",
      "AccessPointExists",
      ...bucketErrors,
      "TagsInvalid",
      "TagsTooMany",
    ],
    async run(tx, input, ctx) {
      const { name } = input;
      if (!POINT_NAME_FORM.test(name) || name.endsWith("-s3alias")) throw errors.AccessPointNameInvalid({ name });
      const ref = present({ bucket: input.bucket, expectedAccount: input.bucketAccount });
      const bucket = await requireBucket(tx, ctx, ref);
      if (await accessPoints.get(tx, ctx.account, ctx.region, name)) throw errors.AccessPointExists({ name });
      if (input.tags) checkTags(input.tags, BUCKET_TAGS_MAX, "Access point");
      const point = present({
        name,
        alias: `${name.slice(0, 19)}-${ctx.ids.upper(ALIAS_LETTERS).toLowerCase()}-s3alias`,
        bucket: bucket.name,
        bucketId: bucket.id,
        bucketAccount: bucket.account,
        createdAtMs: ctx.clock.nowMs(),
        network: input.network,
        publicAccessBlock: input.publicAccessBlock ?? EVERYTHING_BLOCKED,
        tags: input.tags?.length ? input.tags : undefined,
      });
      accessPoints.put(tx, point, ctx.account, ctx.region, name);
      tx.set(keys.accessPointAlias.key(partitionOf(ctx.region), point.alias), [ctx.account, ctx.region, name]);
      tx.set(keys.accessPointOfBucket.key(bucket.id, ctx.region, name), point.alias);
      return factsOf(point);
    },
  }),
  getAccessPoint: operation({
    summary: "Tells which bucket an access point leads to.",
    input: Type.Object(pointRef),
    output: pointFacts,
    effects: "read",
    errors: ["AccessPointNotFound"],
    run: async (tx, { name }, ctx) => factsOf(await requirePoint(tx, ctx, name)),
  }),
  listAccessPoints: operation({
    summary: "Lists the account's access points in the region by name.",
    input: Type.Object({
      bucket: Type.Optional(Type.String()),
      after: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Number()),
    }),
    output: Type.Object({ points: Type.Array(pointFacts), next: Type.Optional(Type.String()) }),
    effects: "read",
    errors: [],
    async run(tx, { bucket, after: afterName, limit = LIST_LIMIT_MAX }, ctx) {
      let range = keys.accessPoint.range(ctx.account, ctx.region);
      if (afterName !== undefined) range = after(range, keys.accessPoint.key(ctx.account, ctx.region, afterName));
      const points: ReturnType<typeof factsOf>[] = [];
      for await (const { value } of tx.scan(range, { pageSize: LIST_LIMIT_MAX })) {
        const point = value as AccessPoint;
        if (bucket !== undefined && point.bucket !== bucket) continue;
        if (points.length === limit) return { points, next: points[limit - 1]?.name ?? "" };
        points.push(factsOf(point));
      }
      return { points };
    },
  }),
  deleteAccessPoint: operation({
    summary: "Takes a bucket's other name away.",
    input: Type.Object(pointRef),
    output: Type.Object({}),
    effects: "write",
    errors: ["AccessPointNotFound"],
    async run(tx, { name }, ctx) {
      const point = await requirePoint(tx, ctx, name);
      accessPoints.remove(tx, ctx.account, ctx.region, name);
      tx.delete(keys.accessPointAlias.key(partitionOf(ctx.region), point.alias));
      tx.delete(keys.accessPointOfBucket.key(point.bucketId, ctx.region, name));
      return {};
    },
  }),
  putAccessPointPolicy: operation({
    summary: "Keeps an access point's policy.",
    input: Type.Object({ ...pointRef, policy: Type.String() }),
    output: Type.Object({}),
    effects: "write",
    errors: ["AccessPointNotFound", "PolicyMalformed", "PublicAccessBlocked"],
    async run(tx, { name, policy }, ctx) {
      const point = await requirePoint(tx, ctx, name);
      const isPublic = isPublicPolicy(statementsOf(accessPointHolder(name), policy));
      if (isPublic && (await readPublicAccessAt(tx, ctx.region, ctx.account, point)).refusesPolicies)
        throw errors.PublicAccessBlocked({ bucket: point.bucket, what: "BlockPublicPolicy" });
      accessPoints.put(tx, { ...point, policy }, ctx.account, ctx.region, name);
      return {};
    },
  }),
  getAccessPointPolicy: operation({
    summary: "Gives an access point's policy, and whether it lets everybody in.",
    input: Type.Object(pointRef),
    output: Type.Object({ policy: Type.String(), isPublic: Type.Boolean() }),
    effects: "read",
    errors: ["AccessPointNotFound", "AccessPointPolicyNotFound"],
    async run(tx, { name }, ctx) {
      const { policy } = await requirePoint(tx, ctx, name);
      if (policy === undefined) throw errors.AccessPointPolicyNotFound({ name });
      return { policy, isPublic: isPublicPolicy(statementsOf(accessPointHolder(name), policy)) };
    },
  }),
  deleteAccessPointPolicy: operation({
    summary: "Forgets an access point's policy.",
    input: Type.Object(pointRef),
    output: Type.Object({}),
    effects: "write",
    errors: ["AccessPointNotFound"],
    async run(tx, { name }, ctx) {
      const { policy: _policy, ...point } = await requirePoint(tx, ctx, name);
      accessPoints.put(tx, point, ctx.account, ctx.region, name);
      return {};
    },
  }),
};
