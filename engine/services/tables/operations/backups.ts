import { Type } from "typebox";
import { after } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { operation } from "../../operation.ts";
import { datedId } from "../dated-id.ts";
import { backupItems, removeBackup } from "../deleted-tables.ts";
import { errors } from "../errors.ts";
import {
  backupRecords,
  spaces,
  tableRecords,
  type BackupRecord,
  type ItemRecord,
  type StoredItem,
} from "../model.ts";
import { earliestRestorableMs, itemsAt, restoreInto } from "../restoring.ts";
import * as shapes from "../shapes.ts";
import type { ItemKey } from "../storage/item-keys.ts";
import { storedItem } from "../storage/item-record.ts";
import { tableStatistics } from "../storage/statistics.ts";
import { billing, description, index, onDemandLimits, throughput } from "./tables.ts";

const backup = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    createdAtMs: shapes.timeMs,
    expiresAtMs: Type.Optional(shapes.timeMs),
    source: description,
  },
  { description: "A copy of a table's items at one moment, with what the table was then." },
);

const described = ({ id: backupId, name, createdAtMs, table, itemCount, sizeBytes, ofDeleted }: BackupRecord) => ({
  id: backupId,
  name,
  createdAtMs,
  ...ofDeleted,
  source: { table, statistics: { itemCount, sizeBytes, indexes: {} } },
});
const id = Type.String({ description: "The backup's name in the engine, as it was given when it was made." });

async function requireBackup(tx: Reader, scope: Scope, wanted: string): Promise<BackupRecord> {
  const record = await backupRecords.get(tx, scope.account, scope.region, wanted);
  if (!record) throw errors.BackupNotFound({ backup: wanted });
  return record;
}

export const createBackup = operation({
  summary: "Copies a table's items as they are now.",
  input: Type.Object({ table: shapes.table, name: Type.String() }),
  output: backup,
  effects: "write",
  errors: ["SourceTableNotFound"],
  async run(tx, input, ctx) {
    const table = await tableRecords.get(tx, ctx.account, ctx.region, input.table);
    if (!table) throw errors.SourceTableNotFound({ table: input.table });
    const createdAtMs = ctx.clock.nowMs();
    const backupId = datedId(ctx);
    let [itemCount, sizeBytes] = [0, 0];
    for await (const { key, value } of tx.scan<ItemRecord>(spaces.item.range(table.id))) {
      const [, hash, partition, sort] = spaces.item.parts(key);
      tx.set(spaces.backupItem.key(backupId, hash, partition, sort), value);
      itemCount += 1;
      sizeBytes += value.sizeBytes;
    }
    const record: BackupRecord = { id: backupId, name: input.name, table, createdAtMs, itemCount, sizeBytes };
    backupRecords.put(tx, record, ctx.account, ctx.region, backupId);
    return described(record);
  },
});

export const describeBackup = operation({
  summary: "Shows a backup.",
  input: Type.Object({ id }),
  output: backup,
  effects: "read",
  errors: ["BackupNotFound"],
  run: async (tx, input, ctx) => described(await requireBackup(tx, ctx, input.id)),
});

export const listBackups = operation({
  summary: "Lists backups in the order they were made.",
  input: Type.Object({
    table: Type.Optional(Type.String()),
    after: Type.Optional(Type.String()),
    limit: shapes.limit,
    fromMs: Type.Optional(Type.Integer()),
    toMs: Type.Optional(Type.Integer({ description: "Those made before it." })),
    kind: Type.Optional(
      Type.Union([Type.Literal("made"), Type.Literal("ofDeleted")], {
        description: "Those that somebody made, or those that the engine keeps of deleted tables; all without it.",
      }),
    ),
  }),
  output: Type.Object({ backups: Type.Array(backup), hasMore: Type.Boolean() }),
  effects: "read",
  errors: [],
  async run(tx, input, ctx) {
    const { table, limit = shapes.LISTED_AT_ONCE, fromMs = 0, toMs = Number.POSITIVE_INFINITY } = input;
    const all = spaces.backup.range(ctx.account, ctx.region);
    const range = input.after === undefined ? all : after(all, spaces.backup.key(ctx.account, ctx.region, input.after));
    const backups: BackupRecord[] = [];
    for await (const { value } of tx.scan<BackupRecord>(range)) {
      if (table !== undefined && value.table.name !== table) continue;
      if (input.kind !== undefined && (input.kind === "ofDeleted") !== (value.ofDeleted !== undefined)) continue;
      if (value.createdAtMs < fromMs || value.createdAtMs >= toMs) continue;
      if (backups.length === limit) return { backups: backups.map(described), hasMore: true };
      backups.push(value);
    }
    return { backups: backups.map(described), hasMore: false };
  },
});

