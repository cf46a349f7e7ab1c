import type { Tag, SQSQueueProperties } from "../../../../models/cloudformation/aws-sqs-queue.generated.ts";
import type { SqsOperations } from "../../../../models/aws/sqs.generated.ts";
import type { Reader, Transaction } from "../../../../kernel/store.ts";
import type { OperationContext } from "../../../../services/context.ts";
import { generatedName } from "../../../../services/generated-name.ts";
import { queues } from "../../../../services/queues/service.ts";
import { resourceErrors } from "../../../../services/resource-errors.ts";
import { awsResourceType, nativeType } from "../../resource-type.ts";
import { tagList, tagMap } from "../../tags.ts";
import { ifThere, wireCalls } from "../../wire-calls.ts";
import { operations } from "../operations.ts";

const sqsCalls = wireCalls<SqsOperations>([operations]);
type Sqs = ReturnType<typeof sqsCalls>;
type Properties = SQSQueueProperties;
const TYPE = "AWS::SQS::Queue";

interface Setting {
  readonly kind: "number" | "boolean" | "document" | "text";
  /** What it is when nothing is said; a FIFO queue's only where `isFifo`. */
  readonly unsaid: string;
  readonly isFifo?: true;
}
const number = (unsaid: number): Setting => ({ kind: "number", unsaid: String(unsaid) });

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
} as const satisfies Readonly<Record<string, Setting>>;
type Name = keyof typeof SETTINGS;
const NAMES = Object.keys(SETTINGS) as Name[];
const READ = [...NAMES, "FifoQueue", "QueueArn"];

const textOf = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));

function valueOf(kind: Setting["kind"], text: string): unknown {
  if (kind === "number") return Number(text);
  if (kind === "boolean") return text === "true";
  return kind === "document" ? (JSON.parse(text) as unknown) : text;
}

const declaredSettings = (properties: Properties): Partial<Record<Name, string>> =>
  Object.fromEntries(
    NAMES.filter((name) => properties[name] !== undefined).map((name) => [name, textOf(properties[name])]),
  );

async function stateOf(sqs: Sqs, name: string) {
  const found = await ifThere(sqs("GetQueueUrl", { QueueName: name }));
  if (!found) return undefined;
  const { QueueUrl = "" } = found;
  const { Attributes = {} } = await sqs("GetQueueAttributes", { QueueUrl, AttributeNames: READ as never });
  const { Tags } = await sqs("ListQueueTags", { QueueUrl });
  const settings = NAMES.flatMap((each) => {
    const text = Attributes[each];
    // The period outlives the key that it is of, and means nothing without one.
    const isIdle = each === "KmsDataKeyReusePeriodSeconds" && Attributes["KmsMasterKeyId"] === undefined;
    return text === undefined || isIdle ? [] : [[each, valueOf(SETTINGS[each].kind, text)]];
  });
  const properties: Properties = {
    QueueName: name,
    FifoQueue: Attributes["FifoQueue"] === "true",
    ...Object.fromEntries(settings),
  };
  const tags = tagList(Tags);
  if (tags) properties.Tags = tags;
  return { id: name, properties, attributes: { QueueUrl, Arn: Attributes["QueueArn"], QueueName: name } };
}

/** What must be set anew: what is not as it is declared, or not as usual where nothing is. */
function changesOf(wanted: Properties, current: Properties): Record<string, string> {
  const changes: Record<string, string> = {};
  for (const name of NAMES) {
    const setting: Setting = SETTINGS[name];
    const isSaid = wanted[name] !== undefined;
    if (!isSaid && setting.isFifo && !current.FifoQueue) continue;
    // A key of one's own and one of the service exclude each other.
    if (!isSaid && name === "SqsManagedSseEnabled" && wanted.KmsMasterKeyId) continue;
    const text = isSaid ? textOf(wanted[name]) : setting.unsaid;
    const now = current[name] === undefined ? setting.unsaid : textOf(current[name]);
    if (text !== now) changes[name] = text;
  }
  return changes;
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
      const attributes = { ...(isFifo && { FifoQueue: "true" }), ...declaredSettings(properties) };
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
