import { Type } from "typebox";
import { after, between } from "../../../kernel/key.ts";
import type { KeyRange, Reader } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import { LIMITS, spaces, streamRecords, type ChangeRecord, type StreamRecord } from "../model.ts";
import * as shapes from "../shapes.ts";
import { lastPosition } from "../streams.ts";

/** When a stream began: with its table, its name. */
const sinceMs = shapes.timeMs;
const stream = Type.Object(
  {
    id: Type.String(),
    table: Type.String(),
    keys: shapes.keySchema,
    view: Type.Union([
      Type.Literal("keysOnly"),
      Type.Literal("newImage"),
      Type.Literal("oldImage"),
      Type.Literal("newAndOldImages"),
    ]),
    sinceMs,
    endedAtMs: Type.Optional(shapes.timeMs),
    lastPosition: Type.Optional(Type.Integer()),
  },
  { description: "A stream of a table's changes." },
);
async function requireStream(tx: Reader, scope: Scope, table: string, since: number): Promise<StreamRecord> {
  const record = await streamRecords.get(tx, scope.account, scope.region, table, since);
  if (!record) throw errors.StreamNotFound({ stream: `${table}/${new Date(since).toISOString()}` });
  return record;
}

export const listStreams = operation({
  summary: "Lists streams, also those that have ended within a day, by table and age.",
  input: Type.Object({
    table: Type.Optional(Type.String()),
    after: Type.Optional(Type.Object({ table: Type.String(), sinceMs: Type.Integer() })),
    limit: shapes.limit,
  }),
  output: Type.Object({ streams: Type.Array(stream), hasMore: Type.Boolean() }),
  effects: "read",
  errors: [],
  async run(tx, { table, after: last, limit = shapes.LISTED_AT_ONCE }, ctx) {
    const { account, region } = ctx;
    const all =
      table === undefined ? spaces.stream.range(account, region) : spaces.stream.range(account, region, table);
    const range = last ? after(all, spaces.stream.key(account, region, last.table, last.sinceMs)) : all;
    const found = await tx.range<StreamRecord>(range, { limit: limit + 1 });
    return { streams: found.slice(0, limit).map(({ value }) => value), hasMore: found.length > limit };
  },
});

export const describeStream = operation({
  summary: "Shows a stream of a table's changes.",
  input: Type.Object({ table: shapes.table, sinceMs }),
  output: stream,
  effects: "read",
  errors: ["StreamNotFound"],
  run: (tx, input, ctx) => requireStream(tx, ctx, input.table, input.sinceMs),
});

/** A place in a stream, as clients carry it about. */
interface Iterator {
  readonly table: string;
  readonly sinceMs: number;
  /** The first position to be read. */
  readonly position: number;
  readonly createdAtMs: number;
}
const printed = (iterator: Iterator): string => Buffer.from(JSON.stringify(iterator)).toString("base64url");

function parsed(text: string): Iterator {
  try {
    const value = JSON.parse(Buffer.from(text, "base64url").toString()) as Partial<Iterator>;
    const { table, sinceMs: since, position, createdAtMs } = value;
    if (
      typeof table === "string"
      && [since, position, createdAtMs].every((number) => Number.isSafeInteger(number))
    ) {
      return value as Iterator;
    }
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
  }
  throw errors.InvalidRequest({ reason: "Invalid ShardIterator" });
}

const changesFrom = (streamId: string, position: number): KeyRange => ({
  from: between(spaces.change.key(streamId, position), []).from,
  to: spaces.change.range(streamId).to,
});

/** The position of the oldest change that is not a day old. */
async function horizon(tx: Reader, streamId: string, nowMs: number): Promise<number> {
  for await (const { key, value } of tx.scan<ChangeRecord>(spaces.change.range(streamId), { pageSize: 100 })) {
    if (value.atMs >= nowMs - LIMITS.streamLifeMs) return spaces.change.parts(key)[1];
  }
  return 0;
}

/**
 * The position of the first change at `atMs` or later, found by halving since times rise with positions; behind the
 * last one when all are earlier.
 */
