import type { Reader } from "../../kernel/store.ts";
import { readRules } from "./kept-documents.ts";
import { keys, partitionOf, type Bucket } from "./model.ts";
import type { PublicAccess } from "./rules.ts";

/** What an account blocks in all of its buckets. */
export const readAccountBlock = (tx: Reader, region: string, account: string): Promise<PublicAccess | undefined> =>
  tx.get<PublicAccess>(keys.accountBlock.key(partitionOf(region), account));

/** What is blocked in a bucket, by itself or by its account; undefined where neither says anything. */
export async function readPublicAccess(tx: Reader, bucket: Bucket): Promise<PublicAccess | undefined> {
  const [own, account] = await Promise.all([
    readRules(tx, bucket, "publicAccessBlock"),
    readAccountBlock(tx, bucket.region, bucket.account),
  ]);
  return own && account ? strictest(own, account) : (own ?? account);
}

/** What is blocked at an access point, by itself or by its account. */
export async function readPublicAccessAt(
  tx: Reader,
  region: string,
  account: string,
  { publicAccessBlock }: { readonly publicAccessBlock: PublicAccess },
): Promise<PublicAccess> {
  const ofAccount = await readAccountBlock(tx, region, account);
  return ofAccount ? strictest(publicAccessBlock, ofAccount) : publicAccessBlock;
}

/** What either blocks is blocked. */
const strictest = (a: PublicAccess, b: PublicAccess): PublicAccess => ({
  refusesLists: a.refusesLists || b.refusesLists,
  ignoresLists: a.ignoresLists || b.ignoresLists,
  refusesPolicies: a.refusesPolicies || b.refusesPolicies,
  restrictsPolicies: a.restrictsPolicies || b.restrictsPolicies,
});
