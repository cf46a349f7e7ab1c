import type { Reader } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";
import { requireBucket, type BucketRef } from "./bucket-access.ts";
import { errors } from "./errors.ts";
import type { ForeignRequest } from "./foreign-access.ts";
import {
  accessPoints,
  buckets,
  keys,
  multiRegionPoints,
  partitionOf,
  type AccessPoint,
  type Bucket,
  type MultiRegionPoint,
} from "./model.ts";
import { accessPointHolder, allows } from "./policies.ts";
import type { PolicyFacts } from "./policy-conditions.ts";
import { readPublicAccessAt } from "./public-access.ts";

/** An alias, `<name>-<account>` as it stands in host names, or the whole resource name. */
const MAY_BE_ACCESS_POINT = /-s3alias$|-\d{12}$|[.]mrap(?:[.]accesspoint)?$|^arn:/;
export const mayBeAccessPoint = (name: string): boolean => MAY_BE_ACCESS_POINT.test(name);
const WITH_ACCOUNT = /^(.+)-(\d{12})$/;
const MULTI_REGION = /^(?:arn:[a-z-]+:s3::(\d{12}):accesspoint[/:])?([^/:]+[.]mrap)(?:[.]accesspoint)?$/;
const RESOURCE_NAME = /^arn:[a-z-]+:s3:([a-z0-9-]+):(\d{12}):accesspoint[/:]([^/:]+)$/;

type PointId = [account: string, region: string, name: string];

async function idOf(tx: Reader, ctx: OperationContext, said: string): Promise<PointId | undefined> {
  const [, region = "", account = "", name] = RESOURCE_NAME.exec(said) ?? [];
  if (name !== undefined) return [account, region, name];
  const [, nameInHost, itsAccount] = WITH_ACCOUNT.exec(said) ?? [];
  if (nameInHost !== undefined && itsAccount !== undefined) return [itsAccount, ctx.region, nameInHost];
  return tx.get<PointId>(keys.accessPointAlias.key(partitionOf(ctx.region), said));
}

/** The point of several regions that a name leads to, if it is one, and whose it is. */
async function multiRegionPointOf(tx: Reader, ctx: OperationContext, said: string) {
  const [, inAccount, alias] = MULTI_REGION.exec(said) ?? [];
  if (alias === undefined) return undefined;
  const partition = partitionOf(ctx.region);
  const [account, name] = (await tx.get<[string, string]>(keys.multiRegionAlias.key(partition, alias))) ?? [];
  if (account === undefined || name === undefined || (inAccount ?? account) !== account) return undefined;
  const point = await multiRegionPoints.get(tx, partition, account, name);
  return point && { account, point };
}

/** The bucket that takes a request: the one of the caller's region when it does, else the first that does. */
function routed({ routes }: MultiRegionPoint, region: string): string | undefined {
  const active = routes.filter(({ isActive }) => isActive);
  return (active.find((route) => route.region === region) ?? active[0])?.bucket;
}

/** What a request passes through on its way to a bucket. */
interface Passage {
  readonly account: string;
  readonly region: string;
  /** It leads to buckets of several regions, and belongs to none itself. */
  readonly isWide: boolean;
  /** What its policy calls it. */
  readonly name: string;
  readonly point: Pick<AccessPoint, "policy" | "publicAccessBlock" | "network">;
  readonly bucket: string;
}

async function passageOf(tx: Reader, ctx: OperationContext, said: string): Promise<Passage | undefined> {
  const wide = await multiRegionPointOf(tx, ctx, said);
  if (wide) {
    const { account, point } = wide;
    const bucket = routed(point, ctx.region);
    if (bucket === undefined) return undefined;
    return { account, region: ctx.region, isWide: true, name: point.alias, point, bucket };
  }
  const [account, region, name] = (await idOf(tx, ctx, said)) ?? [];
  if (account === undefined || region === undefined || name === undefined) return undefined;
  const point = await accessPoints.get(tx, account, region, name);
  return point && { account, region, isWide: false, name, point, bucket: point.bucket };
}

/** What the policies of the point and of its bucket may ask for. */
function factsOf({ account, region, isWide, name, point }: Passage): PolicyFacts {
  const cloud = { china: "aws-cn", government: "aws-us-gov", public: "aws" }[partitionOf(region)];
  return {
    "s3:dataaccesspointaccount": account,
    "s3:dataaccesspointarn": `arn:${cloud ?? "aws"}:s3:${isWide ? "" : region}:${account}:accesspoint/${name}`,
    "s3:accesspointnetworkorigin": point.network === undefined ? "Internet" : "VPC",
  };
}

/** Another account needs the access point's policy, and then the bucket's as well. */
async function isLetThrough(
  tx: Reader,
  { account, region, name, point }: Passage,
  caller: string,
  asked: ForeignRequest | undefined,
): Promise<boolean> {
  if (caller === account) return true;
  if (!asked || point.policy === undefined) return false;
  const { restrictsPolicies } = await readPublicAccessAt(tx, region, account, point);
  const question = { account: caller, action: asked.action, key: asked.key, facts: asked.facts };
  return allows(accessPointHolder(name), point.policy, question, !restrictsPolicies) === true;
}

/**
 * The bucket that a request about objects is for: by its name, or through an access point.
 * Errors: those of `requireBucket`
 */
export async function reachBucket(
  tx: Reader,
  ctx: OperationContext,
  ref: BucketRef,
  asked?: ForeignRequest,
): Promise<Bucket> {
  if (!MAY_BE_ACCESS_POINT.test(ref.bucket)) return requireBucket(tx, ctx, ref, asked);
  const isBucket = (await buckets.get(tx, partitionOf(ctx.region), ref.bucket)) !== undefined;
  if (isBucket) return requireBucket(tx, ctx, ref, asked);
  const passage = await passageOf(tx, ctx, ref.bucket);
  if (!passage) throw errors.BucketNotFound({ bucket: ref.bucket });
  const request = asked && { ...asked, facts: factsOf(passage) };
  if (!(await isLetThrough(tx, passage, ctx.account, request)))
    throw errors.BucketOfAnotherAccount({ bucket: ref.bucket });
  return requireBucket(tx, ctx, { ...ref, bucket: passage.bucket }, request);
}

/** The bucket that a name which is no bucket's leads to through an access point, and that point; `""`: no region. */
export async function pointOf(tx: Reader, ctx: OperationContext, said: string) {
  const passage = MAY_BE_ACCESS_POINT.test(said) ? await passageOf(tx, ctx, said) : undefined;
  if (!passage) return undefined;
  const { bucket, account, region, isWide, name } = passage;
  return { bucket, id: { account, region: isWide ? "" : region, name } };
}
