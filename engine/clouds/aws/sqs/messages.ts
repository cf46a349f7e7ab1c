import type {
  BatchResultErrorEntry,
  Message,
  MessageAttributeValue,
  SendMessageBatchRequestEntry,
  SendMessageRequest,
  SendMessageResult,
} from "../../../models/aws/sqs.generated.ts";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import type { ServiceError } from "../../../services/errors.ts";
import type { OperationInput, OperationOutput } from "../../../services/manifest.ts";
import type { queues } from "../../../services/queues/service.ts";
import type { AwsWireError, WireCall } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { invalidParameter, md5, md5OfAttributes, queueArn, sequenceNumber } from "./model.ts";

type Content = Omit<OperationInput<typeof queues, "sendMessage">, "queue" | "owner">;
type Received = OperationOutput<typeof queues, "receiveMessages">["messages"][number];
type Sending = SendMessageRequest | SendMessageBatchRequestEntry;

function attributesFrom(wire: Readonly<Record<string, MessageAttributeValue>>): NonNullable<Content["attributes"]> {
  return Object.fromEntries(
    Object.entries(wire).map(([name, attribute]) => {
      refuseLists(attribute);
      return [name, { type: attribute.DataType, value: attribute.BinaryValue ?? attribute.StringValue ?? "" }];
    }),
  );
}

/** In the model and never done, by SQS either. */
function refuseLists({ StringListValues = [], BinaryListValues = [] }: MessageAttributeValue): void {
  if (StringListValues.length + BinaryListValues.length === 0) return;
  throw new AwsFailure({
    code: "UnsupportedOperation",
    queryCode: "AWS.SimpleQueueService.UnsupportedOperation",
    status: 400,
    message: "Message attribute list values in SendMessage operation are not supported.",
  });
}

function traceFrom(wire: MessageAttributeValue | undefined): string | undefined {
  if (wire === undefined) return undefined;
  refuseLists(wire);
  if (wire.DataType === "String" && wire.BinaryValue === undefined) return wire.StringValue;
  throw invalidParameter("MessageSystemAttributes", wire.DataType, "AWSTraceHeader must be of type String.");
}

export function contentFrom(wire: Sending): Content {
  const {
    MessageBody,
    MessageAttributes,
    MessageSystemAttributes,
    DelaySeconds,
    MessageGroupId,
    MessageDeduplicationId,
  } = wire;
  const unknown = Object.keys(MessageSystemAttributes ?? {}).find((name) => name !== "AWSTraceHeader");
  if (unknown !== undefined)
    throw invalidParameter("MessageSystemAttributes", unknown, "Message system attribute name must be AWSTraceHeader.");
  const trace = traceFrom(MessageSystemAttributes?.AWSTraceHeader);
  return {
    body: MessageBody,
    ...(MessageAttributes && { attributes: attributesFrom(MessageAttributes) }),
    ...(trace !== undefined && { trace }),
    ...(DelaySeconds !== undefined && { delaySeconds: DelaySeconds }),
    ...(MessageGroupId !== undefined && { group: MessageGroupId }),
    ...(MessageDeduplicationId !== undefined && { deduplicationId: MessageDeduplicationId }),
  };
}

export function sentResult(wire: Sending, sent: { readonly messageId: string; readonly sequence?: number }) {
  const ofAttributes = md5OfAttributes(wire.MessageAttributes);
  const ofSystemAttributes = md5OfAttributes(wire.MessageSystemAttributes);
  return {
    MessageId: sent.messageId,
    MD5OfMessageBody: md5(wire.MessageBody),
    ...(ofAttributes !== undefined && { MD5OfMessageAttributes: ofAttributes }),
    ...(ofSystemAttributes !== undefined && { MD5OfMessageSystemAttributes: ofSystemAttributes }),
    ...sequenceNumber(sent.sequence),
  } satisfies SendMessageResult;
}

const systemAttributes: Readonly<Record<string, (message: Received, call: WireCall) => string | undefined>> = {
  // The root of an account is known by the account's number.
  SenderId: ({ sender }) => /^arn:aws:iam::([0-9]{12}):root$/.exec(sender)?.[1] ?? sender,
  SentTimestamp: ({ sentAtMs }) => String(sentAtMs),
  ApproximateReceiveCount: ({ receiveCount }) => String(receiveCount),
  ApproximateFirstReceiveTimestamp: ({ firstReceivedAtMs }) => String(firstReceivedAtMs),
  SequenceNumber: ({ sequence }) => sequenceNumber(sequence).SequenceNumber,
  MessageDeduplicationId: ({ deduplicationId }) => deduplicationId,
  MessageGroupId: ({ group }) => group,
  AWSTraceHeader: ({ trace }) => trace,
  DeadLetterQueueSourceArn: ({ deadLetterSource: name }, { account, region }) =>
    name === undefined ? undefined : queueArn({ account, region, name }),
};

function systemAttributesOf(message: Received, names: ReadonlySet<string>, call: WireCall): Record<string, string> {
  const wanted = Object.entries(systemAttributes).filter(([name]) => names.has("All") || names.has(name));
  const values = wanted.map(([name, get]) => [name, get(message, call)]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Record<string, string>;
}

/** `All` or `.*` for every attribute, `prefix.*` for those that start so, or a name. */
const asksFor = (names: readonly string[], name: string) =>
  names.some(
    (wanted) => wanted === "All" || wanted === name || (wanted.endsWith(".*") && name.startsWith(wanted.slice(0, -2))),
  );

function wireAttributes(message: Received, names: readonly string[]): Record<string, MessageAttributeValue> {
  const wanted = Object.entries(message.attributes).filter(([name]) => asksFor(names, name));
  return Object.fromEntries(
    wanted.map(([name, { type, value }]) => [
      name,
      typeof value === "string" ? { DataType: type, StringValue: value } : { DataType: type, BinaryValue: value },
    ]),
  );
}

export interface MessageWishes {
  readonly attributeNames: readonly string[];
  readonly systemAttributeNames: readonly string[];
}

export function wireMessage(message: Received, wishes: MessageWishes, call: WireCall): Message {
  const system = systemAttributesOf(message, new Set(wishes.systemAttributeNames), call);
  const attributes = wireAttributes(message, wishes.attributeNames);
  const ofAttributes = md5OfAttributes(attributes);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(ofAttributes !== undefined && { MessageAttributes: attributes, MD5OfMessageAttributes: ofAttributes }),
  };
}

/** The refused entries of a batch. */
export function failedEntries(
  failed: readonly { readonly id: string; readonly error: ServiceError }[],
  call: WireCall,
): BatchResultErrorEntry[] {
  return failed.map(({ id, error }) => {
    const look: AwsWireError | undefined = wireErrors[error.code as keyof typeof wireErrors];
    return {
      Id: id,
      SenderFault: true,
      Code: look?.queryCode ?? look?.code ?? error.code,
      Message: look?.message?.(error.details, call) ?? error.message,
    };
  });
}
