import { Type, type Static } from "typebox";
import type { Transaction } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import {
  LIMITS,
  requireTable,
  spaces,
  type IndexRecord,
  type KeyAttribute,
  type TableRecord,
  type Throughput,
} from "../model.ts";
import { fillIndex } from "../filling.ts";
import { putTable } from "../replicas.ts";
import { changeReplicas } from "./replicas.ts";
import * as shapes from "../shapes.ts";
import { beginStream, endStream } from "../streams.ts";
import { tableStatistics } from "../storage/statistics.ts";
import {
  checkAttributes,
  checkIndexes,
  checkOnDemandLimits,
  checkThroughput,
  indexRecordOf,
  mergedLimits,
  usedAttributes,
} from "../table-definition.ts";
import {
  attributes,
  billing,
  description,
  index,
  onDemandLimits,
  streamView,
  tableClass,
  throughput,
} from "./tables.ts";

const indexChange = Type.Union([
  Type.Object({ create: index }),
  Type.Object({
    update: Type.Object({
      name: Type.String(),
      throughput: Type.Optional(throughput),
      onDemandLimits: Type.Optional(onDemandLimits),
    }),
  }),
  Type.Object({ delete: Type.Object({ name: Type.String() }) }),
]);
type IndexChange = Static<typeof indexChange>;

const readLimits = { readUnits: Type.Optional(Type.Integer()), readUnitsMax: Type.Optional(Type.Integer()) };
/** A region of a global table, and what it has otherwise than the others. */
const replica = Type.Object({
  region: Type.String(),
  tableClass: Type.Optional(tableClass),
  encryptionKey: Type.Optional(Type.String()),
  ...readLimits,
  indexes: Type.Optional(Type.Array(Type.Object({ name: Type.String(), ...readLimits }))),
});

const input = Type.Object({
  table: shapes.table,
  attributes: Type.Optional(attributes),
  billing: Type.Optional(billing),
  throughput: Type.Optional(throughput),
  onDemandLimits: Type.Optional(onDemandLimits),
  indexChanges: Type.Optional(Type.Array(indexChange)),
  stream: Type.Optional(Type.Union([streamView, Type.Literal("off")])),
  tableClass: Type.Optional(tableClass),
  encryptionKey: Type.Optional(Type.String()),
  isEncryptionOff: Type.Optional(Type.Boolean()),
  isDeletionProtected: Type.Optional(Type.Boolean()),
  warmThroughput: Type.Optional(throughput),
  replicas: Type.Optional(
    Type.Object({
      added: Type.Array(replica),
      changed: Type.Optional(Type.Array(replica)),
      removed: Type.Array(Type.String()),
    }),
  ),
});
type Input = Static<typeof input>;

const refused = (reason: string) => errors.InvalidTable({ reason });
const INVALID = "One or more parameter values were invalid: ";
const NO_UNITS: Throughput = { readUnits: 0, writeUnits: 0 };

const dayOf = (ms: number): number => Math.floor(ms / (24 * 60 * 60 * 1000));

/** Four times a day whenever one likes, and after that once an hour. Errors: `LimitExceeded` */
function lowered({ throughputLowered: last }: TableRecord, nowMs: number): TableRecord["throughputLowered"] {
  const times = last && dayOf(last.atMs) === dayOf(nowMs) ? last.timesThatDay : 0;
  const isTooSoon = last !== undefined && nowMs - last.atMs < LIMITS.throughputDecreasePauseMs;
  if (times >= LIMITS.throughputDecreasesAtWill && isTooSoon) {
    throw errors.LimitExceeded({
      reason:
        "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. "
        + "After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once "
        + `every 3600 seconds. Number of decreases today: ${times}. `
        + `Last decrease at ${new Date(last.atMs).toISOString()}. Next decrease can be made at `
        + new Date(last.atMs + LIMITS.throughputDecreasePauseMs).toISOString(),
    });
  }
  return { atMs: nowMs, timesThatDay: times + 1 };
}

