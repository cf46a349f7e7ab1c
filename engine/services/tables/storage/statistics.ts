import type { Reader } from "../../../kernel/store.ts";
import { spaces, type ItemRecord, type TableRecord } from "../model.ts";
import { checkedItem } from "../values/attribute-value.ts";
import { entryKey, PARTITION_HASHES } from "./item-keys.ts";
import { projectedInto } from "./index-entries.ts";
import { storedItem } from "./item-record.ts";

export interface Statistics {
  readonly itemCount: number;
  readonly sizeBytes: number;
}
export interface TableStatistics extends Statistics {
  readonly indexes: Readonly<Record<string, Statistics>>;
}

const SAMPLE_ITEMS = 1000;
/** Fewer partitions than this in a sample say too little about the rest, so that the sample goes on for a while. */
const PARTITIONS_MIN = 100;
const LONGEST_SAMPLE_ITEMS = 2000;

/**
 * How many items a table holds. Exact up to a thousand; beyond, estimated from the first thousand or two, since
 * partitions are spread evenly by their hash; of a table with one partition, what was seen of it. No counter is kept:
 * it would be a key that every write contends for.
 */
export async function tableStatistics(tx: Reader, table: TableRecord): Promise<TableStatistics> {
  let itemCount = 0;
  let sizeBytes = 0;
  let scale = 1;
  const hashes = new Set<number>();
  const indexes: Record<string, { itemCount: number; sizeBytes: number }> = {};
  for (const index of table.indexes) indexes[index.name] = { itemCount: 0, sizeBytes: 0 };
  for await (const { key, value } of tx.scan<ItemRecord>(spaces.item.range(table.id), { pageSize: SAMPLE_ITEMS + 1 })) {
    const [, hash] = spaces.item.parts(key);
    const isEnough = itemCount >= SAMPLE_ITEMS && hashes.size >= PARTITIONS_MIN;
    if (isEnough || itemCount >= LONGEST_SAMPLE_ITEMS) {
      scale = hashes.size > 1 ? PARTITION_HASHES / hash : 1;
      break;
    }
    hashes.add(hash);
    itemCount += 1;
    sizeBytes += value.sizeBytes;
    const stored = storedItem(value);
    for (const index of table.indexes) {
      const counted = indexes[index.name];
      if (!counted || !entryKey(table, index, stored.item)) continue;
      counted.itemCount += 1;
      counted.sizeBytes +=
        index.projection.kind === "all"
          ? value.sizeBytes
          : checkedItem(projectedInto(index, table, stored.item)).sizeBytes;
    }
  }
  const scaled = (counted: Statistics): Statistics => ({
    itemCount: Math.round(counted.itemCount * scale),
    sizeBytes: Math.round(counted.sizeBytes * scale),
  });
  return {
    ...scaled({ itemCount, sizeBytes }),
    indexes: Object.fromEntries(Object.entries(indexes).map(([name, counted]) => [name, scaled(counted)])),
  };
}
