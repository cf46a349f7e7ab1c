import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { StoredBody } from "../../../kernel/blobs.ts";
import { base64OfHex, md5Hex } from "../../../kernel/checksums.ts";
import type { Job } from "../../../kernel/jobs.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { OperationContext, Scope } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import type { Outside } from "../../manifest.ts";
import { tableRecords } from "../model.ts";
import type { NewObject, Ports } from "../ports.ts";
import { exportedLines, type ExportedLine } from "./exported-lines.ts";
import { exportRecords, type ExportRecord } from "./model.ts";

export const EXPORT_JOB = "tables.export";
export interface TransferPayload extends Scope {
  readonly id: string;
}
type Ctx = OperationContext<Ports>;

/** Data files hold this many items at most. */
const FILE_ITEMS_MAX = 100_000;
const CHUNK_CHARACTERS = 64 * 1024;
/** The folder and the files in it are called as DynamoDB calls them, since readers of exports look for those. */
const FOLDER = "AWSDynamoDB";
const FORMAT_VERSION = { full: "2020-06-30", changes: "2023-08-01" } as const;

interface DataFile {
  readonly key: string;
  readonly body: StoredBody;
  readonly itemCount: number;
}
interface Written {
  readonly files: readonly DataFile[];
  readonly itemCount: number;
  readonly sizeBytes: number;
}

const folderOf = ({ prefix }: ExportRecord): string => (prefix ? `${prefix}/${FOLDER}` : FOLDER);

const objectOf = ({ bucket, expectedAccount, encryption }: ExportRecord, key: string): NewObject => ({
  bucket,
  key,
  ...(expectedAccount !== undefined && { expectedAccount }),
  ...(encryption && { encryption }),
});

/** The lines of one file after another, without holding them all. */
class LineSource {
  private readonly lines: AsyncIterator<ExportedLine>;
  isAtEnd = false;
  itemCount = 0;
  sizeBytes = 0;

  constructor(lines: AsyncIterable<ExportedLine>) {
    this.lines = lines[Symbol.asyncIterator]();
  }

  /** The text of the next file, in pieces. */
  async *nextFile(): AsyncIterable<string> {
    let chunk = "";
    for (let count = 0; count < FILE_ITEMS_MAX; count += 1) {
      const next = await this.lines.next();
      if (next.done === true) {
        this.isAtEnd = true;
        break;
      }
      this.itemCount += 1;
      this.sizeBytes += next.value.sizeBytes;
      chunk += `${next.value.text}\n`;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      yield chunk;
      chunk = "";
    }
    if (chunk !== "") yield chunk;
  }
}

function compressed(text: AsyncIterable<string>): Readable {
  // A failure destroys the outer stream with it, where whoever reads finds it.
  return pipeline(Readable.from(text), createGzip(), () => undefined);
}

/** Stores the data files; nobody sees them before they are put. */
async function writeFiles(tx: Reader, record: ExportRecord, ctx: Ctx): Promise<Written | undefined> {
  const table = await tableRecords.get(tx, ctx.account, ctx.region, record.table);
  if (table?.id !== record.tableId) return undefined;
  const source = new LineSource(exportedLines(tx, table, record.extent));
  const isFull = record.extent.kind === "full";
  const folder = isFull ? `${folderOf(record)}/${record.id}/data` : `${folderOf(record)}/data`;
  const files: DataFile[] = [];
  while (!source.isAtEnd) {
    const key = `${folder}/${ctx.ids.hex(26)}.json.gz`;
    const before = source.itemCount;
    const body = await ctx.ports.objects.store(tx, objectOf(record, key), compressed(source.nextFile()), ctx);
    const itemCount = source.itemCount - before;
    if (itemCount > 0 || files.length === 0) files.push({ key, body, itemCount });
  }
  return { files, itemCount: source.itemCount, sizeBytes: source.sizeBytes };
}

const isoTime = (ms: number): string => new Date(ms).toISOString();

