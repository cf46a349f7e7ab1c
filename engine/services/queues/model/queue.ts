import { Type, type Static } from "typebox";
import { records, subspace } from "../../../kernel/subspace.ts";
import { startingWith } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { Labels } from "../../labels.ts";
import { Permission } from "../../permissions.ts";
import { isPolicy } from "../../policy-text.ts";
import { errors } from "../errors.ts";

/** A queue as another queue's setting names it. */
export const QueueReference = Type.Object({ account: Type.String(), region: Type.String(), name: Type.String() });
export type QueueReference = Static<typeof QueueReference>;

const settingSchemas = {
  visibilityTimeoutSeconds: Type.Integer({ minimum: 0, maximum: 43_200 }),
  delaySeconds: Type.Integer({ minimum: 0, maximum: 900 }),
  retentionSeconds: Type.Integer({ minimum: 60, maximum: 1_209_600 }),
  messageBytesMax: Type.Integer({ minimum: 1024, maximum: 1_048_576 }),
  waitSeconds: Type.Integer({ minimum: 0, maximum: 20 }),
  contentBasedDeduplication: Type.Boolean(),
  deduplicationScope: Type.Union([Type.Literal("queue"), Type.Literal("group")]),
  throughputLimit: Type.Union([Type.Literal("perQueue"), Type.Literal("perGroup")]),
};
const documentSchemas = {
  /** Who may do what, in the cloud's own words; kept as it was given. */
  policy: Type.String(),
  deadLetter: Type.Object({ queue: QueueReference, maxReceiveCount: Type.Integer({ minimum: 1, maximum: 1000 }) }),
  /** Which queues may name this one as their dead-letter queue; all when absent. */
  deadLetterSources: Type.Object({
    permission: Type.Union([Type.Literal("all"), Type.Literal("none"), Type.Literal("listed")]),
    queues: Type.Array(QueueReference),
  }),
  /** Encryption is recorded as asked for; nothing is encrypted by it. */
  encryptionKey: Type.String(),
  encryptionKeyReuseSeconds: Type.Integer({ minimum: 60, maximum: 86_400 }),
  isEncryptedByService: Type.Boolean(),
};
export const Settings = Type.Object({ ...settingSchemas, ...Type.Partial(Type.Object(documentSchemas)).properties });
export type Settings = Static<typeof Settings>;

/** What a change names; null takes a document away. */
export const SettingsChange = Type.Partial(
  Type.Object({
    ...settingSchemas,
    policy: Type.Union([documentSchemas.policy, Type.Null()]),
    deadLetter: Type.Union([documentSchemas.deadLetter, Type.Null()]),
    deadLetterSources: Type.Union([documentSchemas.deadLetterSources, Type.Null()]),
    encryptionKey: Type.Union([documentSchemas.encryptionKey, Type.Null()]),
    encryptionKeyReuseSeconds: Type.Union([documentSchemas.encryptionKeyReuseSeconds, Type.Null()]),
    isEncryptedByService: Type.Union([documentSchemas.isEncryptedByService, Type.Null()]),
  }),
);
export type SettingsChange = Static<typeof SettingsChange>;

export const DEFAULT_SETTINGS: Settings = {
  visibilityTimeoutSeconds: 30,
  delaySeconds: 0,
  retentionSeconds: 345_600,
  messageBytesMax: 1_048_576,
  waitSeconds: 0,
  contentBasedDeduplication: false,
  deduplicationScope: "queue",
  throughputLimit: "perQueue",
};
const FIFO_SETTINGS = new Set(["contentBasedDeduplication", "deduplicationScope", "throughputLimit"]);

export const Queue = Type.Object({
  version: Type.Literal(1),
  /** New for each creation, so that a queue made again under its name starts empty. */
  id: Type.String(),
  account: Type.String(),
  region: Type.String(),
  name: Type.String(),
  isFifo: Type.Boolean(),
  settings: Settings,
  labels: Labels,
  /** Granted one by one, beside `policy`. */
  permissions: Type.Array(Permission),
  createdAtMs: Type.Integer(),
  changedAtMs: Type.Integer(),
  purgedAtMs: Type.Optional(Type.Integer()),
});
export type Queue = Static<typeof Queue>;

export const queueSpace = subspace<[account: string, region: string, name: string]>("queues", "queue");
export const queueRecords = records<Queue, [string, string, string]>(queueSpace);
/** Which queues send their dead letters where: target, then source. */
export const sourceSpace = subspace<[account: string, region: string, target: string, source: string]>(
  "queues",
  "deadLetterSource",
);

