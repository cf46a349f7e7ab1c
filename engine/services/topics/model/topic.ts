import { Type, type Static } from "typebox";
import { records, subspace } from "../../../kernel/subspace.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { Labels } from "../../labels.ts";
import { Permission } from "../../permissions.ts";
import { isPolicy } from "../../policy-text.ts";
import { errors } from "../errors.ts";

/** A topic or queue, wherever it is. */
export const Place = Type.Object({ account: Type.String(), region: Type.String(), name: Type.String() });
export type Place = Static<typeof Place>;

const settingSchemas = {
  /** The sender that emails and texts name. */
  displayName: Type.String(),
  /** Who may do what, in the cloud's own words; kept as it was given. */
  policy: Type.String(),
  /** How deliveries to web endpoints are tried again, as it was given. */
  deliveryPolicy: Type.String(),
  /** Kept as asked for; nothing is encrypted by it. */
  encryptionKey: Type.String(),
  contentBasedDeduplication: Type.Boolean(),
  deduplicationScope: Type.Union([Type.Literal("topic"), Type.Literal("group")]),
  /** FIFO: for how many days messages are kept to be replayed, as it was given. */
  archive: Type.String(),
  signatureVersion: Type.Union([Type.Literal(1), Type.Literal(2)]),
  tracing: Type.Union([Type.Literal("passThrough"), Type.Literal("active")]),
  /** Where delivery logs would go, by the cloud's own names; kept and shown. */
  feedback: Type.Record(Type.String(), Type.String()),
  /** Kept and shown; no message is audited or masked by it. */
  dataProtectionPolicy: Type.String(),
};
export const TopicSettings = Type.Partial(Type.Object(settingSchemas));
export type TopicSettings = Static<typeof TopicSettings>;

/** What a change names; null takes a setting back to its default. */
const nullable = <T extends Record<string, Type.TSchema>>(schemas: T) =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, Type.Union([schema, Type.Null()])]));
export const TopicSettingsChange = Type.Unsafe<{ [Name in keyof TopicSettings]?: TopicSettings[Name] | null }>(
  Type.Partial(Type.Object(nullable(settingSchemas))),
);
export type TopicSettingsChange = Static<typeof TopicSettingsChange>;

export const Topic = Type.Object({
  version: Type.Literal(1),
  /** New for each creation, so that a topic made again under its name starts without a past. */
  id: Type.String(),
  account: Type.String(),
  region: Type.String(),
  name: Type.String(),
  isFifo: Type.Boolean(),
  settings: TopicSettings,
  labels: Labels,
  /** Granted one by one, beside `policy`. */
  permissions: Type.Array(Permission),
  createdAtMs: Type.Integer(),
  /** Since when messages are kept to be replayed. */
  archivedSinceMs: Type.Optional(Type.Integer()),
  /** How many subscriptions have ended. */
  endedSubscriptions: Type.Integer(),
});
export type Topic = Static<typeof Topic>;

export const topicSpace = subspace<[account: string, region: string, name: string]>("topics", "topic");
export const topicRecords = records<Topic, [string, string, string]>(topicSpace);

/**
 * The name under which subscribers know a topic. A notification is one document, read by programs that were written for
 * SNS; so the address in it is of the form that they know.
 */
export const addressOf = ({ account, region, name }: Place): string => `arn:aws:sns:${region}:${account}:${name}`;

export async function requireTopic(tx: Reader, ctx: Scope, { topic, owner, region }: TopicRef): Promise<Topic> {
  const found = await topicRecords.get(tx, owner ?? ctx.account, region ?? ctx.region, topic);
  if (found === undefined) throw errors.TopicNotFound({ topic });
  return found;
}

export function putTopic(tx: Transaction, topic: Topic): void {
  topicRecords.put(tx, topic, topic.account, topic.region, topic.name);
}

/** How operations name a topic: in the caller's account and region unless it says another. */
export const TopicName = {
  topic: Type.String(),
  owner: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
};
export interface TopicRef {
  readonly topic: string;
  readonly owner?: string;
  readonly region?: string;
}

const NAME = /^[A-Za-z0-9_-]{1,256}$/;
const FIFO_NAME = /^[A-Za-z0-9_-]{1,251}[.]fifo$/;

export function checkName(topic: string, isFifo: boolean): void {
  if (!(isFifo ? FIFO_NAME : NAME).test(topic)) throw errors.TopicNameInvalid({ topic, isFifo });
}

const DISPLAY_NAME_MAX = 100;
const FIFO_SETTINGS = ["contentBasedDeduplication", "deduplicationScope", "archive"] as const;

const ARCHIVE_DAYS_MAX = 365;
const badArchive = (reason: string) => errors.SettingInvalid({ setting: "archive", reason });

/** `{"MessageRetentionPeriod": 30}` in days; undefined when nothing is archived. */
export function archiveDaysOf({ archive }: { readonly archive?: string | null }): number | undefined {
  if (archive === undefined || archive === null) return undefined;
  let days: number;
  try {
    days = Number((JSON.parse(archive) as { MessageRetentionPeriod?: unknown }).MessageRetentionPeriod);
  } catch {
    throw badArchive("it is not JSON");
  }
  if (Number.isInteger(days) && days >= 1 && days <= ARCHIVE_DAYS_MAX) return days;
  throw badArchive(`MessageRetentionPeriod must be between 1 and ${ARCHIVE_DAYS_MAX} days`);
}

export function checkTopicSettings(change: TopicSettingsChange, isFifo: boolean): void {
  const { displayName } = change;
  if (displayName && displayName.length > DISPLAY_NAME_MAX)
    throw errors.SettingInvalid({ setting: "displayName", reason: "it is longer than 100 characters" });
  if (typeof change.archive === "string") archiveDaysOf(change);
  if (typeof change.policy === "string" && !isPolicy(change.policy))
    throw errors.SettingInvalid({ setting: "policy", reason: "it is no JSON object" });
  for (const setting of FIFO_SETTINGS) {
    if (!isFifo && change[setting]) throw errors.FifoOnly({ field: setting });
  }
}

/** The settings after a change. */
export function changedSettings<T extends object>(
  settings: T,
  change: { readonly [Name in keyof T]?: T[Name] | null },
): T {
  const merged = Object.entries({ ...settings, ...change });
  return Object.fromEntries(merged.filter(([, value]) => value !== null && value !== undefined)) as T;
}
