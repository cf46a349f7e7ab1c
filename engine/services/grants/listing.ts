import { Type } from "typebox";
import { after as keysAfter } from "../../kernel/key.ts";
import type { Reader } from "../../kernel/store.ts";
import type { Subspace } from "../../kernel/subspace.ts";
import type { Scope } from "../context.ts";
import { LIST_LIMIT_MAX } from "./model.ts";

export const pageInput = {
  after: Type.Optional(Type.String({ description: "The last id of the page before." })),
  limit: Type.Optional(Type.Number()),
};

interface Page {
  readonly after?: string;
  readonly limit?: number;
}

/** What of an account's things of a kind is wanted, by id; `next` is where the next page begins. */
export async function listed<T extends { readonly id: string }>(
  tx: Reader,
  space: Subspace<[account: string, region: string, id: string]>,
  { account, region }: Scope,
  { after, limit = LIST_LIMIT_MAX }: Page,
  isWanted: (thing: T) => boolean,
): Promise<{ found: T[]; next?: string }> {
  const all = space.range(account, region);
  const range = after === undefined ? all : keysAfter(all, space.key(account, region, after));
  const found: T[] = [];
  for await (const { value } of tx.scan<T>(range)) {
    if (!isWanted(value)) continue;
    const last = found.at(-1);
    if (found.length === limit && last !== undefined) return { found, next: last.id };
    found.push(value);
  }
  return { found };
}
