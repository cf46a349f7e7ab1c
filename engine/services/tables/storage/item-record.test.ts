import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import { itemsText, itemText, recordOf, storedItem } from "./item-record.ts";

const text = fc.string({ unit: "grapheme" });
const bytes = fc.uint8Array({ maxLength: 4 }).map((each) => Buffer.from(each));
const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.record({ S: text }),
    fc.record({ N: fc.integer().map(String) }),
    fc.constant({ BOOL: true }),
    fc.constant({ NULL: true }),
    fc.record({ SS: fc.array(text) }),
    fc.record({ B: bytes }),
    fc.record({ BS: fc.array(bytes, { minLength: 1 }) }),
    fc.record({ L: fc.array(tie("value")) }),
    fc.record({ M: fc.dictionary(text.filter((name) => name !== "__proto__"), tie("value")) }),
  ),
}));
const item: fc.Arbitrary<Item> = fc.dictionary(
  text.filter((name) => name !== "__proto__"),
  value,
);

describe("an item's record", () => {
  it("gives the item back, and is text unless there are bytes in it", () => {
    fc.assert(
      fc.property(item, (subject) => {
        const record = recordOf({ item: subject, sizeBytes: 7 });
        const read = storedItem(record);
        expect({ item: { ...read.item }, sizeBytes: read.sizeBytes }).toEqual({ item: { ...subject }, sizeBytes: 7 });
        expect(recordOf(read)).toEqual(record);
        const holdsBytes = /"type":"Buffer"/.test(JSON.stringify(subject));
        expect("text" in record).toBe(!holdsBytes);
      }),
    );
  });
  it("reads one that an earlier engine kept as values", () => {
    const record = { item: { id: { S: "a" } }, sizeBytes: 3 };
    expect(storedItem(record)).toEqual(record);
    expect(itemText(storedItem(record))).toBe('{"id":{"S":"a"}}');
  });
  it("shows many as one array, or none as text where one holds bytes", () => {
    const plain = { item: { id: { N: "1" } }, sizeBytes: 3 };
    const binary = { item: { id: { B: Buffer.from("a") } }, sizeBytes: 3 };
    expect(itemsText([])).toBe("[]");
    expect(itemsText([plain, storedItem(recordOf(plain))])).toBe('[{"id":{"N":"1"}},{"id":{"N":"1"}}]');
    expect(itemsText([plain, binary])).toBeUndefined();
  });
});