async function positionAt(tx: Reader, streamId: string, atMs: number): Promise<number> {
  const range = spaces.change.range(streamId);
  const [first] = await tx.range<ChangeRecord>(range, { limit: 1 });
  let low = first ? spaces.change.parts(first.key)[1] : 0;
  let high = ((await lastPosition(tx, streamId)) ?? -1) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [next] = await tx.range<ChangeRecord>(changesFrom(streamId, middle), { limit: 1 });
    if (!next || next.value.atMs >= atMs) high = middle;
    else low = spaces.change.parts(next.key)[1] + 1;
  }
  return low;
}

export const openIterator = operation({
  summary: "Takes a place in a stream, from which its changes can be read.",
  input: Type.Object({
    table: shapes.table,
    sinceMs,
    from: Type.Union([
      Type.Literal("oldest"),
      Type.Literal("latest"),
      Type.Literal("at"),
      Type.Literal("after"),
      Type.Literal("time"),
    ]),
    position: Type.Optional(Type.Integer({ minimum: 0, description: "With `at` and `after`." })),
    atMs: Type.Optional(Type.Integer({ description: "With `time`." })),
  }),
  output: Type.Object({ stream, iterator: Type.String() }),
  effects: "read",
  errors: ["StreamNotFound", "ChangesTrimmed", "InvalidRequest"],
  async run(tx, { table, sinceMs: since, from, position = 0, atMs = 0 }, ctx) {
    const record = await requireStream(tx, ctx, table, since);
    const createdAtMs = ctx.clock.nowMs();
    const oldest = await horizon(tx, record.id, createdAtMs);
    let first = oldest;
    if (from === "latest") first = ((await lastPosition(tx, record.id)) ?? -1) + 1;
    if (from === "time") first = Math.max(oldest, await positionAt(tx, record.id, atMs));
    if (from === "at" || from === "after") {
      const wasTrimmed = position > 0 && position < oldest && (await tx.get(spaces.change.key(record.id, position)));
      if (wasTrimmed) throw errors.ChangesTrimmed({ position });
      first = from === "at" ? position : position + 1;
    }
    return { stream: record, iterator: printed({ table, sinceMs: since, position: first, createdAtMs }) };
  },
});

const change = Type.Object(
  {
    kind: Type.Union([Type.Literal("insert"), Type.Literal("modify"), Type.Literal("remove")]),
    position: Type.Integer(),
    atMs: shapes.timeMs,
    keys: shapes.item,
    old: Type.Optional(shapes.item),
    next: Type.Optional(shapes.item),
    sizeBytes: Type.Integer(),
    isExpiry: Type.Optional(Type.Literal(true, { description: "The engine deleted it: its time had come." })),
  },
  { description: "One change, with the images of its view." },
);

export const readChanges = operation({
  summary: "Reads the next changes of a stream and gives the place to go on from, while there may be more.",
  input: Type.Object({
    iterator: Type.String(),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.changesPerReadMax })),
  }),
  output: Type.Object({ stream, changes: Type.Array(change), next: Type.Optional(Type.String()) }),
  effects: "read",
  errors: ["StreamNotFound", "IteratorExpired", "InvalidRequest"],
  async run(tx, { iterator, limit = LIMITS.changesPerReadMax }, ctx) {
    const { table, sinceMs: since, position, createdAtMs } = parsed(iterator);
    const nowMs = ctx.clock.nowMs();
    if (nowMs - createdAtMs > LIMITS.iteratorLifeMs) throw errors.IteratorExpired({ createdAtMs, nowMs });
    const record = await requireStream(tx, ctx, table, since);
    const entries = await tx.range<ChangeRecord>(changesFrom(record.id, position), { limit });
    const changes: (ChangeRecord & { readonly position: number })[] = [];
    let sizeBytes = 0;
    for (const { key, value } of entries) {
      sizeBytes += value.sizeBytes;
      if (changes.length > 0 && sizeBytes > LIMITS.pageBytesMax) break;
      if (value.atMs >= nowMs - LIMITS.streamLifeMs) changes.push({ ...value, position: spaces.change.parts(key)[1] });
    }
    const last = changes.at(-1)?.position ?? position - 1;
    const isAtEnd = record.endedAtMs !== undefined && last >= (record.lastPosition ?? 0);
    if (isAtEnd) return { stream: record, changes };
    const next = printed({ table, sinceMs: since, position: last + 1, createdAtMs: nowMs });
    return { stream: record, changes, next };
  },
});
