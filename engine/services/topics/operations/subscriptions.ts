import { isDeepStrictEqual } from "node:util";
import { Type, type Static } from "typebox";
import type { Key, Reader, Transaction } from "../../../kernel/store.ts";
import { operationUsing } from "../../operation.ts";
import { checkSubscriptionPolicy } from "../delivery/policy-checks.ts";
import { effectivePolicy, type EffectivePolicy } from "../delivery/retries.ts";
import { errors } from "../errors.ts";
import { compileFilter } from "../filter/filter.ts";
import { checkEndpoint, isSelfConfirming, normalEndpoint, requireEndpoint } from "../model/endpoints.ts";
import {
  endpointSpace,
  Protocol,
  putSubscription,
  removeSubscription,
  requireSubscription,
  Subscription,
  SubscriptionName,
  subscriptionRecords,
  SubscriptionSettings,
  SubscriptionSettingsChange,
  subscriptionSpace,
} from "../model/subscription.ts";
import { changedSettings, putTopic, requireTopic, topicRecords, TopicName, type Topic } from "../model/topic.ts";
import type { Ports, TopicContext } from "../ports.ts";
import { startReplay } from "../replay.ts";
import { askForConfirmation, tellOfTheEnd, tokens, useToken } from "./confirmations.ts";
import { Next, PageInput, pageOf } from "./pages.ts";

const operation = operationUsing<Ports>();
const Nothing = Type.Object({});
const DOOR = "http://localhost:4566";
const SETTING_ERRORS = [
  "SettingInvalid",
  "FilterInvalid",
  "TooManyFilters",
  "DeadLetterQueueInvalid",
  "RawUnsupported",
  "FifoOnly",
] as const;
/** Amazon SNS endpoints and quotas: of a FIFO topic, and filter policies of a topic. */
const FIFO_SUBSCRIPTIONS_MAX = 100;
const FILTERS_MAX = 200;
const TAKES_RAW: ReadonlySet<Protocol> = new Set(["queue", "http", "https", "stream"]);

async function checkSettings(
  tx: Reader,
  topic: Topic,
  protocol: Protocol,
  settings: SubscriptionSettings,
  change: SubscriptionSettingsChange,
  ctx: TopicContext,
): Promise<void> {
  if (settings.filter !== undefined && (change.filter !== undefined || change.filterScope !== undefined))
    compileFilter(settings.filter, settings.filterScope ?? "attributes");
  if (typeof change.isRaw === "boolean" && !TAKES_RAW.has(protocol)) throw errors.RawUnsupported({ protocol });
  if (settings.deliveryPolicy !== undefined && (change.deliveryPolicy !== undefined || change.isRaw !== undefined))
    checkSubscriptionPolicy(settings.deliveryPolicy, settings.isRaw === true);
  if (typeof change.replay === "string" && topic.settings.archive === undefined)
    throw errors.FifoOnly({ field: "replay" });
  const { deadLetter } = change;
  if (!deadLetter) return;
  const refuse = (reason: string) => errors.DeadLetterQueueInvalid({ queue: deadLetter.name, reason });
  if (deadLetter.region !== topic.region) throw refuse("it is in another region");
  const queue = await ctx.ports.queues.find(tx, deadLetter);
  if (queue === undefined) throw refuse("it does not exist");
  if (queue.isFifo !== topic.isFifo) throw refuse("it is of another kind than the topic");
}

/** Whether one more subscription of the topic may have a filter. */
async function checkFilterRoom(tx: Reader, { account, region, name }: Topic): Promise<void> {
  let count = 0;
  for await (const { value } of tx.scan<Subscription>(subscriptionSpace.range(account, region, name)))
    if (value.settings.filter !== undefined && (count += 1) >= FILTERS_MAX)
      throw errors.TooManyFilters({ max: FILTERS_MAX });
}

async function checkRoom(tx: Reader, topic: Topic, settings: SubscriptionSettings): Promise<void> {
  const { account, region, name, isFifo } = topic;
  if (isFifo && (await tx.count(subscriptionSpace.range(account, region, name))) >= FIFO_SUBSCRIPTIONS_MAX)
    throw errors.TooManySubscriptions({ max: FIFO_SUBSCRIPTIONS_MAX });
  if (settings.filter !== undefined) await checkFilterRoom(tx, topic);
}

