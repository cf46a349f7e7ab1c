import type { ItemRecord, StoredItem, TextRecord } from "../model.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";

function holdsBytes(value: AttributeValue): boolean {
  if (value.S !== undefined || value.N !== undefined) return false;
  if (value.B !== undefined || value.BS !== undefined) return true;
  if (value.L !== undefined) return value.L.some(holdsBytes);
  return value.M !== undefined && someHoldsBytes(value.M);
}

function someHoldsBytes(item: Item): boolean {
  for (const name in item) if (holdsBytes(item[name] as AttributeValue)) return true;
  return false;
}

/** An item out of its record, taken apart when somebody looks. */
class ReadItem implements StoredItem {
  readonly record: TextRecord;
  private parsed: Item | undefined;

  constructor(record: TextRecord) {
    this.record = record;
  }

  get item(): Item {
    return (this.parsed ??= JSON.parse(this.record.text) as Item);
  }

  get sizeBytes(): number {
    return this.record.sizeBytes;
  }
}

export const storedItem = (record: ItemRecord): StoredItem => ("text" in record ? new ReadItem(record) : record);

export function recordOf(stored: StoredItem): ItemRecord {
  if (stored instanceof ReadItem) return stored.record;
  const { item, sizeBytes } = stored;
  return someHoldsBytes(item) ? { item, sizeBytes } : { text: JSON.stringify(item), sizeBytes };
}

/** The items as one JSON array; undefined when there are bytes in one of them. */
export function itemsText(items: readonly StoredItem[]): string | undefined {
  let text = "[";
  for (const stored of items) {
    const itsText = itemText(stored);
    if (itsText === undefined) return undefined;
    text += text === "[" ? itsText : `,${itsText}`;
  }
  return `${text}]`;
}

/** The item in JSON; undefined when there are bytes in it. */
export function itemText(stored: StoredItem): string | undefined {
  const record = recordOf(stored);
  return "text" in record ? record.text : undefined;
}
