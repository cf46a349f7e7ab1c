import type { Transaction } from "../../../kernel/store.ts";
import type { Published } from "../model/message.ts";
import { subscriptionAddressOf, type Subscription } from "../model/subscription.ts";
import { addressOf, type Topic } from "../model/topic.ts";
import { signatureOf, signingKey } from "./signing.ts";

/** Where subscribers fetch the certificate that signatures are verified with. */
export const CERTIFICATE_PATH = "/_cloudstack/topics/signing-certificate.pem";
/** FIFO sequence numbers have twenty digits, so that their text sorts as they do. */
const SEQUENCE_BASE = 10_000_000_000_000_000_000n;
export const sequenceText = (sequence: number): string => String(SEQUENCE_BASE + BigInt(sequence));

const timeText = (atMs: number) => new Date(atMs).toISOString();
const link = (door: string, query: Record<string, string>) =>
  `${door}/?${new URLSearchParams({ ...query, Version: "2010-03-31" })}`;

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

/** Makes the notifications of one message; what is the same for many subscribers is signed once. */
export function createNotices(tx: Transaction, topic: Topic, published: Published) {
  const version = topic.settings.signatureVersion ?? 1;
  const signatures = new Map<string, string>();

  async function signed(text: string) {
    const document = {
      Type: "Notification",
      MessageId: published.id,
      ...(published.sequence !== undefined && { SequenceNumber: sequenceText(published.sequence) }),
      TopicArn: addressOf(topic),
      ...(published.subject !== undefined && { Subject: published.subject }),
      Message: text,
      Timestamp: timeText(published.atMs),
      SignatureVersion: String(version),
    };
    const known = signatures.get(text);
    const Signature = known ?? (await signatureOf(document, version, await signingKey(tx)));
    signatures.set(text, Signature);
    return { ...document, Signature };
  }

  return {
    /** The notification as a subscriber gets it: a document in JSON. */
    async documentFor(subscription: Subscription): Promise<string> {
      const { door, protocol } = subscription;
      const attributes = attributesOf(published);
      return JSON.stringify({
        ...(await signed(textFor(published, protocol))),
        SigningCertURL: `${door}${CERTIFICATE_PATH}`,
        UnsubscribeURL: link(door, { Action: "Unsubscribe", SubscriptionArn: subscriptionAddressOf(subscription) }),
        ...(attributes && { MessageAttributes: attributes }),
      });
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
