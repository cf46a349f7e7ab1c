import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type SQSServiceException,
} from "@aws-sdk/client-sqs";
import * as commands from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queryClient, type QueryFailure } from "../../../testing/aws-query.ts";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

let cloud: TestCloud;
let sqs: SQSClient;
beforeAll(async () => {
  cloud = await startCloud();
  sqs = new SQSClient(cloud.aws());
  for (const QueueName of ["q", "dead"]) await sqs.send(new CreateQueueCommand({ QueueName }));
  await sqs.send(new CreateQueueCommand({ QueueName: "f.fifo", Attributes: { FifoQueue: "true" } }));
});
afterAll(async () => {
  sqs.destroy();
  await cloud.stop();
});

const arn = (name: string) => `arn:aws:sqs:us-east-1:111111111111:${name}`;
const url = (name: string) => `${cloud.endpoint}/111111111111/${name}`;
const redrive = (name: string, maxReceiveCount: unknown = 3) =>
  JSON.stringify({ deadLetterTargetArn: arn(name), maxReceiveCount });

type Input = Record<string, unknown>;
// oxlint-disable-next-line no-explicit-any -- a command by its name, with input that may be wrong on purpose
const commandOf = (name: string, input: Input) => new (commands as any)[`${name}Command`](input);
const send = (name: string, input: Input) => sqs.send(commandOf(name, input)) as Promise<unknown>;

/** Both protocols: the code of JSON, the code of query where it differs, and the text they share. */
interface Refusal {
  readonly what: string;
  readonly operation: string;
  readonly input: () => Input;
  readonly code: string;
  readonly queryCode?: string;
  readonly message: string;
}

const row = (
  what: string,
  operation: string,
  input: () => Input,
  code: string,
  message: string,
  queryCode?: string,
): Refusal => ({ what, operation, input, code, message, ...(queryCode !== undefined && { queryCode }) });
const invalid = (what: string, operation: string, input: () => Input, message: string) =>
  row(what, operation, input, "InvalidParameterValue", message);
const badAttribute = (name: string, value: string, on = "q"): Refusal =>
  row(
    `${name} ${value}`,
    "SetQueueAttributes",
    () => ({ QueueUrl: url(on), Attributes: { [name]: value } }),
    "InvalidAttributeValue",
    `Invalid value for the parameter ${name}.`,
  );
const q = () => ({ QueueUrl: url("q") });
const f = () => ({ QueueUrl: url("f.fifo") });
const simple = (code: string) => `AWS.SimpleQueueService.${code}`;

