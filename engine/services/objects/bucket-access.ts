import type { Reader, Transaction } from "../../kernel/store.ts";
import { isAccount, type OperationContext } from "../context.ts";
import { errors } from "./errors.ts";
import { isLetIn, type ForeignRequest } from "./foreign-access.ts";
import { buckets, partitionOf, present, type Bucket, type Grant } from "./model.ts";

export interface BucketRef {
  readonly bucket: string;
  readonly expectedAccount?: string;
  readonly paysAsRequester?: boolean;
}

/** What `requireBucket` refuses with. */
export const bucketErrors = [
  "BucketNotFound",
  "BucketOfAnotherAccount",
  "ExpectedAccountInvalid",
  "RequesterMustPay",
] as const;

/** The bucket, when it exists and is the caller's, or lets the caller in for what is asked. */
export async function requireBucket(
  tx: Reader,
  ctx: OperationContext,
  ref: BucketRef,
  asked?: ForeignRequest,
): Promise<Bucket> {
  const bucket = await buckets.get(tx, partitionOf(ctx.region), ref.bucket);
  if (!bucket) throw errors.BucketNotFound({ bucket: ref.bucket });
  if (bucket.account !== ctx.account && !asked?.isAskedLater) await checkLetIn(tx, ctx, bucket, asked);
  if (isCharged(ctx, bucket) && !ref.paysAsRequester) throw errors.RequesterMustPay({ bucket: ref.bucket });
  if (ref.expectedAccount !== undefined && ref.expectedAccount !== bucket.account)
    throw notAsExpected(ref.bucket, ref.expectedAccount);
  return bucket;
}

function notAsExpected(bucket: string, account: string): Error {
  return isAccount(account) ? errors.BucketOfAnotherAccount({ bucket }) : errors.ExpectedAccountInvalid({ account });
}

/** Errors: `BucketOfAnotherAccount` for a stranger whom the bucket does not let in for what is asked. */
export async function checkLetIn(
  tx: Reader,
  ctx: OperationContext,
  bucket: Bucket,
  asked: ForeignRequest | undefined,
): Promise<void> {
  if (!(asked && (await isLetIn(tx, bucket, ctx.account, asked))))
    throw errors.BucketOfAnotherAccount({ bucket: bucket.name });
}

/** Changes what the bucket's own record says. */
export function amendBucket(tx: Transaction, bucket: Bucket, changes: Partial<Bucket>): Bucket {
  const amended = present({ ...bucket, ...changes });
  buckets.put(tx, amended, partitionOf(bucket.region), bucket.name);
  return amended;
}

/** True when the caller pays, and not the bucket's owner. */
export const isCharged = (ctx: OperationContext, bucket: Bucket): boolean =>
  bucket.isPaidByRequesters === true && bucket.account !== ctx.account;

const CHARGED = { isCharged: true };
const NOT_CHARGED = {};
/** What an answer says of who pays for it. */
export const chargeOf = (ctx: OperationContext, bucket: Bucket): { isCharged?: boolean } =>
  isCharged(ctx, bucket) ? CHARGED : NOT_CHARGED;

export interface AccessList {
  readonly canned?: string;
  readonly grants?: readonly Grant[];
}

const everyone: Grant["grantee"] = { group: "all-users" };
const CANNED: Readonly<Record<string, readonly Grant[]>> = {
  "public-read": [{ grantee: everyone, permission: "read" }],
  "public-read-write": [
    { grantee: everyone, permission: "read" },
    { grantee: everyone, permission: "write" },
  ],
  "authenticated-read": [{ grantee: { group: "authenticated-users" }, permission: "read" }],
  "log-delivery-write": [
    { grantee: { group: "log-delivery" }, permission: "write" },
    { grantee: { group: "log-delivery" }, permission: "read-acl" },
  ],
};

/** True for a list that grants something to more than the owner's account: everybody, or everybody with an account. */
export const isPublicList = ({ canned, grants }: AccessList): boolean =>
  canned?.startsWith("public-") === true
  || canned === "authenticated-read"
  || (grants?.some(({ grantee: { group } }) => group === "all-users" || group === "authenticated-users") ?? false);

/** The grants that an access list stands for; the owner's own come first. */
export function grantsOf(list: AccessList, account: string): readonly Grant[] {
  if (list.grants) return list.grants;
  return [{ grantee: { account }, permission: "full-control" }, ...(CANNED[list.canned ?? "private"] ?? [])];
}

/** With lists switched off, only those that say what holds anyway are taken. */
export function checkAccessListAllowed(bucket: Bucket, list: AccessList): void {
  if (bucket.ownership !== "bucket-owner-enforced") return;
  if (list.canned === "private" || list.canned === "bucket-owner-full-control") return;
  const grants = list.grants;
  const isOwnersOnly =
    grants?.length === 1 && grants[0]?.permission === "full-control" && grants[0].grantee.account === bucket.account;
  if (!isOwnersOnly) throw errors.AccessListsDisabled({ bucket: bucket.name });
}
