import { startingWith } from "../../../kernel/key.ts";
import type { Key, Reader } from "../../../kernel/store.ts";
import type { ItemRecord, TableRecord } from "../model.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import { keyText, partitionHash } from "./item-keys.ts";

/** The items that share a partition key, in a table with local indexes, and how much they take with their entries. */
export interface ItemCollection {
  readonly table: string;
  readonly key: Item;
  readonly sizeBytes: number;
}

export const hasCollections = (table: TableRecord): boolean => table.indexes.some((index) => index.isLocal);

export async function itemCollection(
  tx: Reader,
  table: TableRecord,
  partition: AttributeValue,
): Promise<ItemCollection> {
  const text = keyText(partition);
  const prefixes: Key[] = [["tables", "item", table.id, partitionHash(text), text]];
  for (const index of table.indexes) {
    if (index.isLocal) prefixes.push(["tables", "entry", index.id, partitionHash(text), text]);
  }
  let sizeBytes = 0;
  for (const prefix of prefixes) {
    for await (const { value } of tx.scan<ItemRecord>(startingWith(prefix))) sizeBytes += value.sizeBytes;
  }
  return { table: table.name, key: { [table.partitionKey.name]: partition }, sizeBytes };
}
