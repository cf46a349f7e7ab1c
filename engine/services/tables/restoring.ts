import type { Reader, Transaction } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";
import { errors } from "./errors.ts";
import {
  spaces,
  tableRecords,
  type HistoryRecord,
  type ItemRecord,
  type IndexRecord,
  type OnDemandLimits,
  type StoredItem,
  type TableRecord,
  type Throughput,
} from "./model.ts";
import { putTable } from "./replicas.ts";
import type { ItemKey } from "./storage/item-keys.ts";
import { storedItem } from "./storage/item-record.ts";
import { writeItem } from "./storage/item-store.ts";
import {
  checkIndexes,
  checkOnDemandLimits,
  checkTableName,
  checkThroughput,
  indexRecordOf,
  mergedLimits,
  usedAttributes,
  type IndexDefinition,
} from "./table-definition.ts";

/** What a restored table may have otherwise than the one it is made from. */
export interface Overrides {
  readonly billing?: TableRecord["billing"] | undefined;
  readonly throughput?: Throughput | undefined;
  readonly onDemandLimits?: OnDemandLimits | undefined;
  readonly globalIndexes?: readonly IndexDefinition[] | undefined;
  readonly localIndexes?: readonly IndexDefinition[] | undefined;
  readonly encryptionKey?: string | undefined;
}

const NO_UNITS: Throughput = { readUnits: 0, writeUnits: 0 };

function builtAnew(index: IndexRecord, ctx: OperationContext): IndexRecord {
  const { isBuilding: _isBuilding, ...rest } = index;
  return { ...rest, id: ctx.ids.hex(16) };
}

function indexesOf(
  kept: readonly IndexRecord[],
  given: readonly IndexDefinition[] | undefined,
  source: TableRecord,
  billing: TableRecord["billing"],
  ctx: OperationContext,
): IndexRecord[] {
  if (!given) return kept.map((index) => builtAnew(index, ctx));
  return given.map((one) => {
    const made = indexRecordOf(one, source, source.attributes, billing, ctx.ids);
    if (kept.some((index) => shapeOf(index) === shapeOf(made))) return made;
    throw errors.InvalidTable({
      reason:
        "One or more parameter values were invalid: "
        + `The index ${made.name} is not an index of the table that is restored`,
    });
  });
}

/** What a restored index has from the one it is made from: indexes can be left out, and not be changed. */
const shapeOf = ({ name, partitionKey, sortKey, projection: { kind, attributes = [] } }: IndexRecord): string =>
  JSON.stringify([name, partitionKey, sortKey, kind, attributes.toSorted()]);

/** A new table like another one. Its stream, its expiry, its labels and its recovery are not taken over. */
function definitionOf(source: TableRecord, name: string, given: Overrides, ctx: OperationContext): TableRecord {
  const billing = given.billing ?? source.billing;
  const changed = given.throughput ?? (billing === source.billing ? source.throughput : undefined);
  const throughput = billing === "onDemand" ? undefined : changed;
  checkThroughput(billing === "onDemand" ? given.throughput : throughput, billing);
  const withUnits = (index: IndexRecord): IndexRecord => {
    const { throughput: units, onDemandLimits, ...rest } = index;
    if (index.isLocal || billing === "onDemand") return { ...rest, ...mergedLimits(undefined, onDemandLimits) };
    return { ...rest, throughput: units ?? (throughput as Throughput) };
  };
  const local = source.indexes.filter((index) => index.isLocal);
  const global = source.indexes.filter((index) => !index.isLocal);
  const indexes = [
    ...indexesOf(local, given.localIndexes, source, billing, ctx),
    ...indexesOf(global, given.globalIndexes, source, billing, ctx).map(withUnits),
  ];
  checkIndexes(indexes);
  const nowMs = ctx.clock.nowMs();
  checkOnDemandLimits(given.onDemandLimits, billing);
  const limits = given.onDemandLimits ?? (billing === source.billing ? source.onDemandLimits : undefined);
  const encryptionKey = given.encryptionKey ?? source.encryptionKey;
  const { partitionKey, sortKey } = source;
  return {
    version: 1,
    id: ctx.ids.uuid(),
    name,
    createdAtMs: nowMs,
    partitionKey,
    ...(sortKey && { sortKey }),
    attributes: usedAttributes(source.attributes, [source, ...indexes]),
    indexes,
    billing,
    throughput: throughput ?? NO_UNITS,
    ...(billing === "onDemand" && { onDemandSinceMs: nowMs }),
    ...mergedLimits(undefined, limits),
    ...(source.tableClass && { tableClass: source.tableClass }),
    ...(encryptionKey !== undefined && { encryptionKey: encryptionKey || ctx.ids.uuid() }),
    isDeletionProtected: false,
    labels: {},
  };
}

/**
 * Makes a table like `source` and writes what `items` yields into it.
 * Errors: `TargetTableExists`, `InvalidTable`
 */
export async function restoreInto(
  tx: Transaction,
  ctx: OperationContext,
  wanted: {
    readonly target: string;
    readonly source: TableRecord;
    readonly region: string;
    readonly backup?: string;
    /** The moment that the items are from. */
    readonly atMs: number;
    readonly overrides: Overrides;
    readonly items: AsyncIterable<readonly [ItemKey, StoredItem]>;
  },
): Promise<TableRecord> {
  const { target, source, region, backup, atMs, overrides } = wanted;
  checkTableName(target);
  if (await tableRecords.get(tx, ctx.account, ctx.region, target)) throw errors.TargetTableExists({ table: target });
  const isElsewhere = region !== ctx.region;
  const from = { table: source.name, ...(isElsewhere && { region }), ...(backup !== undefined && { backup }) };
  const table: TableRecord = { ...definitionOf(source, target, overrides, ctx), restored: { atMs, from } };
  await putTable(tx, ctx, table);
  for await (const [key, stored] of wanted.items) writeItem(tx, table, key, stored, undefined, ctx);
  return table;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Since when a table's items are known at every moment. */
export const earliestRestorableMs = (recovery: NonNullable<TableRecord["recovery"]>, nowMs: number): number =>
  Math.max(recovery.sinceMs, nowMs - recovery.periodDays * DAY_MS);

export const placeText = ({ partition, sort }: ItemKey): string => JSON.stringify([partition, sort]);

/** What stood at `atMs` where something was written since; the first change after it knows. */
async function undone(
  tx: Reader,
  tableId: string,
  atMs: number,
): Promise<Map<string, HistoryRecord>> {
  const before = new Map<string, HistoryRecord>();
  for await (const { value } of tx.scan<HistoryRecord>(spaces.history.range(tableId), { reverse: true })) {
    if (value.atMs <= atMs) break;
    before.set(placeText(value), value);
  }
  return before;
}

/** A table's items as they were at a time since which its history was kept. */
export async function* itemsAt(
  tx: Reader,
  table: TableRecord,
  atMs: number,
): AsyncIterable<readonly [ItemKey, StoredItem]> {
  const before = await undone(tx, table.id, atMs);
  for await (const { key, value } of tx.scan<ItemRecord>(spaces.item.range(table.id))) {
    const [, , partition, sort] = spaces.item.parts(key);
    if (!before.has(placeText({ partition, sort }))) yield [{ partition, sort }, storedItem(value)];
  }
  for (const { partition, sort, old } of before.values()) if (old) yield [{ partition, sort }, storedItem(old)];
}
