import { between, encodeKey } from "../../kernel/key.ts";
import { cancel, schedule, type Job } from "../../kernel/jobs.ts";
import type { KeyRange, Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "../context.ts";
import { fillExpiry } from "./filling.ts";
import { spaces, tableRecords, type TableRecord } from "./model.ts";
import { expirySecond, OLDEST_EXPIRY_SECONDS } from "./storage/expiry.ts";
import { readItem, removeItem } from "./storage/item-store.ts";

export const EXPIRE_JOB = "tables.expire";
const LOOKS_EVERY_MS = 60_000;
const EXPIRED_AT_ONCE = 500;

interface ExpirePayload extends Scope {
  readonly table: string;
}
const jobOf = (table: TableRecord): string => `${EXPIRE_JOB}:${table.id}`;

/** From now on a look each minute deletes what has expired. */
export async function startExpiring(tx: Transaction, table: TableRecord, ctx: OperationContext): Promise<void> {
  await fillExpiry(tx, table, ctx);
  await lookForExpired(tx, table, ctx);
}

/** Looks on behalf of the region of `ctx`, in place of whichever did before. */
export async function lookForExpired(tx: Transaction, table: TableRecord, ctx: OperationContext): Promise<void> {
  const { account, region } = ctx;
  const payload: ExpirePayload = { account, region, table: table.name };
  const dueAtMs = ctx.clock.nowMs() + LOOKS_EVERY_MS;
  await schedule(tx, { id: jobOf(table), type: EXPIRE_JOB, dueAtMs, everyMs: LOOKS_EVERY_MS, payload });
}

export async function stopExpiring(tx: Transaction, table: TableRecord): Promise<void> {
  await cancel(tx, jobOf(table));
  tx.clear(spaces.expiry.range(table.id));
}

function expiredRange(table: TableRecord, nowSeconds: number): KeyRange {
  const from = ["tables", "expiry", table.id, Math.max(0, nowSeconds - OLDEST_EXPIRY_SECONDS)];
  return { from: encodeKey(from), to: between(from, ["tables", "expiry", table.id, nowSeconds + 1]).to };
}

/** Deletes items whose time has come, as the table's stream will say. */
export async function expireItems(tx: Transaction, job: Job, ctx: OperationContext): Promise<void> {
  const { table: name } = job.payload as ExpirePayload;
  const table = await tableRecords.get(tx, ctx.account, ctx.region, name);
  if (!table || table.timeToLiveAttribute === undefined) return;
  const range = expiredRange(table, Math.floor(ctx.clock.nowMs() / 1000));
  const entries = await tx.range(range, { limit: EXPIRED_AT_ONCE });
  for (const { key } of entries) {
    const [, second, , partition, sort] = spaces.expiry.parts(key);
    const place = { partition, sort };
    const stored = await readItem(tx, table, place);
    if (stored && expirySecond(table, stored.item) === second) {
      removeItem(tx, table, place, stored, { clock: ctx.clock, isExpiry: true });
    }
    tx.delete(key);
  }
  if (entries.length < EXPIRED_AT_ONCE) return;
  await schedule(tx, { type: EXPIRE_JOB, dueAtMs: ctx.clock.nowMs(), payload: job.payload });
}
