import { percentEncoded } from "../../../platform/percent-encoding.ts";
import type { DeliveredEvent } from "../../../kernel/outbox.ts";
import type { Transaction } from "../../../kernel/store.ts";
import type { Calls } from "../../../services/calls.ts";
import { ServiceError } from "../../../services/errors.ts";
import { objects, type DestinationTest, type ObjectNews, type Ports } from "../../../services/objects/service.ts";
import { topics as topicService } from "../../../services/topics/service.ts";
import { canonicalId } from "./model.ts";
import { EVENT_NAMES } from "./rules/notifications.ts";

/** Keys travel as in a form: spaces as plus signs, and only few signs as they are. */
const encoded = (key: string): string =>
  percentEncoded(key).replaceAll("%20", "+").replaceAll("%2F", "/").replaceAll("%2A", "*").replaceAll("~", "%7E");

/** Removals and restores have no body to tell of. */
function objectOf(news: ObjectNews) {
  const isRemoval = news.event.startsWith("removed.") || news.event === "expired.delete";
  return {
    key: encoded(news.key),
    ...(!isRemoval && { size: news.sizeBytes, eTag: news.etag }),
    ...(news.versionId !== undefined && { versionId: news.versionId }),
    sequencer: news.sequence.toString(16).toUpperCase().padStart(18, "0"),
  };
}

/** Source: S3 User Guide, "Replication failure reason codes" */
const FAILURE_REASONS = { missing: "DstBucketNotFound", unversioned: "DstBucketUnversioned" } as const;

const failureOf = ({ ruleId, bucket, why, writtenAtMs }: NonNullable<ObjectNews["failedCopy"]>) => ({
  replicationEventData: {
    replicationRuleId: ruleId,
    destinationBucket: `arn:aws:s3:::${bucket}`,
    s3Operation: "OBJECT_PUT",
    requestTime: new Date(writtenAtMs).toISOString(),
    failureReason: FAILURE_REASONS[why],
  },
});

function versionOf({ event, failedCopy }: ObjectNews): string {
  if (failedCopy) return "2.2";
  return event.startsWith("created.") || event.startsWith("removed.") ? "2.1" : "2.3";
}

/**
 * The message S3 sends.
 * Source: S3 User Guide, "Event message structure", version 2.1 to 2.3 by kind of event
 */
function messageOf(news: ObjectNews): string {
  return JSON.stringify({
    Records: [
      {
        eventVersion: versionOf(news),
        eventSource: "aws:s3",
        awsRegion: news.region,
        eventTime: new Date(news.atMs).toISOString(),
        eventName: EVENT_NAMES[news.event],
        userIdentity: { principalId: `AWS:${news.principal}` },
        requestParameters: { sourceIPAddress: "127.0.0.1" },
        responseElements: { "x-amz-request-id": news.requestId, "x-amz-id-2": news.requestId },
        s3: {
          s3SchemaVersion: "1.0",
          configurationId: news.ruleId,
          bucket: {
            name: news.bucket,
            ownerIdentity: { principalId: canonicalId(news.account) },
            arn: `arn:aws:s3:::${news.bucket}`,
          },
          object: objectOf(news),
        },
        ...(news.failedCopy && failureOf(news.failedCopy)),
      },
    ],
  });
}

const SUBJECT = "Amazon S3 Notification";

/** A queue or a topic that has gone meanwhile hears nothing, as with AWS; anything else is tried again. */
const isGone = (problem: unknown): boolean => problem instanceof ServiceError && problem.kind === "notFound";

/** Hands news of a bucket to the queue or topic that its rule names. */
export async function deliverNews(tx: Transaction, event: DeliveredEvent, calls: Calls): Promise<void> {
  const news = event.payload as ObjectNews;
  await deliver(tx, news, messageOf(news), calls);
}

/**
 * Hands the first message to a queue or topic that a configuration names.
 * Source: S3 User Guide, "Event message structure": the test message
 */
export async function deliverTest(tx: Transaction, event: DeliveredEvent, calls: Calls): Promise<void> {
  const test = event.payload as DestinationTest;
  const message = {
    Service: "Amazon S3",
    Event: "s3:TestEvent",
    Time: new Date(test.atMs).toISOString(),
    Bucket: test.bucket,
    RequestId: test.requestId,
    HostId: test.requestId,
  };
  await deliver(tx, test, JSON.stringify(message), calls);
}

async function deliver(
  tx: Transaction,
  { target, requestId }: Pick<ObjectNews, "target" | "requestId">,
  body: string,
  calls: Calls,
): Promise<void> {
  const { account, region } = target;
  const scope = { account, region, requestId };
  const ctx = calls.contextOf(objects, scope);
  const { queues, topics } = ctx.ports as Ports;
  try {
    if (target.kind === "queue") await queues?.deliver(tx, target, { body }, ctx);
    else await topics?.publish(tx, target, { message: body, subject: SUBJECT }, calls.contextOf(topicService, scope));
  } catch (problem) {
    if (!isGone(problem)) throw problem;
  }
}
