import { Type } from "typebox";
import type { Transaction } from "../../../kernel/store.ts";
import { operation } from "../../operation.ts";
import { consumed, isMeasured, readUnits, type CapacityDetail, type Consumed } from "../capacity.ts";
import {
  carryOut,
  collectionOf,
  deleting,
  oldOf,
  placed,
  putting,
  requireCondition,
  updating,
  type Intent,
} from "../changes.ts";
import { onlyProjection, projected, projectionOf } from "../expressions/projection.ts";
import { requireTable, type TableRecord } from "../model.ts";
import * as shapes from "../shapes.ts";
import type { Origin } from "../storage/followers.ts";
import type { ItemCollection } from "../storage/item-collections.ts";
import { namedKey } from "../storage/item-keys.ts";
import { itemText } from "../storage/item-record.ts";
import { readItem } from "../storage/item-store.ts";
import { checkedItem, type Item } from "../values/attribute-value.ts";

const EXPRESSION_ERRORS = [
  "InvalidExpression",
  "UnusedPlaceholders",
  "PlaceholdersWithoutExpression",
  "EmptyPlaceholders",
  "InvalidPlaceholder",
] as const;
const WRITE_ERRORS = [
  "TableNotFound",
  "ConditionFailed",
  "InvalidItem",
  "InvalidKey",
  "ItemTooLarge",
  ...EXPRESSION_ERRORS,
] as const;

const writeOutput = Type.Object({
  attributes: Type.Optional(shapes.item),
  consumed: Type.Optional(shapes.consumed),
  collection: Type.Optional(shapes.collection),
});
const oldOrNone = Type.Optional(Type.Union([Type.Literal("none"), Type.Literal("allOld")]));

interface Answering {
  readonly returnValues?: string | undefined;
  readonly returnOnFailure?: boolean | undefined;
  readonly capacity?: CapacityDetail | undefined;
  readonly wantsCollections?: boolean | undefined;
}
interface Written {
  attributes?: Item;
  collection?: ItemCollection;
  consumed?: Consumed;
}

/** What a put and a delete have in common once they know their item. */
async function written(
  tx: Transaction,
  intent: Intent,
  table: TableRecord,
  wanted: Answering,
  origin: Origin,
): Promise<Written> {
  const change = placed(intent, table);
  const wantsOld = wanted.returnValues === "allOld";
  const wantsUnits = isMeasured(wanted.capacity);
  const old = change.needsOld || wantsOld || wantsUnits ? await oldOf(tx, change) : undefined;
  requireCondition(change, old, wanted.returnOnFailure);
  const { tableUnits, indexUnits } = carryOut(tx, change, old, origin);
  const result: Written = {};
  if (wantsOld && old) result.attributes = old.item;
  if (wantsUnits) result.consumed = consumed(wanted.capacity, table, tableUnits, indexUnits);
  if (wanted.wantsCollections) result.collection = await collectionOf(tx, change);
  return result;
}

export const putItem = operation({
  summary: "Writes a whole item, in place of the one with the same key.",
  input: Type.Object({
    table: shapes.table,
    item: shapes.item,
    ...shapes.conditional,
    returnValues: oldOrNone,
    capacity: shapes.capacity,
    wantsCollections: shapes.wantsCollections,
  }),
  output: writeOutput,
  effects: "write",
  errors: WRITE_ERRORS,
  async run(tx, input, ctx) {
    const intent = putting(input);
    return written(tx, intent, await requireTable(tx, ctx, input.table), input, ctx);
  },
});

export const getItem = operation({
  summary: "Reads one item by its key.",
  input: Type.Object({
    table: shapes.table,
    key: shapes.item,
    projection: Type.Optional(Type.String()),
    names: shapes.names,
    isConsistent: Type.Optional(Type.Boolean()),
    capacity: shapes.capacity,
    asText: shapes.asText,
  }),
  output: Type.Object({
    item: Type.Optional(shapes.item),
    itemText: Type.Optional(Type.String({ description: "The item in JSON." })),
    consumed: Type.Optional(shapes.consumed),
  }),
  effects: "read",
  errors: ["TableNotFound", "InvalidKey", "InvalidItem", ...EXPRESSION_ERRORS],
  async run(tx, input, ctx) {
    const key = checkedItem(input.key).item;
    const projection = onlyProjection(input.projection, input.names);
    const table = await requireTable(tx, ctx, input.table);
    const stored = await readItem(tx, table, namedKey(table, key));
    const result: { item?: Item; itemText?: string; consumed?: Consumed } = {};
    const text = stored && input.asText && !projection ? itemText(stored) : undefined;
    if (text !== undefined) result.itemText = text;
    else if (stored) result.item = projection ? projected(stored.item, projection) : stored.item;
    const units = consumed(input.capacity, table, readUnits(stored?.sizeBytes ?? 0, input.isConsistent ?? false));
    if (units) result.consumed = units;
    return result;
  },
});

export const updateItem = operation({
  summary: "Changes some attributes of an item, and makes the item when there is none.",
  input: Type.Object({
    table: shapes.table,
    key: shapes.item,
    update: Type.Optional(Type.String()),
    ...shapes.conditional,
    returnValues: Type.Optional(
      Type.Union([
        Type.Literal("none"),
        Type.Literal("allOld"),
        Type.Literal("updatedOld"),
        Type.Literal("allNew"),
        Type.Literal("updatedNew"),
      ]),
    ),
    capacity: shapes.capacity,
    wantsCollections: shapes.wantsCollections,
  }),
  output: writeOutput,
  effects: "write",
  errors: [...WRITE_ERRORS, "UpdateNotApplicable"],
  async run(tx, input, ctx) {
    const intent = updating(input);
    const table = await requireTable(tx, ctx, input.table);
    const change = placed(intent, table);
    const old = await oldOf(tx, change);
    requireCondition(change, old, input.returnOnFailure);
    const { after, tableUnits, indexUnits } = carryOut(tx, change, old, ctx);
    const units = consumed(input.capacity, table, tableUnits, indexUnits);
    const wanted = input.returnValues ?? "none";
    const source = wanted === "allOld" || wanted === "updatedOld" ? old?.item : after?.item;
    const isPart = source !== undefined && wanted.startsWith("updated");
    const attributes = isPart ? projected(source, projectionOf(change.update?.paths ?? [])) : source;
    const hasAttributes = wanted !== "none" && attributes !== undefined && Object.keys(attributes).length > 0;
    const collection = input.wantsCollections ? await collectionOf(tx, change) : undefined;
    return {
      ...(hasAttributes && { attributes }),
      ...(units && { consumed: units }),
      ...(collection && { collection }),
    };
  },
});

export const deleteItem = operation({
  summary: "Deletes an item; one that does not exist is no failure.",
  input: Type.Object({
    table: shapes.table,
    key: shapes.item,
    ...shapes.conditional,
    returnValues: oldOrNone,
    capacity: shapes.capacity,
    wantsCollections: shapes.wantsCollections,
  }),
  output: writeOutput,
  effects: "write",
  errors: WRITE_ERRORS,
  async run(tx, input, ctx) {
    const intent = deleting(input);
    return written(tx, intent, await requireTable(tx, ctx, input.table), input, ctx);
  },
});
