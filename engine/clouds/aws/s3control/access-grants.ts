import { AwsFailure } from "../../../protocols/aws/codec.ts";
import type { OperationOutput } from "../../../services/manifest.ts";
import type { grants } from "../../../services/grants/service.ts";
import { accessGrantsArn } from "./arns.ts";
import type { WireCall } from "../binding.ts";

/** What S3 calls what the service of grants knows: a path is a URL there, a grantee's account stands in its name. */

type Grants = typeof grants;
type Location = OperationOutput<Grants, "getLocation">;
type Grant = OperationOutput<Grants, "getGrant">;

const SCHEME = /^s3:\/\//i;
const IDENTITY = /^arn:[a-z-]+:(?:iam|sts)::(\d{12}):/;
const ROLE = /^arn:[a-z-]+:iam::\d{12}:role\/.+$/;

const refusal = (code: string, message: string) => new AwsFailure({ code, status: 400, message });

export function pathIn(url: string): string {
  if (SCHEME.test(url)) return url.replace(SCHEME, "");
  throw refusal("InvalidRequest", `${url} is not a location of S3: it does not begin with s3://.`);
}
export const urlOf = (path: string): string => `s3://${path}`;

/** Errors: InvalidIamRole */
export function roleIn(arn: string): string {
  if (ROLE.test(arn)) return arn;
  throw refusal("InvalidIamRole", "The specified IAM role is not valid.");
}

interface WireGrantee {
  readonly GranteeType?: string;
  readonly GranteeIdentifier?: string;
}

/** Errors: InvalidIdentityCenterInstance, InvalidAccessGrant */
export function granteeIn({ GranteeType: type, GranteeIdentifier: id = "" }: WireGrantee) {
  if (type !== "IAM")
    throw refusal("InvalidIdentityCenterInstance", "The access grants instance has no identity center.");
  const account = IDENTITY.exec(id)?.[1];
  if (account === undefined) throw refusal("InvalidAccessGrant", `${id} is neither a user nor a role.`);
  return { id, account };
}

export const PERMISSIONS = { read: "READ", write: "WRITE", readWrite: "READWRITE" } as const;

/** Errors: InvalidRequest */
export function permissionIn(said: string): keyof typeof PERMISSIONS {
  const found = Object.entries(PERMISSIONS).find(([, name]) => name === said);
  if (!found) throw refusal("InvalidRequest", `${said} is not a permission.`);
  return found[0] as keyof typeof PERMISSIONS;
}

/** There is one instance, so that it needs no name of its own. */
const INSTANCE_ID = "default";

export const wireInstance = ({ createdAtMs }: { readonly createdAtMs: number }, call: WireCall) => ({
  AccessGrantsInstanceId: INSTANCE_ID,
  AccessGrantsInstanceArn: accessGrantsArn(call),
  CreatedAt: new Date(createdAtMs),
});

export const wirePolicy = (kept: OperationOutput<Grants, "getInstancePolicy">) => ({
  Policy: kept.text,
  ...(kept.organization !== undefined && { Organization: kept.organization }),
  CreatedAt: new Date(kept.createdAtMs),
});

export const wireLocation = ({ id, path, role, createdAtMs }: Location, call: WireCall) => ({
  CreatedAt: new Date(createdAtMs),
  AccessGrantsLocationId: id,
  AccessGrantsLocationArn: accessGrantsArn(call, "location", id),
  LocationScope: urlOf(path),
  IAMRoleArn: role,
});

export const wireGrantee = (id: string) => ({ GranteeType: "IAM", GranteeIdentifier: id });

export const wireGrant = (grant: Grant, call: WireCall) => ({
  CreatedAt: new Date(grant.createdAtMs),
  AccessGrantId: grant.id,
  AccessGrantArn: accessGrantsArn(call, "grant", grant.id),
  Grantee: wireGrantee(grant.grantee.id),
  Permission: PERMISSIONS[grant.permission],
  AccessGrantsLocationId: grant.location,
  ...(grant.subPath !== undefined && { AccessGrantsLocationConfiguration: { S3SubPrefix: grant.subPath } }),
  GrantScope: urlOf(grant.path),
});
