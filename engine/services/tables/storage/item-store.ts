import type { Reader, Transaction } from "../../../kernel/store.ts";
import { errors } from "../errors.ts";
import { LIMITS, type IndexRecord, type StoredItem, type TableRecord } from "../model.ts";
import { checkedItem, equalOrAbsent, type AttributeValue, type Item } from "../values/attribute-value.ts";
import { entryKey, itemKey, type ItemKey } from "./item-keys.ts";
import { encodeKey } from "../../../kernel/key.ts";

export const readItem = (tx: Reader, table: TableRecord, key: ItemKey): Promise<StoredItem | undefined> =>
  tx.get<StoredItem>(itemKey(table, key));

/** The attributes an index keeps of an item. */
export function projectedInto(index: IndexRecord, table: TableRecord, item: Item): Item {
  if (index.projection.kind === "all") return item;
  const names = new Set([
    table.partitionKey.name,
    table.sortKey?.name,
    index.partitionKey.name,
    index.sortKey?.name,
    ...(index.projection.attributes ?? []),
  ]);
  const kept: Record<string, AttributeValue> = {};
  for (const name of names) {
    if (name !== undefined && Object.hasOwn(item, name)) kept[name] = item[name] as AttributeValue;
  }
  return kept;
}

function sameProjection(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => equalOrAbsent(left[name], right[name]));
}

function storedIn(index: IndexRecord, table: TableRecord, stored: StoredItem): StoredItem {
  if (index.projection.kind === "all") return stored;
  const item = projectedInto(index, table, stored.item);
  return { item, sizeBytes: checkedItem(item).sizeBytes };
}

/** Write units that each index took, by its name: an entry that moves counts twice. */
export type IndexWrites = Readonly<Record<string, number>>;
export const NO_INDEX_WRITES: IndexWrites = {};

/** Whether something beside the item is kept in step with it, so that a write must know what stood there. */
export const followsOldItems = (table: TableRecord): boolean => table.indexes.length > 0;

const unitsOf = (sizeBytes: number): number => Math.max(1, Math.ceil(sizeBytes / 1024));

/** Brings every index entry from the old item to the new one; returns the write units each index took. */
function moveEntries(
  tx: Transaction,
  table: TableRecord,
  old: StoredItem | undefined,
  next: StoredItem | undefined,
): IndexWrites {
  const units: Record<string, number> = {};
  for (const index of table.indexes) {
    const from = old && entryKey(table, index, old.item);
    const to = next && entryKey(table, index, next.item);
    const before = from && old && storedIn(index, table, old);
    const after = to && next && storedIn(index, table, next);
    const stays = from !== undefined && to !== undefined && encodeKey(from) === encodeKey(to);
    if (stays && before && after && sameProjection(before.item, after.item)) continue;
    let taken = 0;
    if (from && before && !stays) {
      tx.delete(from);
      taken += unitsOf(before.sizeBytes);
    }
    if (to && after) {
      tx.set(to, after);
      taken += unitsOf(Math.max(after.sizeBytes, stays ? (before?.sizeBytes ?? 0) : 0));
    }
    if (taken > 0) units[index.name] = taken;
  }
  return units;
}

/**
 * Writes an item and its index entries. `old` is what stands there now; without indexes it may be left out.
 * Errors: `ItemTooLarge`
 */
export function writeItem(
  tx: Transaction,
  table: TableRecord,
  key: ItemKey,
  stored: StoredItem,
  old: StoredItem | undefined,
  isUpdate = false,
): IndexWrites {
  if (stored.sizeBytes > LIMITS.itemBytesMax) throw errors.ItemTooLarge({ isUpdate });
  tx.set(itemKey(table, key), stored);
  return table.indexes.length === 0 ? NO_INDEX_WRITES : moveEntries(tx, table, old, stored);
}

export function removeItem(
  tx: Transaction,
  table: TableRecord,
  key: ItemKey,
  old: StoredItem | undefined,
): IndexWrites {
  tx.delete(itemKey(table, key));
  return table.indexes.length === 0 ? NO_INDEX_WRITES : moveEntries(tx, table, old, undefined);
}

/** Fills a new index from the table's items; those that lack its keys, or have them of another kind, stay out. */
export async function fillIndex(
  tx: Transaction,
  table: TableRecord,
  index: IndexRecord,
  items: AsyncIterable<{ value: StoredItem }>,
): Promise<void> {
  for await (const { value } of items) {
    const key = entryKey(table, index, value.item);
    if (key) tx.set(key, storedIn(index, table, value));
  }
}
