import { Type, type Static } from "typebox";
import { after } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import type { ResourceContext } from "../../resource-type.ts";
import { Labels } from "../../labels.ts";
import { operation } from "../../operation.ts";
import { keepDeleted } from "../deleted-tables.ts";
import { errors } from "../errors.ts";
import { LIMITS, policyRecords, spaces, tableRecords, type TableRecord } from "../model.ts";
import { checkPolicy } from "../policies.ts";
import { giveReplicaUp, putTable } from "../replicas.ts";
import * as shapes from "../shapes.ts";
import { beginStream, endStream } from "../streams.ts";
import { tableStatistics, type TableStatistics } from "../storage/statistics.ts";
import { lookForExpired, stopExpiring } from "../expiring.ts";
import { forgetHistory } from "../history.ts";
import { checkedLabels } from "../labels.ts";
import {
  checkAttributes,
  checkIndexes,
  checkOnDemandLimits,
  checkTableName,
  checkThroughput,
  indexRecordOf,
  keySchemaOf,
  mergedLimits,
  refuseUnusedAttributes,
} from "../table-definition.ts";

const keyType = Type.Union([Type.Literal("S"), Type.Literal("N"), Type.Literal("B")]);
export const attributes = Type.Array(Type.Object({ name: Type.String(), type: keyType }));
const keys = Type.Array(
  Type.Object({ name: Type.String(), role: Type.Union([Type.Literal("partition"), Type.Literal("sort")]) }),
);
export const throughput = Type.Object({
  readUnits: Type.Integer({ minimum: 1 }),
  writeUnits: Type.Integer({ minimum: 1 }),
});
export const onDemandLimits = Type.Object({
  readUnitsMax: Type.Optional(Type.Integer()),
  writeUnitsMax: Type.Optional(Type.Integer()),
});
const projection = Type.Object({
  kind: Type.Optional(Type.Union([Type.Literal("all"), Type.Literal("keysOnly"), Type.Literal("include")])),
  attributes: Type.Optional(Type.Array(Type.String())),
});
export const index = Type.Object({
  name: Type.String(),
  isLocal: Type.Boolean(),
  keys,
  projection: Type.Optional(projection),
  throughput: Type.Optional(throughput),
  onDemandLimits: Type.Optional(onDemandLimits),
});
export const billing = Type.Union([Type.Literal("provisioned"), Type.Literal("onDemand")]);
export const streamView = Type.Union([
  Type.Literal("keysOnly"),
  Type.Literal("newImage"),
  Type.Literal("oldImage"),
  Type.Literal("newAndOldImages"),
]);
export const tableClass = Type.Union([Type.Literal("standard"), Type.Literal("infrequentAccess")]);

/** A table as it is described: its record and what it holds. */
export interface TableDescription {
  readonly table: TableRecord;
  readonly statistics: TableStatistics;
}
export const description = shapes.unsafe<TableDescription>("The table's settings and what it holds.");

export const createInput = Type.Object({
  table: shapes.table,
  attributes,
  keys,
  indexes: Type.Optional(Type.Array(index)),
  billing: Type.Optional(billing),
  throughput: Type.Optional(throughput),
  onDemandLimits: Type.Optional(onDemandLimits),
  stream: Type.Optional(streamView),
  tableClass: Type.Optional(tableClass),
  /** A key's name, or empty for the engine's own. */
  encryptionKey: Type.Optional(Type.String()),
  isDeletionProtected: Type.Optional(Type.Boolean()),
  warmThroughput: Type.Optional(throughput),
  /** A policy on who may use the table. */
  policy: Type.Optional(Type.String()),
  labels: Type.Optional(Labels),
});

const NOTHING: TableStatistics = { itemCount: 0, sizeBytes: 0, indexes: {} };
const NO_UNITS = { readUnits: 0, writeUnits: 0 };

function recordOf(input: Static<typeof createInput>, ctx: OperationContext): TableRecord {
  const mode = input.billing ?? "provisioned";
  checkAttributes(input.attributes);
  const schema = keySchemaOf(input.keys, input.attributes);
  checkThroughput(input.throughput, mode);
  checkOnDemandLimits(input.onDemandLimits, mode, true);
  const indexes = (input.indexes ?? []).map((one) => indexRecordOf(one, schema, input.attributes, mode, ctx.ids));
  checkIndexes(indexes);
  refuseUnusedAttributes(input.attributes, schema, indexes);
  const nowMs = ctx.clock.nowMs();
  return {
    version: 1,
    id: ctx.ids.uuid(),
    name: input.table,
    createdAtMs: nowMs,
    ...schema,
    attributes: input.attributes,
    indexes,
    billing: mode,
    throughput: input.throughput ?? NO_UNITS,
    ...(mode === "onDemand" && { onDemandSinceMs: nowMs }),
    ...mergedLimits(undefined, input.onDemandLimits),
    ...(input.warmThroughput && { warmThroughput: input.warmThroughput }),
    ...(input.tableClass && { tableClass: input.tableClass }),
    ...(input.encryptionKey !== undefined && { encryptionKey: input.encryptionKey || ctx.ids.uuid() }),
    isDeletionProtected: input.isDeletionProtected ?? false,
    labels: checkedLabels(input.labels ?? {}),
  };
}

