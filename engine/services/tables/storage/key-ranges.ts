import { after, between, encodeKey, startingWith, textStartingWith } from "../../../kernel/key.ts";
import type { Key, KeyRange } from "../../../kernel/store.ts";
import { errors } from "../errors.ts";
import type { KeyCondition, SortCondition } from "../expressions/key-condition.ts";
import { keyAttributes, type IndexRecord, type TableRecord } from "../model.ts";
import { normalizedValue, type AttributeValue, type Item } from "../values/attribute-value.ts";
import { entryKey, itemKey, keyText, namedKey, PARTITION_HASHES, partitionHash } from "./item-keys.ts";

const prefixOf = (table: TableRecord, index: IndexRecord | undefined, ...rest: (string | number)[]): Key =>
  index ? ["tables", "entry", index.id, ...rest] : ["tables", "item", table.id, ...rest];

function sortRange(prefix: Key, condition: SortCondition): KeyRange {
  const whole = startingWith(prefix);
  const text = keyText(condition.value);
  const own = [...prefix, text];
  // Keys of an index go on after the sort key, so a value's range ends where everything that starts with it ends.
  const fromValue = encodeKey(own);
  const pastValue = startingWith(own).to;
  switch (condition.operator) {
    case "=":
      return { from: fromValue, to: pastValue };
    case "<":
      return { from: whole.from, to: fromValue };
    case "<=":
      return { from: whole.from, to: pastValue };
    case ">":
      return { from: pastValue, to: whole.to };
    case ">=":
      return { from: fromValue, to: whole.to };
    case "beginsWith":
      return textStartingWith(prefix, text);
    case "between":
      return { from: fromValue, to: startingWith([...prefix, keyText(condition.high)]).to };
  }
}

/** The keys a query may touch. */
export function queriedRange(
  table: TableRecord,
  index: IndexRecord | undefined,
  { partition, sort }: KeyCondition,
): KeyRange {
  const text = keyText(partition);
  const prefix = prefixOf(table, index, partitionHash(text), text);
  return sort ? sortRange(prefix, sort) : startingWith(prefix);
}

/** One of `total` equal shares of a table's or an index's partitions. */
export function scannedRange(
  table: TableRecord,
  index: IndexRecord | undefined,
  segment: number,
  total: number,
): KeyRange {
  const whole = startingWith(prefixOf(table, index));
  const bound = (position: number) => prefixOf(table, index, Math.floor((position * PARTITION_HASHES) / total));
  return {
    from: segment === 0 ? whole.from : encodeKey(bound(segment)),
    to: segment === total - 1 ? whole.to : encodeKey(bound(segment + 1)),
  };
}

const invalidStart = (reason: string) => errors.InvalidRequest({ reason });

/** The stored key that a page's last item had. Errors: `InvalidRequest` */
function positionOf(table: TableRecord, index: IndexRecord | undefined, startKey: Item): Key {
  const wanted = new Set([...keyAttributes(table), ...(index ? keyAttributes(index) : [])].map((key) => key.name));
  const given = Object.keys(startKey);
  if (given.length !== wanted.size || given.some((name) => !wanted.has(name))) {
    throw invalidStart(
      index
        ? "The provided starting key is invalid"
        : "The provided starting key is invalid: The provided key element does not match the schema",
    );
  }
  const attributes: Record<string, AttributeValue> = {};
  for (const name of given) attributes[name] = normalizedValue(startKey[name] as AttributeValue);
  const own = Object.fromEntries(keyAttributes(table).map((key) => [key.name, attributes[key.name] as AttributeValue]));
  const named = namedKey(table, own);
  if (!index) return itemKey(table, named);
  const key = entryKey(table, index, attributes);
  if (!key) throw invalidStart("The provided starting key is invalid");
  return key;
}

/** What is left of a range after the item a page ended with. Errors: `InvalidRequest`, `InvalidKey` */
export function startingAfter(
  range: KeyRange,
  table: TableRecord,
  index: IndexRecord | undefined,
  startKey: Item,
  isForward: boolean,
  isQuery: boolean,
): KeyRange {
  const position = positionOf(table, index, startKey);
  const encoded = encodeKey(position);
  if (encoded < range.from || encoded >= range.to) {
    throw invalidStart(
      isQuery
        ? "The provided starting key is outside query boundaries based on provided conditions"
        : "The provided starting key is invalid: Invalid ExclusiveStartKey. "
            + "Please use ExclusiveStartKey with correct Segment.",
    );
  }
  return isForward ? after(range, position) : { from: range.from, to: between(position, position).from };
}
