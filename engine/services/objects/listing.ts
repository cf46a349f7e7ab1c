import { after, encodeKey, textStartingWith } from "../../kernel/key.ts";
import type { Entry, Key, KeyRange, Reader } from "../../kernel/store.ts";

const PAGE_SIZE_MAX = 1001;
/** Where much may be rolled up, nobody knows yet how much of a page will be of use. */
const PAGE_SIZE_FIRST_ROLLED = 32;
const PAGE_SIZE_MIN = 2;

/** How much to read first for a listing: the page that is asked for and the entry that tells whether it is cut. */
const firstPageSize = ({ delimiter, limit }: ListRequest): number =>
  Math.max(PAGE_SIZE_MIN, Math.min(delimiter ? PAGE_SIZE_FIRST_ROLLED : PAGE_SIZE_MAX, limit + 1));

/** Reads a range entry by entry, in pages of twice what the page before had use for. */
export class Cursor<T> {
  private readonly tx: Reader;
  private range: KeyRange;
  private page: Entry<T>[] = [];
  private at = 0;
  private pageSize: number;
  /** Steps and jumps since the page was read. */
  private moves = 0;
  private isExhausted = false;
  private readonly only: readonly (keyof T & string)[] | undefined;

  /** `only`: the members of the entries that are looked at. */
  constructor(tx: Reader, range: KeyRange, request: ListRequest, only?: readonly (keyof T & string)[]) {
    this.tx = tx;
    this.only = only;
    this.range = range;
    this.pageSize = firstPageSize(request);
  }

  /** The entry the cursor stands on, or undefined at the end; `load` comes first. */
  peek(): Entry<T> | undefined {
    return this.page[this.at];
  }

  /** Reads on where `peek` needs it; undefined where the page at hand still has an entry, which is nearly always. */
  load(): Promise<void> | undefined {
    return this.at < this.page.length || this.isExhausted ? undefined : this.readPage();
  }

  private async readPage(): Promise<void> {
    if (this.page.length > 0) this.pageSize = Math.max(PAGE_SIZE_MIN, Math.min(2 * this.moves, PAGE_SIZE_MAX));
    const { pageSize: limit, only } = this;
    this.page = await this.tx.range<T>(this.range, only ? { limit, only } : { limit });
    this.at = 0;
    this.moves = 0;
    this.isExhausted = this.page.length < this.pageSize;
    const last = this.page.at(-1);
    if (last) this.range = after(this.range, last.key);
  }

  step(): void {
    this.at += 1;
    this.moves += 1;
  }

  /** Jumps over everything before `from`: within the page at hand, or past what lies beyond it without reading that. */
  jump(from: KeyRange["from"]): void {
    this.moves += 1;
    let end = this.page.length;
    while (this.at < end) {
      const middle = (this.at + end) >>> 1;
      if (encodeKey((this.page[middle] as Entry<T>).key) < from) this.at = middle + 1;
      else end = middle;
    }
    if (this.at === this.page.length && from > this.range.from) this.range = { from, to: this.range.to };
  }
}

export interface ListRequest {
  readonly prefix: string;
  readonly delimiter?: string | undefined;
  readonly limit: number;
}

/** A key's common prefix: up to and with the first delimiter after the listing's prefix. */
function rolledUp(key: string, { prefix, delimiter }: ListRequest): string | undefined {
  if (!delimiter) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly prefixes: readonly string[];
  /** True when more would follow. */
  readonly isCut: boolean;
}

/** What a listing walks over: entries by key, with the means to leave out a whole common prefix. */
export interface Walk<Item> {
  /** Reads on where `peek` needs it. */
  load(): Promise<void> | undefined;
  /** The next item, not yet taken. */
  peek(): { readonly key: string; readonly item: Item } | undefined;
  take(): void;
  /** Leaves out every key that starts with `prefix`. */
  leap(prefix: string): void;
}

/** One page of a listing. Keys that share a common prefix cost one step however many there are. */
export async function listPage<Item>(walk: Walk<Item>, request: ListRequest): Promise<Listed<Item>> {
  const items: Item[] = [];
  const prefixes: string[] = [];
  for (;;) {
    // A page has a thousand entries: a promise for each would cost as much as the entries.
    const loading = walk.load();
    if (loading) await loading;
    const next = walk.peek();
    if (!next) return { items, prefixes, isCut: false };
    if (items.length + prefixes.length >= request.limit) return { items, prefixes, isCut: request.limit > 0 };
    const prefix = rolledUp(next.key, request);
    if (prefix === undefined) {
      items.push(next.item);
      walk.take();
    } else {
      prefixes.push(prefix);
      walk.leap(prefix);
    }
  }
}

/** The keys of `space` from `afterKey` on (that key left out), and all of its common prefix when it is one itself. */
export function rangeAfter(space: Key, request: ListRequest, afterKey: string | undefined): KeyRange {
  const all = textStartingWith(space, request.prefix);
  if (!afterKey) return all;
  const rest =
    rolledUp(afterKey, request) === afterKey && afterKey.startsWith(request.prefix)
      ? textStartingWith(space, afterKey).to
      : after(all, [...space, afterKey]).from;
  return { from: rest > all.from ? rest : all.from, to: all.to };
}

/** Where the keys that start with `prefix` end. */
export const endOf = (space: Key, prefix: string): KeyRange["from"] => textStartingWith(space, prefix).to;
