import { Type } from "typebox";
import { after, between } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import {
  covers,
  DataAccess,
  dataAccesses,
  DURATION_SECONDS,
  Grant,
  LIST_LIMIT_MAX,
  Permission,
  permits,
  spaces,
} from "../model.ts";
import { requireInstance } from "./instances.ts";

const SECRET_BYTES = 30,
  TOKEN_BYTES = 48;
/** Each new one takes away this many that have ended. */
const FORGOTTEN_AT_ONCE = 4;

/**
 * The narrowest grant that gives what is asked. Callers are the roots of their accounts, and a root stands for every
 * user and role of its account.
 */
async function grantFor(tx: Reader, scope: Scope, path: string, asked: Permission): Promise<Grant | undefined> {
  let best: Grant | undefined;
  for await (const { value } of tx.scan<Grant>(spaces.grant.range(scope.account, scope.region))) {
    if (value.grantee.account !== scope.account) continue;
    if (!permits(value.permission, asked) || !covers(value.path, path)) continue;
    if (best === undefined || value.path.length > best.path.length) best = value;
  }
  return best;
}

async function forgetEnded(tx: Transaction, { account, region }: Scope, nowMs: number): Promise<void> {
  const endingAt = (atMs: number) => spaces.dataAccess.key(account, region, atMs, "");
  const ended = await tx.range(between(endingAt(0), endingAt(nowMs)), { limit: FORGOTTEN_AT_ONCE });
  for (const { key } of ended) tx.delete(key);
}

export const dataAccessOperations = {
  getDataAccess: operation({
    summary: "Hands out temporary keys for what a grant gives the caller, and keeps what they are for.",
    input: Type.Object({
      path: Type.String(),
      permission: Permission,
      durationSeconds: Type.Optional(Type.Integer()),
      isObject: Type.Optional(Type.Boolean({ description: "The path is one object's." })),
      isMinimal: Type.Optional(Type.Boolean({ description: "Keys for the path alone, not for all that is granted." })),
      note: Type.Optional(Type.String({ description: "Kept for audits." })),
    }),
    output: Type.Object({ access: DataAccess, grant: Grant, secret: Type.String() }),
    effects: "write",
    errors: ["GrantsInstanceNotFound", "GrantInvalid", "DurationInvalid", "DataAccessDenied"],
    async run(tx, { path, permission, durationSeconds = DURATION_SECONDS.usual, isObject, isMinimal, note }, ctx) {
      await requireInstance(tx, ctx);
      if (isObject && path.endsWith("*")) throw errors.GrantInvalid({ why: "An object's path ends with its key." });
      const { min, max } = DURATION_SECONDS;
      if (durationSeconds < min || durationSeconds > max) throw errors.DurationInvalid({ min, max });
      const grant = await grantFor(tx, ctx, path, permission);
      if (!grant) throw errors.DataAccessDenied({ path });
      const nowMs = ctx.clock.nowMs();
      await forgetEnded(tx, ctx, nowMs);
      const access: DataAccess = {
        version: 1,
        token: ctx.random.bytes(TOKEN_BYTES).toString("base64url"),
        grant: grant.id,
        path: isMinimal ? path : grant.path,
        permission,
        principal: ctx.caller.principal,
        ...(note !== undefined && { note }),
        expiresAtMs: nowMs + durationSeconds * 1000,
      };
      dataAccesses.put(tx, access, ctx.account, ctx.region, access.expiresAtMs, access.token);
      return { access, grant, secret: ctx.random.bytes(SECRET_BYTES).toString("base64url") };
    },
  }),
  listDataAccess: operation({
    summary: "Lists the temporary keys that have not ended, by when they end.",
    input: Type.Object({}),
    output: Type.Object({ found: Type.Array(DataAccess) }),
    effects: "read",
    errors: [],
    async run(tx, _, ctx) {
      const ended = spaces.dataAccess.key(ctx.account, ctx.region, ctx.clock.nowMs() + 1, "");
      const rest = after(spaces.dataAccess.range(ctx.account, ctx.region), ended);
      const found = await dataAccesses.range(tx, rest, { limit: LIST_LIMIT_MAX });
      return { found: found.map(({ value }) => value) };
    },
  }),
};