const REFUSALS: readonly Refusal[] = [
  row(
    "a queue that is not there",
    "SendMessage",
    () => ({ QueueUrl: url("none"), MessageBody: "x" }),
    "QueueDoesNotExist",
    "The specified queue does not exist.",
    simple("NonExistentQueue"),
  ),
  row(
    "the URL of a queue that is not there",
    "GetQueueUrl",
    () => ({ QueueName: "none" }),
    "QueueDoesNotExist",
    "The specified queue does not exist.",
    simple("NonExistentQueue"),
  ),
  invalid(
    "a queue's name with a dot",
    "CreateQueue",
    () => ({ QueueName: "a.b" }),
    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
  ),
  invalid(
    "a FIFO name of a standard queue",
    "CreateQueue",
    () => ({ QueueName: "a.fifo" }),
    "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, " +
      "must end with .fifo suffix and be 1 to 80 in length.",
  ),
  row(
    "a queue that is there with another setting",
    "CreateQueue",
    () => ({ QueueName: "q", Attributes: { DelaySeconds: "7" } }),
    "QueueNameExists",
    "A queue already exists with the same name and a different value for attribute DelaySeconds",
    "QueueAlreadyExists",
  ),
  row(
    "an unknown attribute",
    "SetQueueAttributes",
    () => ({ ...q(), Attributes: { Colour: "red" } }),
    "InvalidAttributeName",
    "Unknown Attribute Colour.",
  ),
  row(
    "an unknown attribute to read",
    "GetQueueAttributes",
    () => ({ ...q(), AttributeNames: ["Colour"] }),
    "InvalidAttributeName",
    "Unknown Attribute Colour.",
  ),
  row(
    "FIFO's attributes on a standard queue",
    "SetQueueAttributes",
    () => ({ ...q(), Attributes: { ContentBasedDeduplication: "true" } }),
    "InvalidParameterValue",
    "Unknown Attribute ContentBasedDeduplication.",
  ),
  badAttribute("VisibilityTimeout", "43201"),
  badAttribute("VisibilityTimeout", "-1"),
  badAttribute("VisibilityTimeout", "ten"),
  badAttribute("DelaySeconds", "901"),
  badAttribute("MessageRetentionPeriod", "59"),
  badAttribute("MessageRetentionPeriod", "1209601"),
  badAttribute("MaximumMessageSize", "1023"),
  badAttribute("MaximumMessageSize", "1048577"),
  badAttribute("ReceiveMessageWaitTimeSeconds", "21"),
  badAttribute("KmsDataKeyReusePeriodSeconds", "59"),
  badAttribute("SqsManagedSseEnabled", "perhaps"),
  badAttribute("DeduplicationScope", "queues", "f.fifo"),
  badAttribute("FifoThroughputLimit", "perGroup", "f.fifo"),
  row(
    "both kinds of encryption",
    "SetQueueAttributes",
    () => ({ ...q(), Attributes: { KmsMasterKeyId: "alias/aws/sqs", SqsManagedSseEnabled: "true" } }),
    "InvalidAttributeValue",
    "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
  ),
  invalid(
    "a throughput limit per group without its scope",
    "SetQueueAttributes",
    () => ({ ...f(), Attributes: { FifoThroughputLimit: "perMessageGroupId" } }),
    "Value perMessageGroupId for parameter FifoThroughputLimit is invalid. Reason: " +
      "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.",
  ),
  invalid(
    "a dead-letter queue that is not there",
    "SetQueueAttributes",
    () => ({ ...q(), Attributes: { RedrivePolicy: redrive("none") } }),
    `Value ${redrive("none")} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
  ),
  invalid(
    "a dead-letter queue of the other kind",
    "SetQueueAttributes",
    () => ({ ...q(), Attributes: { RedrivePolicy: redrive("f.fifo") } }),
    `Value ${redrive("f.fifo")} for parameter RedrivePolicy is invalid. ` +
      "Reason: Dead-letter queue must be same type of queue as the source.",
  ),
  ...Object.entries({
    "arn:aws:sqs:us-east-1:222222222222:dead": "Dead letter target owner should be same as the source.",
    "arn:aws:sqs:eu-west-1:111111111111:dead": "Dead-letter queue must be in the same region as the source.",
  }).map(([deadLetterTargetArn, reason]) => {
    const policy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });
    return invalid(
      `the dead-letter queue ${deadLetterTargetArn}`,
      "SetQueueAttributes",
      () => ({ ...q(), Attributes: { RedrivePolicy: policy } }),
      `Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    );
  }),
  invalid(
    "a redrive policy that is no JSON",
    "SetQueueAttributes",
    () => ({ ...q(), Attributes: { RedrivePolicy: "{" } }),
    "Value { for parameter RedrivePolicy is invalid. Reason: Redrive policy is not a valid JSON map.",
  ),
  invalid(
    "a redrive policy without a count",
    "SetQueueAttributes",
    () => ({ ...q(), Attributes: { RedrivePolicy: `{"deadLetterTargetArn":"${arn("dead")}"}` } }),
    `Value {"deadLetterTargetArn":"${arn("dead")}"} for parameter RedrivePolicy is invalid. ` +
      "Reason: Redrive policy does not contain mandatory attribute: maxReceiveCount.",
  ),
  invalid(
    "a redrive policy that counts to 1001",
    "SetQueueAttributes",
    () => ({ ...q(), Attributes: { RedrivePolicy: redrive("dead", 1001) } }),
    `Value ${redrive("dead", 1001)} for parameter RedrivePolicy is invalid. ` +
      "Reason: Invalid value for maxReceiveCount: must be between 1 and 1000.",
  ),
  invalid(
    "a policy that is no JSON",
    "SetQueueAttributes",
    () => ({ ...q(), Attributes: { Policy: "no" } }),
    "Value no for parameter Policy is invalid. Reason: Policy is not a valid JSON map.",
  ),
  invalid(
    "a wait of 21 seconds",
    "ReceiveMessage",
    () => ({ ...q(), WaitTimeSeconds: 21 }),
    "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
  ),
  invalid(
    "no message to receive",
    "ReceiveMessage",
    () => ({ ...q(), MaxNumberOfMessages: 0 }),
    "Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
  ),
  invalid(
    "an attempt id where there is no order",
    "ReceiveMessage",
    () => ({ ...q(), ReceiveRequestAttemptId: "a" }),
    "Value a for parameter ReceiveRequestAttemptId is invalid. " +
      "Reason: The request include parameter that is not valid for this queue type.",
  ),
  invalid(
    "a delay of 901 seconds",
    "SendMessage",
    () => ({ ...q(), MessageBody: "x", DelaySeconds: 901 }),
    "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
  ),
  row(
    "a message without a body",
    "SendMessage",
    () => ({ ...q(), MessageBody: "" }),
    "MissingParameter",
    "The request must contain the parameter MessageBody.",
  ),
  invalid(
    "a message that is too long",
    "SendMessage",
    () => ({ ...q(), MessageBody: "x".repeat(1_048_577) }),
    "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
  ),
  row(
    "a message to a FIFO queue without a group",
    "SendMessage",
    () => ({ ...f(), MessageBody: "x" }),
    "MissingParameter",
    "The request must contain the parameter MessageGroupId.",
  ),
  invalid(
    "a message to a FIFO queue that nothing tells apart",
    "SendMessage",
    () => ({ ...f(), MessageBody: "x", MessageGroupId: "g" }),
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  ),
  invalid(
    "a delay of its own on a FIFO queue",
    "SendMessage",
    () => ({ ...f(), MessageBody: "x", MessageGroupId: "g", MessageDeduplicationId: "d", DelaySeconds: 1 }),
    "Value 1 for parameter DelaySeconds is invalid. " +
      "Reason: The request include parameter that is not valid for this queue type.",
  ),
  invalid(
    "a deduplication id where nothing is deduplicated",
    "SendMessage",
    () => ({ ...q(), MessageBody: "x", MessageDeduplicationId: "d" }),
    "Value d for parameter MessageDeduplicationId is invalid. " +
      "Reason: The request include parameter that is not valid for this queue type.",
  ),
  invalid(
    "a group with a blank in it",
    "SendMessage",
    () => ({ ...f(), MessageBody: "x", MessageGroupId: "a b", MessageDeduplicationId: "d" }),
    "Value a b for parameter MessageGroupId is invalid. " +
      "Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
  ),
  invalid(
    "a deduplication id of 129 characters",
    "SendMessage",
    () => ({ ...f(), MessageBody: "x", MessageGroupId: "g", MessageDeduplicationId: "d".repeat(129) }),
    `Value ${"d".repeat(129)} for parameter MessageDeduplicationId is invalid. ` +
      "Reason: MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
  ),
  row(
    "a receipt that is none",
    "DeleteMessage",
    () => ({ ...q(), ReceiptHandle: "nonsense" }),
    "ReceiptHandleIsInvalid",
    'The input receipt handle "nonsense" is not a valid receipt handle.',
  ),
  invalid(
    "a visibility beyond twelve hours",
    "ChangeMessageVisibility",
    () => ({ ...q(), ReceiptHandle: "x", VisibilityTimeout: 43_201 }),
    "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.",
  ),
  ...Object.entries({
    "of an unknown form": [{ redrivePermission: "some" }, ", as it’s in an unsupported format."],
    "with more than it can say": [{ redrivePermission: "allowAll", a: 1 }, ", as it’s in an unsupported format."],
    "for queues it does not name": [
      { redrivePermission: "byQueue" },
      ". When you specify the byQueue permission type, specify one or more sourceQueueArns values.",
    ],
    "for nobody but some": [
      { redrivePermission: "denyAll", sourceQueueArns: [arn("q")] },
      ". Specify sourceQueueArns values with the byQueue permission type only.",
    ],
  }).map(([what, [policy, reason]]) =>
    invalid(
      `a redrive allow policy ${what}`,
      "SetQueueAttributes",
      () => ({ ...q(), Attributes: { RedriveAllowPolicy: JSON.stringify(policy) } }),
      `Value ${JSON.stringify(policy)} for parameter RedriveAllowPolicy is invalid. ` +
        `Reason: Amazon SQS can't create the redrive allow policy${String(reason)}`,
    ),
  ),
  invalid(
    "to take back a permission that is not there",
    "RemovePermission",
    () => ({ ...q(), Label: "nobody" }),
    "Value nobody for parameter Label is invalid. Reason: can't find label on existing policy.",
  ),
];

