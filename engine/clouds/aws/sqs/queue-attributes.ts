import { isObject } from "../../../platform/is-object.ts";
import type { OperationInput, OperationOutput } from "../../../services/manifest.ts";
import { queues } from "../../../services/queues/service.ts";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import { invalidParameter, queueArn, queueOfArn } from "./model.ts";

type SettingsChange = OperationInput<typeof queues, "updateQueue">["settings"];
type Measured = OperationOutput<typeof queues, "measureQueue">;
type Queue = Measured["queue"];

interface QueueAttribute {
  /** Absent: read-only. */
  readonly set?: (text: string) => SettingsChange;
  readonly get: (measured: Measured) => string | undefined;
}

const seconds = (ms: number) => String(Math.floor(ms / 1000));
/** What is no whole number becomes NaN, which the service refuses. */
const integer = (text: string) => (/^-?[0-9]+$/.test(text) ? Number(text) : Number.NaN);
const orNone = <T>(text: string, parse: (text: string) => T): T | null => (text === "" ? null : parse(text));

function boolean(attribute: string, text: string): boolean {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false") return lower === "true";
  throw invalidAttribute(attribute);
}
const invalidAttribute = (attribute: string) =>
  new AwsFailure({
    code: "InvalidAttributeValue",
    status: 400,
    message: `Invalid value for the parameter ${attribute}.`,
  });
const unknownAttribute = (attribute: string) =>
  new AwsFailure({ code: "InvalidAttributeName", status: 400, message: `Unknown Attribute ${attribute}.` });

function oneOf<const T>(attribute: string, choices: Readonly<Record<string, T>>, text: string): T {
  const choice = choices[text];
  if (choice === undefined) throw invalidAttribute(attribute);
  return choice;
}

function jsonMap(attribute: string, text: string, what: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (isObject(parsed)) return parsed;
  throw invalidParameter(attribute, text, `${what} is not a valid JSON map.`);
}

function parseRedrivePolicy(text: string) {
  const refuse = (reason: string) => invalidParameter("RedrivePolicy", text, reason);
  const { deadLetterTargetArn, maxReceiveCount } = jsonMap("RedrivePolicy", text, "Redrive policy");
  for (const [name, value] of Object.entries({ deadLetterTargetArn, maxReceiveCount })) {
    if (value === undefined) throw refuse(`Redrive policy does not contain mandatory attribute: ${name}.`);
  }
  const queue = queueOfArn(deadLetterTargetArn);
  if (queue === undefined) throw refuse("Invalid value for deadLetterTargetArn.");
  const count = integer(String(maxReceiveCount));
  if (!(count >= 1 && count <= 1000)) throw refuse("Invalid value for maxReceiveCount: must be between 1 and 1000.");
  return { queue, maxReceiveCount: count };
}

const REDRIVE_PERMISSIONS = { allowAll: "all", denyAll: "none", byQueue: "listed" } as const;
const REDRIVE_PERMISSION_NAMES = { all: "allowAll", none: "denyAll", listed: "byQueue" } as const;

function parseRedriveAllowPolicy(text: string) {
  const refuse = (reason: string) =>
    invalidParameter("RedriveAllowPolicy", text, `Amazon SQS can't create the redrive allow policy${reason}`);
  const given = jsonMap("RedriveAllowPolicy", text, "Redrive allow policy");
  const { redrivePermission, sourceQueueArns = [], ...unknown } = given;
  const permission = REDRIVE_PERMISSIONS[redrivePermission as keyof typeof REDRIVE_PERMISSIONS];
  const sources = (Array.isArray(sourceQueueArns) ? sourceQueueArns : [sourceQueueArns]).map(queueOfArn);
  if (permission === undefined || sources.includes(undefined) || Object.keys(unknown).length > 0)
    throw refuse(", as it’s in an unsupported format.");
  if (permission === "listed" && sources.length === 0)
    throw refuse(". When you specify the byQueue permission type, specify one or more sourceQueueArns values.");
  if (permission !== "listed" && sources.length > 0)
    throw refuse(". Specify sourceQueueArns values with the byQueue permission type only.");
  return { permission, queues: sources.filter((source) => source !== undefined) };
}

