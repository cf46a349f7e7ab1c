import { Type, type Static } from "typebox";
import type { Transaction } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import { operation } from "../../operation.ts";
import { addedUp, consumed, isMeasured, readUnits, type CapacityDetail, type Consumed } from "../capacity.ts";
import {
  carryOut,
  checking,
  collectionsOf,
  deleting,
  oldOf,
  placed,
  putting,
  updating,
  type Change,
  type Intent,
} from "../changes.ts";
import { errors, type CancellationReason } from "../errors.ts";
import { holds } from "../expressions/condition.ts";
import { onlyProjection, projected } from "../expressions/projection.ts";
import { LIMITS, requireTable, type StoredItem } from "../model.ts";
import { digestOf, wasDone } from "../request-tokens.ts";
import * as shapes from "../shapes.ts";
import type { Origin } from "../storage/followers.ts";
import { mismatchOf, namedKey } from "../storage/item-keys.ts";
import { readItem } from "../storage/item-store.ts";
import { checkedItem, type Item } from "../values/attribute-value.ts";

const EXPRESSION_ERRORS = [
  "InvalidExpression",
  "UnusedPlaceholders",
  "PlaceholdersWithoutExpression",
  "EmptyPlaceholders",
  "InvalidPlaceholder",
] as const;
const refused = (reason: string) => errors.InvalidRequest({ reason });
const tooLarge = () => refused("Transaction request exceeds the maximum size of 4 MB");

const action = Type.Union([
  Type.Object({ put: Type.Object({ table: shapes.table, item: shapes.item, ...shapes.conditional }) }),
  Type.Object({
    update: Type.Object({ table: shapes.table, key: shapes.item, update: Type.String(), ...shapes.conditional }),
  }),
  Type.Object({ delete: Type.Object({ table: shapes.table, key: shapes.item, ...shapes.conditional }) }),
  Type.Object({
    check: Type.Object({ table: shapes.table, key: shapes.item, ...shapes.conditional, condition: Type.String() }),
  }),
]);
type Action = Static<typeof action>;
const bodyOf = (one: Action) =>
  "put" in one ? one.put : "update" in one ? one.update : "delete" in one ? one.delete : one.check;

function intentOf(one: Action): Intent {
  if ("put" in one) return putting(one.put);
  if ("update" in one) return updating(one.update);
  if ("delete" in one) return deleting(one.delete);
  return checking(one.check);
}

/** Codes that cancel a transaction by the state of an item, rather than refuse the request. */
const CANCELLING: Readonly<Record<string, CancellationReason["code"]>> = {
  UpdateNotApplicable: "invalid",
  InvalidItem: "invalid",
  InvalidKey: "invalid",
  ItemTooLarge: "invalid",
};

export function refuseTwice(changes: readonly Change[]): void {
  const places = new Set(changes.map(({ table, key }) => JSON.stringify([table.id, key.partition, key.sort])));
  if (places.size < changes.length) throw refused("Transaction request cannot include multiple operations on one item");
}

/**
 * Does one thing after another for the actions of a transaction; keys that are not as their tables declare them cancel
 * the whole, and each is told of.
 * Errors: `TransactionCancelled`
 */