/** Lists and maps as the query protocol of SQS spells them. */
function flattened(input: Input): Input {
  const { Attributes, AttributeNames = [], ...rest } = input as {
    Attributes?: Record<string, string>;
    AttributeNames?: string[];
  };
  const form: Input = { ...rest };
  Object.entries(Attributes ?? {}).forEach(([name, value], i) => {
    form[`Attribute.${i + 1}.Name`] = name;
    form[`Attribute.${i + 1}.Value`] = value;
  });
  AttributeNames.forEach((name, i) => (form[`AttributeName.${i + 1}`] = name));
  return form;
}

describe("SQS refuses", () => {
  test.each(REFUSALS)("$what ($operation), in JSON", async ({ operation, input, code, message }) => {
    const problem = (await send(operation, input()).catch((error: unknown) => error)) as SQSServiceException;
    expect({ code: problem.name, message: problem.message, status: problem.$metadata.httpStatusCode }).toEqual({
      code,
      message,
      status: 400,
    });
  });
  test.each(REFUSALS)("$what ($operation), in query", async ({ operation, input, code, queryCode, message }) => {
    const query = queryClient(cloud, "sqs", "2012-11-05");
    const problem = (await query(operation, flattened(input())).catch((error: unknown) => error)) as QueryFailure;
    expect({ code: problem.code, message: problem.message, status: problem.status }).toEqual({
      code: queryCode ?? code,
      message,
      status: 400,
    });
  });
});

