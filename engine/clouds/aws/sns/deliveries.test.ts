import { createVerify, X509Certificate } from "node:crypto";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { topics } from "../../../services/topics/service.ts";
import { queryClient } from "../../../testing/aws-query.ts";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

let cloud: TestCloud;
let sns: ReturnType<typeof queryClient>;
let sqs: SQSClient;
beforeAll(async () => {
  cloud = await startCloud();
  sns = queryClient(cloud, "sns", "2010-03-31");
  sqs = new SQSClient(cloud.aws());
});
afterAll(async () => {
  sqs.destroy();
  await cloud.stop();
});

const queueArn = (name: string) => `arn:aws:sqs:us-east-1:111111111111:${name}`;
const queueUrl = (name: string) => `${cloud.endpoint}/111111111111/${name}`;
const entries = (object: Record<string, unknown>) => new Map(Object.entries(object));
const text = (StringValue: string) => ({ DataType: "String", StringValue });
const failure = (code: string, message: string, status = 400) => expect.objectContaining({ code, message, status });
const invalid = (reason: string) => failure("InvalidParameter", `Invalid parameter: ${reason}`);

async function topicFor(name: string, attributes: Record<string, string> = {}): Promise<string> {
  return String((await sns("CreateTopic", { Name: name, Attributes: entries(attributes) })).TopicArn);
}
/** A queue of the topic's name that has subscribed to it. */
async function reader(TopicArn: string, name: string, attributes: Record<string, string> = {}): Promise<string> {
  const fifo = name.endsWith(".fifo") ? { FifoQueue: "true" } : {};
  await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: fifo }));
  const wish = { TopicArn, Protocol: "sqs", Endpoint: queueArn(name), Attributes: entries(attributes) };
  return String((await sns("Subscribe", wish)).SubscriptionArn);
}
async function received(name: string): Promise<Message[]> {
  const all = { MaxNumberOfMessages: 10, MessageAttributeNames: ["All"], AttributeNames: ["All" as const] };
  return (await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl(name), ...all }))).Messages ?? [];
}
const bodies = async (name: string) => (await received(name)).map(({ Body }) => Body);
const publish = (TopicArn: string, Message: string, more: object = {}) =>
  sns("Publish", { TopicArn, Message, ...more });

describe("a notification", () => {
  test.each([
    ["1", "RSA-SHA1"],
    ["2", "RSA-SHA256"],
  ])("of signature version %s is a document that the served certificate verifies", async (version, algorithm) => {
    const TopicArn = await topicFor(`signed-${version}`, { SignatureVersion: version });
    const SubscriptionArn = await reader(TopicArn, `signed-${version}`);
    const attributes = entries({ kind: text("x"), raw: { DataType: "Binary", BinaryValue: Buffer.from([0, 255]) } });
    const { MessageId } = await publish(TopicArn, "hello", { Subject: "Greeting", MessageAttributes: attributes });
    const [body] = await bodies(`signed-${version}`);
    const document = JSON.parse(body!) as Record<string, string>;
    expect(document).toEqual({
      Type: "Notification",
      MessageId,
      TopicArn,
      Subject: "Greeting",
      Message: "hello",
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      SignatureVersion: version,
      Signature: expect.any(String),
      SigningCertURL: `${cloud.endpoint}/_cloudstack/topics/signing-certificate.pem`,
      UnsubscribeURL: expect.stringContaining(encodeURIComponent(SubscriptionArn)),
      MessageAttributes: { kind: { Type: "String", Value: "x" }, raw: { Type: "Binary", Value: "AP8=" } },
    });
    const signed = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
      .map((name) => `${name}\n${document[name]}\n`)
      .join("");
    const certificate = new X509Certificate(await (await fetch(document.SigningCertURL!)).text());
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    const verifier = createVerify(algorithm).update(signed);
    expect(verifier.verify(certificate.publicKey, document.Signature!, "base64")).toBe(true);
  });

  test("has a link that ends the subscription", async () => {
    const TopicArn = await topicFor("unwanted");
    await reader(TopicArn, "unwanted");
    await publish(TopicArn, "last");
    const { UnsubscribeURL } = JSON.parse((await bodies("unwanted"))[0]!) as Record<string, string>;
    expect((await fetch(UnsubscribeURL!)).status).toBe(200);
    await publish(TopicArn, "after the last");
    expect(await bodies("unwanted")).toEqual([]);
  });
});

