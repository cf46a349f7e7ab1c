import { AwsFailure } from "../../../protocols/aws/codec.ts";
import type { Grant } from "../../../services/objects/service.ts";
import type { WireCall } from "../binding.ts";
import type { AccessControlPolicy, Grant as WireGrant, Grantee } from "../../../models/aws/s3.generated.ts";
import { canonicalId, invalidArgument } from "./model.ts";

const GROUPS: Readonly<Record<string, string>> = {
  "all-users": "http://acs.amazonaws.com/groups/global/AllUsers",
  "authenticated-users": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
  "log-delivery": "http://acs.amazonaws.com/groups/s3/LogDelivery",
};
const groupOf = (uri: string): string => {
  const group = Object.entries(GROUPS).find(([, known]) => known === uri)?.[0];
  if (!group) throw invalidArgument("uri", uri, "Invalid group uri");
  return group;
};
const PERMISSIONS: Readonly<Record<string, Grant["permission"]>> = {
  FULL_CONTROL: "full-control",
  READ: "read",
  WRITE: "write",
  READ_ACP: "read-acl",
  WRITE_ACP: "write-acl",
};
const permissionName = (permission: Grant["permission"]): string =>
  Object.entries(PERMISSIONS).find(([, known]) => known === permission)?.[0] ?? "READ";

const malformed = () =>
  new AwsFailure({
    code: "MalformedACLError",
    status: 400,
    message: "The XML you provided was not well-formed or did not validate against our published schema",
  });

const byId = (id: string, call: WireCall): Grant["grantee"] =>
  id === canonicalId(call.account) ? { account: call.account } : { canonicalId: id };

function granteeOf(wire: Grantee | undefined, call: WireCall): Grant["grantee"] {
  if (wire?.URI !== undefined) return { group: groupOf(wire.URI) };
  if (wire?.EmailAddress !== undefined) return { email: wire.EmailAddress };
  if (wire?.ID !== undefined) return byId(wire.ID, call);
  throw malformed();
}

interface AccessListWire {
  readonly ACL?: string;
  readonly AccessControlPolicy?: AccessControlPolicy;
  readonly GrantFullControl?: string;
  readonly GrantRead?: string;
  readonly GrantReadACP?: string;
  readonly GrantWrite?: string;
  readonly GrantWriteACP?: string;
}

/** `id="...", uri="..."` of a grant header. */
function granteesOfHeader(header: string, call: WireCall): Grant["grantee"][] {
  return header.split(",").map((part) => {
    const [, kind, value = ""] = /^\s*(id|uri|emailAddress)\s*=\s*"?([^"]*)"?\s*$/i.exec(part) ?? [];
    if (kind === undefined) throw invalidArgument("x-amz-grant", part.trim(), "Argument format not recognized");
    if (kind.toLowerCase() === "id") return byId(value, call);
    return kind.toLowerCase() === "uri" ? { group: groupOf(value) } : { email: value };
  });
}

/** The access list of a request: a canned name, a document or grant headers; undefined when it says nothing. */
export function accessListOf(wire: AccessListWire, call: WireCall): { canned?: string; grants?: Grant[] } | undefined {
  const { ACL: canned, AccessControlPolicy: document } = wire;
  const headers = hasGrantHeaders(wire);
  if (canned !== undefined) {
    if (headers || document?.Grants) throw bothWays();
    if (!CANNED.has(canned)) throw invalidArgument("x-amz-acl", canned, "");
    return { canned };
  }
  if (document?.Grants) {
    if (headers) throw bothWays();
    return { grants: document.Grants.map((grant) => grantOf(grant, call)) };
  }
  return headers ? { grants: grantsOfHeaders(wire, call) } : undefined;
}

const CANNED: ReadonlySet<string> = new Set([
  "private",
  "public-read",
  "public-read-write",
  "authenticated-read",
  "aws-exec-read",
  "bucket-owner-read",
  "bucket-owner-full-control",
  "log-delivery-write",
]);

const bothWays = () =>
  new AwsFailure({
    code: "InvalidRequest",
    status: 400,
    message: "Specifying both Canned ACLs and Header Grants is not allowed",
  });

/** Errors: `MalformedACLError` */
export function grantOf(wire: WireGrant, call: WireCall): Grant {
  const permission = PERMISSIONS[wire.Permission ?? ""];
  if (!permission) throw malformed();
  return { grantee: granteeOf(wire.Grantee, call), permission };
}

/** Asked of every put, so it makes nothing. */
const hasGrantHeaders = (wire: AccessListWire): boolean =>
  wire.GrantFullControl !== undefined
  || wire.GrantRead !== undefined
  || wire.GrantReadACP !== undefined
  || wire.GrantWrite !== undefined
  || wire.GrantWriteACP !== undefined;

function grantsOfHeaders(wire: AccessListWire, call: WireCall): Grant[] {
  const headers: [string | undefined, Grant["permission"]][] = [
    [wire.GrantFullControl, "full-control"],
    [wire.GrantRead, "read"],
    [wire.GrantReadACP, "read-acl"],
    [wire.GrantWrite, "write"],
    [wire.GrantWriteACP, "write-acl"],
  ];
  return headers.flatMap(([header, permission]) =>
    header === undefined ? [] : granteesOfHeader(header, call).map((grantee) => ({ grantee, permission })),
  );
}

function wireGrantee({ account, canonicalId: id, group, email }: Grant["grantee"]): Grantee {
  if (group !== undefined) return { Type: "Group", URI: GROUPS[group] ?? group };
  if (email !== undefined) return { Type: "AmazonCustomerByEmail", EmailAddress: email };
  return { Type: "CanonicalUser", ID: account === undefined ? (id ?? "") : canonicalId(account) };
}

export const wireGrants = (grants: readonly Grant[]): WireGrant[] =>
  grants.map((grant) => ({ Grantee: wireGrantee(grant.grantee), Permission: permissionName(grant.permission) }));
