import type { S3controlOperations } from "../../../../models/aws/s3control.generated.ts";
import { grants } from "../../../../services/grants/service.ts";
import {
  granteeIn,
  pathIn,
  permissionIn,
  PERMISSIONS,
  roleIn,
  urlOf,
  wireGrant,
  wireGrantee,
  wireInstance,
  wireLocation,
  wirePolicy,
} from "../access-grants.ts";
import { accessGrantsArn } from "../arns.ts";
import { bind, type WireCall } from "../../binding.ts";
import { tagMap, type AwsTag } from "../../tags.ts";
import { ownAccount, refuseMembers } from "../model.ts";
import { nextToken, pageOf } from "../paging.ts";

type OfAccount = { readonly AccountId: string };

const labels = (tags: readonly AwsTag[] | undefined) => (tags === undefined ? {} : { labels: tagMap(tags) });
const locationRef = (wire: OfAccount & { readonly AccessGrantsLocationId: string }, call: WireCall) => ({
  id: wire.AccessGrantsLocationId,
  ...ownAccount(wire, call),
});
const grantRef = (wire: OfAccount & { readonly AccessGrantId: string }, call: WireCall) => ({
  id: wire.AccessGrantId,
  ...ownAccount(wire, call),
});

/** Grants are given to users and roles; to people of a directory, which there is none of, never. */
const isOfDirectory = (granteeType: string | undefined) => granteeType !== undefined && granteeType !== "IAM";

export const instanceOperations = bind<S3controlOperations>()(grants, {
  CreateAccessGrantsInstance: {
    to: "createInstance",
    in(w, call) {
      refuseMembers(w, "IdentityCenterArn");
      return { ...labels(w.Tags), ...ownAccount(w, call) };
    },
    out: (r, _, call) => wireInstance(r, call),
  },
  GetAccessGrantsInstance: { to: "getInstance", in: ownAccount, out: (r, _, call) => wireInstance(r, call) },
  GetAccessGrantsInstanceForPrefix: {
    to: "getInstanceOfPath",
    in: ({ S3Prefix, ...w }, call) => ({ ...ownAccount(w, call), path: pathIn(S3Prefix) }),
    out(r, _, call) {
      const { AccessGrantsInstanceArn, AccessGrantsInstanceId } = wireInstance(r, call);
      return { AccessGrantsInstanceArn, AccessGrantsInstanceId };
    },
  },
  ListAccessGrantsInstances: {
    to: "listInstances",
    in: (w, call) => ({ ...pageOf(w), ...ownAccount(w, call) }),
    out: (r, _, call) => ({ AccessGrantsInstancesList: r.found.map((instance) => wireInstance(instance, call)) }),
  },
  DeleteAccessGrantsInstance: { to: "deleteInstance", in: ownAccount, out: () => ({}) },
  PutAccessGrantsInstanceResourcePolicy: {
    to: "putInstancePolicy",
    in: (w, call) => ({
      text: w.Policy,
      ...(w.Organization !== undefined && { organization: w.Organization }),
      ...ownAccount(w, call),
    }),
    out: (r) => wirePolicy(r),
    recordedOnly: ["Policy", "Organization"],
  },
  GetAccessGrantsInstanceResourcePolicy: { to: "getInstancePolicy", in: ownAccount, out: (r) => wirePolicy(r) },
  DeleteAccessGrantsInstanceResourcePolicy: { to: "deleteInstancePolicy", in: ownAccount, out: () => ({}) },
});

export const locationOperations = bind<S3controlOperations>()(grants, {
  CreateAccessGrantsLocation: {
    to: "createLocation",
    in({ LocationScope, IAMRoleArn, Tags, ...w }, call) {
      return { ...ownAccount(w, call), path: pathIn(LocationScope), role: roleIn(IAMRoleArn), ...labels(Tags) };
    },
    out: (r, _, call) => wireLocation(r, call),
    recordedOnly: ["IAMRoleArn"],
  },
  GetAccessGrantsLocation: { to: "getLocation", in: locationRef, out: (r, _, call) => wireLocation(r, call) },
  UpdateAccessGrantsLocation: {
    to: "changeLocation",
    in: ({ IAMRoleArn, ...w }, call) => ({ ...locationRef(w, call), role: roleIn(IAMRoleArn) }),
    out: (r, _, call) => wireLocation(r, call),
    recordedOnly: ["IAMRoleArn"],
  },
  ListAccessGrantsLocations: {
    to: "listLocations",
    in: ({ LocationScope, ...w }, call) => ({
      ...pageOf(w),
      ...ownAccount(w, call),
      ...(LocationScope !== undefined && { path: pathIn(LocationScope) }),
    }),
    out: (r, _, call) => ({
      AccessGrantsLocationsList: r.found.map((location) => wireLocation(location, call)),
      ...nextToken(r.next),
    }),
  },
  DeleteAccessGrantsLocation: { to: "deleteLocation", in: locationRef, out: () => ({}) },
});

