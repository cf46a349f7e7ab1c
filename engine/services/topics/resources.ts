import { Type, type Static } from "typebox";
import { generatedName } from "../generated-name.ts";
import { resourceErrors } from "../resource-errors.ts";
import { resourceTypeUsing, type ResourceContext } from "../resource-type.ts";
import { compileFilter } from "./filter/filter.ts";
import { queueOf } from "./model/addresses.ts";
import {
  requireSubscription,
  subscriptionRecords,
  type Subscription,
  type SubscriptionSettingsChange,
} from "./model/subscription.ts";
import { putTopic, requireTopic, topicRecords, type Topic, type TopicSettingsChange } from "./model/topic.ts";
import { changeSubscription, subscribe, unsubscribe } from "./operations/subscriptions.ts";
import { change, create, remove } from "./operations/topics.ts";
import type { Ports } from "./ports.ts";

const resourceType = resourceTypeUsing<Ports>();
const optionalText = (description: string) => Type.Optional(Type.String({ description }));

const TopicProperties = Type.Object(
  {
    Name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: "Generated when omitted; a FIFO topic's ends in .fifo.",
      }),
    ),
    Fifo: Type.Optional(Type.Boolean({ default: false, description: "Keeps the order within each message group." })),
    DisplayName: Type.Optional(Type.String({ maxLength: 100, description: "The sender that emails and texts name." })),
    ContentBasedDeduplication: Type.Optional(
      Type.Boolean({ default: false, description: "FIFO: the same message twice is one message." }),
    ),
    SignatureVersion: Type.Optional(
      Type.Union([Type.Literal(1), Type.Literal(2)], {
        default: 1,
        description: "How notifications are signed: 1 with SHA-1, 2 with SHA-256.",
      }),
    ),
    Labels: Type.Optional(Type.Record(Type.String(), Type.String(), { description: "Labels as key and value." })),
  },
  { additionalProperties: false },
);
type TopicProperties = Static<typeof TopicProperties>;

const topicSettings = (properties: TopicProperties): TopicSettingsChange => ({
  displayName: properties.DisplayName ?? null,
  signatureVersion: properties.SignatureVersion ?? 1,
  ...((properties.Fifo || properties.ContentBasedDeduplication) && {
    contentBasedDeduplication: properties.ContentBasedDeduplication ?? false,
  }),
});

function topicState({ name, isFifo, settings, labels }: Topic) {
  return {
    id: name,
    properties: {
      Name: name,
      Fifo: isFifo,
      ContentBasedDeduplication: settings.contentBasedDeduplication ?? false,
      SignatureVersion: settings.signatureVersion ?? 1,
      Labels: labels,
      ...(settings.displayName !== undefined && { DisplayName: settings.displayName }),
    },
    attributes: { Name: name },
  };
}

const topicType = resourceType({
  name: "Topic",
  summary: "A topic that hands each message to every subscriber that wants it.",
  properties: TopicProperties,
  attributes: Type.Object({ Name: Type.String() }),
  ref: "Name",
  replacement: { Name: "always", Fifo: "always" },
  nameProperty: "Name",
  tags: { property: "Labels", form: "map" },
  examples: [
    {
      title: "a topic with its settings",
      properties: {
        Name: "news",
        Fifo: false,
        DisplayName: "News",
        ContentBasedDeduplication: false,
        SignatureVersion: 2,
        Labels: { team: "press" },
      },
    },
    { title: "a FIFO topic", properties: { Name: "prices.fifo", Fifo: true, ContentBasedDeduplication: true } },
  ],
  handlers: {
    async create(tx, properties, ctx) {
      const isFifo = properties.Fifo ?? false;
      const topic = properties.Name ?? generatedName(ctx).slice(-250) + (isFifo ? ".fifo" : "");
      // Clients may create what exists; what a stack creates is its own, and goes with it.
      const existing = await topicRecords.get(tx, ctx.account, ctx.region, topic);
      if (existing) throw resourceErrors.ResourceExists({ type: "Topic", id: topic });
      const input = { topic, isFifo, settings: topicSettings(properties), labels: properties.Labels ?? {} };
      return topicState(await create(tx, input, ctx));
    },
    async read(tx, id, ctx) {
      const topic = await topicRecords.get(tx, ctx.account, ctx.region, id);
      return topic && topicState(topic);
    },
    async update(tx, id, properties, _previous, ctx) {
      const topic = await requireTopic(tx, ctx, { topic: id });
      const updated = { ...change(tx, topic, topicSettings(properties), ctx), labels: properties.Labels ?? {} };
      putTopic(tx, updated);
      return topicState(updated);
    },
    async delete(tx, id, ctx) {
      const topic = await topicRecords.get(tx, ctx.account, ctx.region, id);
      if (topic) await remove(tx, topic);
    },
    async list(tx, ctx, page) {
      return (await topicRecords.page(tx, [ctx.account, ctx.region], page)).map(({ name }) => name);
    },
  },
});

type StackProtocol = "queue" | "http" | "https" | "email" | "email-json" | "sms";
const PROTOCOLS: readonly StackProtocol[] = ["queue", "http", "https", "email", "email-json", "sms"];

