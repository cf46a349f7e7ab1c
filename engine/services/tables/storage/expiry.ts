import type { TableRecord } from "../model.ts";
import type { Item } from "../values/attribute-value.ts";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Items whose time lies further back are left alone, since a wrong unit is likelier than such a wish. */
export const OLDEST_EXPIRY_SECONDS = 5 * YEAR_SECONDS;

/** The second an item expires in; undefined for one that lacks the table's attribute or holds no such number. */
export function expirySecond(table: TableRecord, item: Item): number | undefined {
  const name = table.timeToLiveAttribute;
  const text = name === undefined ? undefined : item[name]?.N;
  if (text === undefined) return undefined;
  const second = Math.floor(Number(text));
  return Number.isSafeInteger(second) && second >= 0 ? second : undefined;
}
