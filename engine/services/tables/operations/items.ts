import { Type } from "typebox";
import { operation } from "../../operation.ts";
import { consumed, readUnits } from "../capacity.ts";
import { carryOut, deleting, oldOf, putting, requireCondition, updating } from "../changes.ts";
import { Placeholders } from "../expressions/placeholders.ts";
import { bindProjection, projected, projectionOf } from "../expressions/projection.ts";
import { requireTable } from "../model.ts";
import * as shapes from "../shapes.ts";
import { namedKey } from "../storage/item-keys.ts";
import { readItem } from "../storage/item-store.ts";

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

const writeOutput = Type.Object({ attributes: Type.Optional(shapes.item), consumed: Type.Optional(shapes.consumed) });
const oldOrNone = Type.Optional(Type.Union([Type.Literal("none"), Type.Literal("allOld")]));
const wantsCapacity = (capacity: string | undefined): boolean => capacity !== undefined && capacity !== "none";

export const putItem = operation({
  summary: "Writes a whole item, in place of the one with the same key.",
  input: Type.Object({
    table: shapes.table,
    item: shapes.item,
    ...shapes.conditional,
    returnValues: oldOrNone,
    capacity: shapes.capacity,
  }),
  output: writeOutput,
  effects: "write",
  errors: WRITE_ERRORS,
  async run(tx, input, ctx) {
    const table = await requireTable(tx, ctx, input.table);
    const change = putting(table, input);
    const old =
      change.needsOld || input.returnValues === "allOld" || wantsCapacity(input.capacity)
        ? await oldOf(tx, change)
        : undefined;
    requireCondition(change, old, input.returnOnFailure);
    const { tableUnits, indexUnits } = carryOut(tx, change, old);
    const units = consumed(input.capacity, table, tableUnits, indexUnits);
    return {
      ...(input.returnValues === "allOld" && old && { attributes: old.item }),
      ...(units && { consumed: units }),
    };
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
  }),
  output: Type.Object({ item: Type.Optional(shapes.item), consumed: Type.Optional(shapes.consumed) }),
  effects: "read",
  errors: ["TableNotFound", "InvalidKey", "InvalidItem", ...EXPRESSION_ERRORS],
  async run(tx, input, ctx) {
    const table = await requireTable(tx, ctx, input.table);
    const key = namedKey(table, input.key);
    const placeholders = new Placeholders(input.names, undefined);
    const projection = input.projection === undefined ? undefined : bindProjection(input.projection, placeholders);
    placeholders.refuseUnused(projection !== undefined, ["projection"]);
    const stored = await readItem(tx, table, key);
    const units = consumed(input.capacity, table, readUnits(stored?.sizeBytes ?? 0, input.isConsistent ?? false));
    return {
      ...(stored && { item: projection ? projected(stored.item, projection) : stored.item }),
      ...(units && { consumed: units }),
    };
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
  }),
  output: writeOutput,
  effects: "write",
  errors: [...WRITE_ERRORS, "UpdateNotApplicable"],
  async run(tx, input, ctx) {
    const table = await requireTable(tx, ctx, input.table);
    const change = updating(table, input);
    const old = await oldOf(tx, change);
    requireCondition(change, old, input.returnOnFailure);
    const { after, tableUnits, indexUnits } = carryOut(tx, change, old);
    const units = consumed(input.capacity, table, tableUnits, indexUnits);
    const wanted = input.returnValues ?? "none";
    const source = wanted === "allOld" || wanted === "updatedOld" ? old?.item : after?.item;
    const attributes = source && wanted.startsWith("updated") ? projected(source, projectionOf(change.paths)) : source;
    const hasAttributes = wanted !== "none" && attributes !== undefined && Object.keys(attributes).length > 0;
    return { ...(hasAttributes && { attributes }), ...(units && { consumed: units }) };
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
  }),
  output: writeOutput,
  effects: "write",
  errors: WRITE_ERRORS,
  async run(tx, input, ctx) {
    const table = await requireTable(tx, ctx, input.table);
    const change = deleting(table, input);
    const old =
      change.needsOld || input.returnValues === "allOld" || wantsCapacity(input.capacity)
        ? await oldOf(tx, change)
        : undefined;
    requireCondition(change, old, input.returnOnFailure);
    const { tableUnits, indexUnits } = carryOut(tx, change, old);
    const units = consumed(input.capacity, table, tableUnits, indexUnits);
    return {
      ...(input.returnValues === "allOld" && old && { attributes: old.item }),
      ...(units && { consumed: units }),
    };
  },
});
