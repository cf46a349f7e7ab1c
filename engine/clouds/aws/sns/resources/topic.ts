import type { Reader, Transaction } from "../../../../kernel/store.ts";
import type {
  LoggingConfig,
  SNSTopicProperties as Properties,
  Subscription,
} from "../../../../models/cloudformation/aws-sns-topic.generated.ts";
import { generatedName } from "../../../../services/generated-name.ts";
import { resourceErrors } from "../../../../services/resource-errors.ts";
import type { Scope } from "../../../../services/context.ts";
import type { ResourceContext } from "../../../../services/resource-type.ts";
import { present } from "../../present.ts";
import { awsResourceType } from "../../resource-type.ts";
import { tagList, tagMap } from "../../tags.ts";
import { attributeChanges, attributeTexts, attributeValues, type TextAttributes } from "../../text-attributes.ts";
import { ifThere } from "../../wire-calls.ts";
import { withoutPassword } from "../model.ts";
import { pageOf, pages, snsCalls, type Sns } from "./calls.ts";

const TYPE = "AWS::SNS::Topic";
type Context = ResourceContext<never>;

const SETTINGS: TextAttributes = {
  DisplayName: { kind: "text", unsaid: "" },
  KmsMasterKeyId: { kind: "text", unsaid: "" },
  SignatureVersion: { kind: "text", unsaid: "" },
  TracingConfig: { kind: "text", unsaid: "PassThrough" },
  ArchivePolicy: { kind: "document", unsaid: "", isFifo: true },
  ContentBasedDeduplication: { kind: "boolean", unsaid: "false", isFifo: true },
  FifoThroughputScope: { kind: "text", unsaid: "Topic", isFifo: true },
};

/** What SNS puts before the attributes of a protocol's logs. */
const LOGGED = { "http/s": "HTTP", sqs: "SQS", lambda: "Lambda", firehose: "Firehose", application: "Application" };
const LOGS = ["SuccessFeedbackRoleArn", "FailureFeedbackRoleArn", "SuccessFeedbackSampleRate"] as const;

const logTexts = (logging: readonly LoggingConfig[] = []): Record<string, string> =>
  Object.fromEntries(
    logging.flatMap((each) =>
      LOGS.flatMap((log) => (each[log] === undefined ? [] : [[`${LOGGED[each.Protocol]}${log}`, String(each[log])]])),
    ),
  );

function loggingFrom(attributes: Readonly<Record<string, string>>): LoggingConfig[] | undefined {
  const logging = Object.entries(LOGGED).flatMap(([Protocol, prefix]) => {
    const logs = LOGS.flatMap((log) => {
      const text = attributes[`${prefix}${log}`];
      return text ? [[log, text]] : [];
    });
    return logs.length === 0 ? [] : [{ Protocol, ...Object.fromEntries(logs) } as LoggingConfig];
  });
  return logging.length === 0 ? undefined : logging;
}

const arnOf = ({ account, region }: Scope, name: string) => `arn:aws:sns:${region}:${account}:${name}`;
const textOf = (document: Properties["DataProtectionPolicy"]) =>
  typeof document === "object" ? JSON.stringify(document) : (document ?? "");

async function stateOf(tx: Reader, TopicArn: string, ctx: Context) {
  const sns = snsCalls(tx, ctx);
  const found = await ifThere(sns("GetTopicAttributes", { TopicArn }));
  if (!found) return undefined;
  const { Attributes = {} } = found;
  const { Tags } = await sns("ListTagsForResource", { ResourceArn: TopicArn });
  const { DataProtectionPolicy: protection } = await sns("GetDataProtectionPolicy", { ResourceArn: TopicArn });
  const name = TopicArn.split(":").at(-1) ?? "";
  const properties = present({
    TopicName: name,
    FifoTopic: Attributes["FifoTopic"] === "true",
    ...attributeValues(SETTINGS, { TracingConfig: "PassThrough", ...Attributes }),
    DataProtectionPolicy: protection ? (JSON.parse(protection) as Properties["DataProtectionPolicy"]) : undefined,
    DeliveryStatusLogging: loggingFrom(Attributes),
    Tags: tagList(tagMap(Tags as never)),
  }) as Properties;
  return { id: TopicArn, properties, attributes: { TopicArn, TopicName: name } };
}

async function requireState(tx: Reader, arn: string, ctx: Context) {
  const state = await stateOf(tx, arn, ctx);
  if (!state) throw resourceErrors.ResourceNotFound({ type: TYPE, id: arn });
  return state;
}

const isSame = (a: Subscription, b: Subscription) =>
  a.Protocol === b.Protocol && withoutPassword(a.Endpoint) === withoutPassword(b.Endpoint);

/** The subscriptions that a topic is declared with; those declared on their own are left alone. */
async function subscribe(sns: Sns, TopicArn: string, wanted: readonly Subscription[], before: readonly Subscription[]) {
  for (const gone of before.filter((each) => !wanted.some((one) => isSame(one, each)))) {
    for await (const page of pages((token) => sns("ListSubscriptionsByTopic", { TopicArn, ...token }))) {
      for (const { Protocol = "", Endpoint = "", SubscriptionArn = "" } of page.Subscriptions ?? [])
        if (isSame(gone, { Protocol, Endpoint })) await sns("Unsubscribe", { SubscriptionArn });
    }
  }
  for (const { Protocol, Endpoint } of wanted) await sns("Subscribe", { TopicArn, Protocol, Endpoint });
}

