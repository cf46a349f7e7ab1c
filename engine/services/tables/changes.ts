import type { Reader, Transaction } from "../../kernel/store.ts";
import { writeUnits } from "./capacity.ts";
import { errors, type ExpressionKind } from "./errors.ts";
import { bindCondition, holds, type BoundCondition } from "./expressions/condition.ts";
import { Placeholders, type Names, type Values } from "./expressions/placeholders.ts";
import { bindUpdate, updated, type BoundUpdate } from "./expressions/update.ts";
import { isKeyAttribute, LIMITS, type StoredItem, type TableRecord } from "./model.ts";
import { checkUpdatedIndexKeys, keyOfItem, namedKey, type ItemKey } from "./storage/item-keys.ts";
import { followsOldItems, NO_INDEX_WRITES, type IndexWrites, type Origin } from "./storage/followers.ts";
import { hasCollections, itemCollection, type ItemCollection } from "./storage/item-collections.ts";
import { readItem, removeItem, writeItem } from "./storage/item-store.ts";
import { checkedItem, type AttributeValue, type Item } from "./values/attribute-value.ts";

interface Conditional {
  readonly condition?: string | undefined;
  readonly names?: Names | undefined;
  readonly values?: Values | undefined;
}

/** One change as a request states it, checked as far as it can be without its table. */
export interface Intent {
  readonly kind: "put" | "update" | "delete" | "check";
  /** What a put writes. */
  readonly stored: StoredItem | undefined;
  /** The key that the others name. */
  readonly givenKey: Item | undefined;
  readonly condition: BoundCondition | undefined;
  /** What an update does; undefined for one that only makes the item. */
  readonly update: BoundUpdate | undefined;
}

/** An intent with its place: checked as far as it can be without the item. */
export interface Change extends Intent {
  readonly table: TableRecord;
  readonly key: ItemKey;
  /** Whether the outcome depends on the item that stands there. */
  readonly needsOld: boolean;
}

const ONLY_CONDITION: readonly ExpressionKind[] = ["condition"];
const UPDATE_OR_CONDITION: readonly ExpressionKind[] = ["update", "condition"];

function boundCondition(input: Conditional): BoundCondition | undefined {
  if (input.condition === undefined && input.names === undefined && input.values === undefined) return undefined;
  const placeholders = new Placeholders(input.names, input.values);
  const condition =
    input.condition === undefined ? undefined : bindCondition("condition", input.condition, placeholders);
  placeholders.refuseUnused(condition !== undefined, ONLY_CONDITION);
  return condition;
}

/** Errors: `InvalidItem`, `ItemTooLarge`, `InvalidExpression`, placeholders' */
export function putting(input: Conditional & { readonly item: Item }): Intent {
  const stored = checkedItem(input.item);
  if (stored.sizeBytes > LIMITS.itemBytesMax) throw errors.ItemTooLarge({ isUpdate: false });
  return { kind: "put", stored, givenKey: undefined, condition: boundCondition(input), update: undefined };
}

/** Errors: `InvalidItem`, `InvalidExpression`, placeholders' */
export function deleting(input: Conditional & { readonly key: Item }): Intent {
  const givenKey = checkedItem(input.key).item;
  return { kind: "delete", stored: undefined, givenKey, condition: boundCondition(input), update: undefined };
}

/** Errors: `InvalidItem`, `InvalidExpression`, placeholders' */
export function checking(input: Conditional & { readonly key: Item; readonly condition: string }): Intent {
  const givenKey = checkedItem(input.key).item;
  return { kind: "check", stored: undefined, givenKey, condition: boundCondition(input), update: undefined };
}

/** Errors: `InvalidItem`, `InvalidExpression`, placeholders' */
export function updating(input: Conditional & { readonly key: Item; readonly update?: string | undefined }): Intent {
  const givenKey = checkedItem(input.key).item;
  const placeholders = new Placeholders(input.names, input.values);
  const update = input.update === undefined ? undefined : bindUpdate(input.update, placeholders);
  const condition =
    input.condition === undefined ? undefined : bindCondition("condition", input.condition, placeholders);
  placeholders.refuseUnused(update !== undefined || condition !== undefined, UPDATE_OR_CONDITION);
  return { kind: "update", stored: undefined, givenKey, condition, update };
}

/** Errors: `InvalidKey` */
export function placed(intent: Intent, table: TableRecord): Change {
  const { kind, stored, givenKey, condition, update } = intent;
  const key = stored ? keyOfItem(table, stored.item) : namedKey(table, givenKey as Item);
  if (update) refuseKeyAttributes(table, update);
  const needsOld =
    condition !== undefined || kind === "update" || kind === "check" || followsOldItems(table);
  return { kind, stored, givenKey, condition, update, table, key, needsOld };
}

function refuseKeyAttributes(table: TableRecord, update: BoundUpdate): void {
  const touched = update.paths.find((path) => isKeyAttribute(table, path[0] as string));
  if (!touched) return;
  throw errors.InvalidKey({
    reason:
      "One or more parameter values were invalid: "
      + `Cannot update attribute ${touched[0]}. This attribute is part of the key`,
  });
}

/** What stands at the key after the change. Errors: `UpdateNotApplicable`, `InvalidKey`, `InvalidItem` */
function after(change: Change, old: StoredItem | undefined): StoredItem | undefined {
  if (change.kind !== "update") return change.stored;
  const before = old?.item ?? (change.givenKey as Item);
  const stored = checkedItem(change.update ? updated(before, change.update) : before);
  checkUpdatedIndexKeys(change.table, stored.item);
  return stored;
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

/** Measures the collection a change belongs to; undefined where there are none. */
export function collectionOf(tx: Reader, change: Change): Promise<ItemCollection> | undefined {
  if (!hasCollections(change.table)) return undefined;
  const item = change.stored?.item ?? (change.givenKey as Item);
  return itemCollection(tx, change.table, item[change.table.partitionKey.name] as AttributeValue);
}

/** The same for several changes, each collection once. */
export async function collectionsOf(tx: Reader, changes: readonly Change[]): Promise<ItemCollection[]> {
  const found = new Map<string, ItemCollection>();
  for (const change of changes) {
    const place = JSON.stringify([change.table.id, change.key.partition]);
    const collection = found.has(place) ? undefined : await collectionOf(tx, change);
    if (collection) found.set(place, collection);
  }
  return [...found.values()];
}

export interface Outcome {
  readonly after: StoredItem | undefined;
  readonly tableUnits: number;
  readonly indexUnits: IndexWrites;
}

/** Errors: `ItemTooLarge`, `UpdateNotApplicable`, `InvalidKey`, `InvalidItem` */
export function carryOut(tx: Transaction, change: Change, old: StoredItem | undefined, origin: Origin): Outcome {
  const oldBytes = old?.sizeBytes ?? 0;
  if (change.kind === "check") return { after: old, tableUnits: writeUnits(oldBytes, 0), indexUnits: NO_INDEX_WRITES };
  const next = after(change, old);
  return {
    after: next,
    tableUnits: writeUnits(oldBytes, next?.sizeBytes ?? 0),
    indexUnits:
      next === undefined
        ? removeItem(tx, change.table, change.key, old, origin)
        : writeItem(tx, change.table, change.key, next, old, origin),
  };
}
