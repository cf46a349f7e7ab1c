import { Type } from "typebox";
import type { Reader } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { Labels } from "../../labels.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import { checkedLabels } from "../labels.ts";
import { listed, pageInput } from "../listing.ts";
import { Grant, grantedPath, Grantee, grants, Permission, spaces } from "../model.ts";
import { requireInstance } from "./instances.ts";
import { requireLocation } from "./locations.ts";

const id = Type.String();

/** Errors: `GrantNotFound` */
export async function requireGrant(tx: Reader, { account, region }: Scope, of: string): Promise<Grant> {
  const grant = await grants.get(tx, account, region, of);
  if (!grant) throw errors.GrantNotFound({ id: of });
  return grant;
}

/** Errors: `GrantInvalid` */
function checkPath(path: string, isObject: boolean): void {
  if (!path.includes("/")) throw errors.GrantInvalid({ why: "A grant must be narrower than all buckets." });
  if (isObject && path.endsWith("*")) throw errors.GrantInvalid({ why: "A grant of one object ends with its key." });
}

export const grantOperations = {
  createGrant: operation({
    summary: "Grants a user or role a part of a location.",
    input: Type.Object({
      location: id,
      subPath: Type.Optional(Type.String()),
      isObject: Type.Optional(Type.Boolean({ description: "The path is one object's." })),
      grantee: Grantee,
      permission: Permission,
      labels: Type.Optional(Labels),
    }),
    output: Grant,
    effects: "write",
    errors: ["GrantsInstanceNotFound", "GrantsLocationNotFound", "GrantInvalid", "GrantExists", "GrantLabelsInvalid"],
    async run(tx, { location, subPath, isObject = false, grantee, permission, labels }, ctx) {
      await requireInstance(tx, ctx);
      const path = grantedPath((await requireLocation(tx, ctx, location)).path, subPath);
      checkPath(path, isObject);
      for await (const { value } of tx.scan<Grant>(spaces.grant.range(ctx.account, ctx.region))) {
        if (value.path === path && value.grantee.id === grantee.id && value.permission === permission)
          throw errors.GrantExists({ id: value.id });
      }
      const grant: Grant = {
        version: 1,
        id: ctx.ids.uuid(),
        location,
        ...(subPath !== undefined && { subPath }),
        path,
        grantee,
        permission,
        createdAtMs: ctx.clock.nowMs(),
        labels: checkedLabels(labels),
      };
      grants.put(tx, grant, ctx.account, ctx.region, grant.id);
      return grant;
    },
  }),
  getGrant: operation({
    summary: "Shows who is granted what.",
    input: Type.Object({ id }),
    output: Grant,
    effects: "read",
    errors: ["GrantNotFound"],
    run: (tx, input, ctx) => requireGrant(tx, ctx, input.id),
  }),
  listGrants: operation({
    summary: "Lists grants by id: all, or those of a grantee, a permission or a path.",
    input: Type.Object({
      grantee: Type.Optional(id),
      granteeAccount: Type.Optional(Type.String({ description: "Whose user or role it must be." })),
      permission: Type.Optional(Permission),
      path: Type.Optional(Type.String()),
      ...pageInput,
    }),
    output: Type.Object({ found: Type.Array(Grant), next: Type.Optional(id) }),
    effects: "read",
    errors: ["GrantsInstanceNotFound"],
    async run(tx, { grantee, granteeAccount, permission, path, ...page }, ctx) {
      await requireInstance(tx, ctx);
      const isWanted = (grant: Grant) =>
        (grantee === undefined || grant.grantee.id === grantee)
        && (granteeAccount === undefined || grant.grantee.account === granteeAccount)
        && (permission === undefined || grant.permission === permission)
        && (path === undefined || grant.path === path);
      return listed<Grant>(tx, spaces.grant, ctx, page, isWanted);
    },
  }),
  deleteGrant: operation({
    summary: "Takes a grant back; keys that were handed out under it stay what they are until they end.",
    input: Type.Object({ id }),
    output: Type.Object({}),
    effects: "write",
    errors: ["GrantNotFound"],
    async run(tx, input, ctx) {
      await requireGrant(tx, ctx, input.id);
      grants.remove(tx, ctx.account, ctx.region, input.id);
      return {};
    },
  }),
};