async function retag(sns: Sns, ResourceArn: string, wanted: Properties, current: Properties) {
  const kept = tagMap(wanted.Tags);
  const TagKeys = Object.keys(tagMap(current.Tags)).filter((key) => kept[key] === undefined);
  if (TagKeys.length > 0) await sns("UntagResource", { ResourceArn, TagKeys });
  const Tags = tagList(kept);
  if (Tags) await sns("TagResource", { ResourceArn, Tags });
}

async function update(tx: Transaction, id: string, wanted: Properties, previous: Properties, ctx: Context) {
  const sns = snsCalls(tx, ctx);
  const { properties: current } = await requireState(tx, id, ctx);
  const [now, then] = [logTexts(wanted.DeliveryStatusLogging), logTexts(current.DeliveryStatusLogging)];
  const unlogged = Object.keys(then).filter((name) => now[name] === undefined);
  const changes = {
    ...attributeChanges(SETTINGS, { ...wanted }, { ...current }, current.FifoTopic === true),
    ...Object.fromEntries(unlogged.map((name) => [name, ""])),
    ...Object.fromEntries(Object.entries(now).filter(([name, text]) => then[name] !== text)),
  };
  for (const [AttributeName, AttributeValue] of Object.entries(changes))
    await sns("SetTopicAttributes", { TopicArn: id, AttributeName, AttributeValue });
  const protection = textOf(wanted.DataProtectionPolicy);
  if (protection !== textOf(current.DataProtectionPolicy))
    await sns("PutDataProtectionPolicy", { ResourceArn: id, DataProtectionPolicy: protection });
  await subscribe(sns, id, wanted.Subscription ?? [], previous.Subscription ?? []);
  await retag(sns, id, wanted, current);
  return requireState(tx, id, ctx);
}

export const topic = awsResourceType<Properties>()({
  name: TYPE,
  summary: "A topic that hands each message to everyone who has subscribed.",
  twinOf: "Topic",
  idOfTwin: (name, scope) => arnOf(scope, name),
  attributes: ["TopicArn", "TopicName"],
  nameProperty: "TopicName",
  refused: ["MaximumMessageSize"],
  recordedOnly: ["KmsMasterKeyId", "TracingConfig", "DeliveryStatusLogging", "DataProtectionPolicy"],
  // A topic's subscriptions are more than those it is declared with.
  writeOnly: ["Subscription"],
  examples: [
    {
      title: "a topic",
      properties: { TopicName: "news", DisplayName: "News", Tags: [{ Key: "team", Value: "shop" }] },
    },
    {
      title: "a FIFO topic",
      properties: { TopicName: "payments.fifo", FifoTopic: true, ContentBasedDeduplication: true },
    },
  ],
  handlers: {
    async create(tx, properties, ctx) {
      const sns = snsCalls(tx, ctx);
      const isFifo = properties.FifoTopic === true;
      const Name = properties.TopicName ?? generatedName(ctx).slice(-250) + (isFifo ? ".fifo" : "");
      // Clients may create what exists; what a stack creates is its own, and goes with it.
      const TopicArn = arnOf(ctx, Name);
      const existing = await ifThere(sns("GetTopicAttributes", { TopicArn }));
      if (existing) throw resourceErrors.ResourceExists({ type: TYPE, id: Name });
      const protection = textOf(properties.DataProtectionPolicy);
      const Tags = tagList(tagMap(properties.Tags));
      await sns("CreateTopic", {
        Name,
        Attributes: {
          ...(isFifo && { FifoTopic: "true" }),
          ...attributeTexts(SETTINGS, properties),
          ...logTexts(properties.DeliveryStatusLogging),
        },
        ...(Tags && { Tags }),
        ...(protection !== "" && { DataProtectionPolicy: protection }),
      });
      await subscribe(sns, TopicArn, properties.Subscription ?? [], []);
      return requireState(tx, TopicArn, ctx);
    },
    read: stateOf,
    update,
    async delete(tx, id, ctx) {
      const sns = snsCalls(tx, ctx);
      const found = await ifThere(sns("GetTopicAttributes", { TopicArn: id }));
      if (!found) return;
      // Clients have to end an archive themselves; a stack that made it takes it back.
      const archive = { TopicArn: id, AttributeName: "ArchivePolicy", AttributeValue: "{}" };
      if (found.Attributes?.["ArchivePolicy"]) await sns("SetTopicAttributes", archive);
      await sns("DeleteTopic", { TopicArn: id });
    },
    async list(tx, ctx, page) {
      const sns = snsCalls(tx, ctx);
      const arns = async function* () {
        for await (const { Topics = [] } of pages((token) => sns("ListTopics", token)))
          yield Topics.flatMap(({ TopicArn }) => TopicArn ?? []);
      };
      return pageOf(arns(), page);
    },
  },
});
