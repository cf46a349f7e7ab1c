import { Type, type Static } from "typebox";
import { after } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { operationUsing } from "../../operation.ts";
import { bucketErrors, requireBucket } from "../bucket-access.ts";
import { errors } from "../errors.ts";
import {
  keys,
  LIST_LIMIT_MAX,
  multiRegionPoints,
  partitionOf,
  pointRequests,
  present,
  type MultiRegionPoint,
  type PointRequest,
  type Route,
} from "../model.ts";
import { accessPointHolder, isPublicPolicy, statementsOf } from "../policies.ts";
import type { Ports } from "../ports.ts";
import { readPublicAccessAt } from "../public-access.ts";
import { publicAccess } from "../rules.ts";
import { EVERYTHING_BLOCKED, POINT_NAME_FORM } from "./access-points.ts";

/** Access points of several regions. What clouds take minutes for is done when it is asked for. */

const operation = operationUsing<Ports>();
const REGIONS_MAX = 17;
const ALIAS_LETTERS = 13;

const name = Type.String({ description: "Unique in the account." });
const route = Type.Object({
  bucket: Type.String(),
  bucketAccount: Type.String(),
  region: Type.String(),
  isActive: Type.Boolean({ description: "Requests are led to it." }),
});
const pointFacts = Type.Object({
  name,
  alias: Type.String({ description: "Stands for a bucket's name in requests for objects." }),
  createdAtMs: Type.Number(),
  publicAccessBlock: publicAccess,
  policy: Type.Optional(Type.String()),
  routes: Type.Array(route),
});
const request = Type.Object({
  id: Type.String(),
  kind: Type.Union([Type.Literal("create"), Type.Literal("delete"), Type.Literal("put-policy")]),
  atMs: Type.Number(),
  name,
  regions: Type.Array(Type.String()),
  created: Type.Optional(Type.Object({ publicAccessBlock: publicAccess, routes: Type.Array(route) })),
  policy: Type.Optional(Type.String()),
});
const changeRef = {
  name,
  token: Type.String({ description: "The same one again is answered with the request that it made." }),
};

const facts = (point: MultiRegionPoint): Static<typeof pointFacts> => ({ ...point, routes: [...point.routes] });
const told = ({ created, ...rest }: PointRequest): Static<typeof request> => ({
  ...rest,
  regions: [...rest.regions],
  ...(created && { created: { ...created, routes: [...created.routes] } }),
});

/** By its name, or its alias. Errors: `MultiRegionPointNotFound` */
async function requirePoint(tx: Reader, ctx: OperationContext, called: string): Promise<MultiRegionPoint> {
  const partition = partitionOf(ctx.region);
  const [owner, known] = (await tx.get<[string, string]>(keys.multiRegionAlias.key(partition, called))) ?? [];
  const own = owner === ctx.account && known !== undefined ? known : called;
  const point = await multiRegionPoints.get(tx, partition, ctx.account, own);
  if (point === undefined) throw errors.MultiRegionPointNotFound({ name: called });
  return point;
}

const put = (tx: Transaction, ctx: OperationContext, point: MultiRegionPoint): void =>
  multiRegionPoints.put(tx, point, partitionOf(ctx.region), ctx.account, point.name);

async function requestBefore(tx: Reader, ctx: OperationContext, token: string): Promise<PointRequest | undefined> {
  const partition = partitionOf(ctx.region);
  const id = await tx.get<string>(keys.pointRequestToken.key(partition, ctx.account, token));
  return id === undefined ? undefined : pointRequests.get(tx, partition, ctx.account, id);
}

function keepRequest(
  tx: Transaction,
  ctx: OperationContext,
  token: string,
  asked: Omit<PointRequest, "id" | "atMs">,
): Static<typeof request> {
  const kept: PointRequest = { id: ctx.ids.hex(32), atMs: ctx.clock.nowMs(), ...asked };
  const partition = partitionOf(ctx.region);
  pointRequests.put(tx, kept, partition, ctx.account, kept.id);
  tx.set(keys.pointRequestToken.key(partition, ctx.account, token), kept.id);
  return told(kept);
}

type Named = readonly { readonly bucket: string; readonly bucketAccount?: string }[];