function redriveAllowPolicy({ settings: { deadLetterSources } }: Queue): string | undefined {
  if (deadLetterSources === undefined) return undefined;
  const { permission, queues: sources } = deadLetterSources;
  const redrivePermission = REDRIVE_PERMISSION_NAMES[permission];
  return JSON.stringify(
    permission === "listed" ? { redrivePermission, sourceQueueArns: sources.map(queueArn) } : { redrivePermission },
  );
}

/** The policy as it was set, with what AddPermission granted since as further statements. */
function policyOf(queue: Queue): string | undefined {
  const {
    settings: { policy },
    permissions,
  } = queue;
  if (permissions.length === 0) return policy;
  const arn = queueArn(queue);
  const base =
    policy === undefined
      ? { Version: "2008-10-17", Id: `${arn}/SQSDefaultPolicy` }
      : (JSON.parse(policy) as Record<string, unknown>);
  const granted = permissions.map(({ label, accounts, actions }) => ({
    Sid: label,
    Effect: "Allow",
    Principal: { AWS: accounts.map((account) => `arn:aws:iam::${account}:root`) },
    Action: actions.map((action) => `SQS:${action}`),
    Resource: arn,
  }));
  const own = (base as { Statement?: unknown }).Statement ?? [];
  return JSON.stringify({ ...base, Statement: [...(Array.isArray(own) ? own : [own]), ...granted] });
}

const fifo =
  (get: (queue: Queue) => string) =>
  ({ queue }: Measured) =>
    queue.isFifo ? get(queue) : undefined;
const optional = (value: unknown) => (value === undefined ? undefined : String(value));

/** Every queue attribute of SQS: how it is set and how it reads. */
const ATTRIBUTES: Readonly<Record<string, QueueAttribute>> = {
  QueueArn: { get: ({ queue }) => queueArn(queue) },
  ApproximateNumberOfMessages: { get: ({ counts }) => optional(counts?.visible) },
  ApproximateNumberOfMessagesNotVisible: { get: ({ counts }) => optional(counts?.inFlight) },
  ApproximateNumberOfMessagesDelayed: { get: ({ counts }) => optional(counts?.delayed) },
  CreatedTimestamp: { get: ({ queue }) => seconds(queue.createdAtMs) },
  LastModifiedTimestamp: { get: ({ queue }) => seconds(queue.changedAtMs) },
  VisibilityTimeout: {
    set: (text) => ({ visibilityTimeoutSeconds: integer(text) }),
    get: ({ queue }) => String(queue.settings.visibilityTimeoutSeconds),
  },
  MaximumMessageSize: {
    set: (text) => ({ messageBytesMax: integer(text) }),
    get: ({ queue }) => String(queue.settings.messageBytesMax),
  },
  MessageRetentionPeriod: {
    set: (text) => ({ retentionSeconds: integer(text) }),
    get: ({ queue }) => String(queue.settings.retentionSeconds),
  },
  DelaySeconds: {
    set: (text) => ({ delaySeconds: integer(text) }),
    get: ({ queue }) => String(queue.settings.delaySeconds),
  },
  ReceiveMessageWaitTimeSeconds: {
    set: (text) => ({ waitSeconds: integer(text) }),
    get: ({ queue }) => String(queue.settings.waitSeconds),
  },
  Policy: {
    set: (text) => ({ policy: orNone(text, (policy) => (jsonMap("Policy", policy, "Policy"), policy)) }),
    get: ({ queue }) => policyOf(queue),
  },
  RedrivePolicy: {
    set: (text) => ({ deadLetter: orNone(text, parseRedrivePolicy) }),
    get: ({
      queue: {
        settings: { deadLetter },
      },
    }) =>
      deadLetter &&
      JSON.stringify({ deadLetterTargetArn: queueArn(deadLetter.queue), maxReceiveCount: deadLetter.maxReceiveCount }),
  },
  RedriveAllowPolicy: {
    set: (text) => ({ deadLetterSources: orNone(text, parseRedriveAllowPolicy) }),
    get: ({ queue }) => redriveAllowPolicy(queue),
  },
  FifoQueue: { get: fifo(() => "true") },
  ContentBasedDeduplication: {
    set: (text) => ({ contentBasedDeduplication: boolean("ContentBasedDeduplication", text) }),
    get: fifo((queue) => String(queue.settings.contentBasedDeduplication)),
  },
  DeduplicationScope: {
    set: (text) => ({
      deduplicationScope: oneOf("DeduplicationScope", { queue: "queue", messageGroup: "group" }, text),
    }),
    get: fifo((queue) => (queue.settings.deduplicationScope === "group" ? "messageGroup" : "queue")),
  },
  FifoThroughputLimit: {
    set: (text) => ({
      throughputLimit: oneOf("FifoThroughputLimit", { perQueue: "perQueue", perMessageGroupId: "perGroup" }, text),
    }),
    get: fifo((queue) => (queue.settings.throughputLimit === "perGroup" ? "perMessageGroupId" : "perQueue")),
  },
  KmsMasterKeyId: {
    set: (text) => ({ encryptionKey: orNone(text, String) }),
    get: ({ queue }) => queue.settings.encryptionKey,
  },
  KmsDataKeyReusePeriodSeconds: {
    set: (text) => ({ encryptionKeyReuseSeconds: integer(text) }),
    get: ({ queue: { settings } }) => optional(settings.encryptionKeyReuseSeconds ?? (settings.encryptionKey && 300)),
  },
  SqsManagedSseEnabled: {
    set: (text) => ({ isEncryptedByService: boolean("SqsManagedSseEnabled", text) }),
    get: ({ queue: { settings } }) => String(settings.isEncryptedByService ?? settings.encryptionKey === undefined),
  },
};

