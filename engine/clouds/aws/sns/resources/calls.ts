import type { SnsOperations } from "../../../../models/aws/sns.generated.ts";
import { wireCalls, type WireCalls } from "../../wire-calls.ts";
import { bound } from "../operations.ts";

export type Sns = WireCalls<SnsOperations>;
export const snsCalls = wireCalls<SnsOperations>("sns", bound);

/** Every answer of a listing, page after page. */
export async function* pages<Page extends { NextToken?: string }>(
  ask: (token: { NextToken?: string }) => Promise<Page>,
): AsyncIterable<Page> {
  let token: { NextToken?: string } = {};
  for (;;) {
    const page = await ask(token);
    yield page;
    if (page.NextToken === undefined) return;
    token = { NextToken: page.NextToken };
  }
}

/** The part of a listing that a caller asked for, in order. */
export async function pageOf(
  found: AsyncIterable<readonly string[]>,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<string[]> {
  const all: string[] = [];
  for await (const ids of found) all.push(...ids);
  return all
    .toSorted()
    .filter((id) => after === undefined || id > after)
    .slice(0, limit);
}
