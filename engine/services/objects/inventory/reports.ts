import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { StoredBody } from "../../../kernel/blobs.ts";
import { md5Hex } from "../../../kernel/checksums.ts";
import { schedule, type Job } from "../../../kernel/jobs.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { OperationContext, Scope } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import type { Outside } from "../../manifest.ts";
import { readRules } from "../kept-documents.ts";
import { buckets, keys, partitionOf, type Bucket } from "../model.ts";
import { objectsPort } from "../port.ts";
import type { InventoryRule } from "../rules.ts";
import { inventoryLines, schemaOf } from "./lines.ts";

/** The job that delivers one report of a bucket's inventory, at the beginning of a day or a week (UTC). */
export const INVENTORY_JOB = "objects.inventory";
const DAY_MS = 86_400_000;
/** Days since 1970 began on a Thursday; weeks of reports begin on Sundays. */
const SUNDAY_OFFSET_DAYS = 3;
const MANIFEST_VERSION = "2016-11-30";
const CHUNK_CHARACTERS = 64 * 1024;

interface Due extends Scope {
  readonly bucket: string;
  readonly bucketId: string;
  readonly id: string;
  readonly atMs: number;
}
/** What is to be reported, and when next: a job for another time is of an earlier rule. */
interface Plan {
  readonly rule: InventoryRule;
  readonly nextAtMs: number;
}
type Ctx = OperationContext<never>;

const planKey = (bucketId: string, id: string) => keys.configuration.key(bucketId, "inventoryPlan", id);

function nextReportMs({ isWeekly }: InventoryRule, nowMs: number): number {
  const day = Math.floor(nowMs / DAY_MS) + 1;
  return (isWeekly ? Math.ceil((day - SUNDAY_OFFSET_DAYS) / 7) * 7 + SUNDAY_OFFSET_DAYS : day) * DAY_MS;
}

async function planNext(tx: Transaction, due: Omit<Due, "atMs">, rule: InventoryRule, nowMs: number): Promise<void> {
  const nextAtMs = nextReportMs(rule, nowMs);
  tx.set(planKey(due.bucketId, due.id), { rule, nextAtMs } satisfies Plan);
  const payload: Due = { ...due, atMs: nextAtMs };
  await schedule(tx, {
    id: `${INVENTORY_JOB}.${due.bucketId}.${due.id}.${nextAtMs}`,
    type: INVENTORY_JOB,
    dueAtMs: nextAtMs,
    payload,
  });
}

/** Sets the reports of a rule up, or ends them where it is disabled. */
export async function beginInventory(
  tx: Transaction,
  ctx: OperationContext,
  bucket: Bucket,
  id: string,
  rule: InventoryRule,
): Promise<void> {
  if (!rule.isEnabled) return endInventory(tx, bucket, id);
  const { account, region, name, id: bucketId } = bucket;
  await planNext(tx, { account, region, bucket: name, bucketId, id }, rule, ctx.clock.nowMs());
}

export function endInventory(tx: Transaction, bucket: Bucket, id: string): void {
  tx.delete(planKey(bucket.id, id));
}

/** The bucket and the rule of a report, if both still are as they were when it was planned. */
async function findPlanned(tx: Reader, due: Due): Promise<{ bucket: Bucket; rule: InventoryRule } | undefined> {
  const bucket = await buckets.get(tx, partitionOf(due.region), due.bucket);
  const plan = await tx.get<Plan>(planKey(due.bucketId, due.id));
  if (bucket?.id !== due.bucketId || plan?.nextAtMs !== due.atMs) return undefined;
  return { bucket, rule: plan.rule };
}