describe("messages to queues", () => {
  test("reach every subscriber, raw with their attributes for who wants it so", async () => {
    const TopicArn = await topicFor("fan-out");
    await reader(TopicArn, "raw-reader", { RawMessageDelivery: "true" });
    await reader(TopicArn, "plain-reader");
    const kinds = {
      text: text("ä"),
      number: { DataType: "Number", StringValue: "7" },
      bytes: { DataType: "Binary", BinaryValue: Buffer.from([1, 2]) },
      list: { DataType: "String.Array", StringValue: '["a"]' },
    };
    await publish(TopicArn, "hello", { MessageAttributes: entries(kinds) });
    const [raw] = await received("raw-reader");
    expect(raw).toMatchObject({
      Body: "hello",
      MessageAttributes: {
        text: { DataType: "String", StringValue: "ä" },
        number: { DataType: "Number", StringValue: "7" },
        bytes: { DataType: "Binary", BinaryValue: Uint8Array.of(1, 2) },
        list: { DataType: "String.Array", StringValue: '["a"]' },
      },
    });
    expect(JSON.parse((await bodies("plain-reader"))[0]!)).toMatchObject({ Message: "hello" });
  });

  test("do not hear what is said to those who bring texts and pushes", async () => {
    const TopicArn = await topicFor("carriers");
    await reader(TopicArn, "carrier-reader", { RawMessageDelivery: "true" });
    const carrier = { "AWS.SNS.MOBILE.APNS.TTL": { DataType: "Number", StringValue: "10" } };
    await publish(TopicArn, "both", { MessageAttributes: entries({ ...carrier, kind: text("news") }) });
    await publish(TopicArn, "carrier's alone", { MessageAttributes: entries(carrier) });
    const attributes = (await received("carrier-reader")).map(({ MessageAttributes = {} }) => MessageAttributes);
    expect(attributes.map((each) => Object.keys(each))).toEqual([["kind"], []]);
    await expect(
      publish(TopicArn, "x", { MessageAttributes: entries({ "AWS.SNS.OTHER": text("x") }) }),
    ).rejects.toMatchObject({ code: "ParameterValueInvalid" });
  });

  test("are what MessageStructure json says for queues", async () => {
    const TopicArn = await topicFor("structured");
    await reader(TopicArn, "structured", { RawMessageDelivery: "true" });
    const structure = { MessageStructure: "json" };
    await publish(TopicArn, '{"default":"for all","sqs":"for queues"}', structure);
    await publish(TopicArn, '{"default":"for all","email":"for people"}', structure);
    expect(await bodies("structured")).toEqual(["for queues", "for all"]);
    await expect(publish(TopicArn, "{", structure)).rejects.toEqual(
      invalid("Message Structure - JSON message body failed to parse"),
    );
    await expect(publish(TopicArn, '{"sqs":"x"}', structure)).rejects.toEqual(
      invalid("Message Structure - No default entry in JSON message body"),
    );
  });

  test("pass the filter of attributes or of the body", async () => {
    const TopicArn = await topicFor("filtered");
    const raw = { RawMessageDelivery: "true" };
    await reader(TopicArn, "by-attribute", { ...raw, FilterPolicy: '{"kind":[{"prefix":"a"}]}' });
    const ofBody = { FilterPolicy: '{"n":[{"numeric":[">",1]}]}', FilterPolicyScope: "MessageBody" };
    await reader(TopicArn, "by-body", { ...raw, ...ofBody });
    await publish(TopicArn, '{"n":1}', { MessageAttributes: entries({ kind: text("apple") }) });
    await publish(TopicArn, '{"n":2}', { MessageAttributes: entries({ kind: text("pear") }) });
    await publish(TopicArn, "no json");
    expect(await bodies("by-attribute")).toEqual(['{"n":1}']);
    expect(await bodies("by-body")).toEqual(['{"n":2}']);
  });

  test("change their filter with the subscription", async () => {
    const TopicArn = await topicFor("refiltered");
    const SubscriptionArn = await reader(TopicArn, "refiltered", {
      RawMessageDelivery: "true",
      FilterPolicy: '{"kind":["a"]}',
    });
    await publish(TopicArn, "b", { MessageAttributes: entries({ kind: text("b") }) });
    const change = { SubscriptionArn, AttributeName: "FilterPolicy", AttributeValue: '{"kind":["b"]}' };
    await sns("SetSubscriptionAttributes", change);
    await publish(TopicArn, "b again", { MessageAttributes: entries({ kind: text("b") }) });
    expect(await bodies("refiltered")).toEqual(["b again"]);
  });

  test("go to the dead-letter queue, with the reason, when the queue is gone", async () => {
    const TopicArn = await topicFor("lost");
    await sqs.send(new CreateQueueCommand({ QueueName: "dead" }));
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn("dead") });
    await reader(TopicArn, "lost", { RedrivePolicy, RawMessageDelivery: "true" });
    await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl("lost") }));
    await publish(TopicArn, "for nobody");
    expect(await received("dead")).toMatchObject([
      {
        Body: "for nobody",
        MessageAttributes: {
          RequestID: { DataType: "String" },
          ErrorCode: { StringValue: "400" },
          ErrorMessage: { StringValue: "Queue lost does not exist." },
        },
      },
    ]);
  });

  test("are not lost silently when nobody takes them", async () => {
    const TopicArn = await topicFor("untaken");
    await reader(TopicArn, "untaken", { RawMessageDelivery: "true" });
    await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl("untaken") }));
    await publish(TopicArn, "for nobody");
    const scope = { account: "111111111111", region: "us-east-1" };
    const { messages } = await cloud.engine.calls.call(topics, "listSentMessages", {}, scope);
    expect(messages.filter(({ topic }) => topic === "untaken")).toMatchObject([
      { protocol: "queue", to: queueArn("untaken"), body: "for nobody", failure: "Queue untaken does not exist." },
    ]);
  });
});

