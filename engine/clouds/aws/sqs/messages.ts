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

function traceFrom(wire: Readonly<Record<string, MessageAttributeValue>>): string | undefined {
  const unknown = Object.keys(wire).find((name) => name !== "AWSTraceHeader");
  if (unknown !== undefined)
    throw invalidParameter("MessageSystemAttributes", unknown, "Message system attribute name must be AWSTraceHeader.");
  const trace = wire.AWSTraceHeader;
  if (trace === undefined) return undefined;
  refuseLists(trace);
  if (trace.DataType === "String" && trace.BinaryValue === undefined) return trace.StringValue;
  throw invalidParameter("MessageSystemAttributes", trace.DataType, "AWSTraceHeader must be of type String.");
}

/** No spreads here and in `sentResult`: they run for every message. */
export function contentFrom(wire: Sending): Content {
  const content: Content = { body: wire.MessageBody };
  if (wire.MessageAttributes !== undefined) content.attributes = attributesFrom(wire.MessageAttributes);
  if (wire.MessageSystemAttributes !== undefined) {
    const trace = traceFrom(wire.MessageSystemAttributes);
    if (trace !== undefined) content.trace = trace;
  }
  if (wire.DelaySeconds !== undefined) content.delaySeconds = wire.DelaySeconds;
  if (wire.MessageGroupId !== undefined) content.group = wire.MessageGroupId;
  if (wire.MessageDeduplicationId !== undefined) content.deduplicationId = wire.MessageDeduplicationId;
  return content;
}

export function sentResult(wire: Sending, sent: { readonly messageId: string; readonly sequence?: number }) {
  const result: SendMessageResult & { MessageId: string; MD5OfMessageBody: string } = {
    MessageId: sent.messageId,
    MD5OfMessageBody: md5(wire.MessageBody),
  };
  const ofAttributes = md5OfAttributes(wire.MessageAttributes);
  if (ofAttributes !== undefined) result.MD5OfMessageAttributes = ofAttributes;
  const ofSystemAttributes = md5OfAttributes(wire.MessageSystemAttributes);
  if (ofSystemAttributes !== undefined) result.MD5OfMessageSystemAttributes = ofSystemAttributes;
  if (sent.sequence !== undefined) result.SequenceNumber = sequenceNumber(sent.sequence);
  return result;
}

const systemAttributes: Readonly<Record<string, (message: Received, call: WireCall) => string | undefined>> = {
  // The root of an account is known by the account's number.
  SenderId: ({ sender }) => /^arn:aws:iam::([0-9]{12}):root$/.exec(sender)?.[1] ?? sender,
  SentTimestamp: ({ sentAtMs }) => String(sentAtMs),
  ApproximateReceiveCount: ({ receiveCount }) => String(receiveCount),
  ApproximateFirstReceiveTimestamp: ({ firstReceivedAtMs }) => String(firstReceivedAtMs),
  SequenceNumber: ({ sequence }) => (sequence === undefined ? undefined : sequenceNumber(sequence)),
  MessageDeduplicationId: ({ deduplicationId }) => deduplicationId,
  MessageGroupId: ({ group }) => group,
  AWSTraceHeader: ({ trace }) => trace,
  DeadLetterQueueSourceArn: ({ deadLetterSource: name }, { account, region }) =>
    name === undefined ? undefined : queueArn({ account, region, name }),
};

function systemAttributesOf(message: Received, names: readonly string[], call: WireCall): Record<string, string> {
  const wanted = names.includes("All") ? Object.keys(systemAttributes) : names;
  const values: Record<string, string> = {};
  for (const name of wanted) {
    const value = systemAttributes[name]?.(message, call);
    if (value !== undefined) values[name] = value;
  }
  return values;
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
  const wire: Message = {
    MessageId: message.messageId,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
  };
  const system = systemAttributesOf(message, wishes.systemAttributeNames, call);
  if (Object.keys(system).length > 0) wire.Attributes = system;
  const attributes = wireAttributes(message, wishes.attributeNames);
  const ofAttributes = md5OfAttributes(attributes);
  if (ofAttributes !== undefined) {
    wire.MessageAttributes = attributes;
    wire.MD5OfMessageAttributes = ofAttributes;
  }
  return wire;
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