/** Everything below belongs to one queue's id. Messages go with a purge; `sequence` and `recent` do not. */
const MESSAGE_SPACES = ["due", "held", "delayed", "body", "line", "flight", "turn", "group"] as const;
const OTHER_SPACES = ["sequence", "recent", "recentByTime", "move", "attempt", "attemptByTime"] as const;

export function clearMessages(tx: Transaction, queueId: string): void {
  for (const name of MESSAGE_SPACES) tx.clear(startingWith(["queues", name, queueId]));
}
export function clearEverything(tx: Transaction, queueId: string): void {
  clearMessages(tx, queueId);
  for (const name of OTHER_SPACES) tx.clear(startingWith(["queues", name, queueId]));
}

/** How operations name a queue: in the caller's account unless `owner` says another. */
export const QueueName = { queue: Type.String(), owner: Type.Optional(Type.String()) };

export async function requireQueue(tx: Reader, ctx: Scope, input: { queue: string; owner?: string }): Promise<Queue> {
  const queue = await queueRecords.get(tx, input.owner ?? ctx.account, ctx.region, input.queue);
  if (queue === undefined) throw errors.QueueNotFound({ queue: input.queue });
  return queue;
}

export function putQueue(tx: Transaction, queue: Queue): void {
  queueRecords.put(tx, queue, queue.account, queue.region, queue.name);
}

const NAME = /^[A-Za-z0-9_-]{1,80}$/;
const FIFO_NAME = /^[A-Za-z0-9_-]{1,75}[.]fifo$/;

export function checkName(name: string, isFifo: boolean): void {
  if (!(isFifo ? FIFO_NAME : NAME).test(name)) throw errors.QueueNameInvalid({ queue: name });
}

const RANGES = {
  visibilityTimeoutSeconds: [0, 43_200],
  delaySeconds: [0, 900],
  retentionSeconds: [60, 1_209_600],
  messageBytesMax: [1024, 1_048_576],
  waitSeconds: [0, 20],
  encryptionKeyReuseSeconds: [60, 86_400],
} as const;

/** Refuses values out of range, and FIFO settings on a standard queue. */
export function checkSettings(change: SettingsChange, isFifo: boolean): void {
  for (const [setting, [min, max]] of Object.entries(RANGES) as [keyof typeof RANGES, readonly [number, number]][]) {
    const value = change[setting];
    if (value === undefined || value === null) continue;
    if (!Number.isInteger(value) || value < min || value > max) throw errors.SettingInvalid({ setting, value });
  }
  checkSources(change);
  if (typeof change.policy === "string" && !isPolicy(change.policy))
    throw errors.SettingInvalid({ setting: "policy", value: change.policy });
  const count = change.deadLetter?.maxReceiveCount ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw errors.SettingInvalid({ setting: "deadLetter", value: count });
  for (const [setting, value] of Object.entries(change)) {
    if (!isFifo && value !== false && FIFO_SETTINGS.has(setting))
      throw errors.FifoOnly({ field: setting, value: String(value) });
  }
}

/** Refuses settings that contradict each other once they are put together. */
function checkTogether(settings: Settings): void {
  if (settings.throughputLimit === "perGroup" && settings.deduplicationScope !== "group")
    throw errors.ThroughputLimitInvalid();
}

const SOURCES_MAX = 10;

function checkSources({ deadLetterSources }: SettingsChange): void {
  if (!deadLetterSources) return;
  const { permission, queues } = deadLetterSources;
  if (queues.length > SOURCES_MAX) throw errors.TooManySources({ max: SOURCES_MAX });
  const isListed = permission === "listed";
  if (isListed !== queues.length > 0) throw errors.SettingInvalid({ setting: "deadLetterSources", value: permission });
}

/** Encryption by a key takes the place of encryption by the service, and the other way round. */
function encryptionOf(change: SettingsChange): Partial<Settings> {
  if (change.encryptionKey && change.isEncryptedByService) throw errors.EncryptionAmbiguous();
  if (change.encryptionKey) return { isEncryptedByService: false };
  return {};
}

/** The settings after a change. */
export function changed(settings: Settings, change: SettingsChange): Settings {
  const withoutKey = change.isEncryptedByService ? { encryptionKey: null, encryptionKeyReuseSeconds: null } : {};
  const all = { ...settings, ...withoutKey, ...encryptionOf(change), ...change };
  const merged = Object.entries(all).filter(([, value]) => value !== null && value !== undefined);
  const result = Object.fromEntries(merged) as unknown as Settings;
  checkTogether(result);
  return result;
}