export const grantOperations = bind<S3controlOperations>()(grants, {
  CreateAccessGrant: {
    to: "createGrant",
    in({ Permission, Tags, ...w }, call) {
      refuseMembers(w, "ApplicationArn");
      const subPath = w.AccessGrantsLocationConfiguration?.S3SubPrefix;
      return {
        ...ownAccount(w, call),
        location: w.AccessGrantsLocationId,
        ...(subPath !== undefined && { subPath }),
        isObject: w.S3PrefixType === "Object",
        grantee: granteeIn(w.Grantee),
        permission: permissionIn(Permission),
        ...labels(Tags),
      };
    },
    out: (r, _, call) => wireGrant(r, call),
  },
  GetAccessGrant: { to: "getGrant", in: grantRef, out: (r, _, call) => wireGrant(r, call) },
  ListAccessGrants: {
    to: "listGrants",
    in(w, call) {
      refuseMembers(w, "ApplicationArn");
      return {
        ...(w.GranteeIdentifier !== undefined && { grantee: w.GranteeIdentifier }),
        ...(w.Permission !== undefined && { permission: permissionIn(w.Permission) }),
        ...(w.GrantScope !== undefined && { path: pathIn(w.GrantScope) }),
        ...pageOf(w),
        ...ownAccount(w, call),
      };
    },
    out(r, w, call) {
      if (isOfDirectory(w.GranteeType)) return { AccessGrantsList: [] };
      return { AccessGrantsList: r.found.map((grant) => wireGrant(grant, call)), ...nextToken(r.next) };
    },
  },
  DeleteAccessGrant: { to: "deleteGrant", in: grantRef, out: () => ({}) },
  ListCallerAccessGrants: {
    to: "listGrants",
    in(w, call) {
      refuseMembers(w, "AllowedByApplication", "InstanceScope");
      return {
        granteeAccount: call.account,
        ...(w.GrantScope !== undefined && { path: pathIn(w.GrantScope) }),
        ...pageOf(w),
        ...ownAccount(w, call),
      };
    },
    out: (r, _, call) => ({
      CallerAccessGrantsList: r.found.map((grant) => ({
        Permission: PERMISSIONS[grant.permission],
        GrantScope: urlOf(grant.path),
        AccessGrantsInstanceArn: accessGrantsArn(call),
      })),
      ...nextToken(r.next),
    }),
  },
  GetDataAccess: {
    to: "getDataAccess",
    in(w, call) {
      refuseMembers(w, "InstanceScope");
      const { Target, Permission } = w;
      return {
        isObject: w.TargetType === "Object",
        isMinimal: w.Privilege === "Minimal",
        ...(w.DurationSeconds !== undefined && { durationSeconds: w.DurationSeconds }),
        ...(w.AuditContext !== undefined && { note: w.AuditContext }),
        ...ownAccount(w, call),
        path: pathIn(Target),
        permission: permissionIn(Permission),
      };
    },
    out: ({ access, grant, secret }, _, call) => ({
      Credentials: {
        // The engine knows who calls by this, as with any other key.
        AccessKeyId: call.account,
        SecretAccessKey: secret,
        SessionToken: access.token,
        Expiration: new Date(access.expiresAtMs),
      },
      MatchedGrantTarget: urlOf(access.path),
      Grantee: wireGrantee(grant.grantee.id),
      MatchedInstanceArn: accessGrantsArn(call),
    }),
    recordedOnly: ["Privilege", "AuditContext"],
  },
});