export async function forEachAction<A, T>(
  actions: readonly A[],
  run: (one: A, position: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let reasons: CancellationReason[] | undefined;
  for (const [position, one] of actions.entries()) {
    try {
      results.push(await run(one, position));
    } catch (error) {
      if (mismatchOf(error) === undefined) throw error;
      reasons ??= actions.map(() => ({ code: "none" }));
      reasons[position] = { code: "invalid", message: (error as ServiceError).message };
    }
  }
  if (reasons) throw errors.TransactionCancelled({ reasons });
  return results;
}

export interface Prepared {
  readonly change: Change;
  readonly old: StoredItem | undefined;
  readonly returnOnFailure: boolean | undefined;
  /** Its condition is that there is no such item yet. */
  readonly isInsert?: boolean;
}

/** Writes everything, or says for each action why not. Errors: `TransactionCancelled`, `InvalidRequest` */
export function carryOutAll(tx: Transaction, prepared: readonly Prepared[], origin: Origin) {
  let bytes = 0;
  const reasons = prepared.map(({ change, old, returnOnFailure, isInsert }): CancellationReason => {
    if (!change.condition || holds(change.condition, old?.item ?? {})) return { code: "none" };
    if (isInsert) return { code: "duplicate", message: "Duplicate primary key exists in table" };
    return {
      code: "conditionFailed",
      message: "The conditional request failed",
      ...(returnOnFailure && old && { item: old.item }),
    };
  });
  const outcomes = prepared.map(({ change, old }, index) => {
    try {
      const outcome = carryOut(tx, change, old, origin);
      bytes += outcome.after?.sizeBytes ?? 0;
      return outcome;
    } catch (error) {
      const code = error instanceof ServiceError ? CANCELLING[error.code] : undefined;
      if (code === undefined) throw error;
      if (reasons[index]?.code === "none") reasons[index] = { code, message: (error as ServiceError).message };
      return undefined;
    }
  });
  if (reasons.some((reason) => reason.code !== "none")) throw errors.TransactionCancelled({ reasons });
  if (bytes > LIMITS.transactionBytesMax) throw tooLarge();
  return outcomes;
}

/** A transaction prepares and then commits, so everything costs twice. */
export const twice = (units: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(units).map(([name, n]) => [name, n * 2]));

/** A request that was done before takes what it takes to read its items. */
async function readAgain(
  tx: Transaction,
  actions: readonly Action[],
  capacity: CapacityDetail | undefined,
  ctx: OperationContext,
): Promise<{ readonly consumed?: Consumed[] }> {
  if (!isMeasured(capacity)) return {};
  const spent: Consumed[] = [];
  for (const one of actions) {
    const table = await requireTable(tx, ctx, bodyOf(one).table);
    const old = await oldOf(tx, placed(intentOf(one), table));
    const units = consumed(capacity, table, readUnits(old?.sizeBytes ?? 0, true) * 2, {}, "read");
    if (units) spent.push(units);
  }
  return { consumed: addedUp(spent) };
}

export const transactWriteItems = operation({
  summary: "Writes, updates, deletes or checks up to 100 items of any tables: all of them or none.",
  input: Type.Object({
    actions: Type.Array(action),
    token: Type.Optional(Type.String()),
    capacity: shapes.capacity,
    wantsCollections: shapes.wantsCollections,
  }),
  output: Type.Object({
    consumed: Type.Optional(Type.Array(shapes.consumed)),
    collections: Type.Optional(Type.Array(shapes.collection)),
  }),
  effects: "write",
  errors: [
    "TableNotFound",
    "TransactionCancelled",
    "IdempotencyTokenReused",
    "InvalidRequest",
    "InvalidItem",
    "InvalidKey",
    ...EXPRESSION_ERRORS,
  ],
  async run(tx, input, ctx) {
    if (input.actions.length > LIMITS.transactionItemsMax)
      throw refused("Member must have length less than or equal to 100");
    if (input.token !== undefined && (await wasDone(tx, input.token, digestOf(input.actions), ctx)))
      return readAgain(tx, input.actions, input.capacity, ctx);
    const intents = input.actions.map(intentOf);
    const wantsOld = isMeasured(input.capacity);
    const prepared = await forEachAction(input.actions, async (one, position): Promise<Prepared> => {
      const table = await requireTable(tx, ctx, bodyOf(one).table);
      const change = placed(intents[position] as Intent, table);
      const old = wantsOld || change.needsOld ? await oldOf(tx, change) : undefined;
      return { change, old, returnOnFailure: bodyOf(one).returnOnFailure };
    });
    refuseTwice(prepared.map(({ change }) => change));
    const outcomes = carryOutAll(tx, prepared, ctx);
    const spent = outcomes.flatMap((outcome, index): Consumed[] => {
      const table = prepared[index]?.change.table;
      const units =
        outcome && table && consumed(input.capacity, table, outcome.tableUnits * 2, twice(outcome.indexUnits), "write");
      return units ? [units] : [];
    });
    const changes = prepared.map(({ change }) => change);
    const collections = input.wantsCollections ? await collectionsOf(tx, changes) : [];
    return {
      ...(spent.length > 0 && { consumed: addedUp(spent) }),
      ...(collections.length > 0 && { collections }),
    };
  },
});

export const transactGetItems = operation({
  summary: "Reads up to 100 items of any tables as they are at one moment.",
  input: Type.Object({
    gets: Type.Array(
      Type.Object({
        table: shapes.table,
        key: shapes.item,
        projection: Type.Optional(Type.String()),
        names: shapes.names,
      }),
    ),
    capacity: shapes.capacity,
  }),
  output: Type.Object({
    items: Type.Array(Type.Object({ item: Type.Optional(shapes.item) })),
    consumed: Type.Optional(Type.Array(shapes.consumed)),
  }),
  effects: "read",
  errors: [
    "TableNotFound",
    "TransactionCancelled",
    "InvalidRequest",
    "InvalidKey",
    "InvalidItem",
    ...EXPRESSION_ERRORS,
  ],
  async run(tx, input, ctx) {
    const spent: Consumed[] = [];
    const seen = new Set<string>();
    let bytes = 0;
    const items = await forEachAction(input.gets, async (get): Promise<{ item?: Item }> => {
      const projection = onlyProjection(get.projection, get.names);
      const table = await requireTable(tx, ctx, get.table);
      const key = namedKey(table, checkedItem(get.key).item);
      const place = JSON.stringify([table.id, key.partition, key.sort]);
      if (seen.has(place)) throw refused("Transaction request cannot include multiple operations on one item");
      seen.add(place);
      const stored = await readItem(tx, table, key);
      bytes += stored?.sizeBytes ?? 0;
      if (bytes > LIMITS.transactionBytesMax) throw tooLarge();
      const units = consumed(input.capacity, table, readUnits(stored?.sizeBytes ?? 0, true) * 2, {}, "read");
      if (units) spent.push(units);
      return stored ? { item: projection ? projected(stored.item, projection) : stored.item } : {};
    });
    return { items, ...(spent.length > 0 && { consumed: addedUp(spent) }) };
  },
});
