import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
  type QueueConfiguration,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { topics } from "../../../services/topics/service.ts";
import { failure, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
let sqs: SQSClient;
let count = 0;
beforeAll(() => {
  sqs = new SQSClient(world.cloud.aws());
});
afterAll(() => sqs.destroy());

async function newQueue(): Promise<{ QueueUrl: string; QueueArn: string }> {
  const QueueName = `news-${(count += 1)}`;
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName }));
  return { QueueUrl, QueueArn: `arn:aws:sqs:us-east-1:111111111111:${QueueName}` };
}
const notify = (Bucket: string, QueueConfigurations: QueueConfiguration[]) =>
  world.s3.send(
    new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: { QueueConfigurations } }),
  );

interface Message {
  readonly eventName: string;
  readonly s3: { readonly object: { readonly key: string }; readonly configurationId: string };
}

async function received(QueueUrl: string): Promise<{ Event?: string; Records?: Message[] }[]> {
  await world.cloud.engine.settled();
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body = "" }) => JSON.parse(Body) as { Event?: string; Records?: Message[] });
}
/** What a queue has heard of objects by now. */
const heard = async (QueueUrl: string): Promise<Message[]> =>
  (await received(QueueUrl)).flatMap(({ Records = [] }) => Records);
const namesOf = (messages: readonly Message[]) => messages.map(({ eventName }) => eventName).sort();

