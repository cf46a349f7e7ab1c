import { Type, type Static } from "typebox";
import { encodeKey } from "../../../kernel/key.ts";
import type { Key, KeyRange, Reader } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";

const LISTED_AT_ONCE = 25;

export const listInput = Type.Object({
  table: Type.Optional(Type.String()),
  after: Type.Optional(Type.String({ description: "The last one that was listed before." })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LISTED_AT_ONCE })),
});

interface Space {
  key(account: string, region: string, id: string): Key;
  range(account: string, region: string): KeyRange;
}

/** Transfers of an account and region, of one table where one is named, the newest first. */
export async function listTransfers<T extends { readonly table: string }>(
  tx: Reader,
  space: Space,
  { table, after, limit = LISTED_AT_ONCE }: Static<typeof listInput>,
  { account, region }: Scope,
): Promise<{ transfers: T[]; hasMore: boolean }> {
  const all = space.range(account, region);
  const range = after === undefined ? all : { from: all.from, to: encodeKey(space.key(account, region, after)) };
  const transfers: T[] = [];
  for await (const { value } of tx.scan<T>(range, { reverse: true })) {
    if (table !== undefined && value.table !== table) continue;
    if (transfers.length === limit) return { transfers, hasMore: true };
    transfers.push(value);
  }
  return { transfers, hasMore: false };
}