const SubscribeInput = Type.Object({
  ...TopicName,
  protocol: Protocol,
  endpoint: Type.String(),
  settings: Type.Optional(SubscriptionSettingsChange),
  door: Type.Optional(Type.String({ description: "How the engine is reached, for the links in notifications." })),
});

export async function subscribe(
  tx: Transaction,
  input: Static<typeof SubscribeInput>,
  ctx: TopicContext,
): Promise<Subscription> {
  const { protocol, settings: change = {}, door = DOOR, ...name } = input;
  const topic = await requireTopic(tx, ctx, name);
  const endpoint = normalEndpoint(protocol, input.endpoint, ctx);
  checkEndpoint(protocol, endpoint, topic, ctx);
  await requireEndpoint(tx, protocol, endpoint);
  const settings = changedSettings<SubscriptionSettings>({}, change);
  await checkSettings(tx, topic, protocol, settings, change, ctx);
  const { account, region } = topic;
  const known = await tx.get<string>(endpointSpace.key(account, region, topic.name, protocol, endpoint));
  const existing = known && (await subscriptionRecords.get(tx, account, region, topic.name, known));
  if (existing) {
    for (const setting of Object.keys(settings) as (keyof SubscriptionSettings)[]) {
      if (!isDeepStrictEqual(existing.settings[setting], settings[setting]))
        throw errors.SubscriptionExists({ endpoint });
    }
    if (!existing.isConfirmed) await askForConfirmation(tx, topic, existing, ctx);
    return existing;
  }
  await checkRoom(tx, topic, settings);
  const isConfirmed = isSelfConfirming(protocol, endpoint, ctx);
  const subscription: Subscription = {
    version: 1,
    id: ctx.ids.uuid(),
    account,
    region,
    topic: topic.name,
    owner: ctx.account,
    subscriber: ctx.caller.principal,
    protocol,
    endpoint,
    isConfirmed,
    isConfirmedByOwner: isConfirmed,
    isGuarded: false,
    settings,
    door,
    createdAtMs: ctx.clock.nowMs(),
  };
  if (isConfirmed) putSubscription(tx, subscription);
  else await askForConfirmation(tx, topic, subscription, ctx);
  if (settings.replay !== undefined) await startReplay(tx, topic, subscription, ctx);
  return subscription;
}

export async function changeSubscription(
  tx: Transaction,
  subscription: Subscription,
  change: SubscriptionSettingsChange,
  ctx: TopicContext,
): Promise<Subscription> {
  const topic = await requireTopic(tx, ctx, {
    topic: subscription.topic,
    owner: subscription.account,
    region: subscription.region,
  });
  const updated = { ...subscription, settings: changedSettings(subscription.settings, change) };
  await checkSettings(tx, topic, updated.protocol, updated.settings, change, ctx);
  if (typeof change.filter === "string" && subscription.settings.filter === undefined) await checkFilterRoom(tx, topic);
  putSubscription(tx, updated);
  if (typeof change.replay === "string") await startReplay(tx, topic, updated, ctx);
  return updated;
}

export async function unsubscribe(tx: Transaction, subscription: Subscription, ctx: TopicContext): Promise<void> {
  removeSubscription(tx, subscription);
  if (subscription.token !== undefined) tokens.remove(tx, subscription, subscription.token);
  const topic = await topicRecords.get(tx, subscription.account, subscription.region, subscription.topic);
  if (topic === undefined) return;
  putTopic(tx, { ...topic, endedSubscriptions: topic.endedSubscriptions + 1 });
  await tellOfTheEnd(tx, topic, subscription, ctx);
}

const Page = Type.Object({ subscriptions: Type.Array(Subscription), next: Next });

async function page(tx: Reader, parts: readonly [string, string, string?], next: string | undefined) {
  const [account, region, topic] = parts;
  const range = topic === undefined ? subscriptionSpace.range(account, region)
    : subscriptionSpace.range(account, region, topic);
  const prefix: Key = ["topics", "subscription", ...parts.filter((part) => part !== undefined)];
  const { entries, ...rest } = await pageOf<Subscription>(tx, range, prefix, next);
  return { subscriptions: entries.map(({ value }) => value), ...rest };
}

