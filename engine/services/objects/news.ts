import { emit } from "../../kernel/outbox.ts";
import type { Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "../context.ts";
import { readRules } from "./kept-documents.ts";
import { UNVERSIONED, type Bucket, type ObjectVersion } from "./model.ts";
import type { NotificationRule, ObjectEventName } from "./rules.ts";

/** The type of the outbox events that carry `ObjectNews`. */
export const OBJECT_NEWS = "objects.news";

/** What happened to an object, for one rule that wants to hear of it. */
export interface ObjectNews extends Scope {
  readonly bucket: string;
  readonly key: string;
  readonly event: ObjectEventName;
  readonly atMs: number;
  /** Orders the news of one key. */
  readonly sequence: number;
  readonly sizeBytes: number;
  readonly etag: string;
  /** Absent where versioning was never on. */
  readonly versionId?: string;
  readonly principal: string;
  readonly requestId: string;
  readonly ruleId: string;
  readonly target: NotificationRule["target"];
  readonly failedCopy?: FailedCopy;
}

/** A copy that could not be made, by which rule and where. */
export interface FailedCopy {
  readonly ruleId: string;
  readonly bucket: string;
  readonly why: "missing" | "unversioned";
  readonly writtenAtMs: number;
}

/** The type of the outbox events that carry a `DestinationTest`. */
export const DESTINATION_TEST = "objects.destination-test";

/** A rule names this destination from now on: it is to hear a first word, so that its owner knows it works. */
export interface DestinationTest extends Scope {
  readonly bucket: string;
  readonly atMs: number;
  readonly requestId: string;
  readonly target: NotificationRule["target"];
}

/** Sends a test to every destination of a bucket's rules, once to each. */
export function testDestinations(
  tx: Transaction,
  ctx: OperationContext,
  bucket: Bucket,
  rules: readonly NotificationRule[],
): void {
  const targets = new Map(rules.map(({ target }) => [JSON.stringify(target), target]));
  for (const target of targets.values()) {
    const test: DestinationTest = {
      account: bucket.account,
      region: bucket.region,
      bucket: bucket.name,
      atMs: ctx.clock.nowMs(),
      requestId: ctx.requestId,
      target,
    };
    emit(tx, { type: DESTINATION_TEST, payload: test });
  }
}

const wants = (rule: NotificationRule, event: ObjectEventName, key: string): boolean =>
  rule.events.includes(event) && key.startsWith(rule.prefix ?? "") && key.endsWith(rule.suffix ?? "");

/** Tells those whom the bucket's notification rules name, in the transaction of what happened. */
export async function tell(
  tx: Transaction,
  ctx: OperationContext,
  bucket: Bucket,
  event: ObjectEventName,
  key: string,
  version: ObjectVersion,
  failedCopy?: FailedCopy,
): Promise<void> {
  if (!bucket.hasNotifications) return;
  for (const rule of (await readRules(tx, bucket, "notification")) ?? []) {
    if (!wants(rule, event, key)) continue;
    const news: ObjectNews = {
      account: bucket.account,
      region: bucket.region,
      bucket: bucket.name,
      key,
      event,
      atMs: ctx.clock.nowMs(),
      sequence: version.sequence,
      sizeBytes: version.sizeBytes,
      etag: version.etag,
      principal: ctx.caller.principal,
      requestId: ctx.requestId,
      ruleId: rule.id,
      target: rule.target,
      ...(version.versionId !== UNVERSIONED && { versionId: version.versionId }),
      ...(failedCopy && { failedCopy }),
    };
    emit(tx, { type: OBJECT_NEWS, payload: news });
  }
}
