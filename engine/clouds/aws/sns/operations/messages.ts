import type { PublishInput, SnsOperations } from "../../../../models/aws/sns.generated.ts";
import { topics } from "../../../../services/topics/service.ts";
import { bind, type WireCall } from "../../binding.ts";
import { wireErrors } from "../errors.ts";
import { contentFrom, failedEntries, publishedResult } from "../messages.ts";
import { deviceOf, invalidParameter, isDeviceArn, topicOf } from "../model.ts";

/** Where a message goes: to a topic, a device or a phone. */
function targetOf({ TopicArn, TargetArn, PhoneNumber }: PublishInput, call: WireCall) {
  if ([TopicArn, TargetArn, PhoneNumber].filter((one) => one !== undefined).length > 1)
    throw invalidParameter("TopicArn, TargetArn or PhoneNumber Reason: only one of them can be given");
  if (PhoneNumber !== undefined) return { number: PhoneNumber };
  if (TargetArn !== undefined && isDeviceArn(TargetArn)) return { device: deviceOf(TargetArn, "TargetArn") };
  const arn = TopicArn ?? TargetArn;
  return arn === undefined ? {} : topicOf(arn, call, TopicArn === undefined ? "TargetArn" : "TopicArn");
}

export const messageOperations = bind<SnsOperations>()(topics, {
  Publish: {
    to: "publish",
    in: (wire, call) => Object.assign(targetOf(wire, call), contentFrom(wire)),
    out: publishedResult,
  },
  PublishBatch: {
    to: "publishBatch",
    in: ({ TopicArn, PublishBatchRequestEntries }, call) => ({
      ...topicOf(TopicArn, call),
      entries: PublishBatchRequestEntries.map((entry) => ({ id: entry.Id, ...contentFrom(entry) })),
    }),
    out: ({ done, failed }, _, call) => ({
      Successful: done.map(({ id, ...published }) => ({ Id: id, ...publishedResult(published) })),
      Failed: failedEntries(failed, wireErrors, call),
    }),
  },
});