export const deleteBackup = operation({
  summary: "Deletes a backup.",
  input: Type.Object({ id }),
  output: backup,
  effects: "write",
  errors: ["BackupNotFound"],
  async run(tx, input, ctx) {
    const record = await requireBackup(tx, ctx, input.id);
    await removeBackup(tx, ctx, record);
    return described(record);
  },
});

const overrides = Type.Object({
  billing: Type.Optional(billing),
  throughput: Type.Optional(throughput),
  onDemandLimits: Type.Optional(onDemandLimits),
  globalIndexes: Type.Optional(Type.Array(index)),
  localIndexes: Type.Optional(Type.Array(index)),
  encryptionKey: Type.Optional(Type.String()),
});
const region = Type.Optional(Type.String({ description: "Where it is made from; the caller's own without it." }));
const RESTORE_ERRORS = ["TargetTableExists", "InvalidTable"] as const;

async function* itemsOf(tx: Transaction, record: BackupRecord): AsyncIterable<readonly [ItemKey, StoredItem]> {
  const space = record.ofDeleted ? spaces.item : spaces.backupItem;
  for await (const { key, value } of tx.scan<ItemRecord>(backupItems(record))) {
    const [, , partition, sort] = space.parts(key);
    yield [{ partition, sort }, storedItem(value)];
  }
}

export const restoreBackup = operation({
  summary: "Makes a new table out of a backup.",
  input: Type.Object({ id, region, target: shapes.table, overrides: Type.Optional(overrides) }),
  output: description,
  effects: "write",
  errors: ["BackupNotFound", ...RESTORE_ERRORS],
  async run(tx, input, ctx) {
    const source = { account: ctx.account, region: input.region ?? ctx.region };
    const record = await requireBackup(tx, source, input.id);
    const table = await restoreInto(tx, ctx, {
      target: input.target,
      source: record.table,
      region: source.region,
      backup: record.id,
      atMs: record.createdAtMs,
      overrides: input.overrides ?? {},
      items: itemsOf(tx, record),
    });
    return { table, statistics: await tableStatistics(tx, table) };
  },
});

export const restoreToTime = operation({
  summary: "Makes a new table out of another one as it was at a time.",
  input: Type.Object({
    table: shapes.table,
    region,
    target: shapes.table,
    atMs: Type.Optional(Type.Integer({ description: "Now without it." })),
    overrides: Type.Optional(overrides),
  }),
  output: description,
  effects: "write",
  errors: ["SourceTableNotFound", "HistoryNotKept", "RestoreTimeInvalid", ...RESTORE_ERRORS],
  async run(tx, input, ctx) {
    const sourceRegion = input.region ?? ctx.region;
    const source = await tableRecords.get(tx, ctx.account, sourceRegion, input.table);
    if (!source) throw errors.SourceTableNotFound({ table: input.table });
    if (!source.recovery) throw errors.HistoryNotKept({ table: input.table });
    const nowMs = ctx.clock.nowMs();
    const atMs = input.atMs ?? nowMs;
    const earliestMs = earliestRestorableMs(source.recovery, nowMs);
    if (atMs > nowMs || atMs < earliestMs) {
      throw errors.RestoreTimeInvalid({
        reason:
          "RestoreDateTime must lie between "
          + `${new Date(earliestMs).toISOString()} and ${new Date(nowMs).toISOString()}`,
      });
    }
    const table = await restoreInto(tx, ctx, {
      target: input.target,
      source,
      region: sourceRegion,
      atMs,
      overrides: input.overrides ?? {},
      items: itemsAt(tx, source, atMs),
    });
    return { table, statistics: await tableStatistics(tx, table) };
  },
});

