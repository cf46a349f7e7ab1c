import { Type, type Static } from "typebox";
import { schedule } from "../../../kernel/jobs.ts";
import type { OperationContext } from "../../context.ts";
import { operation } from "../../operation.ts";
import { datedId } from "../dated-id.ts";
import { errors } from "../errors.ts";
import { tableRecords, type TableRecord } from "../model.ts";
import * as shapes from "../shapes.ts";
import { EXPORT_JOB, type TransferPayload } from "../transfers/exporting.ts";
import { exportRecords, transferSpaces, type ExportRecord, type Extent } from "../transfers/model.ts";
import { listTransfers, listInput } from "../transfers/listing.ts";
import { startedBefore } from "../transfers/tokens.ts";
import { earliestRestorableMs } from "../restoring.ts";

const described = shapes.unsafe<ExportRecord>("An export and how far it is.");
const extent = Type.Union([
  Type.Object({ kind: Type.Literal("full"), atMs: Type.Optional(shapes.timeMs) }),
  Type.Object({
    kind: Type.Literal("changes"),
    fromMs: shapes.timeMs,
    toMs: Type.Optional(shapes.timeMs),
    view: Type.Union([Type.Literal("newImage"), Type.Literal("newAndOldImages")]),
  }),
]);
const exportInput = Type.Object({
  table: shapes.table,
  tableName: Type.String({ description: "What the manifest calls the table: its name in the caller's cloud." }),
  bucket: Type.String(),
  expectedAccount: Type.Optional(Type.String()),
  prefix: Type.Optional(Type.String()),
  encryption: Type.Optional(
    Type.Object({
      kind: Type.Union([Type.Literal("provider"), Type.Literal("key")]),
      keyId: Type.Optional(Type.String()),
    }),
  ),
  extent,
  token: Type.Optional(Type.String({ description: "The same request with the same token is one export." })),
});

const MINUTE_MS = 60_000;
const WINDOW_MS = { min: 15 * MINUTE_MS, max: 24 * 60 * MINUTE_MS };

/** Errors: `HistoryNotKept`, `ExportTimeInvalid`, `InvalidRequest` */
function checkedExtent(wanted: Static<typeof extent>, table: TableRecord, ctx: OperationContext): Extent {
  if (!table.recovery) throw errors.HistoryNotKept({ table: table.name });
  const nowMs = ctx.clock.nowMs();
  const earliestMs = earliestRestorableMs(table.recovery, nowMs);
  const checkTime = (atMs: number): void => {
    if (atMs >= earliestMs && atMs <= nowMs) return;
    const [from, to] = [new Date(earliestMs).toISOString(), new Date(nowMs).toISOString()];
    throw errors.ExportTimeInvalid({
      reason: `${new Date(atMs).toISOString()} does not lie in the recovery window, from ${from} to ${to}`,
    });
  };
  if (wanted.kind === "full") {
    const atMs = wanted.atMs ?? nowMs;
    checkTime(atMs);
    return { kind: "full", atMs };
  }
  const { fromMs, toMs = nowMs, view } = wanted;
  checkTime(fromMs);
  checkTime(toMs);
  if (toMs - fromMs < WINDOW_MS.min || toMs - fromMs > WINDOW_MS.max) {
    throw errors.InvalidRequest({
      reason: "Difference between export from time and export to time must be between 15 minutes and 24 hours",
    });
  }
  return { kind: "changes", fromMs, toMs, view };
}

export const exportTable = operation({
  summary: "Begins to write a table's items, or what changed of them, into a bucket.",
  input: exportInput,
  output: described,
  effects: "write",
  errors: ["SourceTableNotFound", "HistoryNotKept", "ExportTimeInvalid", "InvalidRequest", "ExportConflict"],
  async run(tx, input, ctx) {
    const table = await tableRecords.get(tx, ctx.account, ctx.region, input.table);
    if (!table) throw errors.SourceTableNotFound({ table: input.table });
    const id = datedId(ctx);
    const asked = { kind: "export", token: input.token, request: input } as const;
    const known = await startedBefore(tx, ctx, asked, id, (token) => errors.ExportConflict({ token }));
    const before = known === undefined ? undefined : await exportRecords.get(tx, ctx.account, ctx.region, known);
    if (before) return before;
    const { tableName, bucket, expectedAccount, prefix, encryption, token } = input;
    const record: ExportRecord = {
      id,
      table: table.name,
      tableId: table.id,
      tableName,
      bucket,
      ...(expectedAccount !== undefined && { expectedAccount }),
      ...(prefix !== undefined && { prefix }),
      ...(encryption && { encryption: present(encryption) }),
      ...(token !== undefined && { token }),
      extent: checkedExtent(input.extent, table, ctx),
      startedAtMs: ctx.clock.nowMs(),
      state: "running",
    };
    exportRecords.put(tx, record, ctx.account, ctx.region, id);
    const payload: TransferPayload = { account: ctx.account, region: ctx.region, id };
    await schedule(tx, { type: EXPORT_JOB, dueAtMs: record.startedAtMs, payload });
    return record;
  },
});

const present = ({ kind, keyId }: NonNullable<Static<typeof exportInput>["encryption"]>) =>
  keyId === undefined ? { kind } : { kind, keyId };

export const describeExport = operation({
  summary: "Shows an export.",
  input: Type.Object({ id: Type.String() }),
  output: described,
  effects: "read",
  errors: ["ExportNotFound"],
  async run(tx, input, ctx) {
    const record = await exportRecords.get(tx, ctx.account, ctx.region, input.id);
    if (!record) throw errors.ExportNotFound({ id: input.id });
    return record;
  },
});

export const listExports = operation({
  summary: "Lists exports, the newest first.",
  input: listInput,
  output: Type.Object({ transfers: Type.Array(described), hasMore: Type.Boolean() }),
  effects: "read",
  errors: [],
  run: (tx, input, ctx) => listTransfers<ExportRecord>(tx, transferSpaces.export, input, ctx),
});
