import { defineErrors } from "../errors.ts";

export const errors = defineErrors({
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
    message: (p: { queue: string; maxReceiveCount: number; reason: string }) =>
      `Queue ${p.queue} cannot take dead letters: ${p.reason}.`,
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
    message: (p: { name: string; reason: string }) => `Message attribute ${p.name}: ${p.reason}.`,
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
  BatchEmpty: { kind: "invalidInput", message: () => "A batch needs at least one entry." },
  BatchTooLarge: {
    kind: "invalidInput",
    message: (p: { count: number; max: number }) => `A batch of ${p.count}; the limit is ${p.max}.`,
  },
  BatchTooLong: {
    kind: "invalidInput",
    message: (p: { sizeBytes: number; limitBytes: number }) =>
      `The batch is ${p.sizeBytes} bytes; the limit is ${p.limitBytes}.`,
  },
  BatchIdsNotDistinct: { kind: "invalidInput", message: (p: { id: string }) => `Entry id ${p.id} occurs twice.` },
  BatchIdInvalid: {
    kind: "invalidInput",
    message: (p: { id: string }) => `"${p.id}" is no entry id: 1 to 80 letters, digits, hyphens and underscores.`,
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
    message: (p: { limitSeconds: number }) =>
      `A message can be hidden for ${p.limitSeconds} seconds after its receipt at most.`,
  },
  PurgeTooSoon: {
    kind: "throttled",
    message: (p: { queue: string; everySeconds: number }) =>
      `Queue ${p.queue} was purged less than ${p.everySeconds} seconds ago.`,
  },
  PermissionExists: {
    kind: "alreadyExists",
    message: (p: { label: string }) => `A permission labelled ${p.label} exists.`,
  },
  PermissionNotFound: { kind: "notFound", message: (p: { label: string }) => `No permission is labelled ${p.label}.` },
  TokenInvalid: { kind: "invalidInput", message: () => "The page token is not one that a listing has given out." },
});
