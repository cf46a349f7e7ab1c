import type { topics } from "../../../services/topics/service.ts";
import type { AwsWireError } from "../binding.ts";
import { wireProtocol } from "./subscription-attributes.ts";
import { ATTRIBUTE_OF_SETTING } from "./topic-attributes.ts";

type Details = Readonly<Record<string, unknown>>;

const invalid = (text: (details: Details) => string): AwsWireError => ({
  code: "InvalidParameter",
  status: 400,
  message: (details) => `Invalid parameter: ${text(details)}`,
});
const notFound = (message: string): AwsWireError => ({ code: "NotFound", status: 404, message: () => message });
const plain = (code: string, message: string): AwsWireError => ({ code, status: 400, message: () => message });
const nameOf = (setting: unknown) => ATTRIBUTE_OF_SETTING[String(setting)] ?? String(setting);

const ENDPOINT_FAULTS: Readonly<Record<string, (details: Details) => string>> = {
  queue: ({ endpoint }) =>
    String(endpoint).endsWith(".fifo")
      ? "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"
      : "SQS endpoint ARN",
  http: () => "Endpoint must match the specified protocol",
  https: () => "Endpoint must match the specified protocol",
  email: () => "Email address",
  "email-json": () => "Email address",
  sms: ({ endpoint }) => `Invalid SMS endpoint: ${String(endpoint)}`,
  push: ({ endpoint }) => `Application endpoint arn invalid:${String(endpoint)}`,
  function: () => "Lambda endpoint ARN",
  stream: () => "Firehose endpoint ARN",
};

const ATTRIBUTE_FAULTS: Readonly<Record<string, (details: Details) => string>> = {
  name: ({ name }) =>
    `The message attribute name '${String(name)}' is invalid: it can contain letters, digits, '_', '-' and '.', must ` +
    "not start or end with a '.', must not have successive '.' and must not start with AWS. or Amazon.",
  type: ({ name }) =>
    `The message attribute '${String(name)}' has an invalid message attribute type, ` +
    "the set of supported type prefixes is Binary, Number, and String.",
  empty: ({ name, type }) =>
    `The message attribute '${String(name)}' must contain non-empty message attribute value ` +
    `for message attribute type '${String(type)}'.`,
  number: ({ name }) => `Could not cast message attribute '${String(name)}' value to number.`,
  array: ({ name }) => `Message attribute '${String(name)}' of type String.Array is not a valid JSON array.`,
};

