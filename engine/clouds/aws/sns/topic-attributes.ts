import type { OperationInput, OperationOutput } from "../../../services/manifest.ts";
import type { topics } from "../../../services/topics/service.ts";
import { booleanOf, invalidParameter, jsonObject, topicArn } from "./model.ts";

type Change = NonNullable<OperationInput<typeof topics, "updateTopic">["settings"]>;
type Found = OperationOutput<typeof topics, "getTopic">;
type Topic = Found["topic"];

interface TopicAttribute {
  /** Absent: read-only. An empty text takes the setting back. */
  readonly set?: (text: string) => Change;
  readonly get: (found: Found) => string | undefined;
}

const orNull = <T>(text: string, parse: (text: string) => T): T | null => (text === "" ? null : parse(text));
const invalid = (name: string, reason: string) => invalidParameter(`Attributes Reason: ${name}: ${reason}`);
const truth = (name: string, text: string) => booleanOf(text, () => invalid(name, `Invalid value [${text}]`));

function oneOf<const T>(name: string, choices: Readonly<Record<string, T>>, text: string): T {
  const choice = choices[text];
  if (choice === undefined) throw invalid(name, `Invalid value [${text}]`);
  return choice;
}

/** What a topic's policy can speak of. */
export const POLICY_ACTIONS = [
  "GetTopicAttributes",
  "SetTopicAttributes",
  "AddPermission",
  "RemovePermission",
  "DeleteTopic",
  "Subscribe",
  "ListSubscriptionsByTopic",
  "Publish",
];

/** What a topic's policy says until somebody sets another. */
const defaultPolicy = (topic: Topic) => ({
  Version: "2008-10-17",
  Id: "__default_policy_ID",
  Statement: [
    {
      Sid: "__default_statement_ID",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: POLICY_ACTIONS.map((action) => `SNS:${action}`),
      Resource: topicArn(topic, topic.name),
      Condition: { StringEquals: { "AWS:SourceOwner": topic.account } },
    },
  ],
});

const oneOrAll = (values: readonly string[]) => (values.length === 1 ? values[0] : values);

