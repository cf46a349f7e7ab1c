import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type Item = Record<string, AttributeValue>;

/** Values in one letter, as DynamoDB's wire names them. */
export const S = (text: string): AttributeValue => ({ S: text });
export const N = (number: number | string): AttributeValue => ({ N: String(number) });
export const B = (...bytes: number[]): AttributeValue => ({ B: Uint8Array.from(bytes) });
export const L = (...list: AttributeValue[]): AttributeValue => ({ L: list });
export const M = (map: Item): AttributeValue => ({ M: map });

/** Attributes of every kind, and one whose name needs a placeholder. */
export const EVERY_KIND: Item = {
  name: S("Ada Lovelace"),
  age: N(36),
  price: N("12.50"),
  bits: B(1, 2, 3),
  tags: { SS: ["math", "engine"] },
  odds: { NS: ["1", "3", "5"] },
  blobs: { BS: [Uint8Array.from([1]), Uint8Array.from([2])] },
  seq: L(S("x"), N(2), L(N(3))),
  doc: M({ city: S("London"), moment: M({ x: N(1) }) }),
  nothing: { NULL: true },
  yes: { BOOL: true },
  blank: S(""),
  "a.b": S("dotted"),
};

/** Only what the text mentions: a placeholder that is not used would be refused. */
function mentioned<T>(text: string, all: Readonly<Record<string, T>>): Record<string, T> | undefined {
  const used = Object.entries(all).filter(([name]) => new RegExp(`${name}\\b`).test(text));
  return used.length > 0 ? Object.fromEntries(used) : undefined;
}
/** Attributes that expressions cannot name themselves. */
const NAMES = { "#n": "name", "#s": "size", "#d": "a.b" };
/** What an expression needs besides itself. */
export const placeholders = (text: string, values: Item) => {
  const names = mentioned(text, NAMES);
  const given = mentioned(text, values);
  return { ...(names && { ExpressionAttributeNames: names }), ...(given && { ExpressionAttributeValues: given }) };
};
