import { Type, type Static } from "typebox";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { OperationContext, Scope } from "../../context.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import { tableRecords, type IndexRecord, type ReplicaRecord, type TableRecord } from "../model.ts";
import { changeReplica, putTable } from "../replicas.ts";
import * as shapes from "../shapes.ts";
import { checkThroughput } from "../table-definition.ts";
import { change, changeScaling, describe, settings } from "./scaling.ts";
import { withBilling } from "./table-updates.ts";
import { billing, tableClass } from "./tables.ts";

/** Where nobody has said how much a region reads or an index writes. */
const UNITS_LEAST = 1;

const units = Type.Optional(Type.Integer({ minimum: 1 }));
const capacity = { readUnits: Type.Integer(), writeUnits: Type.Integer() };
const scaling = { read: Type.Optional(settings), write: Type.Optional(settings) };
const described = Type.Object({
  table: shapes.table,
  replicas: Type.Array(
    Type.Object({
      region: Type.String(),
      billing,
      onDemandSinceMs: Type.Optional(shapes.timeMs),
      tableClass: Type.Optional(tableClass),
      ...capacity,
      ...scaling,
      indexes: Type.Array(
        Type.Object({ name: Type.String(), isBuilding: Type.Boolean(), ...capacity, ...scaling }),
      ),
    }),
  ),
});

const input = Type.Object({
  table: shapes.table,
  billing: Type.Optional(billing),
  writeUnits: units,
  write: Type.Optional(change),
  indexes: Type.Array(Type.Object({ name: Type.String(), writeUnits: units, write: Type.Optional(change) })),
  replicas: Type.Array(
    Type.Object({
      region: Type.String(),
      readUnits: units,
      read: Type.Optional(change),
      tableClass: Type.Optional(tableClass),
      indexes: Type.Array(Type.Object({ name: Type.String(), readUnits: units, read: Type.Optional(change) })),
    }),
  ),
});
type Input = Static<typeof input>;
type GlobalTable = TableRecord & { readonly replicas: readonly ReplicaRecord[] };

/** Errors: `GlobalTableNotFound` */
async function requireGlobalTable(tx: Reader, scope: Scope, name: string): Promise<GlobalTable> {
  const table = await tableRecords.get(tx, scope.account, scope.region, name);
  if (!table?.replicas) throw errors.GlobalTableNotFound({ table: name });
  return { ...table, replicas: table.replicas };
}

async function describeSettings(
  tx: Reader,
  table: GlobalTable,
  { account }: Scope,
): Promise<Static<typeof described>> {
  const { throughput, onDemandSinceMs, name } = table;
  const followed = await describe(tx, table, table.replicas.map(({ region }) => region));
  const replicas: Static<typeof described>["replicas"] = [];
  for (const { region, indexes, ...scaled } of followed.replicas) {
    const own = table.replicas.find((one) => one.region === region);
    const replica = await tableRecords.get(tx, account, region, name);
    replicas.push({
      region,
      billing: table.billing,
      ...(onDemandSinceMs !== undefined && { onDemandSinceMs }),
      ...(replica?.tableClass && { tableClass: replica.tableClass }),
      readUnits: own?.readUnits ?? throughput.readUnits,
      writeUnits: throughput.writeUnits,
      ...scaled,
      indexes: indexes.map((index) => {
        const shared = table.indexes.find((one) => one.name === index.name)?.throughput;
        const readUnits = own?.indexes?.find((one) => one.name === index.name)?.readUnits;
        return { ...index, readUnits: readUnits ?? shared?.readUnits ?? 0, writeUnits: shared?.writeUnits ?? 0 };
      }),
    });
  }
  return { table: name, replicas };
}

function check(table: GlobalTable, { indexes, replicas }: Input): void {
  if (table.indexes.some((one) => one.isBuilding)) throw errors.TableInUse({ table: table.name });
  for (const { region } of replicas)
    if (!table.replicas.some((known) => known.region === region))
      throw errors.ReplicaNotFound({ table: table.name, region });
  for (const { name } of [...indexes, ...replicas.flatMap((replica) => replica.indexes)])
    if (!table.indexes.some((one) => one.name === name && !one.isLocal))
      throw errors.GlobalIndexNotFound({ table: table.name, index: name });
}

