import type { DeliveredEvent } from "../../../kernel/outbox.ts";
import type { Transaction } from "../../../kernel/store.ts";
import type { Calls } from "../../../services/calls.ts";
import { ServiceError } from "../../../services/errors.ts";
import { objects, type ObjectNews, type Ports } from "../../../services/objects/service.ts";
import { topics as topicService } from "../../../services/topics/service.ts";
import { canonicalId } from "./model.ts";
import { EVENT_NAMES } from "./rules/notifications.ts";

/** Keys travel as in a form: spaces as plus signs. */
const encoded = (key: string): string => encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/");

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

/**
 * The message S3 sends.
 * Source: S3 User Guide, "Event message structure", version 2.1 to 2.3 by kind of event
 */
export function messageOf(news: ObjectNews): string {
  return JSON.stringify({
    Records: [
      {
        eventVersion: news.event.startsWith("created.") || news.event.startsWith("removed.") ? "2.1" : "2.3",
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
  const { account, region } = news.target;
  const scope = { account, region, requestId: news.requestId };
  const ctx = calls.contextOf(objects, scope);
  const { queues, topics } = ctx.ports as Ports;
  const body = messageOf(news);
  try {
    if (news.target.kind === "queue") await queues?.deliver(tx, news.target, { body }, ctx);
    else {
      const message = { message: body, subject: SUBJECT };
      await topics?.publish(tx, news.target, message, calls.contextOf(topicService, scope));
    }
  } catch (problem) {
    if (!isGone(problem)) throw problem;
  }
}