const SubscriptionProperties = Type.Object(
  {
    Topic: Type.String({ description: "The topic's name." }),
    Protocol: Type.Unsafe<StackProtocol>(
      Type.Union(
        PROTOCOLS.map((name) => Type.Literal(name)),
        { description: "By which way the subscriber is reached." },
      ),
    ),
    Endpoint: Type.String({ description: "A queue's name, a web or email address, or a phone number." }),
    Filter: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: "Which messages it wants: keys and the values they may have, as SNS writes filter policies.",
      }),
    ),
    FilterScope: Type.Optional(
      Type.Union([Type.Literal("attributes"), Type.Literal("body")], {
        default: "attributes",
        description: "Which part of a message the filter looks at.",
      }),
    ),
    Raw: Type.Optional(
      Type.Boolean({ default: false, description: "The message as it was published, without a notification around." }),
    ),
    DeadLetterQueue: optionalText("The queue that takes messages that could not be delivered."),
  },
  { additionalProperties: false },
);
type SubscriptionProperties = Static<typeof SubscriptionProperties>;

function subscriptionSettings(properties: SubscriptionProperties, ctx: ResourceContext): SubscriptionSettingsChange {
  const { Filter, FilterScope, Raw, DeadLetterQueue: name } = properties;
  return {
    filter: Filter === undefined ? null : JSON.stringify(Filter),
    filterScope: FilterScope ?? "attributes",
    // Only some endpoints can be told about it at all.
    isRaw: Raw ? true : null,
    deadLetter: name === undefined ? null : { account: ctx.account, region: ctx.region, name },
  };
}

/** A queue that stands beside its topic is called by its name. */
function endpointText({ protocol, endpoint, account, region }: Subscription): string {
  const queue = protocol === "queue" ? queueOf(endpoint, { account, region }) : undefined;
  return queue?.account === account && queue.region === region ? queue.name : endpoint;
}

/** Below every character of a name, so that these sort as their records do. */
const SEPARATOR = ",";
const nameOf = ({ topic, id }: Subscription) => topic + SEPARATOR + id;

function subscriptionState(subscription: Subscription) {
  const { topic, protocol, settings } = subscription;
  const { filter, filterScope = "attributes", isRaw = false, deadLetter } = settings;
  return {
    id: nameOf(subscription),
    properties: {
      Topic: topic,
      Protocol: protocol as SubscriptionProperties["Protocol"],
      Endpoint: endpointText(subscription),
      FilterScope: filterScope,
      Raw: isRaw,
      ...(filter !== undefined && { Filter: JSON.parse(filter) as Record<string, unknown> }),
      ...(deadLetter && { DeadLetterQueue: deadLetter.name }),
    },
    attributes: { Id: nameOf(subscription) },
  };
}

function refOf(id: string): { topic: string; subscription: string } {
  const [topic = "", subscription = ""] = id.split(SEPARATOR);
  return { topic, subscription };
}

const find = (tx: Parameters<typeof subscriptionRecords.get>[0], id: string, ctx: ResourceContext) => {
  const { topic, subscription } = refOf(id);
  return subscriptionRecords.get(tx, ctx.account, ctx.region, topic, subscription);
};

const subscriptionType = resourceType({
  name: "Subscription",
  summary: "Somebody who gets the messages of a topic, all of them or those that a filter lets through.",
  properties: SubscriptionProperties,
  attributes: Type.Object({ Id: Type.String() }),
  ref: "Id",
  replacement: { Topic: "always", Protocol: "always", Endpoint: "always" },
  references: { Topic: "Topic", DeadLetterQueue: "Queue" },
  checks: { Filter: (filter) => compileFilter(JSON.stringify(filter), "body") },
  examples: [
    {
      title: "a person who reads some of the messages",
      properties: {
        Topic: "news",
        Protocol: "email",
        Endpoint: "reader@example.com",
        Filter: { kind: ["sports", { prefix: "local" }] },
        FilterScope: "attributes",
        Raw: false,
      },
    },
    {
      title: "a queue that gets messages as they are",
      properties: { Topic: "news", Protocol: "queue", Endpoint: "orders", Raw: true, DeadLetterQueue: "dead" },
    },
  ],
  handlers: {
    async create(tx, properties, ctx) {
      const { Topic: topic, Protocol: protocol, Endpoint: endpoint } = properties;
      const settings = subscriptionSettings(properties, ctx);
      return subscriptionState(await subscribe(tx, { topic, protocol, endpoint, settings }, ctx));
    },
    async read(tx, id, ctx) {
      const subscription = await find(tx, id, ctx);
      return subscription && subscriptionState(subscription);
    },
    async update(tx, id, properties, _previous, ctx) {
      const subscription = await requireSubscription(tx, ctx, refOf(id));
      return subscriptionState(
        await changeSubscription(tx, subscription, subscriptionSettings(properties, ctx), ctx),
      );
    },
    async delete(tx, id, ctx) {
      const subscription = await find(tx, id, ctx);
      if (subscription) await unsubscribe(tx, subscription, ctx);
    },
    async list(tx, ctx, { after, limit }) {
      const all: string[] = [];
      const last = after === undefined ? undefined : refOf(after);
      for (let topic = last?.topic, next = last?.subscription; all.length < limit; next = undefined) {
        if (topic !== undefined) {
          const page = { limit: limit - all.length, ...(next !== undefined && { after: next }) };
          const found = await subscriptionRecords.page(tx, [ctx.account, ctx.region, topic], page);
          all.push(...found.map(nameOf));
        }
        const rest = topic === undefined ? { limit: 1 } : { limit: 1, after: topic };
        const [following] = await topicRecords.page(tx, [ctx.account, ctx.region], rest);
        if (following === undefined) break;
        topic = following.name;
      }
      return all.slice(0, limit);
    },
  },
});

export const resources = [topicType, subscriptionType];
