import type { Transaction } from "../../../kernel/store.ts";
import type { Published } from "../model/message.ts";
import { subscriptionAddressOf, type Subscription } from "../model/subscription.ts";
import { addressOf, type Topic } from "../model/topic.ts";
import { signatureOf, signingKey } from "./signing.ts";

/** Where subscribers fetch the certificate that signatures are verified with. */
const CERTIFICATE_PATH = "/_cloudstack/topics/signing-certificate.pem";
/** FIFO sequence numbers have twenty digits, so that their text sorts as they do. */
const SEQUENCE_BASE = 10_000_000_000_000_000_000n;
const sequenceText = (sequence: number): string => String(SEQUENCE_BASE + BigInt(sequence));

const timeText = (atMs: number) => new Date(atMs).toISOString();
function link(door: string, query: Readonly<Record<string, string>>): string {
  let text = `${door}/?Version=2010-03-31`;
  for (const name in query) text += `&${name}=${encodeURIComponent(query[name] as string)}`;
  return text;
}

const unsubscribeLink = (subscription: Subscription) =>
  link(subscription.door, { Action: "Unsubscribe", SubscriptionArn: subscriptionAddressOf(subscription) });

/** What subscribers of a protocol get to read. Texts may be given by the cloud's own word for a protocol. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  queue: ["queue", "sqs"],
  function: ["function", "lambda"],
  stream: ["stream", "firehose"],
  push: ["push", "application"],
};
export function textFor(published: Published, protocol: string): string {
  const words = WORDS[protocol] ?? [protocol];
  const own = words.map((word) => published.perProtocol?.[word]).find((text) => text !== undefined);
  return own ?? published.perProtocol?.default ?? published.message;
}

function attributesOf({ attributes }: Published): Record<string, { Type: string; Value: string }> | undefined {
  if (attributes === undefined) return undefined;
  const entries = Object.entries(attributes).map(([name, { type, value }]) => {
    const text = typeof value === "string" ? value : Buffer.from(value).toString("base64");
    return [name, { Type: type, Value: text }] as const;
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Makes the notifications of one message; what is the same for many subscribers is written and signed once. */
export function createNotices(tx: Transaction, topic: Topic, published: Published) {
  const version = topic.settings.signatureVersion ?? 1;
  /** The documents up to where subscribers differ, by their text. */
  const beginnings = new Map<string, string>();
  const attributes = attributesOf(published);
  const end = attributes === undefined ? "}" : `,"MessageAttributes":${JSON.stringify(attributes)}}`;

  async function beginningFor(text: string): Promise<string> {
    const known = beginnings.get(text);
    if (known !== undefined) return known;
    const document = {
      Type: "Notification",
      MessageId: published.id,
      SequenceNumber: published.sequence === undefined ? undefined : sequenceText(published.sequence),
      TopicArn: addressOf(topic),
      Subject: published.subject,
      Message: text,
      Timestamp: timeText(published.atMs),
      SignatureVersion: String(version),
    };
    const signature = await signatureOf(document, version, await signingKey(tx));
    const beginning = `${JSON.stringify(document).slice(0, -1)},"Signature":"${signature}"`;
    beginnings.set(text, beginning);
    return beginning;
  }

  return {
    /** The notification as a subscriber gets it: a document in JSON. */
    async documentFor(subscription: Subscription): Promise<string> {
      const beginning = await beginningFor(textFor(published, subscription.protocol));
      const certificate = JSON.stringify(subscription.door + CERTIFICATE_PATH);
      const farewell = JSON.stringify(unsubscribeLink(subscription));
      return `${beginning},"SigningCertURL":${certificate},"UnsubscribeURL":${farewell}${end}`;
    },
  };
}
export type Notices = ReturnType<typeof createNotices>;

export type ConfirmationType = "SubscriptionConfirmation" | "UnsubscribeConfirmation";

const CONFIRMATIONS: Readonly<Record<ConfirmationType, (address: string, subscription: string) => string>> = {
  SubscriptionConfirmation: (address) =>
    `You have chosen to subscribe to the topic ${address}.\n` +
    "To confirm the subscription, visit the SubscribeURL included in this message.",
  UnsubscribeConfirmation: (_, subscription) =>
    `You have chosen to deactivate subscription ${subscription}.\n` +
    "To cancel this operation and restore the subscription, visit the SubscribeURL included in this message.",
};

/** The address that confirms a subscription when somebody visits it. */
export const confirmationLink = ({ door }: Subscription, topic: Topic, token: string): string =>
  link(door, { Action: "ConfirmSubscription", TopicArn: addressOf(topic), Token: token });

/** Asks a subscriber for a word: that it wants a subscription, or that it really wants none any more. */
export async function confirmationFor(
  tx: Transaction,
  type: ConfirmationType,
  { topic, subscription, token, id, atMs }: {
    readonly topic: Topic;
    readonly subscription: Subscription;
    readonly token: string;
    readonly id: string;
    readonly atMs: number;
  },
): Promise<string> {
  const version = topic.settings.signatureVersion ?? 1;
  const document = {
    Type: type,
    MessageId: id,
    Token: token,
    TopicArn: addressOf(topic),
    Message: CONFIRMATIONS[type](addressOf(topic), subscriptionAddressOf(subscription)),
    SubscribeURL: confirmationLink(subscription, topic, token),
    Timestamp: timeText(atMs),
    SignatureVersion: String(version),
  };
  const Signature = await signatureOf(document, version, await signingKey(tx));
  return JSON.stringify({ ...document, Signature, SigningCertURL: `${subscription.door}${CERTIFICATE_PATH}` });
}
