import type { Job } from "../../../kernel/jobs.ts";
import type { Reader, Store, Transaction } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import type { Outside } from "../../manifest.ts";
import { carryOut, oldOf, placed, putting } from "../changes.ts";
import { errors } from "../errors.ts";
import { tableRecords, type TableRecord } from "../model.ts";
import { dropTable } from "../operations/tables.ts";
import type { Ports } from "../ports.ts";
import { putTable } from "../replicas.ts";
import type { TransferPayload } from "./exporting.ts";
import { itemsOfFile, type Found } from "./imported-items.ts";
import { importRecords, type ImportRecord } from "./model.ts";

export const IMPORT_JOB = "tables.import";
type Ctx = OperationContext<Ports>;

/** Items that are written in one transaction. */
const BATCH_ITEMS = 200;

/** An import under way: its record, and the table that it fills. */
interface Running {
  readonly record: ImportRecord;
  readonly table: TableRecord;
}
type Counts = Pick<ImportRecord, "processedBytes" | "processedItems" | "importedItems" | "failedItems">;

async function running(tx: Reader, ctx: Ctx, id: string): Promise<Running | undefined> {
  const record = await importRecords.get(tx, ctx.account, ctx.region, id);
  if (record?.state !== "running") return undefined;
  const table = await tableRecords.get(tx, ctx.account, ctx.region, record.table);
  return table?.id === record.tableId ? { record, table } : undefined;
}

async function importItem(tx: Transaction, table: TableRecord, found: Found, ctx: Ctx): Promise<boolean> {
  if ("problem" in found) return false;
  try {
    const change = placed(putting(found), table);
    carryOut(tx, change, change.needsOld ? await oldOf(tx, change) : undefined, ctx);
    return true;
  } catch (problem) {
    // An item that the table cannot hold is counted, and the others are imported. It is refused before it is written.
    if (problem instanceof ServiceError) return false;
    throw problem;
  }
}

/** Fills a table from the files of a bucket. Begun anew, it writes the same items again. */
class Import {
  private readonly store: Store;
  private readonly ctx: Ctx;
  private readonly id: string;
  private counts: Counts = { processedBytes: 0, processedItems: 0, importedItems: 0, failedItems: 0 };

  constructor(store: Store, ctx: Ctx, id: string) {
    this.store = store;
    this.ctx = ctx;
    this.id = id;
  }

  async run(): Promise<void> {
    const record = (await this.store.read((tx) => running(tx, this.ctx, this.id)))?.record;
    if (!record) return;
    const source = {
      bucket: record.bucket,
      ...(record.expectedAccount !== undefined && { expectedAccount: record.expectedAccount }),
    };
    const { objects } = this.ctx.ports;
    let after: string | undefined;
    let isCut = true;
    while (isCut) {
      const from = { ...source, prefix: record.prefix ?? "", ...(after !== undefined && { after }) };
      const page = await this.store.read((tx) => objects.list(tx, from, this.ctx));
      if (page.objects.length === 0 && after === undefined) {
        throw errors.SourceNotFound({ bucket: record.bucket, prefix: record.prefix ?? "" });
      }
      for (const { key, sizeBytes } of page.objects) {
        const file = await this.store.read((tx) => objects.read(tx, { ...source, key }, this.ctx));
        await this.takeFile(itemsOfFile(file, record), record);
        this.counts = { ...this.counts, processedBytes: this.counts.processedBytes + sizeBytes };
      }
      after = page.objects.at(-1)?.key;
      isCut = page.isCut;
    }
    await this.end();
  }

  private async takeFile(items: AsyncIterable<Found>, of: ImportRecord): Promise<void> {
    let batch: Found[] = [];
    for await (const found of items) {
      if (batch.push(found) < BATCH_ITEMS) continue;
      await this.takeBatch(batch, of);
      batch = [];
    }
    if (batch.length > 0) await this.takeBatch(batch, of);
  }

  private async takeBatch(batch: readonly Found[], of: ImportRecord): Promise<void> {
    this.counts = await this.store.transact(async (tx) => {
      const now = await running(tx, this.ctx, this.id);
      if (!now) throw errors.TableNotFound({ table: of.table });
      let imported = 0;
      for (const found of batch) if (await importItem(tx, now.table, found, this.ctx)) imported += 1;
      const counts = {
        ...this.counts,
        processedItems: this.counts.processedItems + batch.length,
        importedItems: this.counts.importedItems + imported,
        failedItems: this.counts.failedItems + batch.length - imported,
      };
      importRecords.put(tx, { ...now.record, ...counts }, this.ctx.account, this.ctx.region, this.id);
      return counts;
    });
  }

  private end(): Promise<void> {
    const { ctx, counts } = this;
    return this.store.transact(async (tx) => {
      const now = await running(tx, ctx, this.id);
      if (!now) return;
      const { isImporting: _, ...table } = now.table;
      await putTable(tx, ctx, table);
      const done: ImportRecord = { ...now.record, ...counts, state: "done", endedAtMs: ctx.clock.nowMs() };
      importRecords.put(tx, done, ctx.account, ctx.region, this.id);
    });
  }

  /** Nothing is left of a table whose import failed. */
  fail(failure: { readonly code: string; readonly message: string }): Promise<void> {
    const { ctx } = this;
    return this.store.transact(async (tx) => {
      const record = await importRecords.get(tx, ctx.account, ctx.region, this.id);
      if (record?.state !== "running") return;
      const failed: ImportRecord = { ...record, state: "failed", endedAtMs: ctx.clock.nowMs(), failure };
      importRecords.put(tx, failed, ctx.account, ctx.region, this.id);
      const table = await tableRecords.get(tx, ctx.account, ctx.region, record.table);
      if (table?.id === record.tableId) await dropTable(tx, ctx, table);
    });
  }
}

export async function runImport(job: Job, { store, ctx }: Outside): Promise<void> {
  const run = new Import(store, ctx as Ctx, (job.payload as TransferPayload).id);
  try {
    await run.run();
  } catch (problem) {
    // What the bucket or its files refuse is told to whoever asked for the import; anything else is tried again.
    if (!(problem instanceof ServiceError)) throw problem;
    await run.fail({ code: problem.code, message: problem.message });
  }
}
