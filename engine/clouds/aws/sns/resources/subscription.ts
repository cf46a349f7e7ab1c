import type { Reader, Transaction } from "../../../../kernel/store.ts";
import type {
  SNSSubscriptionProperties as Properties,
} from "../../../../models/cloudformation/aws-sns-subscription.generated.ts";
import { resourceErrors } from "../../../../services/resource-errors.ts";
import type { ResourceContext } from "../../../../services/resource-type.ts";
import { topics } from "../../../../services/topics/service.ts";
import { awsResourceType, nativeType } from "../../resource-type.ts";
import { attributeChanges, attributeTexts, attributeValues, type TextAttributes } from "../../text-attributes.ts";
import { ifThere } from "../../wire-calls.ts";
import { withoutPassword } from "../model.ts";
import { pageOf, pages, snsCalls, type Sns } from "./calls.ts";

const TYPE = "AWS::SNS::Subscription";
type Context = ResourceContext<never>;

const native = nativeType(topics, "Subscription");

const SETTINGS: TextAttributes = {
  RawMessageDelivery: { kind: "boolean", unsaid: "false" },
  FilterPolicy: { kind: "document", unsaid: "" },
  FilterPolicyScope: { kind: "text", unsaid: "MessageAttributes" },
  RedrivePolicy: { kind: "document", unsaid: "" },
  DeliveryPolicy: { kind: "document", unsaid: "" },
  ReplayPolicy: { kind: "document", unsaid: "" },
  SubscriptionRoleArn: { kind: "text", unsaid: "" },
};

const TAKES_RAW: ReadonlySet<string> = new Set(["sqs", "http", "https", "firehose"]);

async function stateOf(tx: Reader, SubscriptionArn: string, ctx: Context) {
  const found = await ifThere(snsCalls(tx, ctx)("GetSubscriptionAttributes", { SubscriptionArn }));
  const { Attributes } = found ?? {};
  if (!Attributes) return undefined;
  const { TopicArn = "", Protocol = "", Endpoint = "", RawMessageDelivery = "" } = Attributes;
  // Where it cannot be asked for, it is shown all the same; a template that says it is refused.
  const told = { ...Attributes, RawMessageDelivery: TAKES_RAW.has(Protocol) ? RawMessageDelivery : "" };
  const properties: Properties = { TopicArn, Protocol, Endpoint, ...attributeValues(SETTINGS, told) };
  return { id: SubscriptionArn, properties, attributes: { Arn: SubscriptionArn } };
}

async function requireState(tx: Reader, arn: string, ctx: Context) {
  const state = await stateOf(tx, arn, ctx);
  if (!state) throw resourceErrors.ResourceNotFound({ type: TYPE, id: arn });
  return state;
}

/** Whether somebody has subscribed this endpoint already: doing so again gives the same subscription. */
async function isThere(sns: Sns, { TopicArn, Protocol, Endpoint }: Properties): Promise<boolean> {
  const listed = withoutPassword(Endpoint ?? "");
  for await (const { Subscriptions = [] } of pages((token) => sns("ListSubscriptionsByTopic", { TopicArn, ...token })))
    if (Subscriptions.some((each) => each.Protocol === Protocol && each.Endpoint === listed)) return true;
  return false;
}

export const subscription = awsResourceType<Properties>()({
  name: TYPE,
  summary: "Somebody's subscription to a topic.",
  twinOf: "Subscription",
  idOfTwin: (id, { account, region }) => `arn:aws:sns:${region}:${account}:${id.replace(",", ":")}`,
  attributes: ["Arn"],
  refused: ["Region"],
  recordedOnly: ["SubscriptionRoleArn"],
  references: { TopicArn: "AWS::SNS::Topic" },
  examples: [
    {
      title: "letters to an address, as many as pass a filter",
      properties: {
        TopicArn: "arn:aws:sns:us-east-1:000000000000:news",
        Protocol: "email",
        Endpoint: "team@example.com",
        FilterPolicy: { kind: ["order"] },
      },
    },
  ],
  handlers: {
    async create(tx: Transaction, properties, ctx) {
      const sns = snsCalls(tx, ctx);
      const { TopicArn, Protocol, Endpoint } = properties;
      if (await isThere(sns, properties))
        throw resourceErrors.ResourceExists({ type: TYPE, id: Endpoint ?? Protocol });
      const { SubscriptionArn = "" } = await sns("Subscribe", {
        TopicArn,
        Protocol,
        ...(Endpoint !== undefined && { Endpoint }),
        Attributes: attributeTexts(SETTINGS, properties),
        ReturnSubscriptionArn: true,
      });
      return requireState(tx, SubscriptionArn, ctx);
    },
    read: stateOf,
    async update(tx, id, properties, _previous, ctx) {
      const sns = snsCalls(tx, ctx);
      const { properties: current } = await requireState(tx, id, ctx);
      const changes = attributeChanges(SETTINGS, { ...properties }, { ...current }, true);
      // The scope decides how a policy is read, and so comes before it.
      const order = Object.entries(changes).toSorted(([a], [b]) => (a < b ? 1 : -1));
      for (const [AttributeName, AttributeValue] of order)
        await sns("SetSubscriptionAttributes", { SubscriptionArn: id, AttributeName, AttributeValue });
      return requireState(tx, id, ctx);
    },
    async delete(tx, id, ctx) {
      // Clients cannot end what nobody has confirmed yet; a stack that made it takes it back.
      const [topic, subscriptionId] = id.split(":").slice(-2);
      await native.handlers.delete(tx, `${topic},${subscriptionId}`, ctx);
    },
    async list(tx, ctx, page) {
      const sns = snsCalls(tx, ctx);
      const arns = async function* () {
        for await (const { Subscriptions = [] } of pages((token) => sns("ListSubscriptions", token)))
          yield Subscriptions.flatMap(({ SubscriptionArn = "" }) =>
            SubscriptionArn.startsWith("arn:") ? [SubscriptionArn] : [],
          );
      };
      return pageOf(arns(), page);
    },
  },
});
