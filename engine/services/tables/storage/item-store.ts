import type { Reader, Transaction } from "../../../kernel/store.ts";
import { errors } from "../errors.ts";
import { LIMITS, type ItemRecord, type StoredItem, type TableRecord } from "../model.ts";
import { followsOldItems, keepInStep, NO_INDEX_WRITES, type IndexWrites, type Origin } from "./followers.ts";
import { itemKey, type ItemKey } from "./item-keys.ts";
import { recordOf, storedItem } from "./item-record.ts";

export async function readItem(tx: Reader, table: TableRecord, key: ItemKey): Promise<StoredItem | undefined> {
  const record = await tx.get<ItemRecord>(itemKey(table, key));
  return record && storedItem(record);
}

/**
 * Writes an item and what follows it. `old` is what stands there now; it may be left out where nothing follows.
 * Errors: `ItemTooLarge`
 */
export function writeItem(
  tx: Transaction,
  table: TableRecord,
  key: ItemKey,
  stored: StoredItem,
  old: StoredItem | undefined,
  origin: Origin,
): IndexWrites {
  if (stored.sizeBytes > LIMITS.itemBytesMax) throw errors.ItemTooLarge({ isUpdate: true });
  tx.set(itemKey(table, key), recordOf(stored));
  return followsOldItems(table) ? keepInStep(tx, table, key, old, stored, origin) : NO_INDEX_WRITES;
}

export function removeItem(
  tx: Transaction,
  table: TableRecord,
  key: ItemKey,
  old: StoredItem | undefined,
  origin: Origin,
): IndexWrites {
  tx.delete(itemKey(table, key));
  return followsOldItems(table) ? keepInStep(tx, table, key, old, undefined, origin) : NO_INDEX_WRITES;
}
