import {
  AddPermissionCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  RemovePermissionCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
  type QueueAttributeName,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

let cloud: TestCloud;
let sqs: SQSClient;
beforeAll(async () => {
  cloud = await startCloud();
  sqs = new SQSClient(cloud.aws());
});
afterAll(async () => {
  sqs.destroy();
  await cloud.stop();
});

const arn = (name: string) => `arn:aws:sqs:us-east-1:111111111111:${name}`;
const create = async (QueueName: string, Attributes: Partial<Record<QueueAttributeName, string>> = {}, tags = {}) =>
  (await sqs.send(new CreateQueueCommand({ QueueName, Attributes, tags }))).QueueUrl ?? "";
const attributes = async (QueueUrl: string, names: QueueAttributeName[] = ["All"]) =>
  (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names }))).Attributes ?? {};
const receive = async (QueueUrl: string, more: object = {}) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];
const failure = (name: string, message: string) => expect.objectContaining({ name, message });

describe("queues of SQS", () => {
  test("have a URL at the endpoint the client used, and are found by account and name whatever the host", async () => {
    const url = await create("by-url");
    expect(url).toBe(`${cloud.endpoint}/111111111111/by-url`);
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: "by-url" }))).QueueUrl).toBe(url);
    const elsewhere = { QueueUrl: "https://sqs.us-east-1.amazonaws.com/111111111111/by-url" };
    const client = new SQSClient({ ...cloud.aws(), useQueueUrlAsEndpoint: false });
    expect(
      (await client.send(new GetQueueAttributesCommand({ ...elsewhere, AttributeNames: ["QueueArn"] }))).Attributes,
    ).toEqual({ QueueArn: arn("by-url") });
  });

  test("read back every attribute that was set, with AWS's defaults beside", async () => {
    await create("dead");
    const redrive = JSON.stringify({ deadLetterTargetArn: arn("dead"), maxReceiveCount: 4 });
    const policy = '{"Version": "2012-10-17",  "Statement": []}';
    const url = await create("full", {
      VisibilityTimeout: "60",
      RedrivePolicy: redrive,
      Policy: policy,
      KmsMasterKeyId: "alias/aws/sqs",
    });
    const { CreatedTimestamp, LastModifiedTimestamp, ...rest } = await attributes(url);
    expect(CreatedTimestamp).toMatch(/^[0-9]{10}$/);
    expect(LastModifiedTimestamp).toMatch(/^[0-9]{10}$/);
    expect(rest).toEqual({
      QueueArn: arn("full"),
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
      ApproximateNumberOfMessagesDelayed: "0",
      VisibilityTimeout: "60",
      MaximumMessageSize: "1048576",
      MessageRetentionPeriod: "345600",
      DelaySeconds: "0",
      ReceiveMessageWaitTimeSeconds: "0",
      Policy: policy,
      RedrivePolicy: redrive,
      KmsMasterKeyId: "alias/aws/sqs",
      KmsDataKeyReusePeriodSeconds: "300",
      SqsManagedSseEnabled: "false",
    });
    expect(
      (await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: await create("dead") }))).queueUrls,
    ).toEqual([url]);
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: url,
        Attributes: { RedrivePolicy: "", Policy: "", KmsMasterKeyId: "", DelaySeconds: "9" },
      }),
    );
    expect(await attributes(url, ["RedrivePolicy", "Policy", "KmsMasterKeyId", "DelaySeconds"])).toEqual({
      DelaySeconds: "9",
    });
  });

  test("of the FIFO kind say so", async () => {
    const url = await create("f.fifo", {
      FifoQueue: "true",
      ContentBasedDeduplication: "true",
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
    });
    expect(await attributes(url)).toMatchObject({
      FifoQueue: "true",
      ContentBasedDeduplication: "true",
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
    });
    const first = await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "a", MessageGroupId: "g" }));
    const again = await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "a", MessageGroupId: "g" }));
    expect(first.SequenceNumber).toMatch(/^[0-9]{20}$/);
    expect(again.MessageId).toBe(first.MessageId);
  });

  test("are listed by prefix in pages", async () => {
    for (const name of ["list-1", "list-2", "list-3"]) await create(name);
    const first = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: "list-", MaxResults: 2 }));
    const second = await sqs.send(
      new ListQueuesCommand({ QueueNamePrefix: "list-", MaxResults: 2, NextToken: first.NextToken! }),
    );
    expect([...first.QueueUrls!, ...second.QueueUrls!].map((url) => url.split("/").at(-1))).toEqual([
      "list-1",
      "list-2",
      "list-3",
    ]);
    expect(second.NextToken).toBeUndefined();
    expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: "nothing" }))).QueueUrls).toBeUndefined();
  });

  test("keep tags and permissions", async () => {
    const QueueUrl = await create("tagged", {}, { a: "1" });
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { b: "2" } }));
    await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["a"] }));
    expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ b: "2" });
    await sqs.send(
      new AddPermissionCommand({
        QueueUrl,
        Label: "friends",
        AWSAccountIds: ["222222222222"],
        Actions: ["SendMessage"],
      }),
    );
    expect(JSON.parse((await attributes(QueueUrl)).Policy!)).toEqual({
      Version: "2008-10-17",
      Id: `${arn("tagged")}/SQSDefaultPolicy`,
      Statement: [
        {
          Sid: "friends",
          Effect: "Allow",
          Principal: { AWS: ["arn:aws:iam::222222222222:root"] },
          Action: ["SQS:SendMessage"],
          Resource: arn("tagged"),
        },
      ],
    });
    await sqs.send(new RemovePermissionCommand({ QueueUrl, Label: "friends" }));
    expect(await attributes(QueueUrl, ["Policy"])).toEqual({});
  });
});

