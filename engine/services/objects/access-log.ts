import { schedule, scheduleUnlessPresent, type Job } from "../../kernel/jobs.ts";
import type { Entry, Key, KeyRange, Reader, Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "../context.ts";
import { isPublicList } from "./bucket-access.ts";
import { readRules } from "./kept-documents.ts";
import { buckets, keys, partitionOf, type Bucket } from "./model.ts";
import { objectsPort } from "./port.ts";
import { readPublicAccess } from "./public-access.ts";
import type { LoggingRule } from "./rules.ts";

/** The job that puts what a bucket logged into the bucket that its owner named. */
export const LOG_DELIVERY_JOB = "objects.deliver-access-log";
const DELIVERY_DELAY_MS = 60_000;
/** Small enough to be put with its transaction. */
const LOG_BYTES_MAX = 60_000;
const RECORDS_PER_RUN = 500;

/** Changes when some bucket begins to log its requests, or ends. */
export const LOGGED_BUCKETS: KeyRange = keys.loggedBucket.range();

interface Delivery extends Scope {
  readonly bucket: string;
  readonly bucketId: string;
  readonly rule: LoggingRule;
}
interface AccessRecord {
  readonly atMs: number;
  readonly text: string;
}

/** Says whether a bucket logs its requests; called when its rule changes, and when it goes. */
export function noteLogging(tx: Transaction, bucket: Bucket, isLogged: boolean): void {
  const key = keys.loggedBucket.key(partitionOf(bucket.region), bucket.name);
  if (isLogged) tx.set(key, true);
  else tx.delete(key);
}

/** Keeps a record until it is delivered, a minute later at most, under the rule of the first one that waits. */
export async function keepRecord(tx: Transaction, ctx: OperationContext, bucket: Bucket, text: string): Promise<void> {
  const rule = await readRules(tx, bucket, "logging");
  if (!rule) return;
  const atMs = ctx.clock.nowMs();
  const record: AccessRecord = { atMs, text };
  tx.append(recordsOf(bucket.id), record);
  const { account, region, name, id } = bucket;
  const payload: Delivery = { account, region, bucket: name, bucketId: id, rule };
  await scheduleUnlessPresent(tx, {
    id: `${LOG_DELIVERY_JOB}.${id}`,
    type: LOG_DELIVERY_JOB,
    dueAtMs: atMs + DELIVERY_DELAY_MS,
    payload,
  });
}

const recordsOf = (bucketId: string): Key => ["objects", "r", bucketId];
const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** `PREFIX2030-01-31-10-00-00-0123456789ABCDEF`, or the same below account, region, bucket and day. */
function keyOf({ rule, ...from }: Delivery, eventMs: number, nowMs: number, unique: string): string {
  if (rule.partitionedBy === undefined) return `${rule.prefix}${timeOf(nowMs)}-${unique}`;
  const isByEvent = rule.partitionedBy === "event";
  const day = dayOf(isByEvent ? eventMs : nowMs);
  const folder = `${from.account}/${from.region}/${from.bucket}/${day.replaceAll("-", "/")}`;
  return `${rule.prefix}${folder}/${isByEvent ? `${day}-00-00-00` : timeOf(nowMs)}-${unique}`;
}
const timeOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replaceAll(/[T:]/g, "-");

/** The records that go into one log: of one day where days have their own folders. */
function firstLog({ rule }: Delivery, entries: readonly Entry<AccessRecord>[]): readonly Entry<AccessRecord>[] {
  const log: Entry<AccessRecord>[] = [];
  let sizeBytes = 0;
  for (const entry of entries) {
    sizeBytes += Buffer.byteLength(entry.value.text) + 1;
    const isOfOtherDay =
      rule.partitionedBy === "event" && dayOf(entry.value.atMs) !== dayOf(entries[0]?.value.atMs ?? 0);
    if (log.length > 0 && (sizeBytes > LOG_BYTES_MAX || isOfOtherDay)) break;
    log.push(entry);
  }
  return log;
}

async function findTarget(tx: Reader, { account, region, rule }: Delivery): Promise<Bucket | undefined> {
  const target = await buckets.get(tx, partitionOf(region), rule.target);
  return target?.account === account ? target : undefined;
}

/** What the rule grants to others, as far as the target takes it. */
async function grantedIn(tx: Reader, target: Bucket, { grants }: LoggingRule) {
  if (!grants || target.ownership === "bucket-owner-enforced") return undefined;
  const isRefused = isPublicList({ grants }) && (await readPublicAccess(tx, target))?.refusesLists;
  return isRefused ? undefined : { grants };
}

/** Writes one log of what waits, and comes again at once for the rest. */
export async function deliverLog(tx: Transaction, job: Job, ctx: OperationContext): Promise<void> {
  const delivery = job.payload as Delivery;
  const { bucketId, rule } = delivery;
  const waiting = keys.accessRecord.range(bucketId);
  const target = await findTarget(tx, delivery);
  // There is nobody to deliver to any more.
  if (!target) return tx.clear(waiting);
  const entries = await tx.range<AccessRecord>(waiting, { limit: RECORDS_PER_RUN });
  const log = firstLog(delivery, entries);
  const [first] = log;
  if (!first) return;
  const nowMs = ctx.clock.nowMs();
  const accessList = await grantedIn(tx, target, rule);
  await objectsPort.put(
    tx,
    {
      bucket: target.name,
      key: keyOf(delivery, first.value.atMs, nowMs, ctx.ids.hex(16).toUpperCase()),
      headers: { contentType: "text/plain" },
      ...(accessList && { accessList }),
    },
    Buffer.from(log.map(({ value }) => `${value.text}\n`).join("")),
    ctx,
  );
  for (const { key } of log) tx.delete(key);
  if (log.length < entries.length || entries.length === RECORDS_PER_RUN)
    await schedule(tx, { id: job.id, type: job.type, dueAtMs: nowMs, payload: delivery });
}
