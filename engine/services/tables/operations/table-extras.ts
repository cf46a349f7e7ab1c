import { Type } from "typebox";
import { after } from "../../../kernel/key.ts";
import type { Reader } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import {
  destinationRecords,
  insightsRecords,
  policyRecords,
  requireTable,
  spaces,
  streamRecords,
  type DestinationRecord,
  type InsightsRecord,
  type KeySchema,
} from "../model.ts";
import { checkPolicy } from "../policies.ts";
import * as shapes from "../shapes.ts";

const refused = (reason: string) => errors.InvalidSetting({ reason });

/** What a policy is attached to: a table, or one of its streams. */
const policyHolder = { table: shapes.table, streamSinceMs: Type.Optional(Type.Integer()) };
const expected = Type.Optional(
  Type.String({ description: "The revision it must replace; `none` when there must be none yet." }),
);

async function requireHolder(tx: Reader, scope: Scope, table: string, streamSinceMs: number | undefined) {
  const record = await requireTable(tx, scope, table);
  if (streamSinceMs === undefined) return;
  if (await streamRecords.get(tx, scope.account, scope.region, record.name, streamSinceMs)) return;
  throw errors.TableNotFound({ table: `${table}/stream/${new Date(streamSinceMs).toISOString()}` });
}

export const getPolicy = operation({
  summary: "Shows the policy on who may use a table or one of its streams.",
  input: Type.Object(policyHolder),
  output: Type.Object({ document: Type.String(), revision: Type.String() }),
  effects: "read",
  errors: ["TableNotFound", "PolicyNotFound"],
  async run(tx, { table, streamSinceMs }, ctx) {
    await requireHolder(tx, ctx, table, streamSinceMs);
    const record = await policyRecords.get(tx, ctx.account, ctx.region, table, streamSinceMs ?? 0);
    if (!record) throw errors.PolicyNotFound({ resource: table });
    return record;
  },
});

export const putPolicy = operation({
  summary: "Keeps a policy on who may use a table or one of its streams.",
  input: Type.Object({ ...policyHolder, document: Type.String(), expected }),
  output: Type.Object({ revision: Type.String() }),
  effects: "write",
  errors: ["TableNotFound", "PolicyNotFound", "InvalidSetting"],
  async run(tx, { table, streamSinceMs, document, expected: wanted }, ctx) {
    await requireHolder(tx, ctx, table, streamSinceMs);
    checkPolicy(document);
    const old = await policyRecords.get(tx, ctx.account, ctx.region, table, streamSinceMs ?? 0);
    if (wanted !== undefined && wanted !== (old?.revision ?? "none")) throw errors.PolicyNotFound({ resource: table });
    if (old && old.document === document) return { revision: old.revision };
    const revision = String(Math.max(ctx.clock.nowMs(), Number(old?.revision ?? 0) + 1));
    policyRecords.put(tx, { document, revision }, ctx.account, ctx.region, table, streamSinceMs ?? 0);
    return { revision };
  },
});

export const removePolicy = operation({
  summary: "Removes the policy of a table or of one of its streams; none is no failure.",
  input: Type.Object({ ...policyHolder, expected }),
  output: Type.Object({ revision: Type.Optional(Type.String()) }),
  effects: "write",
  errors: ["TableNotFound", "PolicyNotFound"],
  async run(tx, { table, streamSinceMs, expected: wanted }, ctx) {
    await requireHolder(tx, ctx, table, streamSinceMs);
    const old = await policyRecords.get(tx, ctx.account, ctx.region, table, streamSinceMs ?? 0);
    if (wanted !== undefined && wanted !== old?.revision) throw errors.PolicyNotFound({ resource: table });
    if (!old) return {};
    policyRecords.remove(tx, ctx.account, ctx.region, table, streamSinceMs ?? 0);
    return { revision: old.revision };
  },
});

const insights = Type.Object(
  { isEnabled: Type.Boolean(), mode: Type.Optional(Type.String()), changedAtMs: shapes.timeMs },
  { description: "Whether the most used keys are reported." },
);
const insightsHolder = { table: shapes.table, index: Type.Optional(Type.String()) };
const OFF: InsightsRecord = { isEnabled: false, changedAtMs: 0 };

/** Errors: `TableNotFound`, `IndexNotFound` */
async function requireKeys(tx: Reader, scope: Scope, table: string, index: string | undefined): Promise<KeySchema> {
  const record = await requireTable(tx, scope, table);
  const keyed = index === undefined ? record : record.indexes.find(({ name }) => name === index);
  if (!keyed) throw errors.IndexNotFound({ table, index: index ?? "" });
  return keyed;
}

export const getInsights = operation({
  summary: "Shows whether a table or an index reports its most used keys.",
  input: Type.Object(insightsHolder),
  output: Type.Object({ ...insights.properties, hasSortKey: Type.Boolean() }),
  effects: "read",
  errors: ["TableNotFound", "IndexNotFound"],
  async run(tx, { table, index }, ctx) {
    const { sortKey } = await requireKeys(tx, ctx, table, index);
    const record = await insightsRecords.get(tx, ctx.account, ctx.region, table, index ?? "");
    return { ...(record ?? OFF), hasSortKey: sortKey !== undefined };
  },
});

