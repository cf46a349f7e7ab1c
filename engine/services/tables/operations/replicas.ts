import { Type } from "typebox";
import { after } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { OperationContext, Scope } from "../../context.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import { lookForExpired, startExpiring } from "../expiring.ts";
import {
  requireTable,
  spaces,
  tableRecords,
  type ItemRecord,
  type ReplicaSettings,
  type TableRecord,
} from "../model.ts";
import { addReplica, changeReplica, giveReplicaUp, putTable } from "../replicas.ts";
import * as shapes from "../shapes.ts";
import { storedItem } from "../storage/item-record.ts";
import { writeItem } from "../storage/item-store.ts";
import { beginStream, endStream } from "../streams.ts";
import { dropTable } from "./tables.ts";

const region = Type.String();

export interface ReplicaChanges {
  readonly added: readonly (ReplicaSettings & { readonly region: string })[];
  readonly changed?: readonly (ReplicaSettings & { readonly region: string })[] | undefined;
  readonly removed: readonly string[];
}

/**
 * Adds regions to a table and takes some away; the first one makes it a global table, whose stream shows both images.
 * Errors: `InvalidTable`, `DeletionProtected`
 */
export async function changeReplicas(
  tx: Transaction,
  given: TableRecord,
  { added, changed = [], removed }: ReplicaChanges,
  ctx: OperationContext,
): Promise<TableRecord> {
  let table = given;
  if (added.length > 0 && table.stream && table.stream.view !== "newAndOldImages") {
    throw errors.InvalidTable({
      reason:
        "One or more parameter values were invalid: "
        + "The stream of a global table must have the view type NEW_AND_OLD_IMAGES",
    });
  }
  if (added.length > 0 && !table.stream) {
    table = { ...table, stream: await beginStream(tx, table, "newAndOldImages", ctx) };
  }
  for (const one of [...added, ...changed]) checkReplicaIndexes(table, one);
  for (const one of added) table = await addReplica(tx, table, one, ctx);
  for (const one of changed) {
    table = changeReplica(tx, table, await requireReplica(tx, table, one.region, ctx), one, ctx);
  }
  for (const name of removed) {
    const replica = await requireReplica(tx, table, name, ctx);
    if (replica.isDeletionProtected) throw errors.DeletionProtected({ table: table.name });
    await dropTable(tx, { ...ctx, region: name }, replica);
    const left = table.replicas?.filter((known) => known.region !== name) ?? [];
    const { replicas: _, ...alone } = table;
    table = left.length > 1 ? { ...alone, replicas: left } : alone;
  }
  return table;
}

/** Another region's record of the table. Errors: `InvalidTable` */
async function requireReplica(tx: Reader, table: TableRecord, name: string, scope: Scope): Promise<TableRecord> {
  const replica = await tableRecords.get(tx, scope.account, name, table.name);
  const isOne = table.replicas?.some((known) => known.region === name);
  if (isOne && replica && name !== scope.region) return replica;
  throw errors.InvalidTable({
    reason:
      "Replica specified in the Replica Update or Replica Delete action of the request was not found: "
      + `${table.name} in ${name}`,
  });
}

/** Errors: `InvalidTable` */
function checkReplicaIndexes(table: TableRecord, { indexes = [] }: ReplicaSettings): void {
  const strange = indexes.find(({ name }) => !table.indexes.some((one) => one.name === name && !one.isLocal));
  if (!strange) return;
  throw errors.InvalidTable({
    reason: `One or more parameter values were invalid: The table has no global secondary index ${strange.name}`,
  });
}

const globalTable = Type.Object(
  { name: Type.String(), createdAtMs: shapes.timeMs, regions: Type.Array(Type.String()) },
  { description: "A table that several regions have." },
);

const describedGlobal = (table: TableRecord) => ({
  name: table.name,
  createdAtMs: Math.min(table.createdAtMs, ...(table.replicas ?? []).map(({ createdAtMs }) => createdAtMs)),
  regions: (table.replicas ?? []).map((replica) => replica.region),
});

export const createGlobalTable = operation({
  summary: "Makes one table of empty tables of the same name that several regions have.",
  input: Type.Object({ table: shapes.table, regions: Type.Array(region) }),
  output: globalTable,
  effects: "write",
  errors: ["SourceTableNotFound", "GlobalTableAlreadyExists", "InvalidTable"],
  async run(tx, input, ctx) {
    const table = await tableRecords.get(tx, ctx.account, ctx.region, input.table);
    if (!table) throw errors.SourceTableNotFound({ table: input.table });
    if (table.replicas) throw errors.GlobalTableAlreadyExists({ table: table.name });
    const others = input.regions.filter((name) => name !== ctx.region);
    for (const name of others) await giveWay(tx, table, name, ctx);
    const added = others.map((name) => ({ region: name }));
    const alone: TableRecord = { ...table, replicas: [{ region: ctx.region, createdAtMs: ctx.clock.nowMs() }] };
    const next = await changeReplicas(tx, alone, { added, removed: [] }, ctx);
    await putTable(tx, ctx, next);
    return describedGlobal(next);
  },
});

