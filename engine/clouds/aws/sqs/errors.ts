import { queues } from "../../../services/queues/service.ts";
import type { AwsWireError, WireCall } from "../binding.ts";
import { queueArn } from "./model.ts";
import { ATTRIBUTE_OF_SETTING } from "./queue-attributes.ts";

type Details = Readonly<Record<string, unknown>>;

const PARAMETER_OF_FIELD: Readonly<Record<string, string>> = {
  count: "MaxNumberOfMessages",
  waitSeconds: "WaitTimeSeconds",
  visibilityTimeoutSeconds: "VisibilityTimeout",
  delaySeconds: "DelaySeconds",
  limit: "MaxResults",
  deduplicationId: "MessageDeduplicationId",
  group: "MessageGroupId",
  attemptId: "ReceiveRequestAttemptId",
  messagesPerSecond: "MaxNumberOfMessagesPerSecond",
  moves: "MaxResults",
};
const parameterOf = (field: unknown) =>
  PARAMETER_OF_FIELD[String(field)] ?? ATTRIBUTE_OF_SETTING[String(field)] ?? String(field);
const attributeOf = (setting: unknown) => ATTRIBUTE_OF_SETTING[String(setting)] ?? String(setting);

/** Each parameter has its own way of saying what it allows. */
function rangeReason(parameter: string, { min, max }: Details): string {
  if (parameter === "WaitTimeSeconds") return `Must be >= ${min} and <= ${max}, if provided.`;
  if (parameter === "DelaySeconds") return `DelaySeconds must be >= ${min} and <= ${max}.`;
  return `Must be between ${min} and ${max}, if provided.`;
}

function outOfRange(details: Details): string {
  const parameter = parameterOf(details.field);
  return `Value ${details.value} for parameter ${parameter} is invalid. Reason: ${rangeReason(parameter, details)}`;
}

const ATTRIBUTE_FAULTS: Readonly<Record<string, (name: unknown, type: unknown) => string>> = {
  name: (name) =>
    `Message (user) attribute name '${name}' is invalid: it can contain letters, digits, '_', '-' and '.', ` +
    "must not start or end " +
    "with a '.', must not have successive '.' and must not start with AWS. or Amazon.",
  type: (name) =>
    `The type of message (user) attribute '${name}' is invalid. ` +
    "You must use only the following supported type prefixes: " +
    "Binary, Number, String.",
  empty: (name) => `Message (user) attribute '${name}' must contain a non-empty value.`,
  field: (name, type) =>
    `The message (user) attribute '${name}' with type '${type}' must use field ` +
    `'${String(type).startsWith("Binary") ? "Binary" : "String"}'.`,
  number: (name) => `Can't cast the value of message (user) attribute '${name}' to a number.`,
};

const DEAD_LETTER_FAULTS: Readonly<Record<string, string>> = {
  missing: "Dead letter target does not exist.",
  account: "Dead letter target owner should be same as the source.",
  region: "Dead-letter queue must be in the same region as the source.",
  kind: "Dead-letter queue must be same type of queue as the source.",
  permission: "Dead-letter queue does not allow this queue by its RedriveAllowPolicy.",
};

const MOVE_FAULTS: Readonly<Record<string, string>> = {
  kind: "Source queue and destination queue must be of the same type.",
  itself: "Source queue and destination queue must not be the same queue.",
  noDeadLetterQueue: "Source queue must be configured as a Dead Letter Queue.",
};

const WRONG_KIND = "The request include parameter that is not valid for this queue type";
const simple = (name: string) => ({ code: name, queryCode: `AWS.SimpleQueueService.${name}`, status: 400 });
const invalidValue = (message: (details: Details, call: WireCall) => string): AwsWireError => ({
  code: "InvalidParameterValue",
  status: 400,
  message,
});
const missing = (parameter: string): AwsWireError => ({
  code: "MissingParameter",
  status: 400,
  message: () => `The request must contain the parameter ${parameter}.`,
});