export const setInsights = operation({
  summary: "Records whether a table or an index should report its most used keys.",
  input: Type.Object({ ...insightsHolder, isEnabled: Type.Boolean(), mode: Type.Optional(Type.String()) }),
  output: insights,
  effects: "write",
  errors: ["TableNotFound", "IndexNotFound"],
  async run(tx, { table, index, isEnabled, mode }, ctx) {
    await requireKeys(tx, ctx, table, index);
    const changedAtMs = ctx.clock.nowMs();
    const record: InsightsRecord = mode === undefined ? { isEnabled, changedAtMs } : { isEnabled, mode, changedAtMs };
    insightsRecords.put(tx, record, ctx.account, ctx.region, table, index ?? "");
    return record;
  },
});

const INSIGHTS_LISTED = 100;

export const listInsights = operation({
  summary: "Lists what tables and indexes say about reporting their most used keys.",
  input: Type.Object({
    table: Type.Optional(Type.String()),
    after: Type.Optional(Type.Object({ table: Type.String(), index: Type.String() })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: INSIGHTS_LISTED })),
  }),
  output: Type.Object({
    entries: Type.Array(Type.Object({ table: Type.String(), index: Type.String(), insights })),
    hasMore: Type.Boolean(),
  }),
  effects: "read",
  errors: ["TableNotFound"],
  async run(tx, { table, after: last, limit = INSIGHTS_LISTED }, ctx) {
    const { account, region } = ctx;
    if (table !== undefined) await requireTable(tx, ctx, table);
    const all =
      table === undefined ? spaces.insights.range(account, region) : spaces.insights.range(account, region, table);
    const range = last ? after(all, spaces.insights.key(account, region, last.table, last.index)) : all;
    const found = await insightsRecords.range(tx, range, { limit: limit + 1 });
    const entries = found.slice(0, limit).map(({ key, value }) => {
      const [, , name, index] = spaces.insights.parts(key);
      return { table: name, index, insights: value };
    });
    return { entries, hasMore: found.length > limit };
  },
});

const precisions = Type.Union([Type.Literal("millisecond"), Type.Literal("microsecond")]);
const destination = Type.Object(
  { target: Type.String(), isActive: Type.Boolean(), precision: precisions },
  { description: "A stream of another service that the changes are meant for." },
);
const target = Type.String();
const precision = Type.Optional(precisions);

export const listDestinations = operation({
  summary: "Shows the streams of other services that a table's changes are meant for.",
  input: Type.Object({ table: shapes.table }),
  output: Type.Object({ destinations: Type.Array(destination) }),
  effects: "read",
  errors: ["TableNotFound"],
  async run(tx, { table }, ctx) {
    await requireTable(tx, ctx, table);
    const range = spaces.destination.range(ctx.account, ctx.region, table);
    const found = await destinationRecords.range(tx, range, { limit: 100 });
    return { destinations: found.map(({ value }) => value) };
  },
});

export const setDestination = operation({
  summary: "Records that a table's changes are meant for a stream of another service, or no longer.",
  input: Type.Object({ table: shapes.table, target, isActive: Type.Boolean(), precision }),
  output: destination,
  effects: "write",
  errors: ["TableNotFound", "InvalidSetting"],
  async run(tx, { table, target: to, isActive, precision: wanted }, ctx) {
    await requireTable(tx, ctx, table);
    const old = await destinationRecords.get(tx, ctx.account, ctx.region, table, to);
    if (isActive && old?.isActive) {
      throw refused("Table is not in a valid state to enable Kinesis Streaming Destination: it is enabled already");
    }
    if (!isActive && !old?.isActive) {
      throw refused("Table is not in a valid state to disable Kinesis Streaming Destination: it is not enabled");
    }
    const record: DestinationRecord = { target: to, isActive, precision: wanted ?? old?.precision ?? "millisecond" };
    destinationRecords.put(tx, record, ctx.account, ctx.region, table, to);
    return record;
  },
});

export const changeDestination = operation({
  summary: "Changes how exactly a destination is told the times of changes.",
  input: Type.Object({ table: shapes.table, target, precision }),
  output: destination,
  effects: "write",
  errors: ["TableNotFound", "InvalidSetting"],
  async run(tx, { table, target: to, precision: wanted }, ctx) {
    await requireTable(tx, ctx, table);
    const old = await destinationRecords.get(tx, ctx.account, ctx.region, table, to);
    if (!old?.isActive) throw refused("Table is not in a valid state to update Kinesis Streaming Destination");
    if (wanted === undefined) throw refused("Streaming destination cannot be updated with given parameters");
    const record: DestinationRecord = { ...old, precision: wanted };
    destinationRecords.put(tx, record, ctx.account, ctx.region, table, to);
    return record;
  },
});
