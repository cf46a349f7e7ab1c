import { isDeepStrictEqual } from "node:util";
import { Type, type Static } from "typebox";
import { startingWith } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { Labels, withoutLabels } from "../../labels.ts";
import { operationUsing } from "../../operation.ts";
import { grant, Permission, revoke } from "../../permissions.ts";
import { checkTopicPolicy } from "../delivery/policy-checks.ts";
import { effectivePolicy, forbidsOverrides, type EffectivePolicy } from "../delivery/retries.ts";
import { signingCertificate } from "../delivery/signing.ts";
import { errors } from "../errors.ts";
import { removeSubscription, subscriptionsOf } from "../model/subscription.ts";
import {
  changedSettings,
  checkName,
  checkTopicSettings,
  putTopic,
  requireTopic,
  Topic,
  TopicName,
  topicRecords,
  topicSpace,
  TopicSettingsChange,
  TopicSettings,
} from "../model/topic.ts";
import type { Ports } from "../ports.ts";
import { Next, PageInput, pageOf } from "./pages.ts";

const operation = operationUsing<Ports>();
const LABELS_MAX = 50;
const Nothing = Type.Object({});
const SETTING_ERRORS = ["SettingInvalid", "FifoOnly"] as const;

function checkSettings(change: TopicSettingsChange, isFifo: boolean): void {
  checkTopicSettings(change, isFifo);
  if (typeof change.deliveryPolicy === "string") checkTopicPolicy(change.deliveryPolicy);
}

function checkLabels(labels: Labels): void {
  if (Object.keys(labels).length > LABELS_MAX) throw errors.TooManyLabels({ max: LABELS_MAX });
}

const CreateInput = Type.Object({
  topic: Type.String(),
  isFifo: Type.Optional(Type.Boolean()),
  settings: Type.Optional(TopicSettingsChange),
  labels: Type.Optional(Labels),
});

export async function create(
  tx: Transaction,
  input: Static<typeof CreateInput>,
  ctx: OperationContext,
): Promise<Topic> {
  const { topic: name, isFifo = false, settings: change = {}, labels = {} } = input;
  checkName(name, isFifo);
  checkSettings(change, isFifo);
  checkLabels(labels);
  const settings = changedSettings<TopicSettings>({}, change);
  const existing = await topicRecords.get(tx, ctx.account, ctx.region, name);
  if (existing) {
    for (const setting of Object.keys(settings) as (keyof TopicSettings)[]) {
      if (!isDeepStrictEqual(existing.settings[setting], settings[setting]))
        throw errors.TopicExists({ topic: name, difference: "settings" });
    }
    const isLabelledSo = Object.entries(labels).every(([label, value]) => existing.labels[label] === value);
    if (!isLabelledSo) throw errors.TopicExists({ topic: name, difference: "labels" });
    return existing;
  }
  const nowMs = ctx.clock.nowMs();
  const topic: Topic = {
    version: 1,
    id: ctx.ids.hex(16),
    account: ctx.account,
    region: ctx.region,
    name,
    isFifo,
    settings,
    labels,
    permissions: [],
    createdAtMs: nowMs,
    endedSubscriptions: 0,
    ...(settings.archive !== undefined && { archivedSinceMs: nowMs }),
  };
  putTopic(tx, topic);
  return topic;
}

/** Where delivery logs go is set one by one; an empty text takes one back. */
function withFeedback(topic: Topic, change: TopicSettingsChange): TopicSettingsChange {
  if (!change.feedback) return change;
  const merged = Object.entries({ ...topic.settings.feedback, ...change.feedback }).filter(([, text]) => text !== "");
  return { ...change, feedback: merged.length > 0 ? Object.fromEntries(merged) : null };
}

export function change(tx: Transaction, topic: Topic, settings: TopicSettingsChange, ctx: OperationContext): Topic {
  checkSettings(settings, topic.isFifo);
  const { archivedSinceMs = ctx.clock.nowMs(), ...rest } = topic;
  const changed = changedSettings(topic.settings, withFeedback(topic, settings));
  const updated: Topic = {
    ...rest,
    settings: changed,
    // A new policy replaces what was granted one by one.
    permissions: settings.policy === undefined ? topic.permissions : [],
    ...(changed.archive !== undefined && { archivedSinceMs }),
  };
  putTopic(tx, updated);
  return updated;
}

/** Everything below belongs to one topic's id. */
const SPACES = ["sequence", "recent", "recentByTime", "archive"] as const;

export async function remove(tx: Transaction, topic: Topic): Promise<void> {
  for await (const subscription of subscriptionsOf(tx, topic)) removeSubscription(tx, subscription);
  for (const space of SPACES) tx.clear(startingWith(["topics", space, topic.id]));
  topicRecords.remove(tx, topic.account, topic.region, topic.name);
}

async function counted(tx: Reader, topic: Topic) {
  let confirmed = 0;
  let pending = 0;
  for await (const { isConfirmed } of subscriptionsOf(tx, topic)) {
    if (isConfirmed) confirmed += 1;
    else pending += 1;
  }
  return { confirmed, pending, ended: topic.endedSubscriptions };
}

async function labelled(tx: Reader, input: { topic: string }, ctx: OperationContext): Promise<Topic> {
  const found = await topicRecords.get(tx, ctx.account, ctx.region, input.topic);
  if (found === undefined) throw errors.ResourceNotFound({ topic: input.topic });
  return found;
}

