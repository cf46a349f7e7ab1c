import { Type } from "typebox";
import type { Consumed } from "./capacity.ts";
import type { ItemCollection } from "./storage/item-collections.ts";
import type { AttributeValue, Item } from "./values/attribute-value.ts";

/** In JSON, bytes are base64 texts; an attribute may be called B too, but then it is no text. */
const bytesBelow = ["B", "BS"];

/** Schemas that several operations share. */
export const attributeValue = Type.Unsafe<AttributeValue>({
  type: "object",
  minProperties: 1,
  maxProperties: 1,
  bytesBelow,
  description:
    "One typed value: {S: text}, {N: number as text}, {B: bytes}, {SS | NS | BS: set}, {M: map}, {L: list}, "
    + "{NULL: true} or {BOOL: boolean}.",
});
export const item = Type.Unsafe<Item>({
  type: "object",
  additionalProperties: { type: "object" },
  bytesBelow,
  description: "Attributes by name.",
});

/** How many entries a listing gives at once, unless it is asked for fewer. */
export const LISTED_AT_ONCE = 100;
export const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: LISTED_AT_ONCE }));

export const table = Type.String({ description: "The table's name." });
export const names = Type.Optional(
  Type.Record(Type.String(), Type.String(), { description: "Attribute names by placeholder (#n)." }),
);
export const values = Type.Optional(
  Type.Unsafe<Readonly<Record<string, AttributeValue>>>({
    type: "object",
    bytesBelow,
    description: "Values by placeholder (:v).",
  }),
);
export const capacity = Type.Optional(
  Type.Union([Type.Literal("none"), Type.Literal("total"), Type.Literal("indexes")]),
);
export const consumed = Type.Unsafe<Consumed>({ type: "object", description: "The capacity units taken." });
export const asText = Type.Optional(
  Type.Boolean({ description: "Whether items are wanted as JSON text; those with bytes in them never come so." }),
);
export const wantsCollections = Type.Optional(
  Type.Boolean({ description: "Whether to measure the items of the same partition, in tables with local indexes." }),
);
export const collection = Type.Unsafe<ItemCollection>({ type: "object", description: "Items of one partition key." });
export const returnOnFailure = Type.Optional(
  Type.Boolean({ description: "Whether a failed condition returns the item." }),
);

/** A condition and its placeholders. */
export const conditional = { condition: Type.Optional(Type.String()), names, values, returnOnFailure };

/** Within what a date can say. */
export const timeMs = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });
const keyAttribute = Type.Object({
  name: Type.String(),
  type: Type.Union([Type.Literal("S"), Type.Literal("N"), Type.Literal("B")]),
});
export const keySchema = Type.Object({ partitionKey: keyAttribute, sortKey: Type.Optional(keyAttribute) });

const unsafe = <T>(description: string) => Type.Unsafe<T>({ type: "object", description });
export { unsafe };