describe("FIFO topics", () => {
  test("keep the order of a group, number messages and take none twice in five minutes", async () => {
    const TopicArn = await topicFor("line.fifo", { FifoTopic: "true", ContentBasedDeduplication: "true" });
    await reader(TopicArn, "line.fifo", { RawMessageDelivery: "true" });
    const group = { MessageGroupId: "g" };
    const first = await publish(TopicArn, "1", group);
    const again = await publish(TopicArn, "1", group);
    expect(first.SequenceNumber).toBe("10000000000000000001");
    expect(again).toEqual(first);
    for (const n of ["2", "3"]) await publish(TopicArn, n, group);
    const messages = await received("line.fifo");
    expect(messages.map(({ Body }) => Body)).toEqual(["1", "2", "3"]);
    expect(messages[0]!.Attributes).toMatchObject({ MessageGroupId: "g" });
  });

  test("put the sequence number into notifications", async () => {
    const TopicArn = await topicFor("numbered.fifo", { FifoTopic: "true" });
    await reader(TopicArn, "numbered.fifo");
    const { SequenceNumber } = await publish(TopicArn, "x", { MessageGroupId: "g", MessageDeduplicationId: "d" });
    expect(JSON.parse((await bodies("numbered.fifo"))[0]!)).toMatchObject({ SequenceNumber });
  });

  test("want a group and something to tell messages apart by", async () => {
    const TopicArn = await topicFor("strict.fifo", { FifoTopic: "true" });
    await expect(publish(TopicArn, "x")).rejects.toEqual(
      invalid("The MessageGroupId parameter is required for FIFO topics"),
    );
    await expect(publish(TopicArn, "x", { MessageGroupId: "g" })).rejects.toEqual(
      invalid(
        "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
      ),
    );
    await expect(publish(await topicFor("loose"), "x", { MessageDeduplicationId: "d" })).rejects.toEqual(
      invalid(
        "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for " +
          "this topic type",
      ),
    );
  });

  test("send what they archived again to who asks for it", async () => {
    const TopicArn = await topicFor("kept.fifo", {
      FifoTopic: "true",
      ContentBasedDeduplication: "true",
      ArchivePolicy: '{"MessageRetentionPeriod":7}',
    });
    for (const n of ["1", "2"]) await publish(TopicArn, n, { MessageGroupId: "g" });
    const SubscriptionArn = await reader(TopicArn, "late.fifo", {
      RawMessageDelivery: "true",
      ReplayPolicy: '{"PointType":"Timestamp","StartingPoint":"2020-01-01T00:00:00.000Z"}',
    });
    await cloud.engine.settled();
    expect(await bodies("late.fifo")).toEqual(["1", "2"]);
    const { Attributes } = await sns("GetSubscriptionAttributes", { SubscriptionArn });
    expect(Attributes).toMatchObject({ ReplayStatus: "Completed" });
  });
});