describe("messages of SQS", () => {
  test("travel with attributes whose digests the SDK verifies", async () => {
    const QueueUrl = await create("messages");
    const MessageAttributes = {
      text: { DataType: "String", StringValue: "ä" },
      number: { DataType: "Number.int", StringValue: "7" },
      bytes: { DataType: "Binary", BinaryValue: Uint8Array.from([0, 255]) },
    };
    const sent = await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: "hello",
        MessageAttributes,
        MessageSystemAttributes: {
          AWSTraceHeader: { DataType: "String", StringValue: "Root=1-5759e988-bd862e3fe1be46a994272793" },
        },
      }),
    );
    expect(sent).toMatchObject({
      MD5OfMessageBody: "5d41402abc4b2a76b9719d911017c592",
      MD5OfMessageSystemAttributes: expect.any(String),
    });
    const [message] = await receive(QueueUrl, { MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"] });
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: "hello",
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes,
      Attributes: {
        SenderId: "111111111111",
        ApproximateReceiveCount: "1",
        AWSTraceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793",
      },
    });
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle!, VisibilityTimeout: 0 }),
    );
    const [again] = await receive(QueueUrl, {
      MessageAttributeNames: ["other.*"],
      AttributeNames: ["ApproximateReceiveCount"],
    });
    expect(Object.keys(again!.MessageAttributes ?? {})).toEqual([]);
    expect(again!.Attributes).toEqual({ ApproximateReceiveCount: "2" });
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again!.ReceiptHandle! }));
    expect(
      await attributes(QueueUrl, ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]),
    ).toEqual({ ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "0" });
  });

  test("reach a receiver that waits as soon as they are sent", async () => {
    const QueueUrl = await create("waiting");
    const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "now" }));
    expect((await waiting).map(({ Body }) => Body)).toEqual(["now"]);
  });

  test("in batches succeed and fail entry by entry", async () => {
    const QueueUrl = await create("batch");
    const result = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "good", MessageBody: "a" },
          { Id: "bad", MessageBody: "b", DelaySeconds: 901 },
        ],
      }),
    );
    expect(result.Successful).toMatchObject([{ Id: "good", MD5OfMessageBody: "0cc175b9c0f1b6a831c399e269772661" }]);
    expect(result.Failed).toEqual([
      {
        Id: "bad",
        SenderFault: true,
        Code: "InvalidParameterValue",
        Message: "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
      },
    ]);
    const [message] = await receive(QueueUrl);
    expect(
      await sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl,
          Entries: [
            { Id: "1", ReceiptHandle: message!.ReceiptHandle! },
            { Id: "2", ReceiptHandle: "nonsense" },
          ],
        }),
      ),
    ).toMatchObject({ Successful: [{ Id: "1" }], Failed: [{ Id: "2", Code: "ReceiptHandleIsInvalid" }] });
  });
});

describe("failures of SQS", () => {
  test("come with AWS's codes and words", async () => {
    const QueueUrl = await create("failures");
    const send = (body: object) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x", ...body }));
    await expect(receive(`${cloud.endpoint}/111111111111/absent`)).rejects.toEqual(
      failure("QueueDoesNotExist", "The specified queue does not exist."),
    );
    await expect(receive(QueueUrl, { MaxNumberOfMessages: 11 })).rejects.toEqual(
      failure(
        "InvalidParameterValue",
        "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
      ),
    );
    await expect(receive(QueueUrl, { WaitTimeSeconds: 21 })).rejects.toEqual(
      failure(
        "InvalidParameterValue",
        "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
      ),
    );
    await expect(send({ MessageBody: "a\u0001" })).rejects.toMatchObject({ name: "InvalidMessageContents" });
    await expect(send({ MessageDeduplicationId: "d" })).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] }))).rejects.toEqual(
      failure("EmptyBatchRequest", "There should be at least one SendMessageBatchRequestEntry in the request."),
    );
    const eleven = Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, MessageBody: "x" }));
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: eleven }))).rejects.toEqual(
      failure("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10. You have sent 11."),
    );
    await expect(create("failures", { VisibilityTimeout: "5" })).rejects.toEqual(
      failure(
        "QueueNameExists",
        "A queue already exists with the same name and a different value for attribute VisibilityTimeout",
      ),
    );
    await expect(create("x", { VisibilityTimeout: "ten" })).rejects.toEqual(
      failure("InvalidAttributeValue", "Invalid value for the parameter VisibilityTimeout."),
    );
    await expect(create("x", { Colour: "red" } as object)).rejects.toEqual(
      failure("InvalidAttributeName", "Unknown Attribute Colour."),
    );
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    await expect(sqs.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toEqual(
      failure("PurgeQueueInProgress", "Only one PurgeQueue operation on failures is allowed every 60 seconds."),
    );
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await expect(attributes(QueueUrl)).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });
});