export const wireErrors = {
  QueueNotFound: {
    code: "QueueDoesNotExist",
    queryCode: "AWS.SimpleQueueService.NonExistentQueue",
    status: 400,
    message: () => "The specified queue does not exist.",
  },
  QueueNameInvalid: invalidValue(({ queue }) =>
    String(queue).endsWith(".fifo")
      ? "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, " +
        "must end with .fifo suffix and be 1 to 80 in length."
      : "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
  ),
  QueueExists: {
    code: "QueueNameExists",
    queryCode: "QueueAlreadyExists",
    status: 400,
    message: ({ setting }) =>
      `A queue already exists with the same name and a different value for attribute ${attributeOf(setting)}`,
  },
  SettingInvalid: {
    code: "InvalidAttributeValue",
    status: 400,
    message: ({ setting }) => `Invalid value for the parameter ${attributeOf(setting)}.`,
  },
  DeadLetterQueueInvalid: invalidValue(({ account, region, name, maxReceiveCount, reason }) => {
    const arn = queueArn({ account: String(account), region: String(region), name: String(name) });
    return (
      `Value {"deadLetterTargetArn":"${arn}","maxReceiveCount":${maxReceiveCount}} for parameter RedrivePolicy ` +
      `is invalid. Reason: ${DEAD_LETTER_FAULTS[String(reason)] ?? String(reason)}`
    );
  }),
  OutOfRange: invalidValue(outOfRange),
  BodyMissing: missing("MessageBody"),
  MessageTooLong: invalidValue(
    ({ limitBytes }) => `One or more parameters are invalid. Reason: Message must be shorter than ${limitBytes} bytes.`,
  ),
  CharacterInvalid: {
    code: "InvalidMessageContents",
    status: 400,
    message: ({ codePoint }) =>
      `Invalid binary character '${codePoint}' was found in the message body, the set of allowed characters is ` +
      "#x9 | #xA | #xD | [#x20 to #xD7FF] | [#xE000 to #xFFFD] | [#x10000 to #x10FFFF]",
  },
  AttributeInvalid: invalidValue(
    ({ name, type, reason }) => ATTRIBUTE_FAULTS[String(reason)]?.(name, type) ?? String(reason),
  ),
  TooManyAttributes: invalidValue(
    ({ count, max }) => `Number of message attributes [${count}] exceeds the allowed maximum [${max}].`,
  ),
  GroupMissing: missing("MessageGroupId"),
  DeduplicationMissing: invalidValue(
    () =>
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  ),
  FifoOnly: {
    code: "InvalidParameterValue",
    status: 400,
    message: ({ field, value }) =>
      field === "deduplicationId" || field === "attemptId"
        ? `Value ${value} for parameter ${parameterOf(field)} is invalid. Reason: ${WRONG_KIND}.`
        : `Unknown Attribute ${attributeOf(field)}.`,
  },
  StandardOnly: invalidValue(
    ({ field, value }) => `Value ${value} for parameter ${parameterOf(field)} is invalid. Reason: ${WRONG_KIND}.`,
  ),
  BatchEmpty: {
    ...simple("EmptyBatchRequest"),
    message: (_, call) => `There should be at least one ${call.operation}RequestEntry in the request.`,
  },
  BatchTooLarge: {
    ...simple("TooManyEntriesInBatchRequest"),
    message: ({ count, max }) => `Maximum number of entries per request are ${max}. You have sent ${count}.`,
  },
  BatchTooLong: {
    ...simple("BatchRequestTooLong"),
    message: ({ sizeBytes, limitBytes }) =>
      `Batch requests cannot be longer than ${limitBytes} bytes. You have sent ${sizeBytes} bytes.`,
  },
  BatchIdsNotDistinct: { ...simple("BatchEntryIdsNotDistinct"), message: ({ id }) => `Id ${id} repeated.` },
  BatchIdInvalid: {
    ...simple("InvalidBatchEntryId"),
    message: () =>
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. " +
      "It can be at most 80 letters long.",
  },
  ReceiptInvalid: {
    code: "ReceiptHandleIsInvalid",
    status: 400,
    message: ({ receipt }) => `The input receipt handle "${receipt}" is not a valid receipt handle.`,
  },
  ReceiptExpired: invalidValue(
    ({ receipt }) => `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
  ),
  MessageGone: invalidValue(
    ({ receipt }) =>
      `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not ` +
      "available for visibility timeout change.",
  ),
  MessageNotInFlight: {
    ...simple("MessageNotInflight"),
    message: ({ receipt }) => `Message ${receipt} is not in flight.`,
  },
  HiddenTooLong: invalidValue(
    ({ seconds, limitSeconds }) =>
      `Value ${seconds} for parameter VisibilityTimeout is invalid. ` +
      `Reason: Total VisibilityTimeout for the message is beyond the limit [${limitSeconds} seconds]`,
  ),
  PurgeTooSoon: {
    ...simple("PurgeQueueInProgress"),
    message: ({ queue, everySeconds }) =>
      `Only one PurgeQueue operation on ${queue} is allowed every ${everySeconds} seconds.`,
  },
  MoveQueueNotFound: {
    code: "ResourceNotFoundException",
    status: 400,
    message: ({ end }) =>
      "The resource that you specified for the " +
      `${end === "source" ? "SourceArn" : "DestinationArn"} parameter doesn't exist.`,
  },
  MoveSourceInvalid: invalidValue(({ reason }) => MOVE_FAULTS[String(reason)] ?? String(reason)),
  MoveRunning: invalidValue(
    () =>
      "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
  ),
  MoveNotFound: { code: "ResourceNotFoundException", status: 400, message: () => "Task does not exist." },
  MoveOver: { ...simple("UnsupportedOperation"), message: () => "Only active tasks can be cancelled." },
  IdInvalid: invalidValue(({ field, value }) => {
    const parameter = parameterOf(field);
    return (
      `Value ${value} for parameter ${parameter} is invalid. ` +
      `Reason: ${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`
    );
  }),
  EncryptionAmbiguous: {
    code: "InvalidAttributeValue",
    status: 400,
    message: () =>
      "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
  },
  ThroughputLimitInvalid: invalidValue(
    () =>
      "Value perMessageGroupId for parameter FifoThroughputLimit is invalid. Reason: " +
      "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.",
  ),
  TooManySources: invalidValue(
    ({ max }) => `RedriveAllowPolicy is invalid. Reason: At most ${max} source queues can be specified.`,
  ),
  TooManyLabels: invalidValue(({ queue }) => `Too many tags added for queue ${queue}.`),
  LabelInvalid: invalidValue(
    ({ name, nameMax, valueMax }) =>
      `Tag ${name} is invalid. Reason: Tag keys must be between 1 and ${nameMax} characters in length, ` +
      `tag values must be between 0 and ${valueMax}.`,
  ),
  ActionUnknown: invalidValue(
    ({ action }) =>
      `Value SQS:${action} for parameter ActionName is invalid. ` +
      "Reason: Please refer to the appropriate WSDL for a list of valid actions.",
  ),
  ActionOfOwner: invalidValue(
    ({ action }) =>
      `Value SQS:${action} for parameter ActionName is invalid. ` +
      "Reason: Only the queue owner is allowed to invoke this action.",
  ),
  AccountUnknown: invalidValue(
    ({ account }) => `Value [${account}] for parameter PrincipalId is invalid. Reason: Unable to verify.`,
  ),
  TooManyActions: {
    code: "OverLimit",
    status: 403,
    message: ({ count, max }) => `${count} Actions were found, maximum allowed is ${max}.`,
  },
  PermissionExists: invalidValue(
    ({ label }) => `Value ${label} for parameter Label is invalid. Reason: Already exists.`,
  ),
  PermissionNotFound: invalidValue(
    ({ label }) => `Value ${label} for parameter Label is invalid. Reason: can't find label on existing policy.`,
  ),
  TokenInvalid: invalidValue(() => "Invalid or expired next token."),
} satisfies Record<keyof typeof queues.errors, AwsWireError>;
