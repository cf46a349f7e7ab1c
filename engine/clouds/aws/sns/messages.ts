import type {
  BatchResultErrorEntry,
  MessageAttributeValue,
  PublishBatchRequestEntry,
  PublishInput,
} from "../../../models/aws/sns.generated.ts";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import type { ServiceError } from "../../../services/errors.ts";
import type { OperationInput } from "../../../services/manifest.ts";
import type { topics } from "../../../services/topics/service.ts";
import type { AwsWireError, WireCall } from "../binding.ts";
import { invalidParameter, jsonObject, sequenceNumber } from "./model.ts";

type Content = Omit<OperationInput<typeof topics, "publish">, "topic" | "owner" | "region">;
type Attributes = NonNullable<Content["attributes"]>;

const invalidValue = (message: string) => new AwsFailure({ code: "ParameterValueInvalid", status: 400, message });

export function attributesFrom(wire: Readonly<Record<string, MessageAttributeValue>>): Attributes {
  const attributes: Attributes = {};
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(wire)) {
    if (DataType === "Binary" && BinaryValue === undefined)
      throw invalidValue(`The message attribute '${name}' with type '${DataType}' must use field 'Binary'.`);
    if (DataType !== "Binary" && BinaryValue !== undefined)
      throw invalidValue(`The message attribute '${name}' with type '${DataType}' must use field 'String'.`);
    attributes[name] = { type: DataType, value: BinaryValue ?? StringValue ?? "" };
  }
  return attributes;
}

const badStructure = (reason: string) => invalidParameter(`Message Structure - ${reason}`);

/** `MessageStructure: json` is one text for each protocol, and one for all the others. */
function textsFrom(message: string): { message: string; perProtocol: Record<string, string> } {
  const texts = jsonObject(message, () => badStructure("JSON message body failed to parse"));
  const entries = Object.entries(texts).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const perProtocol = Object.fromEntries(entries);
  if (perProtocol.default === undefined) throw badStructure("No default entry in JSON message body");
  return { message: perProtocol.default, perProtocol };
}

/** What a FIFO queue that follows the topic would take. */
const ORDERING = /^[\x21-\x7e]{1,128}$/;

function orderingFrom(
  wire: PublishInput | PublishBatchRequestEntry,
  name: "MessageGroupId" | "MessageDeduplicationId",
) {
  const text = wire[name] ?? "";
  if (!ORDERING.test(text)) throw invalidParameter(name);
  return text;
}

/** No spreads: it runs for every message. */
export function contentFrom(wire: PublishInput | PublishBatchRequestEntry): Content {
  const { MessageStructure: structure, MessageAttributes } = wire;
  if (structure !== undefined && structure !== "json") throw invalidParameter("MessageStructure");
  const content: Content = structure === "json" ? textsFrom(wire.Message) : { message: wire.Message };
  if (wire.Subject !== undefined) content.subject = wire.Subject;
  if (MessageAttributes !== undefined) content.attributes = attributesFrom(MessageAttributes);
  if (wire.MessageGroupId !== undefined) content.group = orderingFrom(wire, "MessageGroupId");
  if (wire.MessageDeduplicationId !== undefined)
    content.deduplicationId = orderingFrom(wire, "MessageDeduplicationId");
  return content;
}

export function publishedResult({ messageId, sequence }: { readonly messageId: string; readonly sequence?: number }) {
  if (sequence === undefined) return { MessageId: messageId };
  return { MessageId: messageId, SequenceNumber: sequenceNumber(sequence) };
}

/** The refused entries of a batch. */
export function failedEntries(
  failed: readonly { readonly id: string; readonly error: ServiceError }[],
  wireErrors: Readonly<Record<string, AwsWireError>>,
  call: WireCall,
): BatchResultErrorEntry[] {
  return failed.map(({ id, error }) => {
    const look = wireErrors[error.code];
    return {
      Id: id,
      SenderFault: true,
      Code: look?.code ?? error.code,
      Message: look?.message?.(error.details, call) ?? error.message,
    };
  });
}