describe("batches", () => {
  test("succeed and fail entry by entry", async () => {
    const TopicArn = await topicFor("batch");
    await reader(TopicArn, "batch", { RawMessageDelivery: "true" });
    const PublishBatchRequestEntries = [
      { Id: "good", Message: "a" },
      { Id: "bad", Message: "b", Subject: "two\nlines" },
      { Id: "also-good", Message: "c" },
    ];
    const { Successful, Failed } = await sns("PublishBatch", { TopicArn, PublishBatchRequestEntries });
    expect(Successful).toMatchObject([{ Id: "good" }, { Id: "also-good" }]);
    expect(Failed).toEqual([
      { Id: "bad", Code: "InvalidParameter", Message: "Invalid parameter: Subject", SenderFault: "true" },
    ]);
    expect(await bodies("batch")).toEqual(["a", "c"]);
  });

  test.each([
    ["without entries", [], "EmptyBatchRequest", "The batch request doesn't contain any entries."],
    [
      "of eleven",
      Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, Message: "x" })),
      "TooManyEntriesInBatchRequest",
      "The batch request contains more entries than permissible.",
    ],
    [
      "with one id twice",
      [
        { Id: "a", Message: "x" },
        { Id: "a", Message: "y" },
      ],
      "BatchEntryIdsNotDistinct",
      "Two or more batch entries in the request have the same Id.",
    ],
    [
      "with an id that is none",
      [{ Id: "a b", Message: "x" }],
      "InvalidBatchEntryId",
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    ],
    [
      "that are too long together",
      ["a", "b"].map((Id) => ({ Id, Message: "x".repeat(140_000) })),
      "BatchRequestTooLong",
      "The length of all the batch messages put together is more than the limit.",
    ],
  ])("%s are refused", async (_, PublishBatchRequestEntries, code, message) => {
    const TopicArn = await topicFor("bad-batch");
    await expect(sns("PublishBatch", { TopicArn, PublishBatchRequestEntries })).rejects.toEqual(failure(code, message));
  });
});

describe("a message is refused", () => {
  const badValue = (message: string) => failure("ParameterValueInvalid", message);
  test.each([
    ["without a target", { Message: "x" }, invalid("TopicArn or TargetArn Reason: no value for required parameter")],
    [
      "with two targets",
      { Message: "x", TopicArn: "arn:aws:sns:us-east-1:111111111111:a", PhoneNumber: "+12065550100" },
      invalid("TopicArn, TargetArn or PhoneNumber Reason: only one of them can be given"),
    ],
    [
      "to a topic that is not there",
      { Message: "x", TopicArn: "arn:aws:sns:us-east-1:111111111111:none" },
      failure("NotFound", "Topic does not exist", 404),
    ],
    ["without a text", { Message: "" }, invalid("Empty message")],
    ["longer than 256 KiB", { Message: "x".repeat(262_145) }, invalid("Message too long")],
    ["with a subject of two lines", { Message: "x", Subject: "a\nb" }, invalid("Subject")],
    ["with a subject of 101 characters", { Message: "x", Subject: "a".repeat(101) }, invalid("Subject")],
    ["with an unknown structure", { Message: "x", MessageStructure: "xml" }, invalid("MessageStructure")],
    [
      "with an attribute of no known type",
      { Message: "x", MessageAttributes: entries({ a: { DataType: "Date", StringValue: "1" } }) },
      badValue(
        "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is " +
          "Binary, Number, and String.",
      ),
    ],
    [
      "with an empty attribute",
      { Message: "x", MessageAttributes: entries({ a: text("") }) },
      badValue(
        "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
      ),
    ],
    [
      "with a number that is none",
      { Message: "x", MessageAttributes: entries({ a: { DataType: "Number", StringValue: "one" } }) },
      badValue("Could not cast message attribute 'a' value to number."),
    ],
    [
      "with a list that is none",
      { Message: "x", MessageAttributes: entries({ a: { DataType: "String.Array", StringValue: "{}" } }) },
      badValue("Message attribute 'a' of type String.Array is not a valid JSON array."),
    ],
    [
      "with bytes under a text's type",
      { Message: "x", MessageAttributes: entries({ a: { DataType: "String", BinaryValue: Buffer.from("b") } }) },
      badValue("The message attribute 'a' with type 'String' must use field 'String'."),
    ],
  ])("%s", async (fault, input, expected) => {
    const target = fault === "without a target" ? {} : { TopicArn: await topicFor("refusing") };
    await expect(sns("Publish", { ...target, ...input })).rejects.toEqual(expected);
  });
});