export const wireErrors = {
  TopicNotFound: notFound("Topic does not exist"),
  TopicNameInvalid: invalid(({ isFifo }) =>
    isFifo === true
      ? "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, " +
        "numbers, underscores, and hyphens, and must be between 1 and 256 characters long."
      : "Topic Name",
  ),
  TopicExists: invalid(({ difference }) =>
    difference === "labels"
      ? "Tags Reason: Topic already exists with different tags"
      : "Attributes Reason: Topic already exists with different attributes",
  ),
  SettingInvalid: {
    code: "InvalidParameter",
    status: 400,
    // What is set one by one is told without saying where it stood.
    message: ({ setting, reason }, { operation }) =>
      `Invalid parameter: ${operation.startsWith("Set") ? "" : "Attributes Reason: "}` +
      `${nameOf(setting)}: ${String(reason)}`,
  },
  FifoOnly: invalid(({ field }) =>
    field === "deduplicationId"
      ? "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for " +
        "this topic type"
      : `Attributes Reason: ${nameOf(field)} is only supported for FIFO topics`,
  ),
  StandardOnly: invalid(() => "Protocol Reason: Only SQS queues can be subscribed to FIFO topics"),
  TopicArchiving: plain("InvalidState", "Invalid state: Cannot delete a topic with an ArchivePolicy"),
  SubscriptionNotFound: notFound("Subscription does not exist"),
  SubscriptionExists: invalid(() => "Attributes Reason: Subscription already exists with different attributes"),
  // Terraform knows this text, and goes on.
  SubscriptionPending: invalid(
    () => "SubscriptionArn Reason: Cannot unsubscribe a subscription that is pending confirmation",
  ),
  SubscriptionGuarded: { code: "AuthorizationError", status: 403 },
  EndpointInvalid: invalid(
    (details) => ENDPOINT_FAULTS[String(details.protocol)]?.(details) ?? `Endpoint Reason: ${String(details.reason)}`,
  ),
  EndpointMissing: invalid(
    ({ endpoint }) => `Endpoint Reason: Endpoint does not exist for endpoint ${String(endpoint)}`,
  ),
  RawUnsupported: invalid(
    ({ protocol }) => `Delivery protocol [${wireProtocol(String(protocol))}] does not support raw message delivery.`,
  ),
  ProtocolUnavailable: { code: "NotImplemented", status: 501 },
  TooManySubscriptions: plain("SubscriptionLimitExceeded", "The subscription limit of the topic is exceeded"),
  TooManyFilters: plain("FilterPolicyLimitExceeded", "The filter policy limit of the topic is exceeded"),
  FilterInvalid: invalid(({ reason }) => `FilterPolicy: ${String(reason)}`),
  DeadLetterQueueInvalid: invalid(({ queue, reason }) => `RedrivePolicy: ${String(queue)}: ${String(reason)}`),
  TokenUnknown: invalid(() => "Token"),
  PageTokenInvalid: invalid(() => "NextToken"),
  TargetMissing: invalid(() => "TopicArn or TargetArn Reason: no value for required parameter"),
  MessageEmpty: invalid(() => "Empty message"),
  MessageTooLong: invalid(() => "Message too long"),
  SubjectInvalid: invalid(() => "Subject"),
  AttributeInvalid: {
    code: "ParameterValueInvalid",
    status: 400,
    message: (details) => ATTRIBUTE_FAULTS[String(details.reason)]?.(details) ?? String(details.reason),
  },
  GroupMissing: invalid(() => "The MessageGroupId parameter is required for FIFO topics"),
  DeduplicationMissing: invalid(
    () =>
      "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  ),
  BatchEmpty: plain("EmptyBatchRequest", "The batch request doesn't contain any entries."),
  BatchTooLarge: plain(
    "TooManyEntriesInBatchRequest",
    "The batch request contains more entries than permissible.",
  ),
  BatchTooLong: plain(
    "BatchRequestTooLong",
    "The length of all the batch messages put together is more than the limit.",
  ),
  BatchIdsNotDistinct: plain(
    "BatchEntryIdsNotDistinct",
    "Two or more batch entries in the request have the same Id.",
  ),
  BatchIdInvalid: plain(
    "InvalidBatchEntryId",
    "The Id of a batch entry in a batch request doesn't abide by the specification.",
  ),
  TooManyLabels: plain("TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded"),
  ResourceNotFound: { code: "ResourceNotFound", status: 404, message: () => "Resource does not exist" },
  PermissionExists: invalid(() => "Statement already exists"),
  PermissionNotFound: notFound("Statement does not exist"),
  ApplicationNotFound: notFound("PlatformApplication does not exist"),
  ApplicationInvalid: invalid(({ field, reason }) =>
    field === "platform" ? `Platform Reason: ${String(reason)} is not supported` : `Name Reason: ${String(reason)}`,
  ),
  ApplicationDisabled: plain("PlatformApplicationDisabled", "Platform application is disabled"),
  DeviceNotFound: notFound("Endpoint does not exist"),
  DeviceInvalid: invalid(
    ({ field, reason }) => `${field === "token" ? "Token" : "CustomUserData"} Reason: ${String(reason)}`,
  ),
  DeviceExists: invalid(
    ({ device }) =>
      `Token Reason: Endpoint ${String(device)} already exists with the same Token, but different attributes.`,
  ),
  DeviceDisabled: plain("EndpointDisabled", "Endpoint is disabled"),
  PhoneNumberInvalid: invalid(({ number }) => `PhoneNumber Reason: ${String(number)} is not valid to publish to`),
  PhoneNumberSilenced: plain("OptedOut", "The phone number is opted out of receiving SMS messages"),
  TestNumberNotFound: {
    code: "ResourceNotFound",
    status: 404,
    message: () => "The phone number is not in the SMS sandbox.",
  },
  CodeWrong: { code: "VerificationException", status: 400, message: () => "The one-time password is not correct." },
} satisfies Record<keyof typeof topics.errors, AwsWireError>;