/** The policy as it was set, with what AddPermission granted since as further statements. */
function policyOf(topic: Topic): string {
  const { permissions, settings } = topic;
  const base: { Statement?: unknown } =
    settings.policy === undefined ? defaultPolicy(topic) : (JSON.parse(settings.policy) as object);
  if (permissions.length === 0) return settings.policy ?? JSON.stringify(base);
  const own = base.Statement ?? [];
  const granted = permissions.map(({ label, accounts, actions }) => ({
    Sid: label,
    Effect: "Allow",
    Principal: { AWS: oneOrAll(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
    Action: oneOrAll(actions.map((action) => `SNS:${action}`)),
    Resource: topicArn(topic, topic.name),
  }));
  return JSON.stringify({ ...base, Statement: [...(Array.isArray(own) ? own : [own]), ...granted] });
}

/** `HTTPSuccessFeedbackRoleArn` and its kin: kept by their own names. */
const FEEDBACK =
  /^(?:Application|Firehose|HTTP|Lambda|SQS)(?:(?:Success|Failure)FeedbackRoleArn|SuccessFeedbackSampleRate)$/;

const ROLE = /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/.+$/;
const PERCENT = /^(?:[0-9]{1,2}|100)$/;

function feedbackFrom(name: string, text: string): string {
  const form = name.endsWith("SampleRate") ? PERCENT : ROLE;
  if (text === "" || form.test(text)) return text;
  throw invalidParameter(`${name}: Invalid value [${text}]`);
}

const isEmptyMap = (text: string) => /^\s*\{\s*\}\s*$/.test(text);

const ATTRIBUTES: Readonly<Record<string, TopicAttribute>> = {
  TopicArn: { get: ({ topic }) => topicArn(topic, topic.name) },
  Owner: { get: ({ topic }) => topic.account },
  SubscriptionsConfirmed: { get: ({ subscriptions }) => String(subscriptions.confirmed) },
  SubscriptionsPending: { get: ({ subscriptions }) => String(subscriptions.pending) },
  SubscriptionsDeleted: { get: ({ subscriptions }) => String(subscriptions.ended) },
  DisplayName: {
    set: (text) => ({ displayName: orNull(text, String) }),
    get: ({ topic }) => topic.settings.displayName ?? "",
  },
  Policy: {
    set: (text) => ({
      policy: orNull(text, (policy) => {
        jsonObject(policy, () => invalidParameter("Policy Error: null"));
        return policy;
      }),
    }),
    get: ({ topic }) => policyOf(topic),
  },
  DeliveryPolicy: {
    set: (text) => ({ deliveryPolicy: orNull(text, String) }),
    get: ({ topic }) => topic.settings.deliveryPolicy,
  },
  EffectiveDeliveryPolicy: {
    get: ({ retries: { healthyRetryPolicy, requestPolicy, throttlePolicy }, isPolicyBinding }) =>
      JSON.stringify({
        http: {
          defaultHealthyRetryPolicy: healthyRetryPolicy,
          disableSubscriptionOverrides: isPolicyBinding,
          ...(throttlePolicy && { defaultThrottlePolicy: throttlePolicy }),
          defaultRequestPolicy: requestPolicy,
        },
      }),
  },
  KmsMasterKeyId: {
    set: (text) => ({ encryptionKey: orNull(text, String) }),
    get: ({ topic }) => topic.settings.encryptionKey,
  },
  FifoTopic: { get: ({ topic }) => (topic.isFifo ? "true" : undefined) },
  ContentBasedDeduplication: {
    set: (text) => ({ contentBasedDeduplication: truth("ContentBasedDeduplication", text) }),
    get: ({ topic }) => (topic.isFifo ? String(topic.settings.contentBasedDeduplication ?? false) : undefined),
  },
  FifoThroughputScope: {
    set: (text) => ({
      deduplicationScope: oneOf("FifoThroughputScope", { Topic: "topic", MessageGroup: "group" }, text),
    }),
    get: ({ topic }) =>
      topic.isFifo ? (topic.settings.deduplicationScope === "group" ? "MessageGroup" : "Topic") : undefined,
  },
  ArchivePolicy: {
    set: (text) => ({ archive: isEmptyMap(text) ? null : orNull(text, String) }),
    get: ({ topic }) => topic.settings.archive,
  },
  BeginningArchiveTime: {
    get: ({ topic }) =>
      topic.settings.archive === undefined || topic.archivedSinceMs === undefined
        ? undefined
        : new Date(topic.archivedSinceMs).toISOString(),
  },
  SignatureVersion: {
    set: (text) => ({
      signatureVersion: orNull(text, (one) => oneOf("SignatureVersion", { 1: 1, 2: 2 } as const, one)),
    }),
    get: ({ topic }) => topic.settings.signatureVersion?.toString(),
  },
  TracingConfig: {
    set: (text) => ({
      tracing: oneOf("TracingConfig", { PassThrough: "passThrough", Active: "active" } as const, text),
    }),
    get: ({ topic: { settings } }) =>
      settings.tracing === undefined ? undefined : settings.tracing === "active" ? "Active" : "PassThrough",
  },
};

/** What a set of attributes changes. */
export function topicSettingsFrom(attributes: Readonly<Record<string, string>>): Change {
  const change: Change = {};
  const feedback: Record<string, string> = {};
  for (const [name, text] of Object.entries(attributes)) {
    const set = ATTRIBUTES[name]?.set;
    if (set !== undefined) Object.assign(change, set(text));
    else if (FEEDBACK.test(name)) feedback[name] = feedbackFrom(name, text);
    else throw invalidParameter("AttributeName");
  }
  return Object.keys(feedback).length > 0 ? { ...change, feedback } : change;
}

/** `FifoTopic` is said once, when a topic is created. */
export function topicFrom(attributes: Readonly<Record<string, string>>): { isFifo: boolean; settings: Change } {
  const { FifoTopic, ...rest } = attributes;
  const isFifo = FifoTopic !== undefined && truth("FifoTopic", FifoTopic);
  return { isFifo, settings: topicSettingsFrom(rest) };
}

export function topicAttributesOf(found: Found): Record<string, string> {
  const values: Record<string, string> = { ...found.topic.settings.feedback };
  for (const [name, { get }] of Object.entries(ATTRIBUTES)) {
    const value = get(found);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** Which attribute a setting of the service is, for error texts. */
export const ATTRIBUTE_OF_SETTING: Readonly<Record<string, string>> = {
  displayName: "DisplayName",
  policy: "Policy",
  deliveryPolicy: "DeliveryPolicy",
  encryptionKey: "KmsMasterKeyId",
  contentBasedDeduplication: "ContentBasedDeduplication",
  deduplicationScope: "FifoThroughputScope",
  archive: "ArchivePolicy",
  signatureVersion: "SignatureVersion",
  tracing: "TracingConfig",
  replay: "ReplayPolicy",
  deduplicationId: "MessageDeduplicationId",
};
