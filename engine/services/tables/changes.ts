import type { Reader, Transaction } from "../../kernel/store.ts";
import { writeUnits } from "./capacity.ts";
import { errors, type ExpressionKind } from "./errors.ts";
import { bindCondition, holds, type BoundCondition } from "./expressions/condition.ts";
import { Placeholders, type Names, type Values } from "./expressions/placeholders.ts";
import type { Path } from "./expressions/tree.ts";
import { bindUpdate, updated } from "./expressions/update.ts";
import { keyAttributes, type StoredItem, type TableRecord } from "./model.ts";
import { keyOfItem, namedKey, type ItemKey } from "./storage/item-keys.ts";
import { readItem, removeItem, writeItem, type IndexWrites } from "./storage/item-store.ts";
import { checkedItem, type Item } from "./values/attribute-value.ts";

interface Conditional {
  readonly condition?: string | undefined;
  readonly names?: Names | undefined;
  readonly values?: Values | undefined;
}

/** One change to one item, checked as far as it can be without the item. */
export interface Change {
  readonly table: TableRecord;
  readonly key: ItemKey;
  readonly condition: BoundCondition | undefined;
  /** Whether the outcome depends on the item that stands there. */
  readonly needsOld: boolean;
  readonly isUpdate: boolean;
  /** What an update writes to. */
  readonly paths: readonly Path[];
  /** `keep`: the change only checks its condition. */
  readonly next: (old: StoredItem | undefined) => StoredItem | undefined | "keep";
}

function boundCondition(
  input: Conditional,
  placeholders: Placeholders,
  possible: readonly ExpressionKind[],
  hasOther = false,
) {
  const condition =
    input.condition === undefined ? undefined : bindCondition("condition", input.condition, placeholders);
  placeholders.refuseUnused(hasOther || condition !== undefined, possible);
  return condition;
}

/** Errors: `InvalidItem`, `InvalidKey`, `InvalidExpression`, placeholders' */
export function putting(table: TableRecord, input: Conditional & { readonly item: Item }): Change {
  const stored = checkedItem(input.item);
  const key = keyOfItem(table, stored.item);
  const condition = boundCondition(input, new Placeholders(input.names, input.values), ["condition"]);
  return {
    table,
    key,
    condition,
    needsOld: condition !== undefined || table.indexes.length > 0,
    isUpdate: false,
    paths: [],
    next: () => stored,
  };
}

export function deleting(table: TableRecord, input: Conditional & { readonly key: Item }): Change {
  const key = namedKey(table, input.key);
  const condition = boundCondition(input, new Placeholders(input.names, input.values), ["condition"]);
  return {
    table,
    key,
    condition,
    needsOld: condition !== undefined || table.indexes.length > 0,
    isUpdate: false,
    paths: [],
    next: () => undefined,
  };
}

export function checking(
  table: TableRecord,
  input: Conditional & { readonly key: Item; readonly condition: string },
): Change {
  const key = namedKey(table, input.key);
  const condition = boundCondition(input, new Placeholders(input.names, input.values), ["condition"]);
  return { table, key, condition, needsOld: true, isUpdate: false, paths: [], next: () => "keep" };
}

export function updating(
  table: TableRecord,
  input: Conditional & { readonly key: Item; readonly update?: string | undefined },
): Change {
  const key = namedKey(table, input.key);
  const placeholders = new Placeholders(input.names, input.values);
  const update = input.update === undefined ? undefined : bindUpdate(input.update, placeholders);
  const condition = boundCondition(input, placeholders, ["update", "condition"], update !== undefined);
  const own = new Set(keyAttributes(table).map((attribute) => attribute.name));
  const touched = update?.paths.find((path) => own.has(path[0] as string));
  if (touched) {
    throw errors.InvalidKey({
      reason:
        "One or more parameter values were invalid: "
        + `Cannot update attribute ${touched[0]}. This attribute is part of the key`,
    });
  }
  const next = (old: StoredItem | undefined): StoredItem => {
    const before = old?.item ?? key.attributes;
    const after = checkedItem(update ? updated(before, update) : before);
    if (table.indexes.length > 0) keyOfItem(table, after.item);
    return after;
  };
  return { table, key, condition, needsOld: true, isUpdate: true, paths: update?.paths ?? [], next };
}

export const oldOf = (tx: Reader, change: Change): Promise<StoredItem | undefined> =>
  readItem(tx, change.table, change.key);

/** Errors: `ConditionFailed`, with the item when `returnOnFailure` asks for it. */
export function requireCondition(
  change: Change,
  old: StoredItem | undefined,
  returnOnFailure: boolean | undefined,
): void {
  if (!change.condition || holds(change.condition, old?.item ?? {})) return;
  throw errors.ConditionFailed(returnOnFailure && old ? { item: old.item } : {});
}

export interface Outcome {
  readonly after: StoredItem | undefined;
  readonly tableUnits: number;
  readonly indexUnits: IndexWrites;
}

/** Errors: `ItemTooLarge`, `UpdateNotApplicable`, `InvalidKey`, `InvalidItem` */
export function carryOut(tx: Transaction, change: Change, old: StoredItem | undefined): Outcome {
  const next = change.next(old);
  if (next === "keep") return { after: old, tableUnits: writeUnits(old?.sizeBytes ?? 0, 0), indexUnits: {} };
  const tableUnits = writeUnits(old?.sizeBytes ?? 0, next?.sizeBytes ?? 0);
  if (next)
    return { after: next, tableUnits, indexUnits: writeItem(tx, change.table, change.key, next, old, change.isUpdate) };
  // Without an index a delete need not know what it deletes.
  const indexUnits = removeItem(tx, change.table, change.key, old);
  return { after: undefined, tableUnits, indexUnits };
}
