import { batchErrors } from "../batch.ts";
import { defineErrors } from "../errors.ts";
import { permissionErrors } from "../permissions.ts";

const ATTRIBUTE_FAULTS = {
  name: "that is no name",
  type: "its type is neither String nor Number nor Binary",
  empty: "its value is empty",
  field: "its value is text where bytes are meant, or the other way round",
  number: "its value is no number",
};

const DEAD_LETTER_FAULTS = {
  missing: "it does not exist",
  account: "it is in another account",
  region: "it is in another region",
  kind: "it is of another kind",
  permission: "it does not allow this queue",
};

const MOVE_FAULTS = {
  noDeadLetterQueue: "it is no other queue's dead-letter queue",
  kind: "they go to queues of its own kind only",
  itself: "they are there already",
};

const own = defineErrors({
  QueueNotFound: { kind: "notFound", message: (p: { queue: string }) => `Queue ${p.queue} does not exist.` },
  QueueNameInvalid: {
    kind: "invalidInput",
    message: (p: { queue: string }) =>
      `"${p.queue}" is no queue name: 1 to 80 letters, digits, hyphens and underscores; ` +
      "a FIFO queue's name ends in .fifo, no other does.",
  },
  QueueExists: {
    kind: "alreadyExists",
    message: (p: { queue: string; setting: string }) =>
      `Queue ${p.queue} exists already with another value of ${p.setting}.`,
  },
  SettingInvalid: {
    kind: "invalidInput",
    message: (p: { setting: string; value: unknown }) => `${p.setting} cannot be ${JSON.stringify(p.value)}.`,
  },
  DeadLetterQueueInvalid: {
    kind: "invalidInput",
    message: (p: {
      account: string;
      region: string;
      name: string;
      maxReceiveCount: number;
      reason: keyof typeof DEAD_LETTER_FAULTS;
    }) => `Queue ${p.name} cannot take dead letters: ${DEAD_LETTER_FAULTS[p.reason]}.`,
  },
  DeadLetterQueueMissing: {
    kind: "invalidInput",
    message: () => "MaxReceiveCount means something only beside a DeadLetterQueue.",
  },
  OutOfRange: {
    kind: "invalidInput",
    message: (p: { field: string; value: number; min: number; max: number }) =>
      `${p.field} is ${p.value}; it must be between ${p.min} and ${p.max}.`,
  },
  BodyMissing: { kind: "invalidInput", message: () => "A message needs a body of at least one character." },
  MessageTooLong: {
    kind: "invalidInput",
    message: (p: { sizeBytes: number; limitBytes: number }) =>
      `The message is ${p.sizeBytes} bytes; the limit is ${p.limitBytes}.`,
  },
  CharacterInvalid: {
    kind: "invalidInput",
    message: (p: { codePoint: string }) => `The message holds the character ${p.codePoint}, which is not allowed.`,
  },
  AttributeInvalid: {
    kind: "invalidInput",
    message: (p: { name: string; type: string; reason: keyof typeof ATTRIBUTE_FAULTS }) =>
      `Message attribute ${p.name} (${p.type}): ${ATTRIBUTE_FAULTS[p.reason]}.`,
  },
  TooManyAttributes: {
    kind: "invalidInput",
    message: (p: { count: number; max: number }) => `${p.count} message attributes; the limit is ${p.max}.`,
  },
  GroupMissing: { kind: "invalidInput", message: () => "A message to a FIFO queue needs a group." },
  DeduplicationMissing: {
    kind: "invalidInput",
    message: () =>
      "A message to this FIFO queue needs a deduplication id: the queue does not make one from the content.",
  },
  FifoOnly: {
    kind: "invalidInput",
    message: (p: { field: string; value: string }) => `${p.field} is for FIFO queues only.`,
  },
  StandardOnly: {
    kind: "invalidInput",
    message: (p: { field: string; value: number }) => `${p.field} cannot be set per message on a FIFO queue.`,
  },
  ReceiptInvalid: {
    kind: "invalidInput",
    message: (p: { receipt: string }) => `"${p.receipt}" is no receipt of this queue.`,
  },
  ReceiptExpired: {
    kind: "failedPrecondition",
    message: (p: { receipt: string }) => `Receipt "${p.receipt}" has expired.`,
  },
  MessageGone: {
    kind: "notFound",
    message: (p: { receipt: string }) => `The message of receipt "${p.receipt}" does not exist any more.`,
  },
  MessageNotInFlight: {
    kind: "failedPrecondition",
    message: (p: { receipt: string }) => `The message of receipt "${p.receipt}" is not in flight.`,
  },
  HiddenTooLong: {
    kind: "invalidInput",
    message: (p: { seconds: number; limitSeconds: number }) =>
      `A message can be hidden for ${p.limitSeconds} seconds after its receipt at most.`,
  },
  PurgeTooSoon: {
    kind: "throttled",
    message: (p: { queue: string; everySeconds: number }) =>
      `Queue ${p.queue} was purged less than ${p.everySeconds} seconds ago.`,
  },
  MoveQueueNotFound: {
    kind: "notFound",
    message: (p: { queue: string; end: "source" | "destination" }) => `Queue ${p.queue} does not exist (${p.end}).`,
  },
  MoveSourceInvalid: {
    kind: "invalidInput",
    message: (p: { queue: string; reason: keyof typeof MOVE_FAULTS }) =>
      `Messages of ${p.queue} cannot be moved: ${MOVE_FAULTS[p.reason]}.`,
  },
  MoveRunning: {
    kind: "failedPrecondition",
    message: (p: { queue: string }) => `Messages of ${p.queue} are being moved already.`,
  },
  MoveNotFound: { kind: "notFound", message: (p: { id: string }) => `There is no move ${p.id}.` },
  MoveOver: { kind: "failedPrecondition", message: (p: { id: string }) => `Move ${p.id} is over.` },
  IdInvalid: {
    kind: "invalidInput",
    message: (p: { field: string; value: string }) =>
      `${p.field} "${p.value}" is none: 1 to 128 letters, digits and punctuation.`,
  },
  EncryptionAmbiguous: {
    kind: "invalidInput",
    message: () => "A queue is encrypted by a key or by the service, not by both.",
  },
  ThroughputLimitInvalid: {
    kind: "invalidInput",
    message: () => "A throughput limit per group goes with deduplication per group only.",
  },
  TooManySources: {
    kind: "invalidInput",
    message: (p: { max: number }) => `At most ${p.max} queues can be named as the sources of dead letters.`,
  },
  TooManyLabels: {
    kind: "limitExceeded",
    message: (p: { queue: string; max: number }) => `Queue ${p.queue} has at most ${p.max} labels.`,
  },
  LabelInvalid: {
    kind: "invalidInput",
    message: (p: { name: string; nameMax: number; valueMax: number }) =>
      `Label "${p.name}": a name has 1 to ${p.nameMax} characters, a value up to ${p.valueMax}.`,
  },
  ActionUnknown: { kind: "invalidInput", message: (p: { action: string }) => `There is no action ${p.action}.` },
  ActionOfOwner: {
    kind: "invalidInput",
    message: (p: { action: string }) => `Only the queue's owner may do ${p.action}.`,
  },
  AccountUnknown: {
    kind: "invalidInput",
    message: (p: { account: string }) => `"${p.account}" is no account: it has twelve digits.`,
  },
  TooManyActions: {
    kind: "limitExceeded",
    message: (p: { count: number; max: number }) => `${p.count} actions in one permission; the limit is ${p.max}.`,
  },
  TokenInvalid: { kind: "invalidInput", message: () => "The page token is not one that a listing has given out." },
});

export const errors = { ...own, ...batchErrors, ...permissionErrors };
