import type { Tag, SQSQueueProperties } from "../../../../models/cloudformation/aws-sqs-queue.generated.ts";
import type { SqsOperations } from "../../../../models/aws/sqs.generated.ts";
import type { Reader, Transaction } from "../../../../kernel/store.ts";
import type { OperationContext } from "../../../../services/context.ts";
import { generatedName } from "../../../../services/generated-name.ts";
import { queues } from "../../../../services/queues/service.ts";
import { resourceErrors } from "../../../../services/resource-errors.ts";
import { awsResourceType, nativeType } from "../../resource-type.ts";
import { tagList, tagMap } from "../../tags.ts";
import {
  attributeChanges,
  attributeTexts,
  attributeValues,
  type TextAttribute,
  type TextAttributes,
} from "../../text-attributes.ts";
import { ifThere, wireCalls } from "../../wire-calls.ts";
import { operations } from "../operations.ts";

const sqsCalls = wireCalls<SqsOperations>("sqs", [operations]);
type Sqs = ReturnType<typeof sqsCalls>;
type Properties = SQSQueueProperties;
const TYPE = "AWS::SQS::Queue";

const number = (unsaid: number): TextAttribute => ({ kind: "number", unsaid: String(unsaid) });

/** Queue attributes that a template sets by their own names. */
const SETTINGS = {
  VisibilityTimeout: number(30),
  DelaySeconds: number(0),
  MaximumMessageSize: number(1_048_576),
  MessageRetentionPeriod: number(345_600),
  ReceiveMessageWaitTimeSeconds: number(0),
  RedrivePolicy: { kind: "document", unsaid: "" },
  RedriveAllowPolicy: { kind: "document", unsaid: "" },
  ContentBasedDeduplication: { kind: "boolean", unsaid: "false", isFifo: true },
  DeduplicationScope: { kind: "text", unsaid: "queue", isFifo: true },
  FifoThroughputLimit: { kind: "text", unsaid: "perQueue", isFifo: true },
  KmsMasterKeyId: { kind: "text", unsaid: "" },
  KmsDataKeyReusePeriodSeconds: number(300),
  SqsManagedSseEnabled: { kind: "boolean", unsaid: "true" },
} as const satisfies TextAttributes;
const READ = [...Object.keys(SETTINGS), "FifoQueue", "QueueArn"];

async function stateOf(sqs: Sqs, name: string) {
  const found = await ifThere(sqs("GetQueueUrl", { QueueName: name }));
  if (!found) return undefined;
  const { QueueUrl = "" } = found;
  const { Attributes = {} } = await sqs("GetQueueAttributes", { QueueUrl, AttributeNames: READ as never });
  const { Tags } = await sqs("ListQueueTags", { QueueUrl });
  const { KmsDataKeyReusePeriodSeconds: period, ...texts } = Attributes;
  // The period outlives the key that it is of, and means nothing without one.
  if (period !== undefined && texts["KmsMasterKeyId"] !== undefined) texts["KmsDataKeyReusePeriodSeconds"] = period;
  const properties: Properties = {
    QueueName: name,
    FifoQueue: Attributes["FifoQueue"] === "true",
    ...attributeValues(SETTINGS, texts),
  };
  const tags = tagList(Tags);
  if (tags) properties.Tags = tags;
  return { id: name, properties, attributes: { QueueUrl, Arn: Attributes["QueueArn"], QueueName: name } };
}

/** A key of one's own and one of the service exclude each other: of the one that is not said, nothing is set. */
function changesOf(wanted: Properties, current: Properties): Record<string, string> {
  const { SqsManagedSseEnabled, ...changes } = attributeChanges(
    SETTINGS,
    wanted as Readonly<Record<string, unknown>>,
    current as Readonly<Record<string, unknown>>,
    current.FifoQueue === true,
  );
  const isSaid = wanted.SqsManagedSseEnabled !== undefined || !wanted.KmsMasterKeyId;
  return SqsManagedSseEnabled !== undefined && isSaid ? { ...changes, SqsManagedSseEnabled } : changes;
}

async function retag(sqs: Sqs, QueueUrl: string, wanted: readonly Tag[] | undefined): Promise<void> {
  const { Tags = {} } = await sqs("ListQueueTags", { QueueUrl });
  const kept = tagMap(wanted);
  const gone = Object.keys(Tags).filter((key) => kept[key] === undefined);
  if (gone.length > 0) await sqs("UntagQueue", { QueueUrl, TagKeys: gone });
  if (Object.keys(kept).length > 0) await sqs("TagQueue", { QueueUrl, Tags: kept });
}

const native = nativeType(queues, "Queue");
const requireState = async (tx: Reader, name: string, ctx: OperationContext<never>) => {
  const state = await stateOf(sqsCalls(tx, ctx), name);
  if (!state) throw resourceErrors.ResourceNotFound({ type: TYPE, id: name });
  return state;
};

export const queue = awsResourceType<Properties>()({
  name: TYPE,
  summary: "A queue of messages, standard or FIFO.",
  twinOf: "Queue",
  attributes: ["Arn", "QueueName", "QueueUrl"],
  nameProperty: "QueueName",
  recordedOnly: ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"],
  examples: [
    {
      title: "a queue with its settings",
      properties: {
        QueueName: "orders",
        VisibilityTimeout: 45,
        DelaySeconds: 5,
        MessageRetentionPeriod: 3600,
        ReceiveMessageWaitTimeSeconds: 10,
        MaximumMessageSize: 65_536,
        Tags: [{ Key: "team", Value: "shop" }],
      },
    },
    {
      title: "a FIFO queue",
      properties: { QueueName: "payments.fifo", FifoQueue: true, ContentBasedDeduplication: true },
    },
  ],
  handlers: {
    async create(tx: Transaction, properties, ctx) {
      const sqs = sqsCalls(tx, ctx);
      const isFifo = properties.FifoQueue === true;
      const name = properties.QueueName ?? generatedName(ctx).slice(-75) + (isFifo ? ".fifo" : "");
      // Clients may create what exists; what a stack creates is its own, and goes with it.
      const existing = await ifThere(sqs("GetQueueUrl", { QueueName: name }));
      if (existing) throw resourceErrors.ResourceExists({ type: TYPE, id: name });
      const attributes = { ...(isFifo && { FifoQueue: "true" }), ...attributeTexts(SETTINGS, properties) };
      await sqs("CreateQueue", { QueueName: name, Attributes: attributes, tags: tagMap(properties.Tags) });
      return requireState(tx, name, ctx);
    },
    read: (tx, id, ctx) => stateOf(sqsCalls(tx, ctx), id),
    async update(tx, id, properties, _previous, ctx) {
      const sqs = sqsCalls(tx, ctx);
      const { attributes, properties: current } = await requireState(tx, id, ctx);
      const { QueueUrl } = attributes;
      const changes = changesOf(properties, current);
      if (Object.keys(changes).length > 0) await sqs("SetQueueAttributes", { QueueUrl, Attributes: changes });
      await retag(sqs, QueueUrl, properties.Tags);
      return requireState(tx, id, ctx);
    },
    delete: native.handlers.delete,
    list: native.handlers.list,
  },
});