/** A table as it is asked for, once its name is found to be free. Errors: `TableAlreadyExists`, `InvalidTable` */
export async function newTable(
  tx: Reader,
  input: Static<typeof createInput>,
  ctx: OperationContext,
): Promise<TableRecord> {
  checkTableName(input.table);
  const record = recordOf(input, ctx);
  if (await tableRecords.get(tx, ctx.account, ctx.region, input.table))
    throw errors.TableAlreadyExists({ table: input.table });
  return record;
}

export const createTable = operation({
  summary: "Creates a table.",
  input: createInput,
  output: description,
  effects: "write",
  errors: ["TableAlreadyExists", "InvalidTable", "InvalidSetting"],
  async run(tx, input, ctx) {
    if (input.policy !== undefined) checkPolicy(input.policy);
    const record = await newTable(tx, input, ctx);
    const table = input.stream ? { ...record, stream: await beginStream(tx, record, input.stream, ctx) } : record;
    await putTable(tx, ctx, table);
    if (input.policy !== undefined) {
      const policy = { document: input.policy, revision: String(ctx.clock.nowMs()) };
      policyRecords.put(tx, policy, ctx.account, ctx.region, table.name, 0);
    }
    return { table, statistics: NOTHING };
  },
});

export const describeTable = operation({
  summary: "Shows a table's settings and how much it holds.",
  input: Type.Object({ table: shapes.table }),
  output: description,
  effects: "read",
  errors: ["TableNotFound"],
  async run(tx, input, ctx) {
    const table = await tableRecords.get(tx, ctx.account, ctx.region, input.table);
    if (!table) throw errors.TableNotFound({ table: input.table });
    return { table, statistics: await tableStatistics(tx, table) };
  },
});

const limits = Type.Object({ readUnits: Type.Integer(), writeUnits: Type.Integer() });

export const describeLimits = operation({
  summary: "Shows how much capacity an account and a table may have.",
  input: Type.Object({}),
  output: Type.Object({ account: limits, table: limits }),
  effects: "read",
  errors: [],
  run: () => Promise.resolve({ account: LIMITS.accountUnitsMax, table: LIMITS.tableUnitsMax }),
});

export const listTables = operation({
  summary: "Lists the names of tables in order.",
  input: Type.Object({
    after: Type.Optional(Type.String()),
    limit: shapes.limit,
  }),
  output: Type.Object({ tables: Type.Array(Type.String()), lastTable: Type.Optional(Type.String()) }),
  effects: "read",
  errors: [],
  async run(tx, input, ctx) {
    const limit = input.limit ?? shapes.LISTED_AT_ONCE;
    const all = spaces.table.range(ctx.account, ctx.region);
    const range = input.after === undefined ? all : after(all, spaces.table.key(ctx.account, ctx.region, input.after));
    const found = await tx.range<TableRecord>(range, { limit: limit + 1 });
    const tables = found.slice(0, limit).map(({ value }) => value.name);
    const lastTable = found.length > limit ? tables.at(-1) : undefined;
    return { tables, ...(lastTable !== undefined && { lastTable }) };
  },
});

/** Removes a table's record; its items go with the last of its replicas. */
export async function dropTable(
  tx: Transaction,
  ctx: OperationContext & Pick<ResourceContext, "isUndo">,
  table: TableRecord,
): Promise<void> {
  if (table.stream) await endStream(tx, table, ctx, [ctx.region]);
  tableRecords.remove(tx, ctx.account, ctx.region, table.name);
  for (const space of [spaces.policy, spaces.insights, spaces.destination]) {
    tx.clear(space.range(ctx.account, ctx.region, table.name));
  }
  const replicas = table.replicas?.filter(({ region }) => region !== ctx.region) ?? [];
  // What is set for all regions is a global table's, which it is with two.
  tx.clear(replicas.length > 1 ? spaces.scaling.range(table.id, ctx.region) : spaces.scaling.range(table.id));
  const [heir] = replicas;
  if (heir) {
    if (table.timeToLiveAttribute !== undefined) await lookForExpired(tx, table, { ...ctx, region: heir.region });
    return giveReplicaUp(tx, ctx, table, replicas);
  }
  await stopExpiring(tx, table);
  await forgetHistory(tx, table);
  for (const one of table.indexes) tx.clear(spaces.entry.range(one.id));
  if (table.recovery && !ctx.isUndo) await keepDeleted(tx, table, ctx);
  else tx.clear(spaces.item.range(table.id));
}

export const deleteTable = operation({
  summary: "Deletes a table with all its items.",
  input: Type.Object({ table: shapes.table }),
  output: description,
  effects: "write",
  errors: ["TableNotFound", "TableInUse", "DeletionProtected"],
  async run(tx, input, ctx) {
    const table = await tableRecords.get(tx, ctx.account, ctx.region, input.table);
    if (!table) throw errors.TableNotFound({ table: input.table });
    if (table.isImporting) throw errors.TableInUse({ table: table.name });
    if (table.isDeletionProtected) throw errors.DeletionProtected({ table: table.name });
    await dropTable(tx, ctx, table);
    return { table, statistics: NOTHING };
  },
});
