import { between } from "../../kernel/key.ts";
import { cancel, schedule, type Job } from "../../kernel/jobs.ts";
import type { Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "../context.ts";
import { spaces, tableRecords, type HistoryRecord, type TableRecord } from "./model.ts";

export const TRIM_HISTORY_JOB = "tables.trimHistory";
const DAY_MS = 24 * 60 * 60 * 1000;
const TRIMMED_AT_ONCE = 1000;

interface TrimPayload extends Scope {
  readonly table: string;
  readonly tableId: string;
}
const jobOf = (table: TableRecord): string => `${TRIM_HISTORY_JOB}:${table.id}`;

/** From now on what stood where something is written is kept, for the days of the table's recovery. */
export async function keepHistory(tx: Transaction, table: TableRecord, ctx: OperationContext): Promise<void> {
  const { account, region } = ctx;
  const payload: TrimPayload = { account, region, table: table.name, tableId: table.id };
  const dueAtMs = ctx.clock.nowMs() + DAY_MS;
  await schedule(tx, { id: jobOf(table), type: TRIM_HISTORY_JOB, dueAtMs, everyMs: DAY_MS, payload });
}

export async function forgetHistory(tx: Transaction, table: TableRecord): Promise<void> {
  await cancel(tx, jobOf(table));
  tx.clear(spaces.history.range(table.id));
}

/** Drops history that is too old to restore from. */
export async function trimHistory(tx: Transaction, job: Job, ctx: OperationContext): Promise<void> {
  const { table: name, tableId } = job.payload as TrimPayload;
  const table = await tableRecords.get(tx, ctx.account, ctx.region, name);
  if (table?.id !== tableId || !table.recovery) return;
  const goodSinceMs = ctx.clock.nowMs() - table.recovery.periodDays * DAY_MS;
  const range = spaces.history.range(tableId);
  const entries = await tx.range<HistoryRecord>(range, { limit: TRIMMED_AT_ONCE });
  const old = entries.filter(({ value }) => value.atMs < goodSinceMs);
  const last = old.at(-1);
  if (!last) return;
  tx.clear({ from: range.from, to: between(last.key, [...last.key, null]).to });
  if (old.length < TRIMMED_AT_ONCE) return;
  await schedule(tx, { type: TRIM_HISTORY_JOB, dueAtMs: ctx.clock.nowMs(), payload: job.payload });
}
