import type { Reader } from "../../kernel/store.ts";
import { readDocument } from "./kept-documents.ts";
import { currents, keys, type Bucket, type Grant } from "./model.ts";
import { allows, bucketHolder } from "./policies.ts";
import { readPublicAccess } from "./public-access.ts";
import { findVersion } from "./versions.ts";

/** What somebody of another account may be let in for. */
export type ForeignAction = "GetObject" | "PutObject" | "DeleteObject" | "ListBucket";
export interface ForeignRequest {
  readonly action: ForeignAction;
  readonly key?: string | undefined;
  readonly versionId?: string | undefined;
}

/** What an access control list must grant: on the object for reads of it, else on the bucket. */
const PERMISSIONS: Readonly<Record<ForeignAction, Grant["permission"]>> = {
  GetObject: "read",
  PutObject: "write",
  DeleteObject: "write",
  ListBucket: "read",
};

const isFor = ({ account: named, group }: Grant["grantee"], account: string, takesPublic: boolean): boolean =>
  named === account || (takesPublic && (group === "all-users" || group === "authenticated-users"));

async function listedGrants(tx: Reader, bucket: Bucket, asked: ForeignRequest): Promise<readonly Grant[]> {
  const { action, key, versionId } = asked;
  if (action !== "GetObject" || key === undefined)
    return (await tx.get<Grant[]>(keys.configuration.key(bucket.id, "accessList", ""))) ?? [];
  const version =
    versionId === undefined
      ? await currents.get(tx, bucket.id, key)
      : await findVersion(tx, bucket, key, versionId);
  return version?.grants ?? [];
}

/** True when the bucket's policy or an access control list lets an account in that does not own the bucket. */
export async function isLetIn(tx: Reader, bucket: Bucket, account: string, asked: ForeignRequest): Promise<boolean> {
  const block = await readPublicAccess(tx, bucket);
  const policy = await readDocument(tx, bucket, "policy");
  const question = { account, action: asked.action, key: asked.key };
  const says = policy
    ? allows(bucketHolder(bucket.name), policy.document, question, !block?.restrictsPolicies)
    : undefined;
  if (says !== undefined) return says;
  if (bucket.ownership === "bucket-owner-enforced") return false;
  const wanted = PERMISSIONS[asked.action];
  return (await listedGrants(tx, bucket, asked)).some(
    ({ grantee, permission }) =>
      (permission === wanted || permission === "full-control") && isFor(grantee, account, !block?.ignoresLists),
  );
}