export function settingsFrom(attributes: Readonly<Record<string, string>>): SettingsChange {
  const changes = Object.entries(attributes).map(([name, text]) => {
    const set = ATTRIBUTES[name]?.set;
    if (set === undefined) throw unknownAttribute(name);
    return set(text);
  });
  return Object.assign({}, ...changes) as SettingsChange;
}

/** `FifoQueue` is said once, when a queue is created, and only to be true. */
export function creationFrom(attributes: Readonly<Record<string, string>>): {
  isFifo: boolean;
  settings: SettingsChange;
} {
  const { FifoQueue, ...rest } = attributes;
  if (FifoQueue !== undefined && FifoQueue.toLowerCase() !== "true") throw unknownAttribute("FifoQueue");
  return { isFifo: FifoQueue !== undefined, settings: settingsFrom(rest) };
}

const wanted = (names: readonly string[]) => {
  const unknown = names.find((name) => name !== "All" && ATTRIBUTES[name] === undefined);
  if (unknown !== undefined) throw unknownAttribute(unknown);
  return names.includes("All") ? Object.keys(ATTRIBUTES) : names;
};

export const asksForCounts = (names: readonly string[]) => wanted(names).some((name) => name.startsWith("Approximate"));

export function attributesOf(measured: Measured, names: readonly string[]): Record<string, string> {
  const values = wanted(names).map((name) => [name, ATTRIBUTES[name]?.get(measured)]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Record<string, string>;
}

/** Which attribute of SQS a setting of the service is, for error texts. */
export const ATTRIBUTE_OF_SETTING: Readonly<Record<string, string>> = {
  visibilityTimeoutSeconds: "VisibilityTimeout",
  messageBytesMax: "MaximumMessageSize",
  retentionSeconds: "MessageRetentionPeriod",
  delaySeconds: "DelaySeconds",
  waitSeconds: "ReceiveMessageWaitTimeSeconds",
  policy: "Policy",
  deadLetter: "RedrivePolicy",
  deadLetterSources: "RedriveAllowPolicy",
  contentBasedDeduplication: "ContentBasedDeduplication",
  deduplicationScope: "DeduplicationScope",
  throughputLimit: "FifoThroughputLimit",
  encryptionKey: "KmsMasterKeyId",
  encryptionKeyReuseSeconds: "KmsDataKeyReusePeriodSeconds",
  isEncryptedByService: "SqsManagedSseEnabled",
};