const keysOf = ({ partitionKey, sortKey }: TableRecord) => JSON.stringify([partitionKey, sortKey ?? null]);

/** A region's own table of the name makes place for the shared one, when it is empty and keyed alike. */
async function giveWay(tx: Transaction, table: TableRecord, name: string, ctx: OperationContext): Promise<void> {
  const own = await tableRecords.get(tx, ctx.account, name, table.name);
  if (!own) throw errors.SourceTableNotFound({ table: table.name });
  const hasItems = (await tx.range(spaces.item.range(own.id), { limit: 1 })).length > 0;
  if (own.replicas || hasItems || keysOf(own) !== keysOf(table)) {
    throw errors.InvalidTable({
      reason: `One or more parameter values were invalid: The table in ${name} is not empty, or its keys are others`,
    });
  }
  await dropTable(tx, { ...ctx, region: name }, own);
}

/** A region leaves a global table and keeps a table of its own, with the items as they are now. */
async function goAlone(tx: Transaction, name: string, where: string, ctx: OperationContext): Promise<void> {
  const there = { ...ctx, region: where };
  const table = await requireTable(tx, there, name);
  const others = table.replicas?.filter((replica) => replica.region !== where) ?? [];
  if (others.length === 0) return;
  const { replicas: _, stream, ...rest } = table;
  const indexes = rest.indexes.map((index) => ({ ...index, id: ctx.ids.hex(16) }));
  const alone: TableRecord = { ...rest, id: ctx.ids.uuid(), indexes };
  for await (const { key, value } of tx.scan<ItemRecord>(spaces.item.range(table.id))) {
    const [, , partition, sort] = spaces.item.parts(key);
    writeItem(tx, alone, { partition, sort }, storedItem(value), undefined, ctx);
  }
  if (stream) await endStream(tx, table, there, [where]);
  const next = stream ? { ...alone, stream: await beginStream(tx, alone, stream.view, there) } : alone;
  await putTable(tx, there, next);
  await giveReplicaUp(tx, there, table, others);
  if (next.timeToLiveAttribute === undefined) return;
  await startExpiring(tx, next, there);
  await lookForExpired(tx, table, { ...ctx, region: others[0]?.region ?? ctx.region });
}

export const changeGlobalTable = operation({
  summary: "Adds regions to a global table and takes some away.",
  input: Type.Object({ table: shapes.table, added: Type.Array(region), removed: Type.Array(region) }),
  output: globalTable,
  effects: "write",
  errors: ["GlobalTableNotFound", "SourceTableNotFound", "InvalidTable", "ReplicaAlreadyExists", "ReplicaNotFound"],
  async run(tx, input, ctx) {
    const table = await tableRecords.get(tx, ctx.account, ctx.region, input.table);
    if (!table?.replicas) throw errors.GlobalTableNotFound({ table: input.table });
    for (const name of input.added) {
      if (table.replicas.some((known) => known.region === name)) {
        throw errors.ReplicaAlreadyExists({ table: table.name, region: name });
      }
      await giveWay(tx, table, name, ctx);
    }
    const strange = input.removed.find((name) => !table.replicas?.some((known) => known.region === name));
    if (strange !== undefined) throw errors.ReplicaNotFound({ table: table.name, region: strange });
    const added = input.added.map((name) => ({ region: name }));
    const next = await changeReplicas(tx, table, { added, removed: [] }, ctx);
    await putTable(tx, ctx, next);
    for (const name of input.removed) await goAlone(tx, table.name, name, ctx);
    return describedGlobal(await requireTable(tx, ctx, table.name));
  },
});

export const describeGlobalTable = operation({
  summary: "Shows a table that several regions have.",
  input: Type.Object({ table: shapes.table }),
  output: globalTable,
  effects: "read",
  errors: ["GlobalTableNotFound"],
  async run(tx, input, ctx) {
    const table = await tableRecords.get(tx, ctx.account, ctx.region, input.table);
    if (!table?.replicas) throw errors.GlobalTableNotFound({ table: input.table });
    return describedGlobal(table);
  },
});

export const listGlobalTables = operation({
  summary: "Lists the tables that several regions have.",
  input: Type.Object({
    region: Type.Optional(region),
    after: Type.Optional(Type.String()),
    limit: shapes.limit,
  }),
  output: Type.Object({ tables: Type.Array(globalTable), hasMore: Type.Boolean() }),
  effects: "read",
  errors: [],
  async run(tx, input, ctx) {
    const limit = input.limit ?? shapes.LISTED_AT_ONCE;
    const all = spaces.table.range(ctx.account, ctx.region);
    const range = input.after === undefined ? all : after(all, spaces.table.key(ctx.account, ctx.region, input.after));
    const found: TableRecord[] = [];
    for await (const { value } of tx.scan<TableRecord>(range)) {
      const regions = value.replicas?.map((replica) => replica.region) ?? [];
      if (regions.length === 0 || (input.region !== undefined && !regions.includes(input.region))) continue;
      found.push(value);
      if (found.length > limit) break;
    }
    return { tables: found.slice(0, limit).map(describedGlobal), hasMore: found.length > limit };
  },
});