/** The table with what all of its regions share: billing, and what they write. */
function withShared(table: TableRecord, wanted: Input, nowMs: number): TableRecord {
  const { billing: mode = table.billing, writeUnits } = wanted;
  const readUnits = table.throughput.readUnits || UNITS_LEAST;
  const isSame = mode === table.billing && (writeUnits ?? table.throughput.writeUnits) === table.throughput.writeUnits;
  const asked = { billing: mode, ...(writeUnits !== undefined && { throughput: { readUnits, writeUnits } }) };
  const next = isSame ? table : withBilling(table, asked, nowMs);
  const changed = (index: IndexRecord): IndexRecord => {
    const units = wanted.indexes.find(({ name }) => name === index.name)?.writeUnits;
    const old = index.throughput ?? { readUnits: UNITS_LEAST, writeUnits: UNITS_LEAST };
    const throughput = units === undefined ? old : { ...old, writeUnits: units };
    if (units !== undefined) checkThroughput(throughput, mode, index.name);
    return index.isLocal || mode === "onDemand" ? index : { ...index, throughput };
  };
  return { ...next, indexes: next.indexes.map(changed) };
}

/** The table with what one region has otherwise than the others. */
async function withOwn(
  tx: Transaction,
  table: TableRecord,
  { region, readUnits, tableClass: wantedClass, indexes }: Input["replicas"][number],
  ctx: OperationContext,
): Promise<TableRecord> {
  const readOf = indexes.flatMap((one) =>
    one.readUnits === undefined ? [] : [{ name: one.name, readUnits: one.readUnits }],
  );
  const asked = {
    region,
    ...(readUnits !== undefined && { readUnits }),
    ...(wantedClass && { tableClass: wantedClass }),
    ...(readOf.length > 0 && { indexes: readOf }),
  };
  const replica = await tableRecords.get(tx, ctx.account, region, table.name);
  const next = replica ? changeReplica(tx, table, replica, asked, ctx) : table;
  return region === ctx.region && wantedClass ? { ...next, tableClass: wantedClass } : next;
}

export const describeGlobalSettings = operation({
  summary: "Shows the capacity of a global table in each region.",
  input: Type.Object({ table: shapes.table }),
  output: described,
  effects: "read",
  errors: ["GlobalTableNotFound"],
  run: async (tx, { table }, ctx) => describeSettings(tx, await requireGlobalTable(tx, ctx, table), ctx),
});

export const changeGlobalSettings = operation({
  summary: "Changes the capacity of a global table, in all regions or in each.",
  input,
  output: described,
  effects: "write",
  errors: [
    "GlobalTableNotFound",
    "ReplicaNotFound",
    "GlobalIndexNotFound",
    "IndexNotFound",
    "TableNotFound",
    "TableInUse",
    "InvalidTable",
    "LimitExceeded",
  ],
  async run(tx, wanted, ctx) {
    const before = await requireGlobalTable(tx, ctx, wanted.table);
    check(before, wanted);
    let table = withShared(before, wanted, ctx.clock.nowMs());
    for (const replica of wanted.replicas) table = await withOwn(tx, table, replica, ctx);
    await putTable(tx, ctx, table);
    const { write, replicas } = wanted;
    const indexes = wanted.indexes.flatMap((one) => (one.write ? [{ name: one.name, write: one.write }] : []));
    await changeScaling.run(
      tx,
      {
        table: table.name,
        ...(write && { write }),
        indexes,
        replicas: replicas.map(({ region, read, indexes: own }) => ({
          region,
          ...(read && { read }),
          indexes: own.flatMap((one) => (one.read ? [{ name: one.name, read: one.read }] : [])),
        })),
      },
      ctx,
    );
    return describeSettings(tx, { ...table, replicas: table.replicas ?? [] }, ctx);
  },
});
