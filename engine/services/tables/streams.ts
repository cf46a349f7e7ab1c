import { between, startingWith } from "../../kernel/key.ts";
import { cancel, schedule, type Job } from "../../kernel/jobs.ts";
import type { Reader, Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "../context.ts";
import type { ResourceContext } from "../resource-type.ts";
import {
  LIMITS,
  spaces,
  streamRecords,
  type ChangeRecord,
  type StreamRecord,
  type StreamView,
  type TableRecord,
} from "./model.ts";

export const TRIM_STREAM_JOB = "tables.trimStream";
export const FORGET_STREAM_JOB = "tables.forgetStream";
const TRIMS_EVERY_MS = 60 * 60 * 1000;
const TRIMMED_AT_ONCE = 1000;

interface StreamPayload extends Scope {
  readonly stream: string;
  readonly table: string;
  readonly sinceMs: number;
  /** No other region goes on with the stream. */
  readonly isLast?: boolean;
}
const trimJobOf = (streamId: string): string => `${TRIM_STREAM_JOB}:${streamId}`;

const regionsOf = (table: TableRecord, scope: Scope): readonly string[] =>
  table.replicas?.map(({ region }) => region) ?? [scope.region];

/** A label is a time, and a table's streams have different ones. */
async function freeLabel(tx: Reader, scope: Scope, table: string, nowMs: number): Promise<number> {
  let sinceMs = nowMs;
  while (await streamRecords.get(tx, scope.account, scope.region, table, sinceMs)) sinceMs += 1;
  return sinceMs;
}

/** Opens a stream of a table's changes in every region that has the table. */
export async function beginStream(
  tx: Transaction,
  table: TableRecord,
  view: StreamView,
  ctx: OperationContext,
): Promise<NonNullable<TableRecord["stream"]>> {
  const nowMs = ctx.clock.nowMs();
  const id = ctx.ids.hex(16);
  const sinceMs = await freeLabel(tx, ctx, table.name, nowMs);
  const stream = { id, view, sinceMs };
  for (const region of regionsOf(table, ctx)) putStream(tx, { account: ctx.account, region }, table, stream);
  const payload: StreamPayload = {
    account: ctx.account,
    region: ctx.region,
    stream: id,
    table: table.name,
    sinceMs,
  };
  const dueAtMs = nowMs + TRIMS_EVERY_MS;
  await schedule(tx, { id: trimJobOf(id), type: TRIM_STREAM_JOB, dueAtMs, everyMs: TRIMS_EVERY_MS, payload });
  return stream;
}

/** One region's record of a stream. */
export function putStream(
  tx: Transaction,
  scope: Scope,
  table: TableRecord,
  { id, view, sinceMs }: NonNullable<TableRecord["stream"]>,
): void {
  const { partitionKey, sortKey } = table;
  const keys = sortKey ? { partitionKey, sortKey } : { partitionKey };
  const record: StreamRecord = { id, table: table.name, keys, view, sinceMs };
  streamRecords.put(tx, record, scope.account, scope.region, table.name, sinceMs);
}

export async function lastPosition(tx: Reader, streamId: string): Promise<number | undefined> {
  const [last] = await tx.range<ChangeRecord>(spaces.change.range(streamId), { limit: 1, reverse: true });
  return last && spaces.change.parts(last.key)[1];
}

/**
 * Closes a table's stream, in every region or in one that gives its replica up; what it holds can be read until it is
 * a day old. Of a stream that is undone before anything was written to it nothing stays.
 */
export async function endStream(
  tx: Transaction,
  table: TableRecord,
  ctx: OperationContext & Pick<ResourceContext, "isUndo">,
  regions: readonly string[] = regionsOf(table, ctx),
): Promise<void> {
  const { stream } = table;
  if (!stream) return;
  const isLast = regionsOf(table, ctx).every((region) => regions.includes(region));
  const endedAtMs = ctx.clock.nowMs();
  const last = await lastPosition(tx, stream.id);
  for (const region of regions) {
    const record = await streamRecords.get(tx, ctx.account, region, table.name, stream.sinceMs);
    if (!record) continue;
    const ended: StreamRecord = { ...record, endedAtMs, ...(last !== undefined && { lastPosition: last }) };
    streamRecords.put(tx, ended, ctx.account, region, table.name, stream.sinceMs);
    const payload: StreamPayload = {
      account: ctx.account,
      region,
      stream: stream.id,
      table: table.name,
      sinceMs: stream.sinceMs,
      isLast,
    };
    if (ctx.isUndo && last === undefined) await forget(tx, payload);
    else await schedule(tx, { type: FORGET_STREAM_JOB, dueAtMs: endedAtMs + LIMITS.streamLifeMs, payload });
  }
}

/** Drops changes that are older than a day. */
export async function trimStream(tx: Transaction, job: Job, ctx: OperationContext): Promise<void> {
  const { stream } = job.payload as StreamPayload;
  const goodSinceMs = ctx.clock.nowMs() - LIMITS.streamLifeMs;
  const entries = await tx.range<ChangeRecord>(spaces.change.range(stream), { limit: TRIMMED_AT_ONCE });
  const old = entries.filter(({ value }) => value.atMs < goodSinceMs);
  const last = old.at(-1);
  if (!last) return;
  const first = startingWith(["tables", "change", stream]).from;
  tx.clear({ from: first, to: between(last.key, [...last.key, null]).to });
  if (old.length < TRIMMED_AT_ONCE) return;
  await schedule(tx, { type: TRIM_STREAM_JOB, dueAtMs: ctx.clock.nowMs(), payload: job.payload });
}

/** Forgets a stream that ended a day ago, with all it holds. */
export const forgetStream = (tx: Transaction, job: Job): Promise<void> => forget(tx, job.payload as StreamPayload);

async function forget(tx: Transaction, payload: StreamPayload): Promise<void> {
  const { account, region, stream, table, sinceMs, isLast } = payload;
  streamRecords.remove(tx, account, region, table, sinceMs);
  if (!isLast) return;
  await cancel(tx, trimJobOf(stream));
  tx.clear(spaces.change.range(stream));
}