async function* inChunks(lines: AsyncIterable<string>): AsyncIterable<string> {
  let chunk = "";
  for await (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

const folderOf = ({ bucket, id }: Due, { targetPrefix }: InventoryRule): string =>
  `${targetPrefix ? `${targetPrefix}/` : ""}${bucket}/${id}`;
const objectOf = ({ target, targetAccount, encryption }: InventoryRule, key: string) => ({
  bucket: target,
  key,
  ...(targetAccount !== undefined && { expectedAccount: targetAccount }),
  ...(encryption && { encryption }),
});

interface DataFile {
  readonly key: string;
  readonly body: StoredBody;
}

/** Stores the lines of a report; nobody sees them before they are put. */
async function writeData(tx: Reader, due: Due, ctx: Ctx): Promise<DataFile | undefined> {
  const planned = await findPlanned(tx, due);
  if (!planned) return undefined;
  const { bucket, rule } = planned;
  const lifecycle = (await readRules(tx, bucket, "lifecycle")) ?? [];
  const key = `${folderOf(due, rule)}/data/${ctx.ids.uuid()}.csv.gz`;
  const text = Readable.from(inChunks(inventoryLines(tx, bucket, rule, lifecycle)));
  // A failure destroys the outer stream with it, where whoever reads finds it.
  const compressed = pipeline(text, createGzip(), () => undefined);
  return { key, body: await objectsPort.store(tx, objectOf(rule, key), compressed, ctx) };
}

/** Puts the files of a report at once, called as S3 calls them: whoever sees its manifest finds all the rest. */
async function putReport(tx: Transaction, due: Due, rule: InventoryRule, data: DataFile, ctx: Ctx): Promise<void> {
  const nowMs = ctx.clock.nowMs();
  const folder = folderOf(due, rule);
  const minute = new Date(nowMs).toISOString().slice(0, 16).replace(":", "-");
  const put = (key: string, body: StoredBody | Uint8Array) => objectsPort.put(tx, objectOf(rule, key), body, ctx);
  await put(data.key, data.body);
  const manifest = {
    sourceBucket: due.bucket,
    destinationBucket: rule.targetAddress,
    version: MANIFEST_VERSION,
    creationTimestamp: String(nowMs),
    fileFormat: rule.format,
    fileSchema: schemaOf(rule),
    files: [{ key: data.key, size: data.body.sizeBytes, MD5checksum: data.body.digests["md5"] ?? "" }],
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  await put(`${folder}/${minute}Z/manifest.json`, bytes);
  await put(`${folder}/${minute}Z/manifest.checksum`, Buffer.from(md5Hex(bytes)));
  const hive = `${folder}/hive/dt=${minute.replace("T", "-")}/symlink.txt`;
  await put(hive, Buffer.from(`s3://${rule.target}/${data.key}\n`));
}

/** Where a report would be that is not made, for whoever looks for it there. */
async function putRefusal(tx: Transaction, due: Due, rule: InventoryRule, ctx: Ctx): Promise<void> {
  const text = `CloudStacks writes no inventory in ${rule.format} yet; set the format of ${due.id} to CSV.\n`;
  await objectsPort.put(tx, objectOf(rule, `${folderOf(due, rule)}/not-made.txt`), Buffer.from(text), ctx);
}

/** Writes a report from one view of the bucket, puts it, and plans the next. */
export async function reportInventory(job: Job, { store, ctx }: Outside): Promise<void> {
  const due = job.payload as Due;
  const deliver = async (tx: Transaction, rule: InventoryRule, data: DataFile | undefined) => {
    if (data) await putReport(tx, due, rule, data, ctx);
    else await putRefusal(tx, due, rule, ctx);
  };
  const finish = (data: DataFile | undefined, isDelivered: boolean) =>
    store.transact(async (tx) => {
      const planned = await findPlanned(tx, due);
      if (!planned) return;
      if (isDelivered) await deliver(tx, planned.rule, data);
      const { atMs: _, ...next } = due;
      await planNext(tx, next, planned.rule, ctx.clock.nowMs());
    });
  try {
    const isMade = await store.read(async (tx) => (await findPlanned(tx, due))?.rule.format === "CSV");
    const data = isMade ? await store.read((tx) => writeData(tx, due, ctx), { pinned: true }) : undefined;
    await finish(data, true);
  } catch (problem) {
    // A bucket that is gone or takes nothing gets no report, and the next one on its day; anything else is tried again.
    if (!(problem instanceof ServiceError)) throw problem;
    await finish(undefined, false);
  }
}