describe("attributes of messages to SQS", () => {
  const number = (StringValue: string) => ({ DataType: "Number", StringValue });
  const bytes = Buffer.from("x");
  test.each([
    ["a hexadecimal number", number("0x10"), "Can't cast the value of message (user) attribute 'a' to a number."],
    ["a number with spaces", number(" 1 "), "Can't cast the value of message (user) attribute 'a' to a number."],
    [
      "text for bytes",
      { DataType: "Binary", StringValue: "x" },
      "The message (user) attribute 'a' with type 'Binary' must use field 'Binary'.",
    ],
    [
      "bytes for text",
      { DataType: "String.name", BinaryValue: bytes },
      "The message (user) attribute 'a' with type 'String.name' must use field 'String'.",
    ],
    [
      "text and bytes at once",
      { DataType: "String", StringValue: "x", BinaryValue: bytes },
      "The message (user) attribute 'a' with type 'String' must use field 'String'.",
    ],
    ["nothing", { DataType: "Binary" }, "Message (user) attribute 'a' must contain a non-empty value."],
  ])("are not %s", async (_, a, message) => {
    const wish = { ...q(), MessageBody: "x", MessageAttributes: { a } };
    await expect(send("SendMessage", wish)).rejects.toMatchObject({ name: "InvalidParameterValue", message });
  });
  test("fail alone in a batch", async () => {
    const a = { DataType: "Binary", StringValue: "x" };
    const Entries = [{ Id: "bad", MessageBody: "x", MessageAttributes: { a } }, { Id: "good", MessageBody: "x" }];
    expect(await send("SendMessageBatch", { ...q(), Entries })).toMatchObject({
      Successful: [{ Id: "good" }],
      Failed: [{ Id: "bad", Code: "InvalidParameterValue", SenderFault: true }],
    });
  });
  test.each(["-1.5", "+3", ".5", "12345678901234567890123456789012345678", "1e3"])("may be %s", async (text) => {
    await send("SendMessage", { ...q(), MessageBody: "x", MessageAttributes: { a: number(text) } });
  });
});

