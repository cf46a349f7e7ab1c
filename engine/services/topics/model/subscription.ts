import { Type, type Static } from "typebox";
import { records, subspace } from "../../../kernel/subspace.ts";
import type { Key, Reader, Transaction } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { errors } from "../errors.ts";
import { addressOf, Place, TopicName, type Topic, type TopicRef } from "./topic.ts";

/** By which way a subscriber is reached. */
export const PROTOCOLS = [
  "queue",
  "http",
  "https",
  "email",
  "email-json",
  "sms",
  "push",
  "function",
  "stream",
] as const;
export type Protocol = (typeof PROTOCOLS)[number];
export const Protocol = Type.Unsafe<Protocol>(Type.Union(PROTOCOLS.map((name) => Type.Literal(name))));

const settingSchemas = {
  /** Which messages it wants, as it was given. */
  filter: Type.String(),
  filterScope: Type.Union([Type.Literal("attributes"), Type.Literal("body")]),
  /** The message as it was published, without the notification around it. */
  isRaw: Type.Boolean(),
  /** Where messages go that could not be delivered. */
  deadLetter: Place,
  /** How deliveries to a web endpoint are tried again, as it was given. */
  deliveryPolicy: Type.String(),
  /** In whose name a stream is written; kept and shown. */
  role: Type.String(),
  /** From which time on archived messages are sent again, as it was given. */
  replay: Type.String(),
};
export const SubscriptionSettings = Type.Partial(Type.Object(settingSchemas));
export type SubscriptionSettings = Static<typeof SubscriptionSettings>;
const orNull = Object.fromEntries(
  Object.entries(settingSchemas).map(([name, schema]) => [name, Type.Union([schema, Type.Null()])]),
);
/** What a change names; null takes a setting away. */
export const SubscriptionSettingsChange = Type.Unsafe<{
  [Name in keyof SubscriptionSettings]?: SubscriptionSettings[Name] | null;
}>(Type.Partial(Type.Object(orNull)));
export type SubscriptionSettingsChange = Static<typeof SubscriptionSettingsChange>;

export const Subscription = Type.Object({
  version: Type.Literal(1),
  id: Type.String(),
  /** Where the topic is. */
  account: Type.String(),
  region: Type.String(),
  topic: Type.String(),
  /** Whose it is. */
  owner: Type.String(),
  subscriber: Type.String(),
  protocol: Protocol,
  endpoint: Type.String(),
  isConfirmed: Type.Boolean(),
  /** Whether the confirmation was signed, so that only the owner may end it. */
  isConfirmedByOwner: Type.Boolean(),
  /** Only its owner may end it. */
  isGuarded: Type.Boolean(),
  /** What confirms it, while it is not. */
  token: Type.Optional(Type.String()),
  settings: SubscriptionSettings,
  /** How its maker reached the engine: the addresses in its notifications begin with this. */
  door: Type.String(),
  createdAtMs: Type.Integer(),
  replayStatus: Type.Optional(Type.Union([Type.Literal("running"), Type.Literal("done")])),
});
export type Subscription = Static<typeof Subscription>;

export const subscriptionSpace = subspace<[account: string, region: string, topic: string, id: string]>(
  "topics",
  "subscription",
);
export const subscriptionRecords = records<Subscription, [string, string, string, string]>(subscriptionSpace);

/** Which subscription an endpoint has: a topic has one for each. */
export const endpointSpace = subspace<
  [account: string, region: string, topic: string, protocol: string, endpoint: string]
>("topics", "endpoint");

/** When the next post to a subscription may go that takes only so many a second; Unix ms, with fractions. */
export const nextPostKey = ({ id }: Subscription): Key => ["topics", "nextPost", id];

/** How operations name a subscription. */
export const SubscriptionName = { ...TopicName, subscription: Type.String() };
export interface SubscriptionRef extends TopicRef {
  readonly subscription: string;
}

export const subscriptionAddressOf = (
  { account, region, topic, id }: Pick<Subscription, "account" | "region" | "topic" | "id">,
): string =>
  `${addressOf({ account, region, name: topic })}:${id}`;

export async function requireSubscription(tx: Reader, ctx: Scope, ref: SubscriptionRef): Promise<Subscription> {
  const { topic, owner = ctx.account, region = ctx.region, subscription } = ref;
  const found = await subscriptionRecords.get(tx, owner, region, topic, subscription);
  if (found === undefined) throw errors.SubscriptionNotFound({ subscription });
  return found;
}

export function putSubscription(tx: Transaction, subscription: Subscription): void {
  const { account, region, topic, id, protocol, endpoint } = subscription;
  subscriptionRecords.put(tx, subscription, account, region, topic, id);
  tx.set(endpointSpace.key(account, region, topic, protocol, endpoint), id);
}

export function removeSubscription(tx: Transaction, subscription: Subscription): void {
  const { account, region, topic, id, protocol, endpoint } = subscription;
  subscriptionRecords.remove(tx, account, region, topic, id);
  tx.delete(endpointSpace.key(account, region, topic, protocol, endpoint));
  tx.delete(nextPostKey(subscription));
}

const PAGE = 100;

/** All of a topic's, in pages that stay in the record cache. */
export async function* subscriptionsOf(tx: Reader, { account, region, name }: Topic): AsyncGenerator<Subscription> {
  for (let after: string | undefined; ;) {
    const page = await subscriptionRecords.page(tx, [account, region, name], {
      limit: PAGE,
      ...(after !== undefined && { after }),
    });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.id;
  }
}