function summaryOf(record: ExportRecord, written: Written, endedAtMs: number, filesKey: string) {
  const { extent, encryption } = record;
  const isFull = extent.kind === "full";
  return {
    version: FORMAT_VERSION[extent.kind],
    exportArn: `${record.tableName}/export/${record.id}`,
    startTime: isoTime(record.startedAtMs),
    endTime: isoTime(endedAtMs),
    tableArn: record.tableName,
    tableId: record.tableId,
    ...(isFull
      ? { exportTime: isoTime(extent.atMs) }
      : { exportFromTime: isoTime(extent.fromMs), exportToTime: isoTime(extent.toMs) }),
    s3Bucket: record.bucket,
    s3Prefix: record.prefix ?? null,
    s3SseAlgorithm: encryption?.kind === "key" ? "KMS" : "AES256",
    s3SseKmsKeyId: encryption?.keyId ?? null,
    manifestFilesS3Key: filesKey,
    billedSizeBytes: written.sizeBytes,
    itemCount: written.itemCount,
    outputFormat: "DYNAMODB_JSON",
    ...(!isFull && { outputView: extent.view === "newImage" ? "NEW_IMAGE" : "NEW_AND_OLD_IMAGES" }),
    exportType: isFull ? "FULL_EXPORT" : "INCREMENTAL_EXPORT",
  };
}

/** Puts every file of the export at once: whoever sees one of them sees them all. */
async function putFiles(tx: Transaction, record: ExportRecord, written: Written, ctx: Ctx): Promise<void> {
  const folder = `${folderOf(record)}/${record.id}`;
  const put = (key: string, body: StoredBody | Uint8Array) =>
    ctx.ports.objects.put(tx, objectOf(record, key), body, ctx);
  const putWithSum = async (name: string, text: string) => {
    const bytes = Buffer.from(text);
    await put(`${folder}/${name}.json`, bytes);
    await put(`${folder}/${name}.md5`, Buffer.from(base64OfHex(md5Hex(bytes))));
  };
  await put(`${folder}/_started`, new Uint8Array());
  const lines: string[] = [];
  for (const { key, body, itemCount } of written.files) {
    const { etag } = await put(key, body);
    const md5Checksum = base64OfHex(body.digests["md5"] ?? "");
    lines.push(`${JSON.stringify({ itemCount, md5Checksum, etag, dataFileS3Key: key })}\n`);
  }
  await putWithSum("manifest-files", lines.join(""));
  const endedAtMs = ctx.clock.nowMs();
  const summary = summaryOf(record, written, endedAtMs, `${folder}/manifest-files.json`);
  await putWithSum("manifest-summary", JSON.stringify(summary));
  const { itemCount, sizeBytes } = written;
  const manifest = `${folder}/manifest-summary.json`;
  exportRecords.put(
    tx,
    { ...record, state: "done", endedAtMs, itemCount, sizeBytes, manifest },
    ctx.account,
    ctx.region,
    record.id,
  );
}

/** Writes an export: the files are stored from one view of the table, then put together with its end. */
export async function runExport(job: Job, { store, ctx: given }: Outside): Promise<void> {
  const ctx = given as Ctx;
  const { id } = job.payload as TransferPayload;
  const running = async (tx: Reader) => {
    const record = await exportRecords.get(tx, ctx.account, ctx.region, id);
    return record?.state === "running" ? record : undefined;
  };
  const fail = (failure: { code: string; message: string }) =>
    store.transact(async (tx) => {
      const record = await running(tx);
      if (!record) return;
      const failed: ExportRecord = { ...record, state: "failed", endedAtMs: ctx.clock.nowMs(), failure };
      exportRecords.put(tx, failed, ctx.account, ctx.region, id);
    });
  try {
    const written = await store.read(async (tx) => {
      const record = await running(tx);
      return record ? ((await writeFiles(tx, record, ctx)) ?? "gone") : undefined;
    });
    if (written === "gone") return await fail({ code: "TableNotFound", message: "The table was deleted meanwhile." });
    if (!written) return;
    await store.transact(async (tx) => {
      const record = await running(tx);
      if (record) await putFiles(tx, record, written, ctx);
    });
  } catch (problem) {
    // What the bucket refuses is told to whoever asked for the export; anything else is tried again.
    if (!(problem instanceof ServiceError)) throw problem;
    await fail({ code: problem.code, message: problem.message });
  }
}
