import { after } from "../../kernel/key.ts";
import { schedule, type Job } from "../../kernel/jobs.ts";
import type { Key, Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "./../context.ts";
import { LIMITS, spaces, tableRecords, type IndexRecord, type ItemRecord, type TableRecord } from "./model.ts";
import { putTable } from "./replicas.ts";
import { enterItem } from "./storage/index-entries.ts";
import { enterExpiry } from "./storage/followers.ts";
import { storedItem } from "./storage/item-record.ts";

/** What is being filled from a table's items: one of its indexes, or its order by expiry. */
type Target = { readonly index: string } | "expiry";

interface FillPayload extends Scope {
  readonly table: string;
  readonly tableId: string;
  readonly target: Target;
  /** The last item that was entered. */
  readonly after?: Key;
}

export const FILL_JOB = "tables.fill";

/** Enters some items; returns where to go on, or undefined when all are in. */
async function enterSome(
  tx: Transaction,
  table: TableRecord,
  target: Target,
  last: Key | undefined,
): Promise<Key | undefined> {
  const all = spaces.item.range(table.id);
  const entries = await tx.range<ItemRecord>(last ? after(all, last) : all, { limit: LIMITS.filledAtOnceMax });
  const index = target === "expiry" ? undefined : table.indexes.find(({ id }) => id === target.index);
  for (const { value } of entries) {
    if (index) enterItem(tx, table, index, storedItem(value));
    else enterExpiry(tx, table, storedItem(value));
  }
  return entries.length < LIMITS.filledAtOnceMax ? undefined : entries.at(-1)?.key;
}

/** Fills what was just added to `table`: at once when it is small, else step by step; returns whether it is done. */
async function fill(tx: Transaction, table: TableRecord, target: Target, scope: Scope, atMs: number): Promise<boolean> {
  const left = await enterSome(tx, table, target, undefined);
  if (left === undefined) return true;
  const { account, region } = scope;
  const payload: FillPayload = { account, region, table: table.name, tableId: table.id, target, after: left };
  await schedule(tx, { type: FILL_JOB, dueAtMs: atMs, payload });
  return false;
}

export const fillIndex = (
  tx: Transaction,
  table: TableRecord,
  index: IndexRecord,
  ctx: OperationContext,
): Promise<boolean> => fill(tx, table, { index: index.id }, ctx, ctx.clock.nowMs());

export const fillExpiry = (tx: Transaction, table: TableRecord, ctx: OperationContext): Promise<boolean> =>
  fill(tx, table, "expiry", ctx, ctx.clock.nowMs());

/** Goes on with a filling; what was added may be gone by now. */
export async function fillMore(tx: Transaction, job: Job, ctx: OperationContext): Promise<void> {
  const payload = job.payload as FillPayload;
  const { target } = payload;
  const table = await tableRecords.get(tx, ctx.account, ctx.region, payload.table);
  if (table?.id !== payload.tableId) return;
  const index = target === "expiry" ? undefined : table.indexes.find(({ id }) => id === target.index);
  if (target === "expiry" ? table.timeToLiveAttribute === undefined : index === undefined) return;
  const left = await enterSome(tx, table, target, payload.after);
  if (left !== undefined) {
    await schedule(tx, { type: FILL_JOB, dueAtMs: ctx.clock.nowMs(), payload: { ...payload, after: left } });
    return;
  }
  if (!index) return;
  const { isBuilding: _, ...built } = index;
  await putTable(tx, ctx, { ...table, indexes: table.indexes.map((one) => (one === index ? built : one)) });
}
