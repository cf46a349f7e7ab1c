import type { EncodedEntry, View } from "./backend.ts";
import { encodeKey, KeyReader } from "./key.ts";
import type { EncodedKey, Entry, Key, KeyRange, RangeOptions, Reader } from "./store.ts";

const PAGE_SIZE = 256;

function entriesOf<T>(found: readonly EncodedEntry[]): Entry<T>[] {
  const keys = new KeyReader();
  return found.map(({ key, value }) => ({ key: keys.read(key), value: value as T }));
}

/** What of `range` lies behind `last`, in the direction of reading. */
export function rest(range: KeyRange, last: EncodedKey, reverse: boolean): KeyRange {
  return reverse ? { from: range.from, to: last } : { from: (last + "\x00") as EncodedKey, to: range.to };
}

/** The public reader over a driver's view. What a view answers at once costs one settled promise, no more. */
export class ViewReader implements Reader {
  protected readonly view: View;
  constructor(view: View) {
    this.view = view;
  }

  protected getEncoded(key: EncodedKey): unknown {
    return this.view.get(key);
  }

  protected rangeEncoded(
    range: KeyRange, limit: number, reverse: boolean, only?: readonly string[],
  ): EncodedEntry[] | Promise<EncodedEntry[]> {
    return this.view.range(range, limit, reverse, only);
  }

  protected countEncoded(range: KeyRange): number | Promise<number> {
    return this.view.count(range);
  }

  async get<T>(key: Key): Promise<T | undefined> {
    return this.getEncoded(encodeKey(key)) as T | undefined;
  }

  async range<T>(range: KeyRange, options: RangeOptions): Promise<Entry<T>[]> {
    if (options.limit <= 0 || range.from >= range.to) return [];
    const found = this.rangeEncoded(range, options.limit, options.reverse === true, options.only);
    return entriesOf(Array.isArray(found) ? found : await found);
  }

  async count(range: KeyRange): Promise<number> {
    return range.from >= range.to ? 0 : this.countEncoded(range);
  }

  async *scan<T>(
    range: KeyRange, options?: { readonly reverse?: boolean; readonly pageSize?: number }): AsyncIterable<Entry<T>> {
    const { reverse = false, pageSize = PAGE_SIZE } = options ?? {};
    for (let left = range; left.from < left.to;) {
      const page = await this.rangeEncoded(left, pageSize, reverse);
      yield* entriesOf<T>(page);
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) return;
      left = rest(left, last.key, reverse);
    }
  }
}