/** A table with another way of billing or other capacity. Errors: `InvalidTable`, `LimitExceeded` */
export function withBilling(
  table: TableRecord,
  wanted: Pick<Input, "billing" | "throughput">,
  nowMs: number,
): TableRecord {
  const mode = wanted.billing ?? table.billing;
  if (mode === "onDemand") {
    if (wanted.throughput) checkThroughput(wanted.throughput, mode);
    const since = table.billing === "onDemand" ? (table.onDemandSinceMs ?? nowMs) : nowMs;
    const indexes = table.indexes.map(({ throughput: _throughput, ...rest }) => rest);
    return { ...table, billing: mode, throughput: NO_UNITS, onDemandSinceMs: since, indexes };
  }
  if (table.billing === "onDemand") checkThroughput(wanted.throughput, mode);
  if (!wanted.throughput) return table;
  const { throughput: old } = table;
  const { readUnits, writeUnits } = wanted.throughput;
  if (table.billing === mode && old.readUnits === readUnits && old.writeUnits === writeUnits) {
    throw refused(
      "The provisioned throughput for the table will not change. The requested value equals the current value. "
        + `Current ReadCapacityUnits provisioned for the table: ${readUnits}. `
        + `Requested ReadCapacityUnits: ${readUnits}. `
        + `Current WriteCapacityUnits provisioned for the table: ${writeUnits}. `
        + `Requested WriteCapacityUnits: ${writeUnits}. `
        + "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
    );
  }
  const { onDemandLimits: _, ...rest } = table;
  return {
    ...rest,
    indexes: table.indexes.map(({ onDemandLimits: __, ...index }) => index),
    billing: mode,
    throughput: wanted.throughput,
    ...((readUnits > old.readUnits || writeUnits > old.writeUnits) && { throughputRaisedAtMs: nowMs }),
    ...((readUnits < old.readUnits || writeUnits < old.writeUnits) && { throughputLowered: lowered(table, nowMs) }),
  };
}

async function withStream(
  tx: Transaction,
  table: TableRecord,
  view: Input["stream"],
  ctx: OperationContext,
): Promise<TableRecord> {
  if (view === undefined) return table;
  if (view === "off") {
    if (!table.stream) throw refused("Table already has a disabled stream: TableName: " + table.name);
    if (table.replicas) {
      throw refused(`${INVALID}The stream of a table with replicas cannot be disabled: ${table.name}`);
    }
    await endStream(tx, table, ctx);
    const { stream: _, ...rest } = table;
    return rest;
  }
  if (table.stream) throw refused("Table already has an enabled stream: TableName: " + table.name);
  return { ...table, stream: await beginStream(tx, table, view, ctx) };
}

function withEncryption(table: TableRecord, wanted: Input, ctx: OperationContext): TableRecord {
  if (wanted.isEncryptionOff) {
    const { encryptionKey: _, ...rest } = table;
    return rest;
  }
  if (wanted.encryptionKey === undefined) return table;
  return { ...table, encryptionKey: wanted.encryptionKey || table.encryptionKey || ctx.ids.uuid() };
}

const existing = (table: TableRecord, name: string): IndexRecord => {
  const found = table.indexes.find((one) => one.name === name && !one.isLocal);
  if (!found) throw errors.IndexNotFound({ table: table.name, index: name });
  return found;
};