export const subscriptionOperations = {
  subscribe: operation({
    summary: "Subscribes an endpoint to a topic; some have to confirm it first.",
    input: SubscribeInput,
    output: Subscription,
    effects: "write",
    errors: [
      "TopicNotFound",
      "SubscriptionExists",
      "EndpointInvalid",
      "EndpointMissing",
      "StandardOnly",
      "ProtocolUnavailable",
      "TooManySubscriptions",
      ...SETTING_ERRORS,
    ],
    run: (tx, input, ctx) => subscribe(tx, input, ctx),
  }),
  confirmSubscription: operation({
    summary: "Confirms a subscription with the token that its endpoint was sent.",
    input: Type.Object({ ...TopicName, token: Type.String(), isGuarded: Type.Optional(Type.Boolean()) }),
    output: Subscription,
    effects: "write",
    errors: ["TopicNotFound", "TokenUnknown"],
    async run(tx, { token, isGuarded = false, ...name }, ctx) {
      const topic = await requireTopic(tx, ctx, name);
      return useToken(tx, topic, token, isGuarded);
    },
  }),
  getSubscription: operation({
    summary: "A subscription with its settings.",
    input: Type.Object(SubscriptionName),
    output: Type.Object({
      subscription: Subscription,
      /** How deliveries to its web endpoint are tried again, defaults included. */
      retries: Type.Unsafe<EffectivePolicy>({ type: "object" }),
    }),
    effects: "read",
    errors: ["SubscriptionNotFound", "TopicNotFound"],
    async run(tx, input, ctx) {
      const subscription = await requireSubscription(tx, ctx, input);
      const topic = await requireTopic(tx, ctx, input);
      const retries = effectivePolicy(topic.settings.deliveryPolicy, subscription.settings.deliveryPolicy);
      return { subscription, retries };
    },
  }),
  updateSubscription: operation({
    summary: "Changes settings of a subscription; null takes one away.",
    input: Type.Object({ ...SubscriptionName, settings: SubscriptionSettingsChange }),
    output: Subscription,
    effects: "write",
    errors: ["SubscriptionNotFound", "TopicNotFound", ...SETTING_ERRORS],
    run: async (tx, { settings, ...input }, ctx) =>
      changeSubscription(tx, await requireSubscription(tx, ctx, input), settings, ctx),
  }),
  unsubscribe: operation({
    summary: "Ends a subscription; one that is gone is no error.",
    input: Type.Object(SubscriptionName),
    output: Nothing,
    effects: "write",
    errors: ["SubscriptionPending", "SubscriptionGuarded"],
    async run(tx, { topic, owner, region, subscription: id }, ctx) {
      const place = { account: owner ?? ctx.account, region: region ?? ctx.region };
      const subscription = await subscriptionRecords.get(tx, place.account, place.region, topic, id);
      if (subscription === undefined) return {};
      if (!subscription.isConfirmed) throw errors.SubscriptionPending({ subscription: id });
      if (subscription.isGuarded && subscription.owner !== ctx.account && subscription.account !== ctx.account)
        throw errors.SubscriptionGuarded({ subscription: id });
      await unsubscribe(tx, subscription, ctx);
      return {};
    },
  }),
  listSubscriptions: operation({
    summary: "All subscriptions to topics of this account and region, in pages of a hundred.",
    input: Type.Object(PageInput),
    output: Page,
    effects: "read",
    errors: ["PageTokenInvalid"],
    run: (tx, { next }, { account, region }) => page(tx, [account, region], next),
  }),
  listTopicSubscriptions: operation({
    summary: "The subscriptions to a topic, in pages of a hundred.",
    input: Type.Object({ ...TopicName, ...PageInput }),
    output: Page,
    effects: "read",
    errors: ["TopicNotFound", "PageTokenInvalid"],
    async run(tx, { next, ...input }, ctx) {
      const { account, region, name } = await requireTopic(tx, ctx, input);
      return page(tx, [account, region, name], next);
    },
  }),
};
