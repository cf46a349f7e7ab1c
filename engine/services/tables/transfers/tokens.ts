import { createHash } from "node:crypto";
import type { Transaction } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { TOKEN_LIFE_MS, transferSpaces, type TokenRecord } from "./model.ts";

/**
 * The transfer that the same request with this token has started already, or undefined after noting that `id` is it.
 * `refuse`: what a token that came with another request is answered with.
 */
export async function startedBefore(
  tx: Transaction,
  ctx: OperationContext,
  asked: { readonly kind: "export" | "import"; readonly token: string | undefined; readonly request: object },
  id: string,
  refuse: (token: string) => Error,
): Promise<string | undefined> {
  const { kind, token, request } = asked;
  if (token === undefined) return undefined;
  const key = transferSpaces.token.key(ctx.account, ctx.region, kind, token);
  const requestDigest = createHash("sha256").update(JSON.stringify(request)).digest("hex");
  const known = await tx.get<TokenRecord>(key);
  const nowMs = ctx.clock.nowMs();
  if (known && nowMs - known.atMs < TOKEN_LIFE_MS) {
    if (known.requestDigest !== requestDigest) throw refuse(token);
    return known.id;
  }
  const record: TokenRecord = { id, requestDigest, atMs: nowMs };
  tx.set(key, record);
  return undefined;
}
