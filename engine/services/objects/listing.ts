import { after, encodeKey, textStartingWith } from "../../kernel/key.ts";
import type { Entry, Key, KeyRange, Reader } from "../../kernel/store.ts";

const PAGE_SIZE_FIRST = 32;
const PAGE_SIZE_MAX = 1000;

/** Reads a range entry by entry, in pages that grow while reading goes on and begin small again after a jump. */
export class Cursor<T> {
  private readonly tx: Reader;
  private range: KeyRange;
  private page: Entry<T>[] = [];
  private at = 0;
  private pageSize: number;
  private isExhausted = false;

  constructor(tx: Reader, range: KeyRange, pageSize = PAGE_SIZE_FIRST) {
    this.tx = tx;
    this.range = range;
    this.pageSize = pageSize;
  }

  /** The entry the cursor stands on, or undefined at the end. */
  async peek(): Promise<Entry<T> | undefined> {
    if (this.at < this.page.length) return this.page[this.at];
    if (this.isExhausted) return undefined;
    this.page = await this.tx.range<T>(this.range, { limit: this.pageSize });
    this.at = 0;
    this.isExhausted = this.page.length < this.pageSize;
    this.pageSize = Math.min(this.pageSize * 2, PAGE_SIZE_MAX);
    const last = this.page.at(-1);
    if (last) this.range = after(this.range, last.key);
    return this.page[0];
  }

  step(): void {
    this.at += 1;
  }

  /** Jumps over everything before `from`: within the page at hand, or past what lies beyond it without reading that. */
  jump(from: KeyRange["from"]): void {
    while (this.at < this.page.length && encodeKey((this.page[this.at] as Entry<T>).key) < from) this.at += 1;
    if (this.at < this.page.length || from <= this.range.from) return;
    this.range = { from, to: this.range.to };
    this.pageSize = PAGE_SIZE_FIRST;
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
  /** The next item, not yet taken. */
  peek(): Promise<{ readonly key: string; readonly item: Item } | undefined>;
  take(): void;
  /** Leaves out every key that starts with `prefix`. */
  leap(prefix: string): void;
}

/** One page of a listing. Keys that share a common prefix cost one step however many there are. */
export async function listPage<Item>(walk: Walk<Item>, request: ListRequest): Promise<Listed<Item>> {
  const items: Item[] = [];
  const prefixes: string[] = [];
  for (;;) {
    const next = await walk.peek();
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
