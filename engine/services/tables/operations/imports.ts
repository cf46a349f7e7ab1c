import { Type } from "typebox";
import { schedule } from "../../../kernel/jobs.ts";
import { operation } from "../../operation.ts";
import { datedId } from "../dated-id.ts";
import { errors } from "../errors.ts";
import { putTable } from "../replicas.ts";
import * as shapes from "../shapes.ts";
import type { TransferPayload } from "../transfers/exporting.ts";
import { IMPORT_JOB } from "../transfers/importing.ts";
import { listInput, listTransfers } from "../transfers/listing.ts";
import { importRecords, transferSpaces, type ImportRecord, type InputFormat } from "../transfers/model.ts";
import { startedBefore } from "../transfers/tokens.ts";
import { createInput, newTable } from "./tables.ts";

const described = shapes.unsafe<ImportRecord>("An import and how far it is.");
const DELIMITERS: ReadonlySet<string> = new Set([",", ";", ":", "|", "\t", " "]);
const format = Type.Union([
  Type.Object({ kind: Type.Literal("json") }),
  Type.Object({
    kind: Type.Literal("csv"),
    delimiter: Type.Optional(Type.String({ description: "A comma without it." })),
    header: Type.Optional(Type.Array(Type.String(), { description: "Without it, each file's first line." })),
  }),
]);

export const importTable = operation({
  summary: "Creates a table and begins to fill it with the items of files in a bucket.",
  input: Type.Object({
    create: createInput,
    bucket: Type.String(),
    expectedAccount: Type.Optional(Type.String()),
    prefix: Type.Optional(Type.String()),
    format,
    isCompressed: Type.Boolean({ description: "With gzip." }),
    token: Type.Optional(Type.String({ description: "The same request with the same token is one import." })),
  }),
  output: described,
  effects: "write",
  errors: ["TableAlreadyExists", "InvalidTable", "InvalidSetting", "InvalidRequest", "ImportConflict"],
  async run(tx, input, ctx) {
    const id = datedId(ctx);
    const asked = { kind: "import", token: input.token, request: input } as const;
    const known = await startedBefore(tx, ctx, asked, id, (token) => errors.ImportConflict({ token }));
    const before = known === undefined ? undefined : await importRecords.get(tx, ctx.account, ctx.region, known);
    if (before) return before;
    const definition = await newTable(tx, input.create, ctx);
    await putTable(tx, ctx, { ...definition, isImporting: true });
    const { bucket, expectedAccount, prefix, isCompressed, token } = input;
    const record: ImportRecord = {
      id,
      table: definition.name,
      tableId: definition.id,
      definition,
      bucket,
      ...(expectedAccount !== undefined && { expectedAccount }),
      ...(prefix !== undefined && { prefix }),
      ...(token !== undefined && { token }),
      format: checkedFormat(input.format),
      isCompressed,
      startedAtMs: ctx.clock.nowMs(),
      state: "running",
      processedBytes: 0,
      processedItems: 0,
      importedItems: 0,
      failedItems: 0,
    };
    importRecords.put(tx, record, ctx.account, ctx.region, id);
    const payload: TransferPayload = { account: ctx.account, region: ctx.region, id };
    await schedule(tx, { type: IMPORT_JOB, dueAtMs: record.startedAtMs, payload });
    return record;
  },
});

type GivenFormat =
  | { readonly kind: "json" }
  | { readonly kind: "csv"; readonly delimiter?: string | undefined; readonly header?: string[] | undefined };

function checkedFormat(given: GivenFormat): InputFormat {
  if (given.kind === "json") return given;
  const { kind, delimiter = ",", header } = given;
  if (DELIMITERS.has(delimiter)) return { kind, delimiter, ...(header && { header }) };
  throw errors.InvalidRequest({ reason: `Values cannot be delimited by ${JSON.stringify(delimiter)}` });
}

export const describeImport = operation({
  summary: "Shows an import.",
  input: Type.Object({ id: Type.String() }),
  output: described,
  effects: "read",
  errors: ["ImportNotFound"],
  async run(tx, input, ctx) {
    const record = await importRecords.get(tx, ctx.account, ctx.region, input.id);
    if (!record) throw errors.ImportNotFound({ id: input.id });
    return record;
  },
});

export const listImports = operation({
  summary: "Lists imports, the newest first.",
  input: listInput,
  output: Type.Object({ transfers: Type.Array(described), hasMore: Type.Boolean() }),
  effects: "read",
  errors: [],
  run: (tx, input, ctx) => listTransfers<ImportRecord>(tx, transferSpaces.import, input, ctx),
});