/** Errors: those of buckets, `RegionsInvalid` */
async function routesTo(tx: Reader, ctx: OperationContext, named: Named): Promise<Route[]> {
  if (named.length === 0 || named.length > REGIONS_MAX)
    throw errors.RegionsInvalid({ why: `An access point of several regions has from 1 to ${REGIONS_MAX} buckets.` });
  const routes: Route[] = [];
  for (const { bucket: called, bucketAccount } of named) {
    const { name: bucket, account, region } = await requireBucket(
      tx,
      ctx,
      present({ bucket: called, expectedAccount: bucketAccount }),
    );
    if (routes.some((other) => other.region === region))
      throw errors.RegionsInvalid({ why: `Two of the buckets are in ${region}; each must have a region of its own.` });
    routes.push({ bucket, bucketAccount: account, region, isActive: true });
  }
  return routes;
}

const regionsOf = ({ routes }: Pick<MultiRegionPoint, "routes">) => routes.map(({ region }) => region);

const changes = {
  createMultiRegionPoint: operation({
    summary: "Gives buckets of several regions one name.",
    input: Type.Object({
      ...changeRef,
      buckets: Type.Array(Type.Object({ bucket: Type.String(), bucketAccount: Type.Optional(Type.String()) })),
      publicAccessBlock: Type.Optional(publicAccess),
    }),
    output: request,
    effects: "write",
    errors: [...bucketErrors, "AccessPointNameInvalid", "MultiRegionPointExists", "RegionsInvalid"],
    async run(tx, input, ctx) {
      const before = await requestBefore(tx, ctx, input.token);
      if (before) return told(before);
      if (!POINT_NAME_FORM.test(input.name)) throw errors.AccessPointNameInvalid({ name: input.name });
      const partition = partitionOf(ctx.region);
      if (await multiRegionPoints.get(tx, partition, ctx.account, input.name))
        throw errors.MultiRegionPointExists({ name: input.name });
      const created = {
        publicAccessBlock: input.publicAccessBlock ?? EVERYTHING_BLOCKED,
        routes: await routesTo(tx, ctx, input.buckets),
      };
      const alias = `${ctx.ids.upper(ALIAS_LETTERS).toLowerCase()}.mrap`;
      put(tx, ctx, { name: input.name, alias, createdAtMs: ctx.clock.nowMs(), ...created });
      tx.set(keys.multiRegionAlias.key(partition, alias), [ctx.account, input.name]);
      const asked = { kind: "create" as const, name: input.name, regions: regionsOf(created), created };
      return keepRequest(tx, ctx, input.token, asked);
    },
  }),
  deleteMultiRegionPoint: operation({
    summary: "Takes the one name of buckets of several regions away.",
    input: Type.Object(changeRef),
    output: request,
    effects: "write",
    errors: ["MultiRegionPointNotFound"],
    async run(tx, input, ctx) {
      const before = await requestBefore(tx, ctx, input.token);
      if (before) return told(before);
      const point = await requirePoint(tx, ctx, input.name);
      const partition = partitionOf(ctx.region);
      multiRegionPoints.remove(tx, partition, ctx.account, point.name);
      tx.delete(keys.multiRegionAlias.key(partition, point.alias));
      const asked = { kind: "delete" as const, name: point.name, regions: regionsOf(point) };
      return keepRequest(tx, ctx, input.token, asked);
    },
  }),
  putMultiRegionPointPolicy: operation({
    summary: "Keeps the policy of an access point of several regions.",
    input: Type.Object({ ...changeRef, policy: Type.String() }),
    output: request,
    effects: "write",
    errors: ["MultiRegionPointNotFound", "PolicyMalformed", "PublicAccessBlocked"],
    async run(tx, { token, policy, ...input }, ctx) {
      const before = await requestBefore(tx, ctx, token);
      if (before) return told(before);
      const point = await requirePoint(tx, ctx, input.name);
      const isPublic = isPublicPolicy(statementsOf(accessPointHolder(point.alias), policy));
      if (isPublic && (await readPublicAccessAt(tx, ctx.region, ctx.account, point)).refusesPolicies)
        throw errors.PublicAccessBlocked({ bucket: point.name, what: "BlockPublicPolicy" });
      put(tx, ctx, { ...point, policy });
      const asked = { kind: "put-policy" as const, name: point.name, regions: regionsOf(point), policy };
      return keepRequest(tx, ctx, token, asked);
    },
  }),
  putMultiRegionRoutes: operation({
    summary: "Switches regions of an access point on and off; requests go only to those that are on.",
    input: Type.Object({
      name: Type.String({ description: "Its name or its alias." }),
      routes: Type.Array(
        Type.Object({
          bucket: Type.Optional(Type.String()),
          region: Type.Optional(Type.String()),
          isActive: Type.Boolean(),
        }),
      ),
    }),
    output: Type.Object({}),
    effects: "write",
    errors: ["MultiRegionPointNotFound", "RegionsInvalid"],
    async run(tx, input, ctx) {
      const point = await requirePoint(tx, ctx, input.name);
      const routes = [...point.routes];
      for (const { bucket, region, isActive } of input.routes) {
        const at = routes.findIndex(
          (one) => (bucket ?? one.bucket) === one.bucket && (region ?? one.region) === one.region,
        );
        const found = bucket === undefined && region === undefined ? undefined : routes[at];
        if (!found) throw errors.RegionsInvalid({ why: `No route leads to ${bucket ?? region ?? "no bucket"}.` });
        routes[at] = { ...found, isActive };
      }
      if (!routes.some(({ isActive }) => isActive))
        throw errors.RegionsInvalid({ why: "At least one region must take requests." });
      put(tx, ctx, { ...point, routes });
      return {};
    },
  }),
};

