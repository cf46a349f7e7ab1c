import type { Transaction } from "../../../kernel/store.ts";
import type { Clock } from "../../../platform/clock.ts";
import {
  spaces,
  type ChangeRecord,
  type HistoryRecord,
  type StoredItem,
  type StreamView,
  type TableRecord,
} from "../model.ts";
import { checkedItem, sameItems, type AttributeValue, type Item } from "../values/attribute-value.ts";
import { expirySecond } from "./expiry.ts";
import { moveEntry } from "./index-entries.ts";
import { keyOfStored, partitionHash, type ItemKey } from "./item-keys.ts";
import { recordOf } from "./item-record.ts";

/** Write units that each index took, by its name: an entry that moves counts twice. */
export type IndexWrites = Readonly<Record<string, number>>;
export const NO_INDEX_WRITES: IndexWrites = {};

/** When a write happens, and whether the engine itself does it. */
export interface Origin {
  readonly clock: Clock;
  readonly isExpiry?: true;
}

/** Whether something beside the item is kept in step with it, so that a write must know what stood there. */
export const followsOldItems = (table: TableRecord): boolean =>
  table.indexes.length > 0
  || table.stream !== undefined
  || table.timeToLiveAttribute !== undefined
  || table.keepsHistory === true;

/** Brings indexes, expiry, stream and history from the old item to the new one. */
export function keepInStep(
  tx: Transaction,
  table: TableRecord,
  key: ItemKey,
  old: StoredItem | undefined,
  next: StoredItem | undefined,
  origin: Origin,
): IndexWrites {
  const written: Record<string, number> = {};
  for (const index of table.indexes) {
    const units = moveEntry(tx, table, index, old, next);
    if (units > 0) written[index.name] = units;
  }
  if (table.timeToLiveAttribute !== undefined) moveExpiry(tx, table, key, old, next);
  if (table.stream === undefined && !table.keepsHistory) return written;
  // A write that changes nothing is no change.
  if (old === undefined ? next === undefined : next !== undefined && sameItems(old.item, next.item)) return written;
  const atMs = origin.clock.nowMs();
  if (table.keepsHistory) {
    const { partition, sort } = key;
    const record: HistoryRecord = old ? { atMs, partition, sort, old: recordOf(old) } : { atMs, partition, sort };
    tx.append(["tables", "history", table.id], record);
  }
  if (table.stream) {
    const record = changeRecord(table, table.stream.view, old, next, atMs, origin.isExpiry);
    tx.append(["tables", "change", table.stream.id], record);
  }
  return written;
}

function moveExpiry(
  tx: Transaction,
  table: TableRecord,
  key: ItemKey,
  old: StoredItem | undefined,
  next: StoredItem | undefined,
): void {
  const from = old && expirySecond(table, old.item);
  const to = next && expirySecond(table, next.item);
  if (from === to) return;
  const place = (second: number) =>
    spaces.expiry.key(table.id, second, partitionHash(key.partition), key.partition, key.sort);
  if (from !== undefined) tx.delete(place(from));
  if (to !== undefined) tx.set(place(to), true);
}

/** Notes when an item expires, for one that stood there before its table had a time to live. */
export function enterExpiry(tx: Transaction, table: TableRecord, stored: StoredItem): void {
  moveExpiry(tx, table, keyOfStored(table, stored.item), undefined, stored);
}

const SHOWS_OLD: ReadonlySet<StreamView> = new Set(["oldImage", "newAndOldImages"]);
const SHOWS_NEW: ReadonlySet<StreamView> = new Set(["newImage", "newAndOldImages"]);

function keysOf(table: TableRecord, item: Item): Item {
  const { partitionKey, sortKey } = table;
  const keys: Record<string, AttributeValue> = { [partitionKey.name]: item[partitionKey.name] as AttributeValue };
  if (sortKey) keys[sortKey.name] = item[sortKey.name] as AttributeValue;
  return keys;
}

function changeRecord(
  table: TableRecord,
  view: StreamView,
  old: StoredItem | undefined,
  next: StoredItem | undefined,
  atMs: number,
  isExpiry: true | undefined,
): ChangeRecord {
  const shownOld = SHOWS_OLD.has(view) ? old : undefined;
  const shownNew = SHOWS_NEW.has(view) ? next : undefined;
  const keys = keysOf(table, ((next ?? old) as StoredItem).item);
  return {
    kind: old === undefined ? "insert" : next === undefined ? "remove" : "modify",
    atMs,
    keys,
    sizeBytes: checkedItem(keys).sizeBytes + (shownOld?.sizeBytes ?? 0) + (shownNew?.sizeBytes ?? 0),
    ...(shownOld && { old: shownOld.item }),
    ...(shownNew && { next: shownNew.item }),
    ...(isExpiry && { isExpiry }),
  };
}
