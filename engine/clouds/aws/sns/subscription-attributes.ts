import type { OperationInput, OperationOutput } from "../../../services/manifest.ts";
import type { topics } from "../../../services/topics/service.ts";
import { booleanOf, invalidParameter, jsonObject, queueArn, queueOfArn, subscriptionArn, topicArn } from "./model.ts";

type Change = NonNullable<OperationInput<typeof topics, "updateSubscription">["settings"]>;
type Found = OperationOutput<typeof topics, "getSubscription">;
export type Subscription = Found["subscription"];

interface SubscriptionAttribute {
  /** Absent: read-only. An empty text takes the setting away. */
  readonly set?: (text: string) => Change;
  readonly get: (found: Found) => string | undefined;
}

const orNull = <T>(text: string, parse: (text: string) => T): T | null => (text === "" ? null : parse(text));

/** The protocols whose word in SNS is another than the engine's. */
const WORDS: Readonly<Record<string, string>> = {
  queue: "sqs",
  push: "application",
  function: "lambda",
  stream: "firehose",
};
const PROTOCOLS: Readonly<Record<string, Subscription["protocol"]>> = {
  sqs: "queue",
  http: "http",
  https: "https",
  email: "email",
  "email-json": "email-json",
  sms: "sms",
  application: "push",
  lambda: "function",
  firehose: "stream",
};
export const wireProtocol = (protocol: string) => WORDS[protocol] ?? protocol;
export function protocolFrom(wire: string): Subscription["protocol"] {
  const protocol = PROTOCOLS[wire];
  if (protocol === undefined) throw invalidParameter(`Amazon SNS does not support this protocol string: ${wire}`);
  return protocol;
}

function deadLetterFrom(text: string) {
  const given = jsonObject(text, () => invalidParameter("RedrivePolicy: failed to parse JSON."));
  const { deadLetterTargetArn: arn, ...unknown } = given;
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw invalidParameter(`RedrivePolicy: invalid JSON. Attribute ${name} is unknown.`);
  if (arn === undefined) return null;
  const queue = queueOfArn(arn);
  if (queue === undefined) throw invalidParameter("RedrivePolicy: deadLetterTargetArn is an invalid arn");
  return queue;
}

/** An empty filter lets everything through, as none does. */
const isEmptyFilter = (text: string) => /^\s*\{\s*\}\s*$/.test(text);

const ATTRIBUTES: Readonly<Record<string, SubscriptionAttribute>> = {
  SubscriptionArn: { get: ({ subscription }) => subscriptionArn(subscription) },
  TopicArn: { get: ({ subscription }) => topicArn(subscription, subscription.topic) },
  Owner: { get: ({ subscription }) => subscription.owner },
  Protocol: { get: ({ subscription }) => wireProtocol(subscription.protocol) },
  Endpoint: { get: ({ subscription }) => subscription.endpoint },
  SubscriptionPrincipal: { get: ({ subscription }) => subscription.subscriber },
  PendingConfirmation: { get: ({ subscription }) => String(!subscription.isConfirmed) },
  ConfirmationWasAuthenticated: { get: ({ subscription }) => String(subscription.isConfirmedByOwner) },
  RawMessageDelivery: {
    set: (text) => {
      const refuse = () =>
        invalidParameter(`Attributes Reason: RawMessageDelivery: Invalid value [${text}]. Must be true or false.`);
      return { isRaw: orNull(text, (one) => booleanOf(one, refuse)) };
    },
    get: ({ subscription }) => String(subscription.settings.isRaw ?? false),
  },
  FilterPolicy: {
    set: (text) => ({ filter: isEmptyFilter(text) ? null : orNull(text, String) }),
    get: ({ subscription }) => subscription.settings.filter,
  },
  FilterPolicyScope: {
    set: (text) => {
      if (text !== "MessageAttributes" && text !== "MessageBody" && text !== "")
        throw invalidParameter(
          `FilterPolicyScope: Invalid value [${text}]. Please use either MessageBody or MessageAttributes`,
        );
      return { filterScope: text === "" ? null : text === "MessageBody" ? "body" : "attributes" };
    },
    get: ({ subscription: { settings } }) => {
      if (settings.filter === undefined && settings.filterScope === undefined) return undefined;
      return settings.filterScope === "body" ? "MessageBody" : "MessageAttributes";
    },
  },
  RedrivePolicy: {
    set: (text) => ({ deadLetter: orNull(text, deadLetterFrom) }),
    get: ({ subscription: { settings } }) =>
      settings.deadLetter && JSON.stringify({ deadLetterTargetArn: queueArn(settings.deadLetter) }),
  },
  DeliveryPolicy: {
    set: (text) => ({ deliveryPolicy: orNull(text, String) }),
    get: ({ subscription }) => subscription.settings.deliveryPolicy,
  },
  EffectiveDeliveryPolicy: {
    get: ({ subscription: { protocol }, retries }) =>
      protocol.startsWith("http") ? JSON.stringify(retries) : undefined,
  },
  SubscriptionRoleArn: {
    set: (text) => ({ role: orNull(text, String) }),
    get: ({ subscription }) => subscription.settings.role,
  },
  ReplayPolicy: {
    set: (text) => ({ replay: orNull(text, String) }),
    get: ({ subscription }) => subscription.settings.replay,
  },
  ReplayStatus: {
    get: ({ subscription: { replayStatus } }) =>
      replayStatus === undefined ? undefined : replayStatus === "done" ? "Completed" : "In progress",
  },
};

export function subscriptionSettingsFrom(attributes: Readonly<Record<string, string>>): Change {
  const change: Change = {};
  for (const [name, text] of Object.entries(attributes)) {
    const set = ATTRIBUTES[name]?.set;
    if (set === undefined) throw invalidParameter("AttributeName");
    Object.assign(change, set(text));
  }
  return change;
}

export function subscriptionAttributesOf(found: Found): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, { get }] of Object.entries(ATTRIBUTES)) {
    const value = get(found);
    if (value !== undefined) values[name] = value;
  }
  return values;
}