export const topicOperations = {
  createTopic: operation({
    summary: "Creates a topic; the same again is answered with the topic that exists.",
    input: CreateInput,
    output: Topic,
    effects: "write",
    errors: ["TopicNameInvalid", "TopicExists", "TooManyLabels", ...SETTING_ERRORS],
    run: (tx, input, ctx) => create(tx, input, ctx),
  }),
  getTopic: operation({
    summary: "A topic with its settings, and how many subscriptions it has.",
    input: Type.Object(TopicName),
    output: Type.Object({
      topic: Topic,
      subscriptions: Type.Object({ confirmed: Type.Integer(), pending: Type.Integer(), ended: Type.Integer() }),
      /** How deliveries to web endpoints are tried again, defaults included. */
      retries: Type.Unsafe<EffectivePolicy>({ type: "object" }),
      /** Whether subscriptions have to go by that. */
      isPolicyBinding: Type.Boolean(),
    }),
    effects: "read",
    errors: ["TopicNotFound"],
    async run(tx, input, ctx) {
      const topic = await requireTopic(tx, ctx, input);
      const { deliveryPolicy } = topic.settings;
      const retries = effectivePolicy(deliveryPolicy);
      const isPolicyBinding = forbidsOverrides(deliveryPolicy);
      return { topic, subscriptions: await counted(tx, topic), retries, isPolicyBinding };
    },
  }),
  listTopics: operation({
    summary: "The names of the topics, in order, in pages of a hundred.",
    input: Type.Object(PageInput),
    output: Type.Object({ topics: Type.Array(Type.String()), next: Next }),
    effects: "read",
    errors: ["PageTokenInvalid"],
    async run(tx, { next }, { account, region }) {
      const range = topicSpace.range(account, region);
      const { entries, ...rest } = await pageOf<Topic>(tx, range, ["topics", "topic", account, region], next);
      return { topics: entries.map(({ value }) => value.name), ...rest };
    },
  }),
  updateTopic: operation({
    summary: "Changes settings of a topic; null takes one back to its default.",
    input: Type.Object({ ...TopicName, settings: TopicSettingsChange }),
    output: Topic,
    effects: "write",
    errors: ["TopicNotFound", ...SETTING_ERRORS],
    run: async (tx, { settings, ...input }, ctx) => change(tx, await requireTopic(tx, ctx, input), settings, ctx),
  }),
  deleteTopic: operation({
    summary: "Deletes a topic and its subscriptions; one that is gone is no error.",
    input: Type.Object(TopicName),
    output: Nothing,
    effects: "write",
    errors: ["TopicArchiving"],
    async run(tx, { topic: name, owner, region }, ctx) {
      const topic = await topicRecords.get(tx, owner ?? ctx.account, region ?? ctx.region, name);
      if (topic?.settings.archive !== undefined) throw errors.TopicArchiving({ topic: name });
      if (topic) await remove(tx, topic);
      return {};
    },
  }),
  labelTopic: operation({
    summary: "Sets labels of a topic and leaves the others.",
    input: Type.Object({ topic: Type.String(), labels: Labels }),
    output: Nothing,
    effects: "write",
    errors: ["ResourceNotFound", "TooManyLabels"],
    async run(tx, input, ctx) {
      const topic = await labelled(tx, input, ctx);
      const labels = { ...topic.labels, ...input.labels };
      checkLabels(labels);
      putTopic(tx, { ...topic, labels });
      return {};
    },
  }),
  unlabelTopic: operation({
    summary: "Takes labels away from a topic.",
    input: Type.Object({ topic: Type.String(), names: Type.Array(Type.String()) }),
    output: Nothing,
    effects: "write",
    errors: ["ResourceNotFound"],
    async run(tx, { names, ...input }, ctx) {
      const topic = await labelled(tx, input, ctx);
      putTopic(tx, { ...topic, labels: withoutLabels(topic.labels, names) });
      return {};
    },
  }),
  getSigningCertificate: operation({
    summary: "The certificate that receivers of notifications verify their signatures with, as PEM.",
    input: Nothing,
    output: Type.Object({ certificate: Type.String() }),
    effects: "write",
    errors: [],
    run: async (tx, _, ctx) => ({ certificate: await signingCertificate(tx, ctx.clock.nowMs()) }),
  }),
  listTopicLabels: operation({
    summary: "The labels of a topic.",
    input: Type.Object({ topic: Type.String() }),
    output: Type.Object({ labels: Labels }),
    effects: "read",
    errors: ["ResourceNotFound"],
    run: async (tx, input, ctx) => ({ labels: (await labelled(tx, input, ctx)).labels }),
  }),
  grantTopicPermission: operation({
    summary: "Lets other accounts use a topic; kept and shown, enforced when enforcement is switched on.",
    input: Type.Object({ ...TopicName, ...Permission.properties }),
    output: Nothing,
    effects: "write",
    errors: ["TopicNotFound", "PermissionExists"],
    async run(tx, { label, accounts, actions, ...input }, ctx) {
      putTopic(tx, grant(await requireTopic(tx, ctx, input), { label, accounts, actions }));
      return {};
    },
  }),
  revokeTopicPermission: operation({
    summary: "Takes back what was granted under a label, or the policy's statement of that name.",
    input: Type.Object({ ...TopicName, label: Type.String() }),
    output: Nothing,
    effects: "write",
    errors: ["TopicNotFound", "PermissionNotFound"],
    async run(tx, { label, ...input }, ctx) {
      putTopic(tx, revoke(await requireTopic(tx, ctx, input), label));
      return {};
    },
  }),
};