describe("a queue hears", () => {
  test("of an object that was put, in S3's form", async () => {
    const Bucket = await world.newBucket();
    const { QueueUrl, QueueArn } = await newQueue();
    await notify(Bucket, [{ Id: "all", QueueArn, Events: ["s3:ObjectCreated:*"] }]);
    await world.put(Bucket, "a b/ü (1).txt", "hello");
    const [record] = await heard(QueueUrl);
    expect(record).toMatchObject({
      eventVersion: "2.1",
      eventSource: "aws:s3",
      awsRegion: "us-east-1",
      eventTime: "2030-01-15T10:00:00.000Z",
      eventName: "ObjectCreated:Put",
      s3: {
        s3SchemaVersion: "1.0",
        configurationId: "all",
        bucket: { name: Bucket, arn: `arn:aws:s3:::${Bucket}` },
        object: { key: "a+b/%C3%BC+%281%29.txt", size: 5, eTag: "5d41402abc4b2a76b9719d911017c592" },
      },
    });
  });
  test("of copies, uploads in parts, tags and deletions", async () => {
    const Bucket = await world.newBucket();
    const { QueueUrl, QueueArn } = await newQueue();
    await notify(Bucket, [{ QueueArn, Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectTagging:*"] }]);
    await world.put(Bucket, "a", "1");
    await world.s3.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a` }));
    const { UploadId } = await world.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "c" }));
    const ref = { Bucket, Key: "c", UploadId };
    const { ETag } = await world.s3.send(new UploadPartCommand({ ...ref, PartNumber: 1, Body: "x" }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await world.s3.send(new CompleteMultipartUploadCommand({ ...ref, MultipartUpload }));
    await world.s3.send(new PutObjectTaggingCommand({ Bucket, Key: "a", Tagging: { TagSet: [] } }));
    await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    expect(namesOf(await heard(QueueUrl))).toEqual([
      "ObjectCreated:CompleteMultipartUpload",
      "ObjectCreated:Copy",
      "ObjectCreated:Put",
      "ObjectRemoved:Delete",
      "ObjectTagging:Put",
    ]);
  });
  test("of delete markers where versions are kept", async () => {
    const Bucket = await world.versionedBucket();
    const { QueueUrl, QueueArn } = await newQueue();
    await notify(Bucket, [{ QueueArn, Events: ["s3:ObjectRemoved:DeleteMarkerCreated"] }]);
    await world.put(Bucket, "a", "1");
    await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    expect(namesOf(await heard(QueueUrl))).toEqual(["ObjectRemoved:DeleteMarkerCreated"]);
  });
  test("only of keys with the prefix and suffix it asked for", async () => {
    const Bucket = await world.newBucket();
    const { QueueUrl, QueueArn } = await newQueue();
    const FilterRules = [
      { Name: "prefix" as const, Value: "in/" },
      { Name: "suffix" as const, Value: ".jpg" },
    ];
    await notify(Bucket, [{ QueueArn, Events: ["s3:ObjectCreated:Put"], Filter: { Key: { FilterRules } } }]);
    for (const key of ["in/a.jpg", "in/a.png", "out/a.jpg"]) await world.put(Bucket, key, "1");
    expect((await heard(QueueUrl)).map((record) => record.s3.object.key)).toEqual(["in/a.jpg"]);
  });
  test("nothing of what was refused", async () => {
    const Bucket = await world.newBucket();
    const { QueueUrl, QueueArn } = await newQueue();
    await notify(Bucket, [{ QueueArn, Events: ["s3:ObjectCreated:*"] }]);
    await world.put(Bucket, "a", "1");
    await failure(world.put(Bucket, "a", "2", { IfNoneMatch: "*" }));
    expect(await heard(QueueUrl)).toHaveLength(1);
  });
  test("nothing more when the configuration is emptied", async () => {
    const Bucket = await world.newBucket();
    const { QueueUrl, QueueArn } = await newQueue();
    await notify(Bucket, [{ QueueArn, Events: ["s3:ObjectCreated:*"] }]);
    await notify(Bucket, []);
    await world.put(Bucket, "a", "1");
    expect(await heard(QueueUrl)).toEqual([]);
  });
  test("and a queue that has gone stops nobody", async () => {
    const Bucket = await world.newBucket();
    const [gone, there] = [await newQueue(), await newQueue()];
    await notify(Bucket, [
      { QueueArn: gone.QueueArn, Events: ["s3:ObjectCreated:Put"] },
      { QueueArn: there.QueueArn, Events: ["s3:ObjectRemoved:Delete"] },
    ]);
    await sqs.send(new DeleteQueueCommand({ QueueUrl: gone.QueueUrl }));
    await world.put(Bucket, "a", "1");
    await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    expect(namesOf(await heard(there.QueueUrl))).toEqual(["ObjectRemoved:Delete"]);
  });
});

describe("a destination that a configuration names", () => {
  test("hears a test event at once, one however many rules name it", async () => {
    const Bucket = await world.newBucket();
    const { QueueUrl, QueueArn } = await newQueue();
    await notify(Bucket, [
      { QueueArn, Events: ["s3:ObjectCreated:*"] },
      { QueueArn, Events: ["s3:ObjectRemoved:*"] },
    ]);
    expect(await received(QueueUrl)).toEqual([
      {
        Service: "Amazon S3",
        Event: "s3:TestEvent",
        Time: "2030-01-15T10:00:00.000Z",
        Bucket,
        RequestId: expect.any(String),
        HostId: expect.any(String),
      },
    ]);
  });
  test("hears none when its validation was skipped", async () => {
    const Bucket = await world.newBucket();
    const { QueueUrl, QueueArn } = await newQueue();
    await world.s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        SkipDestinationValidation: true,
        NotificationConfiguration: { QueueConfigurations: [{ QueueArn, Events: ["s3:ObjectCreated:*"] }] },
      }),
    );
    expect(await received(QueueUrl)).toEqual([]);
  });
  test("hears none of a configuration that was refused", async () => {
    const Bucket = await world.newBucket();
    const { QueueUrl, QueueArn } = await newQueue();
    const gone = "arn:aws:sqs:us-east-1:111111111111:nowhere";
    const refused = notify(Bucket, [
      { QueueArn, Events: ["s3:ObjectCreated:*"] },
      { QueueArn: gone, Events: ["s3:ObjectRemoved:*"] },
    ]);
    expect(await failure(refused)).toEqual(["InvalidArgument", 400]);
    expect(await received(QueueUrl)).toEqual([]);
  });
  test("must be in the bucket's region", async () => {
    const Bucket = await world.newBucket();
    const elsewhere = new SQSClient(world.cloud.aws("111111111111", "eu-west-1"));
    await elsewhere.send(new CreateQueueCommand({ QueueName: "far" }));
    elsewhere.destroy();
    const QueueArn = "arn:aws:sqs:eu-west-1:111111111111:far";
    await expect(notify(Bucket, [{ QueueArn, Events: ["s3:ObjectCreated:*"] }])).rejects.toThrow(
      "The notification destination service region is not valid for the bucket location constraint",
    );
  });
  test("must not be FIFO", async () => {
    const Bucket = await world.newBucket();
    await sqs.send(new CreateQueueCommand({ QueueName: "row.fifo", Attributes: { FifoQueue: "true" } }));
    const QueueArn = "arn:aws:sqs:us-east-1:111111111111:row.fifo";
    await expect(notify(Bucket, [{ QueueArn, Events: ["s3:ObjectCreated:*"] }])).rejects.toThrow(
      "Unable to validate the following destination configurations",
    );
  });
});

describe("a topic hears", () => {
  test("the same, and tells its subscribers", async () => {
    const Bucket = await world.newBucket();
    const { QueueUrl, QueueArn } = await newQueue();
    const { calls } = world.cloud.engine;
    const scope = { account: "111111111111", region: "us-east-1" };
    await calls.call(topics, "createTopic", { topic: "bucket-news" }, scope);
    const subscription = { topic: "bucket-news", protocol: "queue" as const, endpoint: QueueArn };
    await calls.call(topics, "subscribe", subscription, scope);
    const TopicArn = "arn:aws:sns:us-east-1:111111111111:bucket-news";
    const TopicConfigurations = [{ TopicArn, Events: ["s3:ObjectCreated:*" as const] }];
    await world.s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: { TopicConfigurations } }),
    );
    await world.put(Bucket, "a", "1");
    await world.cloud.engine.settled();
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    const notifications = Messages.map(({ Body = "" }) => JSON.parse(Body) as { Subject: string; Message: string });
    expect(notifications.map(({ Subject }) => Subject)).toEqual(["Amazon S3 Notification", "Amazon S3 Notification"]);
    expect(notifications.map(({ Message }) => JSON.parse(Message) as unknown)).toEqual([
      expect.objectContaining({ Event: "s3:TestEvent", Bucket }),
      { Records: [expect.objectContaining({ eventName: "ObjectCreated:Put" })] },
    ]);
  });
});

describe("a notification configuration", () => {
  test("comes back as it was given, with an id for each rule", async () => {
    const Bucket = await world.newBucket();
    const { QueueArn } = await newQueue();
    await notify(Bucket, [{ QueueArn, Events: ["s3:ObjectCreated:*"] }]);
    const told = await world.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(told.QueueConfigurations).toEqual([{ Id: "queue-1", QueueArn, Events: ["s3:ObjectCreated:*"] }]);
  });
  test("that names a queue that is not there is InvalidArgument", async () => {
    const Bucket = await world.newBucket();
    const QueueArn = "arn:aws:sqs:us-east-1:111111111111:nowhere";
    expect(await failure(notify(Bucket, [{ QueueArn, Events: ["s3:ObjectCreated:*"] }]))).toEqual([
      "InvalidArgument",
      400,
    ]);
  });
  test("with an event that S3 does not know is InvalidArgument", async () => {
    const Bucket = await world.newBucket();
    const { QueueArn } = await newQueue();
    const Events = ["s3:ObjectPainted:*" as "s3:ObjectCreated:*"];
    expect(await failure(notify(Bucket, [{ QueueArn, Events }]))).toEqual(["InvalidArgument", 400]);
  });
  test("whose rules overlap is InvalidArgument", async () => {
    const Bucket = await world.newBucket();
    const { QueueArn } = await newQueue();
    const [one, other] = [await newQueue(), await newQueue()];
    expect(QueueArn).toBeDefined();
    const Events = ["s3:ObjectCreated:*"] as QueueConfiguration["Events"];
    expect(
      await failure(
        notify(Bucket, [
          { QueueArn: one.QueueArn, Events },
          { QueueArn: other.QueueArn, Events: ["s3:ObjectCreated:Put"] },
        ]),
      ),
    ).toEqual(["InvalidArgument", 400]);
  });
});
