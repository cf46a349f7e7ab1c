import type { Reader } from "../../kernel/store.ts";
import { readDocument } from "./kept-documents.ts";
import { currents, keys, type Bucket, type Grant } from "./model.ts";
import { allows, bucketHolder } from "./policies.ts";
import type { PolicyFacts } from "./policy-conditions.ts";
import { readPublicAccess } from "./public-access.ts";
import { findVersion } from "./versions.ts";

/** What an access control list must grant for what it can let somebody do at all. */
const PERMISSIONS = {
  GetObject: { on: "object", permission: "read" },
  GetObjectAcl: { on: "object", permission: "read-acl" },
  PutObjectAcl: { on: "object", permission: "write-acl" },
  PutObject: { on: "bucket", permission: "write" },
  DeleteObject: { on: "bucket", permission: "write" },
  ListBucket: { on: "bucket", permission: "read" },
  ListBucketVersions: { on: "bucket", permission: "read" },
  ListBucketMultipartUploads: { on: "bucket", permission: "read" },
} as const satisfies Record<string, { readonly on: "bucket" | "object"; readonly permission: Grant["permission"] }>;
/** What only a policy lets somebody do. */
type PolicyAction =
  | "AbortMultipartUpload"
  | "DeleteObjectTagging"
  | "GetObjectAttributes"
  | "GetObjectLegalHold"
  | "GetObjectRetention"
  | "GetObjectTagging"
  | "ListMultipartUploadParts"
  | "PutObjectLegalHold"
  | "PutObjectRetention"
  | "PutObjectTagging"
  | "RestoreObject";
/** Policies have a word of its own for what is done to a version that is named. */
const VERSION_ACTIONS: ReadonlySet<string> = new Set([
  "DeleteObject",
  "DeleteObjectTagging",
  "GetObject",
  "GetObjectAcl",
  "GetObjectAttributes",
  "GetObjectTagging",
  "PutObjectAcl",
  "PutObjectTagging",
]);

/** What somebody of another account may be let in for. */
export type ForeignAction = keyof typeof PERMISSIONS | PolicyAction;
export interface ForeignRequest {
  readonly action: ForeignAction;
  readonly key?: string | undefined;
  readonly versionId?: string | undefined;
  /** The operation is about many objects, and asks by itself for each. */
  readonly isAskedLater?: boolean;
  readonly facts?: PolicyFacts;
}
const isListed = (action: ForeignAction): action is keyof typeof PERMISSIONS => action in PERMISSIONS;

const isFor = ({ account: named, group }: Grant["grantee"], account: string, takesPublic: boolean): boolean =>
  named === account || (takesPublic && (group === "all-users" || group === "authenticated-users"));

async function listedGrants(
  tx: Reader,
  bucket: Bucket,
  { key, versionId }: ForeignRequest,
  on: "bucket" | "object",
): Promise<readonly Grant[]> {
  if (on === "bucket" || key === undefined)
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
  const isOfVersion = asked.versionId !== undefined && VERSION_ACTIONS.has(asked.action);
  const action = isOfVersion ? asked.action.replace("Object", "ObjectVersion") : asked.action;
  const question = { account, action, key: asked.key, facts: asked.facts };
  const says = policy
    ? allows(bucketHolder(bucket.name), policy.document, question, !block?.restrictsPolicies)
    : undefined;
  if (says !== undefined) return says;
  if (bucket.ownership === "bucket-owner-enforced") return false;
  if (!isListed(asked.action)) return false;
  const { on, permission: wanted } = PERMISSIONS[asked.action];
  return (await listedGrants(tx, bucket, asked, on)).some(
    ({ grantee, permission }) =>
      (permission === wanted || permission === "full-control") && isFor(grantee, account, !block?.ignoresLists),
  );
}
