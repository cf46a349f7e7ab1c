import { invariant } from "../platform/invariant.ts";
import type { EncodedEntry, View } from "./backend.ts";
import type { KeyRange } from "./store.ts";
import { rest } from "./view-reader.ts";

const PAGE = 1024;

/** What a driver that lives in this process has found. Forks need one: between two of its commits nothing can come. */
export function atOnce(found: EncodedEntry[] | Promise<EncodedEntry[]>): EncodedEntry[] {
  invariant(Array.isArray(found), "only stores that answer at once are forked");
  return found;
}

/** The entries of `range`, however many. */
export function* entriesWithin(view: View, range: KeyRange): Iterable<EncodedEntry> {
  for (let left = range; left.from < left.to;) {
    const page = atOnce(view.range(left, PAGE, false));
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    left = rest(left, last.key, false);
  }
}
