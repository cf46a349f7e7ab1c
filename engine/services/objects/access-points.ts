import type { Reader } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";
import { requireBucket, type BucketRef } from "./bucket-access.ts";
import { errors } from "./errors.ts";
import type { ForeignRequest } from "./foreign-access.ts";
import { accessPoints, buckets, keys, partitionOf, type AccessPoint, type Bucket } from "./model.ts";
import { accessPointHolder, allows } from "./policies.ts";
import { readPublicAccessAt } from "./public-access.ts";

/** An alias, `<name>-<account>` as it stands in host names, or the whole resource name. */
const MAY_BE_ACCESS_POINT = /-s3alias$|-\d{12}$|^arn:/;
export const mayBeAccessPoint = (name: string): boolean => MAY_BE_ACCESS_POINT.test(name);
const WITH_ACCOUNT = /^(.+)-(\d{12})$/;
const RESOURCE_NAME = /^arn:[a-z-]+:s3:([a-z0-9-]+):(\d{12}):accesspoint[/:]([^/:]+)$/;

type PointId = [account: string, region: string, name: string];

async function idOf(tx: Reader, ctx: OperationContext, said: string): Promise<PointId | undefined> {
  const [, region = "", account = "", name] = RESOURCE_NAME.exec(said) ?? [];
  if (name !== undefined) return [account, region, name];
  const [, nameInHost, itsAccount] = WITH_ACCOUNT.exec(said) ?? [];
  if (nameInHost !== undefined && itsAccount !== undefined) return [itsAccount, ctx.region, nameInHost];
  return tx.get<PointId>(keys.accessPointAlias.key(partitionOf(ctx.region), said));
}

/** The access point that a name leads to, if it is one. */
export async function pointOf(tx: Reader, ctx: OperationContext, said: string) {
  const [account, region, name] = (MAY_BE_ACCESS_POINT.test(said) && (await idOf(tx, ctx, said))) || [];
  if (account === undefined || region === undefined || name === undefined) return undefined;
  const point = await accessPoints.get(tx, account, region, name);
  return point && { bucket: point.bucket, id: { account, region, name } };
}

/** Another account needs the access point's policy, and then the bucket's as well. */
async function isLetThrough(
  tx: Reader,
  [account, region, name]: PointId,
  point: AccessPoint,
  caller: string,
  asked: ForeignRequest | undefined,
): Promise<boolean> {
  if (caller === account) return true;
  if (!asked || point.policy === undefined) return false;
  const { restrictsPolicies } = await readPublicAccessAt(tx, region, account, point);
  const question = { account: caller, action: asked.action, key: asked.key };
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
  const id = await idOf(tx, ctx, ref.bucket);
  const point = id && (await accessPoints.get(tx, ...id));
  if (!point) throw errors.BucketNotFound({ bucket: ref.bucket });
  if (!(await isLetThrough(tx, id, point, ctx.account, asked)))
    throw errors.BucketOfAnotherAccount({ bucket: ref.bucket });
  return requireBucket(tx, ctx, { ...ref, bucket: point.bucket }, asked);
}
