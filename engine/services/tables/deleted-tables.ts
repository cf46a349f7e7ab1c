import { cancel, schedule, type Job } from "../../kernel/jobs.ts";
import type { Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "../context.ts";
import { datedId } from "./dated-id.ts";
import { backupRecords, LIMITS, spaces, type BackupRecord, type TableRecord } from "./model.ts";
import { tableStatistics } from "./storage/statistics.ts";

export const FORGET_BACKUP_JOB = "tables.forgetBackup";

interface ForgetPayload extends Scope {
  readonly backup: string;
}
const jobOf = (backup: string): string => `${FORGET_BACKUP_JOB}:${backup}`;

/**
 * Keeps the items of a table that could be restored to a time, and that is deleted, as a backup for some weeks. They
 * stay where they are, so that it costs the same for any number of them.
 */
export async function keepDeleted(tx: Transaction, table: TableRecord, ctx: OperationContext): Promise<void> {
  const { account, region } = ctx;
  const createdAtMs = ctx.clock.nowMs();
  const expiresAtMs = createdAtMs + LIMITS.deletedTableLifeMs;
  const { itemCount, sizeBytes } = await tableStatistics(tx, table);
  const record: BackupRecord = {
    id: datedId(ctx),
    name: `${table.name}$DeletedTableBackup`,
    table,
    createdAtMs,
    itemCount,
    sizeBytes,
    ofDeleted: { expiresAtMs },
  };
  backupRecords.put(tx, record, account, region, record.id);
  const payload: ForgetPayload = { account, region, backup: record.id };
  await schedule(tx, { id: jobOf(record.id), type: FORGET_BACKUP_JOB, dueAtMs: expiresAtMs, payload });
}

/** The items that a backup holds. */
export const backupItems = ({ id, table, ofDeleted }: BackupRecord) =>
  ofDeleted ? spaces.item.range(table.id) : spaces.backupItem.range(id);

export async function removeBackup(tx: Transaction, scope: Scope, record: BackupRecord): Promise<void> {
  backupRecords.remove(tx, scope.account, scope.region, record.id);
  tx.clear(backupItems(record));
  if (record.ofDeleted) await cancel(tx, jobOf(record.id));
}

/** Forgets what was kept of a deleted table. */
export async function forgetBackup(tx: Transaction, job: Job): Promise<void> {
  const { account, region, backup } = job.payload as ForgetPayload;
  const record = await backupRecords.get(tx, account, region, backup);
  if (record) await removeBackup(tx, { account, region }, record);
}