async function withIndexChange(
  tx: Transaction,
  table: TableRecord,
  change: IndexChange,
  given: readonly KeyAttribute[],
  ctx: OperationContext,
): Promise<TableRecord> {
  if ("delete" in change) {
    const gone = existing(table, change.delete.name);
    tx.clear(spaces.entry.range(gone.id));
    return { ...table, indexes: table.indexes.filter((one) => one !== gone) };
  }
  if ("update" in change) {
    const old = existing(table, change.update.name);
    const { throughput: units, onDemandLimits: limits } = change.update;
    if (units) checkThroughput(units, table.billing, old.name);
    checkOnDemandLimits(limits, table.billing);
    const { onDemandLimits: known, ...rest } = old;
    const next = { ...rest, ...(units && { throughput: units }), ...mergedLimits(known, limits) };
    return { ...table, indexes: table.indexes.map((one) => (one === old ? next : one)) };
  }
  if (table.indexes.some((one) => one.name === change.create.name)) {
    throw refused(`Attempting to create an index which already exists`);
  }
  const made = indexRecordOf(change.create, table, given, table.billing, ctx.ids);
  const indexes = [...table.indexes, made];
  checkIndexes(indexes);
  const isFilled = await fillIndex(tx, { ...table, indexes }, made, ctx);
  if (isFilled) return { ...table, indexes };
  return { ...table, indexes: [...table.indexes, { ...made, isBuilding: true }] };
}

function refuseConflicts(wanted: Input): void {
  const { table: _, attributes: __, ...rest } = wanted;
  if (Object.values(rest).every((value) => value === undefined || (Array.isArray(value) && value.length === 0))) {
    throw refused(
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
        + "SSESpecification or ReplicaUpdates is required",
    );
  }
  const builds = (wanted.indexChanges ?? []).filter((change) => !("update" in change)).length;
  if (builds > 1) {
    throw errors.LimitExceeded({
      reason: "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    });
  }
}

/** What a key holds is said once, when the key is made. */
function refuseOtherTypes(table: TableRecord, wanted: readonly KeyAttribute[]): void {
  for (const { name, type } of wanted) {
    const known = table.attributes.find((one) => one.name === name);
    if (!known || known.type === type) continue;
    throw refused(`${INVALID}The type of the key attribute ${name} is ${known.type} and cannot become ${type}`);
  }
}

export const updateTable = operation({
  summary: "Changes a table's settings, or creates and deletes its global indexes.",
  input,
  output: description,
  effects: "write",
  errors: ["TableNotFound", "TableInUse", "IndexNotFound", "InvalidTable", "LimitExceeded", "DeletionProtected"],
  async run(tx, wanted, ctx) {
    const table = await requireTable(tx, ctx, wanted.table);
    refuseConflicts(wanted);
    if (table.indexes.some((one) => one.isBuilding)) throw errors.TableInUse({ table: table.name });
    const nowMs = ctx.clock.nowMs();
    let next = await withStream(tx, withBilling(table, wanted, nowMs), wanted.stream, ctx);
    next = withEncryption(next, wanted, ctx);
    checkAttributes(wanted.attributes ?? []);
    checkOnDemandLimits(wanted.onDemandLimits, next.billing);
    refuseOtherTypes(table, wanted.attributes ?? []);
    const known = new Set(wanted.attributes?.map(({ name }) => name));
    const { onDemandLimits, ...others } = next;
    next = {
      ...others,
      ...mergedLimits(onDemandLimits, wanted.onDemandLimits),
      attributes: wanted.attributes
        ? [...next.attributes.filter(({ name }) => !known.has(name)), ...wanted.attributes]
        : next.attributes,
      ...(wanted.warmThroughput && { warmThroughput: wanted.warmThroughput }),
      ...(wanted.tableClass && { tableClass: wanted.tableClass }),
      ...(wanted.isDeletionProtected !== undefined && { isDeletionProtected: wanted.isDeletionProtected }),
    };
    for (const change of wanted.indexChanges ?? []) {
      next = await withIndexChange(tx, next, change, wanted.attributes ?? [], ctx);
    }
    if (next.billing === "provisioned") {
      for (const one of next.indexes) if (!one.isLocal) checkThroughput(one.throughput, next.billing, one.name);
    }
    if (wanted.replicas) next = await changeReplicas(tx, next, wanted.replicas, ctx);
    next = { ...next, attributes: usedAttributes(next.attributes, [next, ...next.indexes]) };
    await putTable(tx, ctx, next);
    return { table: next, statistics: await tableStatistics(tx, next) };
  },
});