const reads = {
  getMultiRegionPoint: operation({
    summary: "Shows an access point of several regions.",
    input: Type.Object({ name: Type.String({ description: "Its name or its alias." }) }),
    output: pointFacts,
    effects: "read",
    errors: ["MultiRegionPointNotFound"],
    run: async (tx, input, ctx) => facts(await requirePoint(tx, ctx, input.name)),
  }),
  getMultiRegionPointPolicy: operation({
    summary: "Gives the policy of an access point of several regions, if it has one, and whether it lets everybody in.",
    input: Type.Object({ name }),
    output: Type.Object({ policy: Type.Optional(Type.String()), isPublic: Type.Boolean() }),
    effects: "read",
    errors: ["MultiRegionPointNotFound"],
    async run(tx, input, ctx) {
      const { alias, policy } = await requirePoint(tx, ctx, input.name);
      if (policy === undefined) return { isPublic: false };
      return { policy, isPublic: isPublicPolicy(statementsOf(accessPointHolder(alias), policy)) };
    },
  }),
  listMultiRegionPoints: operation({
    summary: "Lists the account's access points of several regions by name.",
    input: Type.Object({ after: Type.Optional(Type.String()), limit: Type.Optional(Type.Number()) }),
    output: Type.Object({ points: Type.Array(pointFacts), next: Type.Optional(Type.String()) }),
    effects: "read",
    errors: [],
    async run(tx, { after: afterName, limit = LIST_LIMIT_MAX }, ctx) {
      const all = keys.multiRegionPoint.range(partitionOf(ctx.region), ctx.account);
      const last = keys.multiRegionPoint.key(partitionOf(ctx.region), ctx.account, afterName ?? "");
      const found = await multiRegionPoints.range(tx, after(all, last), { limit: limit + 1 });
      const points = found.slice(0, limit).map(({ value }) => facts(value));
      const next = found.length > limit ? points.at(-1)?.name : undefined;
      return { points, ...(next !== undefined && { next }) };
    },
  }),
  getPointRequest: operation({
    summary: "Tells what was asked of an access point of several regions under an id.",
    input: Type.Object({ id: Type.String() }),
    output: request,
    effects: "read",
    errors: ["PointRequestNotFound"],
    async run(tx, { id }, ctx) {
      const found = await pointRequests.get(tx, partitionOf(ctx.region), ctx.account, id);
      if (!found) throw errors.PointRequestNotFound({ id });
      return told(found);
    },
  }),
};

export const multiRegionPointOperations = { ...changes, ...reads };
