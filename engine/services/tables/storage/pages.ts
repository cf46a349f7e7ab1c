import { after, encodeKey } from "../../../kernel/key.ts";
import type { Entry, KeyRange, Reader } from "../../../kernel/store.ts";
import { holds, type BoundCondition } from "../expressions/condition.ts";
import {
  keyAttributes,
  LIMITS,
  type IndexRecord,
  type ItemRecord,
  type StoredItem,
  type TableRecord,
} from "../model.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import { namedKey } from "./item-keys.ts";
import { storedItem } from "./item-record.ts";
import { readItem } from "./item-store.ts";

export interface PageWanted {
  readonly range: KeyRange;
  readonly filter: BoundCondition | undefined;
  /** How many items to look at, before the filter. */
  readonly limit: number | undefined;
  readonly isForward: boolean;
  /** A local index's item is completed from its table. */
  readonly needsWholeItem: boolean;
}

export interface Page {
  /** What passed the filter. */
  readonly found: readonly StoredItem[];
  readonly scannedCount: number;
  readonly scannedBytes: number;
  /** The sizes of the items that a local index had to fetch from its table. */
  readonly fetchedBytes: readonly number[];
  /** The keys of the last item looked at, when there may be more. */
  readonly lastKey?: Item;
}

/** Most queries are done with it, so that there is no second look at the store. */
const FIRST_READ = 128;
const READ_MAX = 1000;

const picked = (item: Item, names: readonly string[]): Item =>
  Object.fromEntries(names.map((name) => [name, item[name] as AttributeValue]));

async function completed(tx: Reader, table: TableRecord, entry: StoredItem): Promise<StoredItem> {
  const key = namedKey(
    table,
    picked(
      entry.item,
      keyAttributes(table).map((attribute) => attribute.name),
    ),
  );
  return (await readItem(tx, table, key)) ?? entry;
}

/** How many entries to read next, so that a page of large items does not read far past its megabyte. */
function nextRead(scannedCount: number, scannedBytes: number, left: number): number {
  if (scannedCount === 0) return Math.min(FIRST_READ, left);
  const averageBytes = Math.max(1, scannedBytes / scannedCount);
  return Math.min(left, READ_MAX, Math.ceil((LIMITS.pageBytesMax - scannedBytes) / averageBytes) + 1);
}

const rest = (range: KeyRange, last: Entry, isForward: boolean): KeyRange =>
  isForward ? after(range, last.key) : { from: range.from, to: encodeKey(last.key) };

/** Reads up to `limit` items or one megabyte, whichever comes first. */
export async function readPage(
  tx: Reader,
  table: TableRecord,
  index: IndexRecord | undefined,
  wanted: PageWanted,
): Promise<Page> {
  const { filter, isForward } = wanted;
  const limit = wanted.limit ?? Number.POSITIVE_INFINITY;
  const found: StoredItem[] = [];
  const fetchedBytes: number[] = [];
  let range = wanted.range;
  let scannedCount = 0;
  let scannedBytes = 0;
  let last: StoredItem | undefined;
  let isCut = false;
  while (!isCut && scannedCount < limit) {
    const count = nextRead(scannedCount, scannedBytes, limit - scannedCount);
    const entries = await tx.range<ItemRecord>(range, { limit: count, reverse: !isForward });
    for (const { value } of entries) {
      if (scannedCount > 0 && scannedBytes + value.sizeBytes > LIMITS.pageBytesMax) {
        isCut = true;
        break;
      }
      scannedCount += 1;
      scannedBytes += value.sizeBytes;
      last = storedItem(value);
      const stored = wanted.needsWholeItem ? await completed(tx, table, last) : last;
      if (wanted.needsWholeItem) fetchedBytes.push(stored.sizeBytes);
      if (!filter || holds(filter, stored.item)) found.push(stored);
    }
    const end = entries.at(-1);
    if (end === undefined || entries.length < count) break;
    range = rest(range, end, isForward);
  }
  const hasMore = isCut || scannedCount >= limit;
  const keys = index ? [...keyAttributes(table), ...keyAttributes(index)] : keyAttributes(table);
  const keyNames = [...new Set(keys.map((attribute) => attribute.name))];
  const lastKey = hasMore && last ? { lastKey: picked(last.item, keyNames) } : {};
  return { found, scannedCount, scannedBytes, fetchedBytes, ...lastKey };
}
