import { Type } from "typebox";
import { Labels, withoutLabels } from "../../labels.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import { startExpiring, stopExpiring } from "../expiring.ts";
import { forgetHistory, keepHistory } from "../history.ts";
import { checkedLabels } from "../labels.ts";
import { requireTable, tableRecords } from "../model.ts";
import * as shapes from "../shapes.ts";
import { putTable } from "../replicas.ts";
import { earliestRestorableMs } from "../restoring.ts";

const refused = (reason: string) => errors.InvalidSetting({ reason });
const onlyTable = Type.Object({ table: shapes.table });

export const getTimeToLive = operation({
  summary: "Shows which attribute says when an item expires.",
  input: onlyTable,
  output: Type.Object({ attribute: Type.Optional(Type.String()) }),
  effects: "read",
  errors: ["TableNotFound"],
  async run(tx, input, ctx) {
    const { timeToLiveAttribute: attribute } = await requireTable(tx, ctx, input.table);
    return attribute === undefined ? {} : { attribute };
  },
});

export const setTimeToLive = operation({
  summary: "Says which attribute holds the time (Unix seconds) when an item expires, or that none does.",
  input: Type.Object({ table: shapes.table, attribute: Type.String(), isEnabled: Type.Boolean() }),
  output: Type.Object({ attribute: Type.String(), isEnabled: Type.Boolean() }),
  effects: "write",
  errors: ["TableNotFound", "InvalidSetting"],
  async run(tx, { table: name, attribute, isEnabled }, ctx) {
    if (attribute === "") throw refused("TimeToLiveSpecification.AttributeName must not be empty");
    const { timeToLiveAttribute: current, ...table } = await requireTable(tx, ctx, name);
    if (isEnabled && current === attribute) throw refused("TimeToLive is already enabled");
    if (!isEnabled && current === undefined) throw refused("TimeToLive is already disabled");
    if (current !== undefined && current !== attribute) {
      throw refused(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
    }
    if (isEnabled) {
      const expiring = { ...table, timeToLiveAttribute: attribute };
      await putTable(tx, ctx, expiring);
      await startExpiring(tx, expiring, ctx);
    } else {
      await putTable(tx, ctx, table);
      await stopExpiring(tx, table);
    }
    return { attribute, isEnabled };
  },
});

const recovery = Type.Object({
  isEnabled: Type.Boolean(),
  periodDays: Type.Optional(Type.Integer()),
  earliestMs: Type.Optional(Type.Integer()),
  latestMs: Type.Optional(Type.Integer()),
});
const PERIOD_DAYS_MAX = 35;

interface RecoveryRecord {
  readonly sinceMs: number;
  readonly periodDays: number;
}
const describedRecovery = (record: RecoveryRecord | undefined, nowMs: number) =>
  record
    ? {
        isEnabled: true,
        periodDays: record.periodDays,
        earliestMs: earliestRestorableMs(record, nowMs),
        latestMs: nowMs,
      }
    : { isEnabled: false };

export const getRecovery = operation({
  summary: "Shows whether a table can be restored to a point in time.",
  input: onlyTable,
  output: recovery,
  effects: "read",
  errors: ["RecoverySettingsNotFound"],
  async run(tx, input, ctx) {
    const table = await tableRecords.get(tx, ctx.account, ctx.region, input.table);
    if (!table) throw errors.RecoverySettingsNotFound({ table: input.table });
    return describedRecovery(table.recovery, ctx.clock.nowMs());
  },
});

export const setRecovery = operation({
  summary: "Records whether a table should be restorable to a point in time.",
  input: Type.Object({
    table: shapes.table,
    isEnabled: Type.Boolean(),
    periodDays: Type.Optional(Type.Integer({ minimum: 1, maximum: PERIOD_DAYS_MAX })),
  }),
  output: recovery,
  effects: "write",
  errors: ["RecoverySettingsNotFound"],
  async run(tx, input, ctx) {
    const record = await tableRecords.get(tx, ctx.account, ctx.region, input.table);
    if (!record) throw errors.RecoverySettingsNotFound({ table: input.table });
    const { recovery: current, ...table } = record;
    const nowMs = ctx.clock.nowMs();
    const next = input.isEnabled
      ? { sinceMs: current?.sinceMs ?? nowMs, periodDays: input.periodDays ?? current?.periodDays ?? PERIOD_DAYS_MAX }
      : undefined;
    await putTable(tx, ctx, { ...table, ...(next && { recovery: next }) });
    if (next && !current) await keepHistory(tx, table, ctx);
    if (!next && current && !table.replicas) await forgetHistory(tx, table);
    return describedRecovery(next, nowMs);
  },
});

export const listLabels = operation({
  summary: "Shows a table's labels.",
  input: onlyTable,
  output: Type.Object({ labels: Labels }),
  effects: "read",
  errors: ["TableNotFound"],
  async run(tx, input, ctx) {
    const { labels } = await requireTable(tx, ctx, input.table);
    return { labels: { ...labels } };
  },
});

export const changeLabels = operation({
  summary: "Sets and removes labels of a table.",
  input: Type.Object({
    table: shapes.table,
    set: Type.Optional(Labels),
    remove: Type.Optional(Type.Array(Type.String())),
  }),
  output: Type.Object({}),
  effects: "write",
  errors: ["TableNotFound", "InvalidSetting"],
  async run(tx, input, ctx) {
    const table = await requireTable(tx, ctx, input.table);
    const labels = checkedLabels({ ...withoutLabels(table.labels, input.remove ?? []), ...input.set });
    await putTable(tx, ctx, { ...table, labels });
    return {};
  },
});
