import { encodeKey } from "../../../kernel/key.ts";
import type { Transaction } from "../../../kernel/store.ts";
import type { IndexRecord, StoredItem, TableRecord } from "../model.ts";
import { checkedItem, sameItems, type AttributeValue, type Item } from "../values/attribute-value.ts";
import { entryKey } from "./item-keys.ts";
import { recordOf } from "./item-record.ts";

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

function storedIn(index: IndexRecord, table: TableRecord, stored: StoredItem): StoredItem {
  if (index.projection.kind === "all") return stored;
  const item = projectedInto(index, table, stored.item);
  return { item, sizeBytes: checkedItem(item).sizeBytes };
}

const unitsOf = (sizeBytes: number): number => Math.max(1, Math.ceil(sizeBytes / 1024));

/** Brings an index's entry from the old item to the new one; returns the write units it took. */
export function moveEntry(
  tx: Transaction,
  table: TableRecord,
  index: IndexRecord,
  old: StoredItem | undefined,
  next: StoredItem | undefined,
): number {
  const from = old && entryKey(table, index, old.item);
  const to = next && entryKey(table, index, next.item);
  const before = from && old && storedIn(index, table, old);
  const after = to && next && storedIn(index, table, next);
  const stays = from !== undefined && to !== undefined && encodeKey(from) === encodeKey(to);
  if (stays && before && after && sameItems(before.item, after.item)) return 0;
  let units = 0;
  if (from && before && !stays) {
    tx.delete(from);
    units += unitsOf(before.sizeBytes);
  }
  if (to && after) {
    tx.set(to, recordOf(after));
    units += unitsOf(Math.max(after.sizeBytes, stays ? (before?.sizeBytes ?? 0) : 0));
  }
  return units;
}

/** Puts an item into a new index; one that lacks its keys, or has them of another kind, stays out. */
export function enterItem(tx: Transaction, table: TableRecord, index: IndexRecord, stored: StoredItem): void {
  const key = entryKey(table, index, stored.item);
  if (key) tx.set(key, recordOf(storedIn(index, table, stored)));
}