describe("permissions of SQS", () => {
  const permit = (AWSAccountIds: string[], Actions: string[], Label = "l") =>
    send("AddPermission", { QueueUrl: url("q"), Label, AWSAccountIds, Actions });
  const failure = (name: string, message: string) => expect.objectContaining({ name, message });
  test.each([
    ["an action that does not exist", ["222222222222"], ["Dance"], "InvalidParameterValue",
      "Value SQS:Dance for parameter ActionName is invalid. " +
        "Reason: Please refer to the appropriate WSDL for a list of valid actions."],
    ["an action that is the owner's", ["222222222222"], ["DeleteQueue"], "InvalidParameterValue",
      "Value SQS:DeleteQueue for parameter ActionName is invalid. " +
        "Reason: Only the queue owner is allowed to invoke this action."],
    ["an account that is none", ["abc"], ["SendMessage"], "InvalidParameterValue",
      "Value [abc] for parameter PrincipalId is invalid. Reason: Unable to verify."],
    ["eight actions", ["222222222222"], Array<string>(8).fill("SendMessage"), "OverLimit",
      "8 Actions were found, maximum allowed is 7."],
    ["nobody", [], ["SendMessage"], "MissingParameter", "The request must contain the parameter AWSAccountIds."],
    ["nothing", ["222222222222"], [], "MissingParameter", "The request must contain the parameter Actions."],
  ])("are not given for %s", async (_, accounts, actions, code, message) => {
    await expect(permit(accounts, actions)).rejects.toEqual(failure(code, message));
  });
  test("are not given under a label with a space", async () => {
    await expect(permit(["222222222222"], ["SendMessage"], "my friends")).rejects.toEqual(
      failure(
        "InvalidParameterValue",
        "Value my friends for parameter Label is invalid. " +
          "Reason: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.",
      ),
    );
  });
  test("are not given twice under one label", async () => {
    await permit(["222222222222"], ["SendMessage"]);
    await expect(permit(["222222222222"], ["SendMessage"])).rejects.toEqual(
      failure("InvalidParameterValue", "Value l for parameter Label is invalid. Reason: Already exists."),
    );
  });
  test("are taken from a policy that was set, by the name of the statement", async () => {
    const Policy = '{"Version":"2012-10-17","Statement":[{"Sid":"mine"},{"Sid":"yours"}]}';
    await send("SetQueueAttributes", { QueueUrl: url("dead"), Attributes: { Policy } });
    await send("RemovePermission", { QueueUrl: url("dead"), Label: "mine" });
    const read = { QueueUrl: url("dead"), AttributeNames: ["Policy"] };
    const { Attributes } = (await send("GetQueueAttributes", read)) as { Attributes: Record<string, string> };
    expect(JSON.parse(Attributes.Policy!).Statement).toEqual([{ Sid: "yours" }]);
  });
});

describe("attempts to receive from a FIFO queue", () => {
  const receive = async (ReceiveRequestAttemptId: string, name: string, more: object = {}) => {
    const wish = { QueueUrl: url(name), ReceiveRequestAttemptId, MaxNumberOfMessages: 10, ...more };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(wish));
    return Messages.map(({ Body, ReceiptHandle }) => ({ Body, ReceiptHandle: ReceiptHandle! }));
  };
  const fill = async (name: string) => {
    const Attributes = { FifoQueue: "true", ContentBasedDeduplication: "true" };
    await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    for (const MessageBody of ["a", "b"])
      await sqs.send(new SendMessageCommand({ QueueUrl: url(name), MessageBody, MessageGroupId: "g" }));
  };

  test("give the same messages under the same receipts when they are repeated", async () => {
    await fill("again.fifo");
    const first = await receive("attempt", "again.fifo");
    expect(first.map(({ Body }) => Body)).toEqual(["a", "b"]);
    expect(await receive("other", "again.fifo")).toEqual([]);
    expect(await receive("attempt", "again.fifo")).toEqual(first);
    await send("DeleteMessage", { QueueUrl: url("again.fifo"), ReceiptHandle: first[0]!.ReceiptHandle });
  });

  test("give none once a message of theirs has changed", async () => {
    await fill("changed.fifo");
    const [first] = await receive("attempt", "changed.fifo");
    await send("DeleteMessage", { QueueUrl: url("changed.fifo"), ReceiptHandle: first!.ReceiptHandle });
    expect(await receive("attempt", "changed.fifo")).toEqual([]);
  });
});
