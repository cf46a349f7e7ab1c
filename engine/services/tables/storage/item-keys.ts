import { ServiceError } from "../../errors.ts";
import { errors } from "../errors.ts";
import { LIMITS, spaces, type IndexRecord, type KeyAttribute, type KeySchema, type TableRecord } from "../model.ts";
import { kindOf, type AttributeValue, type Item } from "../values/attribute-value.ts";
import { orderedNumber } from "../values/numbers.ts";
import type { Key } from "../../../kernel/store.ts";

/** A key value as text whose order is the value's: text by UTF-8 bytes, numbers by value, bytes as they are. */
export function keyText(value: AttributeValue): string {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return orderedNumber(value.N);
  const bytes = value.B as Uint8Array;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** FNV-1a over the key's code units, finished so that near keys land far apart; 32 bits. */
export function partitionHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
export const PARTITION_HASHES = 2 ** 32;

/** An item's place in its table. */
export interface ItemKey {
  readonly partition: string;
  /** Empty in tables without a sort key. */
  readonly sort: string;
}

/** The key of an item that was stored. */
export const keyOfStored = (schema: KeySchema, item: Item): ItemKey => ({
  partition: keyText(item[schema.partitionKey.name] as AttributeValue),
  sort: schema.sortKey ? keyText(item[schema.sortKey.name] as AttributeValue) : "",
});

export const itemKey = (table: TableRecord, key: ItemKey): Key =>
  spaces.item.key(table.id, partitionHash(key.partition), key.partition, key.sort);

/** Where an item stands in an index; undefined when it lacks a key of the index (indexes are sparse). */
export function entryKey(table: TableRecord, index: IndexRecord, item: Item): Key | undefined {
  const partitionValue = item[index.partitionKey.name];
  const sortValue = index.sortKey && item[index.sortKey.name];
  if (partitionValue?.[index.partitionKey.type] === undefined) return undefined;
  if (index.sortKey && sortValue?.[index.sortKey.type] === undefined) return undefined;
  const own = keyOfStored(table, item);
  const partition = keyText(partitionValue);
  return spaces.entry.key(
    index.id,
    partitionHash(partition),
    partition,
    sortValue ? keyText(sortValue) : "",
    own.partition,
    own.sort,
  );
}

const invalidKey = (reason: string) => errors.InvalidKey({ reason });
const notOfTable = (reason: string) => errors.InvalidKey({ reason, mismatch: "table" });
/** What of an invalid key is not as declared; undefined for every other failure. */
export const mismatchOf = (error: unknown): unknown =>
  error instanceof ServiceError && error.code === "InvalidKey" ? error.details["mismatch"] : undefined;

const keyBytes = (value: AttributeValue): number => {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  return value.B?.byteLength ?? 0;
};

const kindName = (value: AttributeValue): string => (value.S === undefined ? "binary" : "string");

function refuseEmpty(value: AttributeValue, name: string): void {
  if (value.N !== undefined || keyBytes(value) > 0) return;
  throw invalidKey(
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
      + `${kindName(value)} value. Key: ${name}`,
  );
}

/** Errors: `InvalidKey` */
export function refuseLong(value: AttributeValue, isPartition: boolean): void {
  if (isPartition && keyBytes(value) > LIMITS.partitionKeyBytesMax) {
    throw invalidKey(
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    );
  }
  if (!isPartition && keyBytes(value) > LIMITS.sortKeyBytesMax) {
    throw invalidKey(
      "One or more parameter values were invalid: "
        + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
    );
  }
}

function checkKeyValue(value: AttributeValue, key: KeyAttribute, isPartition: boolean): void {
  refuseEmpty(value, key.name);
  refuseLong(value, isPartition);
}

function checkOwnKey(value: AttributeValue | undefined, key: KeyAttribute, isPartition: boolean): void {
  if (value === undefined)
    throw notOfTable(`One or more parameter values were invalid: Missing the key ${key.name} in the item`);
  if (value[key.type] === undefined) {
    throw notOfTable(
      `One or more parameter values were invalid: Type mismatch for key ${key.name} `
        + `expected: ${key.type} actual: ${kindOf(value)}`,
    );
  }
  checkKeyValue(value, key, isPartition);
}

function checkIndexKey(
  value: AttributeValue | undefined,
  key: KeyAttribute,
  index: IndexRecord,
  isPartition: boolean,
): void {
  if (value === undefined) return;
  if (value[key.type] === undefined) {
    throw errors.InvalidKey({
      reason:
        `One or more parameter values were invalid: Type mismatch for Index Key ${key.name} `
        + `Expected: ${key.type} Actual: ${kindOf(value)} IndexName: ${index.name}`,
      mismatch: "index",
    });
  }
  if (value.N === undefined && keyBytes(value) === 0) {
    throw invalidKey(
      "One or more parameter values are not valid. A value specified for a secondary index key is not supported. "
        + `The AttributeValue for a key attribute cannot contain an empty ${kindName(value)} value. `
        + `IndexName: ${index.name}, IndexKey: ${key.name}`,
    );
  }
  refuseLong(value, isPartition);
}

/**
 * What an update leaves in the attributes that indexes are keyed by.
 * Errors: `InvalidKey`
 */
export function checkUpdatedIndexKeys(table: TableRecord, item: Item): void {
  for (const index of table.indexes) {
    for (const key of index.sortKey ? [index.partitionKey, index.sortKey] : [index.partitionKey]) {
      const value = item[key.name];
      if (value === undefined) continue;
      if (value[key.type] === undefined) {
        throw invalidKey("The update expression attempted to update a secondary index key to unsupported type");
      }
      if (value.N === undefined && keyBytes(value) === 0) {
        throw invalidKey(
          "One or more parameter values are not valid. The update expression attempted to update a secondary index "
            + "key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty "
            + `${kindName(value)} value. IndexName: ${index.name}, IndexKey: ${key.name}`,
        );
      }
      refuseLong(value, key === index.partitionKey);
    }
  }
}

/** The key of a whole, checked item whose keys, the indexes' too, are as declared. Errors: `InvalidKey` */
export function keyOfItem(table: TableRecord, item: Item): ItemKey {
  checkOwnKey(item[table.partitionKey.name], table.partitionKey, true);
  if (table.sortKey) checkOwnKey(item[table.sortKey.name], table.sortKey, false);
  for (const index of table.indexes) {
    checkIndexKey(item[index.partitionKey.name], index.partitionKey, index, true);
    if (index.sortKey) checkIndexKey(item[index.sortKey.name], index.sortKey, index, false);
  }
  return keyOfStored(table, item);
}

export const mismatch = () => notOfTable("The provided key element does not match the schema");

/** The key that a request names by its attributes, whose values were checked. Errors: `InvalidKey` */
export function namedKey(table: TableRecord, key: Item): ItemKey {
  let given = 0;
  for (const name in key) if (key[name] !== undefined) given += 1;
  if (given !== (table.sortKey ? 2 : 1)) throw mismatch();
  checkNamed(key[table.partitionKey.name], table.partitionKey, true);
  if (table.sortKey) checkNamed(key[table.sortKey.name], table.sortKey, false);
  return keyOfStored(table, key);
}

function checkNamed(value: AttributeValue | undefined, attribute: KeyAttribute, isPartition: boolean): void {
  if (value?.[attribute.type] === undefined) throw mismatch();
  checkKeyValue(value, attribute, isPartition);
}
