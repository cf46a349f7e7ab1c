import { batchErrors } from "../batch.ts";
import { defineErrors } from "../errors.ts";
import { permissionErrors } from "../permissions.ts";

const own = defineErrors({
  TopicNotFound: { kind: "notFound", message: (p: { topic: string }) => `Topic ${p.topic} does not exist.` },
  TopicNameInvalid: {
    kind: "invalidInput",
    message: (p: { topic: string; isFifo: boolean }) =>
      `"${p.topic}" is no name of a ${p.isFifo ? "FIFO" : "standard"} topic: 1 to 256 letters, digits, hyphens and ` +
      "underscores; a FIFO topic's name ends in .fifo, no other does.",
  },
  TopicExists: {
    kind: "alreadyExists",
    message: (p: { topic: string; difference: "settings" | "labels" }) =>
      `Topic ${p.topic} exists already with other ${p.difference}.`,
  },
  SettingInvalid: {
    kind: "invalidInput",
    message: (p: { setting: string; reason: string }) => `${p.setting} is not valid: ${p.reason}.`,
  },
  FifoOnly: { kind: "invalidInput", message: (p: { field: string }) => `${p.field} is for FIFO topics only.` },
  StandardOnly: {
    kind: "invalidInput",
    message: (p: { protocol: string }) => `A FIFO topic reaches queues only, not ${p.protocol} endpoints.`,
  },
  TopicArchiving: {
    kind: "failedPrecondition",
    message: (p: { topic: string }) => `Topic ${p.topic} keeps messages in an archive, which would be lost.`,
  },
  SubscriptionNotFound: {
    kind: "notFound",
    message: (p: { subscription: string }) => `Subscription ${p.subscription} does not exist.`,
  },
  SubscriptionExists: {
    kind: "alreadyExists",
    message: (p: { endpoint: string }) => `${p.endpoint} is subscribed already, with other settings.`,
  },
  SubscriptionPending: {
    kind: "failedPrecondition",
    message: (p: { subscription: string }) => `Subscription ${p.subscription} is not confirmed.`,
  },
  SubscriptionGuarded: {
    kind: "permissionDenied",
    message: (p: { subscription: string }) => `Only its owner may end subscription ${p.subscription}.`,
  },
  EndpointInvalid: {
    kind: "invalidInput",
    message: (p: { protocol: string; endpoint: string; reason: string }) =>
      `"${p.endpoint}" is no ${p.protocol} endpoint: ${p.reason}.`,
  },
  EndpointMissing: {
    kind: "invalidInput",
    message: (p: { endpoint: string }) => `There is no device ${p.endpoint} that messages could go to.`,
  },
  RawUnsupported: {
    kind: "invalidInput",
    message: (p: { protocol: string }) =>
      `No ${p.protocol} endpoint takes messages without the notification around them.`,
  },
  ProtocolUnavailable: {
    kind: "unimplemented",
    message: (p: { protocol: string }) => `CloudStacks has no service yet that would take ${p.protocol} deliveries.`,
  },
  TooManySubscriptions: {
    kind: "limitExceeded",
    message: (p: { max: number }) => `A FIFO topic has at most ${p.max} subscriptions.`,
  },
  TooManyFilters: {
    kind: "limitExceeded",
    message: (p: { max: number }) => `At most ${p.max} subscriptions of a topic have a filter.`,
  },
  FilterInvalid: { kind: "invalidInput", message: (p: { reason: string }) => `The filter is not valid: ${p.reason}.` },
  DeadLetterQueueInvalid: {
    kind: "invalidInput",
    message: (p: { queue: string; reason: string }) => `Queue ${p.queue} cannot take dead letters: ${p.reason}.`,
  },
  TokenUnknown: { kind: "invalidInput", message: () => "No subscription waits for this token." },
  PageTokenInvalid: { kind: "invalidInput", message: () => "The page token is not one that a listing has given out." },
  TargetMissing: { kind: "invalidInput", message: () => "A message goes to a topic, a device or a phone." },
  MessageEmpty: { kind: "invalidInput", message: () => "A message needs at least one character." },
  MessageTooLong: {
    kind: "invalidInput",
    message: (p: { sizeBytes: number; limitBytes: number }) =>
      `The message is ${p.sizeBytes} bytes; the limit is ${p.limitBytes}.`,
  },
  SubjectInvalid: {
    kind: "invalidInput",
    message: () => "A subject is one line of 1 to 100 characters that begins with a visible one.",
  },
  AttributeInvalid: {
    kind: "invalidInput",
    message: (p: { name: string; type: string; reason: string }) =>
      `Message attribute ${p.name} (${p.type}) is not valid: ${p.reason}.`,
  },
  GroupMissing: { kind: "invalidInput", message: () => "A message to a FIFO topic needs a group." },
  DeduplicationMissing: {
    kind: "invalidInput",
    message: () =>
      "A message to this FIFO topic needs a deduplication id: the topic does not make one from the content.",
  },
  TooManyLabels: { kind: "limitExceeded", message: (p: { max: number }) => `A topic has at most ${p.max} labels.` },
  ResourceNotFound: {
    kind: "notFound",
    message: (p: { topic: string }) => `There is no topic ${p.topic} to be labelled.`,
  },
  ApplicationNotFound: {
    kind: "notFound",
    message: (p: { application: string }) => `Push application ${p.application} does not exist.`,
  },
  ApplicationInvalid: {
    kind: "invalidInput",
    message: (p: { field: string; reason: string }) => `${p.field} is not valid: ${p.reason}.`,
  },
  ApplicationDisabled: {
    kind: "failedPrecondition",
    message: (p: { application: string }) => `Push application ${p.application} is disabled.`,
  },
  DeviceNotFound: { kind: "notFound", message: (p: { device: string }) => `Device ${p.device} does not exist.` },
  DeviceInvalid: {
    kind: "invalidInput",
    message: (p: { field: "token" | "userData"; reason: string }) => `A device's ${p.field} ${p.reason}.`,
  },
  DeviceExists: {
    kind: "alreadyExists",
    message: (p: { device: string }) => `Device ${p.device} has this token already, with other settings.`,
  },
  DeviceDisabled: {
    kind: "failedPrecondition",
    message: (p: { device: string }) => `Device ${p.device} is disabled.`,
  },
  PhoneNumberInvalid: {
    kind: "invalidInput",
    message: (p: { number: string }) => `"${p.number}" is no phone number: + and up to 15 digits.`,
  },
  PhoneNumberSilenced: {
    kind: "failedPrecondition",
    message: (p: { number: string }) => `${p.number} wants no texts.`,
  },
  TestNumberNotFound: {
    kind: "notFound",
    message: (p: { number: string }) => `${p.number} is not among the numbers to test with.`,
  },
  CodeWrong: { kind: "invalidInput", message: () => "The code is not the one that was sent." },
});

export const errors = { ...own, ...batchErrors, ...permissionErrors };
