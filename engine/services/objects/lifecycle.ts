import { after } from "../../kernel/key.ts";
import { cancel, schedule, type Job } from "../../kernel/jobs.ts";
import type { Reader, Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "../context.ts";
import { readRules } from "./kept-documents.ts";
import {
  buckets,
  currents,
  keys,
  olders,
  partitionOf,

  type Bucket,
  type ObjectVersion,
} from "./model.ts";
import { tell } from "./news.ts";
import { forgetParts } from "./parts.ts";
import { isFor, type LifecycleRule } from "./rules.ts";
import { amendVersion, placeVersion, removeVersion } from "./versions.ts";

const DAY_MS = 86_400_000;
/** Keys that one transaction looks at. */
const KEYS_PER_RUN = 200;
const DELETED = { sizeBytes: 0, etag: "", isDeleteMarker: true } as const;

/** The job that does a bucket's lifecycle, at the beginning of every day (UTC). */
export const LIFECYCLE_JOB = "objects.lifecycle";

interface Progress extends Scope {
  readonly bucket: string;
  readonly bucketId: string;
  readonly afterKey?: string;
}

const jobIdOf = (bucketId: string): string => `${LIFECYCLE_JOB}.${bucketId}`;
const nextMidnight = (ms: number): number => (Math.floor(ms / DAY_MS) + 1) * DAY_MS;
/** Days are counted in whole ones, and end at midnight. */
const dueAfter = (sinceMs: number, days: number): number => {
  const endMs = sinceMs + days * DAY_MS;
  return endMs % DAY_MS === 0 ? endMs : nextMidnight(endMs);
};

const scheduleRun = (tx: Transaction, progress: Progress, dueAtMs: number): Promise<void> =>
  schedule(tx, { id: jobIdOf(progress.bucketId), type: LIFECYCLE_JOB, dueAtMs, payload: progress });

/** Sets the daily work of a bucket up, or ends it where there are no rules. */
export async function beginLifecycle(
  tx: Transaction,
  ctx: OperationContext,
  bucket: Bucket,
  rules: readonly LifecycleRule[],
): Promise<void> {
  if (rules.length === 0) {
    await cancel(tx, jobIdOf(bucket.id));
    return;
  }
  const { account, region, name, id } = bucket;
  await scheduleRun(tx, { account, region, bucket: name, bucketId: id }, nextMidnight(ctx.clock.nowMs()));
}

/** When and by which rule the latest version of an object will expire; undefined when none says so. */
export function expiryOf(
  rules: readonly LifecycleRule[],
  key: string,
  version: ObjectVersion,
): { readonly atMs: number; readonly ruleId: string } | undefined {
  let first: { atMs: number; ruleId: string } | undefined;
  if (version.isDeleteMarker) return undefined;
  for (const rule of rules) {
    if (!isFor(rule.filter, key, version)) continue;
    const atMs =
      rule.expiresAtMs
      ?? (rule.expiresAfterDays === undefined ? undefined : dueAfter(version.modifiedAtMs, rule.expiresAfterDays));
    if (atMs !== undefined && (first === undefined || atMs < first.atMs)) first = { atMs, ruleId: rule.id };
  }
  return first;
}

/** `expiryOf` with the bucket's rules. Costs nothing where there are none. */
export async function expiryIn(tx: Reader, bucket: Bucket, key: string, version: ObjectVersion) {
  if (!bucket.hasLifecycle) return undefined;
  return expiryOf((await readRules(tx, bucket, "lifecycle")) ?? [], key, version);
}

/** When and by which rule an upload that began at `startedAtMs` will be given up. */
export function abortOf(
  rules: readonly LifecycleRule[],
  key: string,
  startedAtMs: number,
): { readonly atMs: number; readonly ruleId: string } | undefined {
  for (const { id, filter, abortsUploadsAfterDays: days } of rules) {
    if (days !== undefined && key.startsWith(filter.prefix ?? ""))
      return { atMs: dueAfter(startedAtMs, days), ruleId: id };
  }
  return undefined;
}

/** The coldest class whose time has come, or undefined. */
function classDue(rules: readonly LifecycleRule[], key: string, version: ObjectVersion, nowMs: number) {
  let due: { atMs: number; storageClass: string } | undefined;
  for (const rule of rules) {
    if (!isFor(rule.filter, key, version) || version.sizeBytes < (rule.smallestTransitionBytes ?? 0)) continue;
    for (const { storageClass, afterDays, atMs: dateMs } of rule.transitions) {
      const atMs = dateMs ?? dueAfter(version.modifiedAtMs, afterDays ?? 0);
      if (atMs <= nowMs && (due === undefined || atMs >= due.atMs)) due = { atMs, storageClass };
    }
  }
  return due?.storageClass;
}

const isLocked = (version: ObjectVersion, nowMs: number): boolean =>
  version.hasLegalHold === true || (version.retention?.untilMs ?? 0) > nowMs;

/** One bucket's lifecycle, run by run. */
class Sweep {
  readonly #tx: Transaction;
  readonly #ctx: OperationContext;
  readonly #bucket: Bucket;
  readonly #rules: readonly LifecycleRule[];
  readonly #nowMs: number;

  constructor(tx: Transaction, ctx: OperationContext, bucket: Bucket, rules: readonly LifecycleRule[]) {
    this.#tx = tx;
    this.#ctx = ctx;
    this.#bucket = bucket;
    this.#rules = rules;
    this.#nowMs = ctx.clock.nowMs();
  }

  async key(key: string, current: ObjectVersion): Promise<void> {
    if (this.#bucket.versioning !== "off") await this.#older(key, current);
    if (current.isDeleteMarker) return this.#marker(key, current);
    const expiry = expiryOf(this.#rules, key, current);
    if (expiry && expiry.atMs <= this.#nowMs) return this.#expire(key, current);
    const storageClass = classDue(this.#rules, key, current, this.#nowMs);
    if (storageClass !== undefined) await this.#move(key, current, storageClass);
  }

  async #expire(key: string, current: ObjectVersion): Promise<void> {
    const [tx, ctx, bucket] = [this.#tx, this.#ctx, this.#bucket];
    if (bucket.versioning === "off") {
      await removeVersion(tx, bucket, key, current);
      return tell(tx, ctx, bucket, "expired.delete", key, current);
    }
    const marker = await placeVersion(tx, ctx, bucket, key, current, DELETED);
    await tell(tx, ctx, bucket, "expired.marker", key, marker);
  }

  async #move(key: string, version: ObjectVersion, storageClass: string): Promise<void> {
    if (version.storageClass === storageClass) return;
    await amendVersion(this.#tx, this.#bucket, key, version, { storageClass });
    await tell(this.#tx, this.#ctx, this.#bucket, "transitioned", key, version);
  }

  /** A marker that hides nothing goes when a rule says so, or when the rule's own time has come for it. */
  async #marker(key: string, marker: ObjectVersion): Promise<void> {
    const isDue = this.#rules.some(
      ({ filter, removesLoneMarkers, expiresAfterDays: days }) =>
        key.startsWith(filter.prefix ?? "")
        && filter.tags === undefined
        && (removesLoneMarkers || (days !== undefined && dueAfter(marker.modifiedAtMs, days) <= this.#nowMs)),
    );
    if (!isDue) return;
    const older = await olders.range(this.#tx, keys.older.range(this.#bucket.id, key), { limit: 1 });
    if (older.length > 0) return;
    await removeVersion(this.#tx, this.#bucket, key, marker);
    await tell(this.#tx, this.#ctx, this.#bucket, "expired.delete", key, marker);
  }

  async #older(key: string, current: ObjectVersion): Promise<void> {
    let olderSinceMs = current.modifiedAtMs;
    let newerCount = 0;
    for await (const { value } of this.#tx.scan<ObjectVersion>(keys.older.range(this.#bucket.id, key))) {
      await this.#olderVersion(key, value, olderSinceMs, newerCount);
      olderSinceMs = value.modifiedAtMs;
      newerCount += 1;
    }
  }

  async #olderVersion(key: string, version: ObjectVersion, sinceMs: number, newerCount: number): Promise<void> {
    const rules = this.#rules.filter((rule) => isFor(rule.filter, key, version));
    const isDue = rules.some(
      ({ olderExpireAfterDays: days, olderKeptCount: kept }) =>
        days !== undefined && newerCount >= (kept ?? 0) && dueAfter(sinceMs, days) <= this.#nowMs,
    );
    if (isDue && !isLocked(version, this.#nowMs)) {
      await removeVersion(this.#tx, this.#bucket, key, version);
      return tell(this.#tx, this.#ctx, this.#bucket, "expired.delete", key, version);
    }
    if (version.isDeleteMarker) return;
    const due = rules
      .filter((rule) => version.sizeBytes >= (rule.smallestTransitionBytes ?? 0))
      .flatMap((rule) => rule.olderTransitions)
      .filter(({ keptCount }) => newerCount >= (keptCount ?? 0))
      .filter(({ afterDays }) => dueAfter(sinceMs, afterDays) <= this.#nowMs)
      .sort((a, b) => b.afterDays - a.afterDays)[0];
    if (due) await this.#move(key, version, due.storageClass);
  }

  async uploads(): Promise<void> {
    for await (const { key, value } of this.#tx.scan<{ key: string; uploadId: string; startedAtMs: number }>(
      keys.upload.range(this.#bucket.id),
    )) {
      const abort = abortOf(this.#rules, value.key, value.startedAtMs);
      if (abort === undefined || abort.atMs > this.#nowMs) continue;
      await forgetParts(this.#tx, value.uploadId);
      this.#tx.delete(key);
    }
  }
}

/** Does the part of a bucket's lifecycle that fits one transaction, and schedules what comes next. */
export async function runLifecycle(tx: Transaction, job: Job, ctx: OperationContext): Promise<void> {
  const progress = job.payload as Progress;
  const bucket = await buckets.get(tx, partitionOf(progress.region), progress.bucket);
  const rules = bucket?.id === progress.bucketId ? await readRules(tx, bucket, "lifecycle") : undefined;
  if (!bucket || !rules?.length) return;
  const sweep = new Sweep(tx, ctx, bucket, rules);
  const all = keys.current.range(bucket.id);
  const rest = progress.afterKey === undefined ? all : after(all, keys.current.key(bucket.id, progress.afterKey));
  const entries = await currents.range(tx, rest, { limit: KEYS_PER_RUN });
  for (const { key, value } of entries) await sweep.key(keys.current.parts(key)[1], value);
  const last = entries.at(-1);
  const { afterKey: _, ...fromTheStart } = progress;
  if (last && entries.length === KEYS_PER_RUN)
    return scheduleRun(tx, { ...fromTheStart, afterKey: keys.current.parts(last.key)[1] }, ctx.clock.nowMs());
  await sweep.uploads();
  await scheduleRun(tx, fromTheStart, nextMidnight(ctx.clock.nowMs()));
}

