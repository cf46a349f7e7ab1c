import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queryClient } from "../../../testing/aws-query.ts";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

let cloud: TestCloud;
let sns: ReturnType<typeof queryClient>;
let sqs: SQSClient;
beforeAll(async () => {
  cloud = await startCloud();
  sns = queryClient(cloud, "sns", "2010-03-31");
  sqs = new SQSClient(cloud.aws());
  await sqs.send(new CreateQueueCommand({ QueueName: "reader" }));
  await sqs.send(new CreateQueueCommand({ QueueName: "reader.fifo", Attributes: { FifoQueue: "true" } }));
});
afterAll(async () => {
  sqs.destroy();
  await cloud.stop();
});

const arn = (name: string) => `arn:aws:sns:us-east-1:111111111111:${name}`;
const queueArn = (name: string) => `arn:aws:sqs:us-east-1:111111111111:${name}`;
const entries = (object: Record<string, string>) => new Map(Object.entries(object));
const create = async (Name: string, attributes: Record<string, string> = {}, more: object = {}) =>
  String((await sns("CreateTopic", { Name, Attributes: entries(attributes), ...more })).TopicArn);
const attributes = async (TopicArn: string) =>
  (await sns("GetTopicAttributes", { TopicArn })).Attributes as Record<string, string>;
const subscribe = async (TopicArn: string, Protocol: string, Endpoint: string, more: Record<string, string> = {}) =>
  String((await sns("Subscribe", { TopicArn, Protocol, Endpoint, Attributes: entries(more) })).SubscriptionArn);
const subscription = async (SubscriptionArn: string) =>
  (await sns("GetSubscriptionAttributes", { SubscriptionArn })).Attributes as Record<string, string>;
const failure = (code: string, message: string, status = 400) => expect.objectContaining({ code, message, status });
const invalid = (text: string) => failure("InvalidParameter", `Invalid parameter: ${text}`);

const retries = (change: object = {}) => ({ minDelayTarget: 1, maxDelayTarget: 60, numRetries: 9, ...change });
const ofTopic = (change?: object) => JSON.stringify({ http: { defaultHealthyRetryPolicy: retries(change) } });
const ofSubscription = (change?: object) => JSON.stringify({ healthyRetryPolicy: retries(change) });

describe("topics of SNS", () => {
  test("have an ARN, and are created once however often they are asked for alike", async () => {
    expect(await create("once", { DisplayName: "One" }, { Tags: [{ Key: "a", Value: "1" }] })).toBe(arn("once"));
    expect(await create("once", { DisplayName: "One" }, { Tags: [{ Key: "a", Value: "1" }] })).toBe(arn("once"));
    expect(await create("once")).toBe(arn("once"));
    await expect(create("once", { DisplayName: "Two" })).rejects.toEqual(
      invalid("Attributes Reason: Topic already exists with different attributes"),
    );
    await expect(create("once", {}, { Tags: [{ Key: "a", Value: "2" }] })).rejects.toEqual(
      invalid("Tags Reason: Topic already exists with different tags"),
    );
  });

  test("show every attribute with AWS's defaults", async () => {
    const { Policy, EffectiveDeliveryPolicy, ...rest } = await attributes(await create("plain"));
    expect(rest).toEqual({
      TopicArn: arn("plain"),
      Owner: "111111111111",
      DisplayName: "",
      SubscriptionsConfirmed: "0",
      SubscriptionsPending: "0",
      SubscriptionsDeleted: "0",
    });
    expect(JSON.parse(Policy!)).toMatchObject({
      Version: "2008-10-17",
      Id: "__default_policy_ID",
      Statement: [{ Sid: "__default_statement_ID", Resource: arn("plain"), Principal: { AWS: "*" } }],
    });
    expect(JSON.parse(EffectiveDeliveryPolicy!)).toEqual({
      http: {
        defaultHealthyRetryPolicy: {
          numRetries: 3,
          numNoDelayRetries: 0,
          minDelayTarget: 20,
          maxDelayTarget: 20,
          numMinDelayRetries: 0,
          numMaxDelayRetries: 0,
          backoffFunction: "linear",
        },
        disableSubscriptionOverrides: false,
        defaultRequestPolicy: { headerContentType: "text/plain; charset=UTF-8" },
      },
    });
  });

  test("of the FIFO kind say so", async () => {
    const TopicArn = await create("f.fifo", { FifoTopic: "true", ArchivePolicy: '{"MessageRetentionPeriod":"30"}' });
    expect(await attributes(TopicArn)).toMatchObject({
      FifoTopic: "true",
      ContentBasedDeduplication: "false",
      FifoThroughputScope: "Topic",
      ArchivePolicy: '{"MessageRetentionPeriod":"30"}',
      BeginningArchiveTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  test("that archive are deleted once their archive has ended", async () => {
    const TopicArn = await create("kept.fifo", { FifoTopic: "true", ArchivePolicy: '{"MessageRetentionPeriod":"30"}' });
    await expect(sns("DeleteTopic", { TopicArn })).rejects.toMatchObject({
      code: "InvalidState",
      status: 400,
      message: "Invalid state: Cannot delete a topic with an ArchivePolicy",
    });
    await sns("SetTopicAttributes", { TopicArn, AttributeName: "ArchivePolicy", AttributeValue: "{}" });
    await sns("DeleteTopic", { TopicArn });
    await expect(attributes(TopicArn)).rejects.toMatchObject({ code: "NotFound" });
  });

  test.each([
    ["DisplayName", "News of the day"],
    ["Policy", '{"Version": "2012-10-17",  "Statement": []}'],
    ["DeliveryPolicy", ofTopic()],
    ["KmsMasterKeyId", "alias/aws/sns"],
    ["SignatureVersion", "2"],
    ["TracingConfig", "Active"],
    ["HTTPSuccessFeedbackRoleArn", "arn:aws:iam::111111111111:role/logs"],
    ["LambdaSuccessFeedbackSampleRate", "50"],
  ])("take %s and show it as it was set", async (AttributeName, AttributeValue) => {
    const TopicArn = await create(`set-${AttributeName}`);
    await sns("SetTopicAttributes", { TopicArn, AttributeName, AttributeValue });
    expect(await attributes(TopicArn)).toMatchObject({ [AttributeName]: AttributeValue });
  });

  test("show their own delivery policy within the effective one", async () => {
    const policy = { http: { defaultHealthyRetryPolicy: retries(), disableSubscriptionOverrides: true } };
    const TopicArn = await create("patient", { DeliveryPolicy: JSON.stringify(policy) });
    const { EffectiveDeliveryPolicy } = await attributes(TopicArn);
    expect(JSON.parse(EffectiveDeliveryPolicy!).http).toMatchObject({
      defaultHealthyRetryPolicy: { numRetries: 9, minDelayTarget: 1, maxDelayTarget: 60, backoffFunction: "linear" },
      disableSubscriptionOverrides: true,
    });
  });

  test("keep permissions as statements of their policy until they are taken back", async () => {
    const TopicArn = await create("shared");
    const permission = { TopicArn, Label: "friends", AWSAccountId: ["222222222222"], ActionName: ["Publish"] };
    await sns("AddPermission", permission);
    expect(JSON.parse((await attributes(TopicArn)).Policy!).Statement[1]).toEqual({
      Sid: "friends",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::222222222222:root" },
      Action: "SNS:Publish",
      Resource: arn("shared"),
    });
    await expect(sns("AddPermission", permission)).rejects.toEqual(invalid("Statement already exists"));
    await expect(sns("AddPermission", { ...permission, Label: "more", ActionName: ["Delete"] })).rejects.toEqual(
      invalid("Policy statement action out of service scope!"),
    );
    await sns("RemovePermission", { TopicArn, Label: "friends" });
    expect(JSON.parse((await attributes(TopicArn)).Policy!).Statement).toHaveLength(1);
    await expect(sns("RemovePermission", { TopicArn, Label: "friends" })).rejects.toEqual(
      failure("NotFound", "Statement does not exist", 404),
    );
  });

  test("lose a statement of a policy that was set, by its name", async () => {
    const Policy = '{"Version":"2012-10-17","Statement":[{"Sid":"mine","Effect":"Allow"},{"Sid":"yours"}]}';
    const TopicArn = await create("edited", { Policy });
    await sns("RemovePermission", { TopicArn, Label: "mine" });
    expect(JSON.parse((await attributes(TopicArn)).Policy!).Statement).toEqual([{ Sid: "yours" }]);
  });

  test("keep tags", async () => {
    const ResourceArn = await create("tagged", {}, { Tags: [{ Key: "a", Value: "1" }] });
    await sns("TagResource", { ResourceArn, Tags: [{ Key: "b", Value: "2" }] });
    await sns("UntagResource", { ResourceArn, TagKeys: ["a"] });
    expect(await sns("ListTagsForResource", { ResourceArn })).toEqual({ Tags: [{ Key: "b", Value: "2" }] });
    await expect(sns("ListTagsForResource", { ResourceArn: arn("absent") })).rejects.toEqual(
      failure("ResourceNotFound", "Resource does not exist", 404),
    );
    const twice = [{ Key: "c", Value: "1" }, { Key: "c", Value: "2" }];
    await expect(sns("TagResource", { ResourceArn, Tags: twice })).rejects.toEqual(
      invalid("Duplicated keys are not allowed."),
    );
    const Tags = Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: "v" }));
    await expect(sns("TagResource", { ResourceArn, Tags })).rejects.toMatchObject({ code: "TagLimitExceeded" });
  });

  test("keep a data protection policy", async () => {
    const ResourceArn = await create("protected");
    expect(await sns("GetDataProtectionPolicy", { ResourceArn })).toEqual({});
    await sns("PutDataProtectionPolicy", { ResourceArn, DataProtectionPolicy: '{"Name":"p"}' });
    expect(await sns("GetDataProtectionPolicy", { ResourceArn })).toEqual({ DataProtectionPolicy: '{"Name":"p"}' });
  });

  test("are listed in pages of a hundred", async () => {
    const other = queryClient(cloud, "sns", "2010-03-31", "333333333333");
    await Promise.all(Array.from({ length: 101 }, (_, i) => other("CreateTopic", { Name: `t${1000 + i}` })));
    const first = await other("ListTopics");
    const second = await other("ListTopics", { NextToken: first.NextToken });
    expect([first.Topics, second.Topics].map((page) => (page as unknown[]).length)).toEqual([100, 1]);
    expect(second.NextToken).toBeUndefined();
    await expect(other("ListTopics", { NextToken: "nonsense" })).rejects.toEqual(invalid("NextToken"));
  });

  test("are gone with their subscriptions; deleting again is no error", async () => {
    const TopicArn = await create("brief");
    const one = await subscribe(TopicArn, "sqs", queueArn("reader"));
    await sns("DeleteTopic", { TopicArn });
    await sns("DeleteTopic", { TopicArn });
    await expect(attributes(TopicArn)).rejects.toEqual(failure("NotFound", "Topic does not exist", 404));
    await expect(subscription(one)).rejects.toEqual(failure("NotFound", "Subscription does not exist", 404));
    expect((await attributes(await create("brief"))).SubscriptionsConfirmed).toBe("0");
  });

  test.each([
    ["a name with a blank", { Name: "a b" }, "Topic Name"],
    ["a name that is too long", { Name: "x".repeat(257) }, "Topic Name"],
    ["a standard topic with the name of a FIFO one", { Name: "a.fifo" }, "Topic Name"],
    [
      "a FIFO topic without its suffix",
      { Name: "a", Attributes: entries({ FifoTopic: "true" }) },
      "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, " +
        "numbers, underscores, and hyphens, and must be between 1 and 256 characters long.",
    ],
    ["an unknown attribute", { Name: "a", Attributes: entries({ Colour: "red" }) }, "AttributeName"],
    ["a policy that is no JSON", { Name: "a", Attributes: entries({ Policy: "{" }) }, "Policy Error: null"],
    [
      "an unknown signature version",
      { Name: "a", Attributes: entries({ SignatureVersion: "3" }) },
      "Attributes Reason: SignatureVersion: Invalid value [3]",
    ],
    [
      "a delivery policy with too many retries",
      { Name: "a", Attributes: entries({ DeliveryPolicy: ofTopic({ numRetries: 101 }) }) },
      "Attributes Reason: DeliveryPolicy: http.defaultHealthyRetryPolicy.numRetries must be less than or equal to 100",
    ],
    [
      "deduplication on a standard topic",
      { Name: "a", Attributes: entries({ ContentBasedDeduplication: "true" }) },
      "Attributes Reason: ContentBasedDeduplication is only supported for FIFO topics",
    ],
  ])("refuse %s", async (_, input, text) => {
    await expect(sns("CreateTopic", input)).rejects.toEqual(invalid(text));
  });

  test.each([
    ["HTTPSuccessFeedbackSampleRate", "101"],
    ["SQSFailureFeedbackRoleArn", "logs"],
  ])("refuse %s %s", async (AttributeName, AttributeValue) => {
    const wish = { TopicArn: await create("logged"), AttributeName, AttributeValue };
    await expect(sns("SetTopicAttributes", wish)).rejects.toEqual(
      invalid(`${AttributeName}: Invalid value [${AttributeValue}]`),
    );
  });

  test("refuse data protection policies, permissions and tags that are none", async () => {
    const TopicArn = await create("strict");
    const protection = { ResourceArn: TopicArn, DataProtectionPolicy: "none" };
    await expect(sns("PutDataProtectionPolicy", protection)).rejects.toEqual(invalid("DataProtectionPolicy"));
    const permission = { TopicArn, Label: "a", AWSAccountId: ["somebody"], ActionName: ["Publish"] };
    await expect(sns("AddPermission", permission)).rejects.toEqual(invalid("Policy Error: PrincipalNotFound"));
    const reserved = { ResourceArn: TopicArn, Tags: [{ Key: "aws:x", Value: "y" }] };
    await expect(sns("TagResource", reserved)).rejects.toEqual(
      invalid("Tags Reason: Tag keys that begin with aws: are reserved for system use"),
    );
  });

  test("refuse an ARN that is none, and one of another region", async () => {
    await expect(attributes("nonsense")).rejects.toEqual(invalid("TopicArn"));
    await expect(attributes("arn:aws:sns:eu-west-1:111111111111:once")).rejects.toEqual(invalid("TopicArn"));
    await expect(sns("GetTopicAttributes")).rejects.toMatchObject({ status: 400 });
  });
});

describe("subscriptions of SNS", () => {
  test("of a queue are confirmed at once and show their attributes", async () => {
    const TopicArn = await create("with-queue");
    const one = await subscribe(TopicArn, "sqs", queueArn("reader"));
    expect(one).toMatch(/^arn:aws:sns:us-east-1:111111111111:with-queue:[0-9a-f-]{36}$/);
    expect(await subscription(one)).toEqual({
      SubscriptionArn: one,
      TopicArn,
      Owner: "111111111111",
      Protocol: "sqs",
      Endpoint: queueArn("reader"),
      SubscriptionPrincipal: "arn:aws:iam::111111111111:root",
      PendingConfirmation: "false",
      ConfirmationWasAuthenticated: "true",
      RawMessageDelivery: "false",
    });
    expect(await subscribe(TopicArn, "sqs", queueArn("reader"))).toBe(one);
    await expect(subscribe(TopicArn, "sqs", queueArn("reader"), { RawMessageDelivery: "true" })).rejects.toEqual(
      invalid("Attributes Reason: Subscription already exists with different attributes"),
    );
    expect((await attributes(TopicArn)).SubscriptionsConfirmed).toBe("1");
  });

  test.each([
    ["RawMessageDelivery", "true"],
    ["FilterPolicy", '{"kind": ["a", {"prefix": "b"}]}'],
    ["FilterPolicyScope", "MessageBody"],
    ["RedrivePolicy", JSON.stringify({ deadLetterTargetArn: queueArn("reader") })],
    ["DeliveryPolicy", ofSubscription()],
    ["SubscriptionRoleArn", "arn:aws:iam::111111111111:role/stream"],
  ])("take %s, show it as it was set and lose it again", async (AttributeName, AttributeValue) => {
    const SubscriptionArn = await subscribe(await create(`sub-${AttributeName}`), "sqs", queueArn("reader"));
    await sns("SetSubscriptionAttributes", { SubscriptionArn, AttributeName, AttributeValue });
    expect(await subscription(SubscriptionArn)).toMatchObject({ [AttributeName]: AttributeValue });
    await sns("SetSubscriptionAttributes", { SubscriptionArn, AttributeName, AttributeValue: "" });
    const after = (await subscription(SubscriptionArn))[AttributeName];
    expect(after).toBe(AttributeName === "RawMessageDelivery" ? "false" : undefined);
  });

  test.each([
    ["is no JSON", "{", "failed to parse JSON"],
    [
      "does not say how long to wait",
      '{"healthyRetryPolicy":{"numRetries":5}}',
      "healthyRetryPolicy.minDelayTarget must be specified",
    ],
    [
      "does not wait at all",
      ofSubscription({ minDelayTarget: 0 }),
      "healthyRetryPolicy.minDelayTarget must be greater than or equal to 1",
    ],
    [
      "waits the less the longer it goes on",
      ofSubscription({ minDelayTarget: 61 }),
      "healthyRetryPolicy.maxDelayTarget must be greater than or equal to healthyRetryPolicy.minDelayTarget",
    ],
    [
      "has phases of more retries than there are",
      ofSubscription({ numNoDelayRetries: 5, numMaxDelayRetries: 5 }),
      "healthyRetryPolicy.numRetries must not be less than the retries of its phases, which are 10",
    ],
    ["is a topic's", ofTopic(), "Unexpected JSON member: http"],
    [
      "throttles to nothing",
      '{"throttlePolicy":{"maxReceivesPerSecond":0}}',
      "throttlePolicy.maxReceivesPerSecond must be greater than or equal to 1",
    ],
    [
      "wants notifications as something else than JSON or text",
      '{"requestPolicy":{"headerContentType":"application/xml"}}',
      "requestPolicy.headerContentType application/xml is not supported",
    ],
  ])("refuse a delivery policy that %s", async (_, AttributeValue, reason) => {
    const SubscriptionArn = await subscribe(await create("retrying"), "sqs", queueArn("reader"));
    const wish = { SubscriptionArn, AttributeName: "DeliveryPolicy", AttributeValue };
    await expect(sns("SetSubscriptionAttributes", wish)).rejects.toEqual(invalid(`DeliveryPolicy: ${reason}`));
  });

  test("are listed by topic and for the account", async () => {
    const TopicArn = await create("listed");
    const queue = await subscribe(TopicArn, "sqs", queueArn("reader"));
    expect(await subscribe(TopicArn, "email", "a@example.com")).toBe("pending confirmation");
    const { Subscriptions } = await sns("ListSubscriptionsByTopic", { TopicArn });
    const found = Object.fromEntries((Subscriptions as Record<string, string>[]).map((one) => [one.Protocol, one]));
    expect(found).toEqual({
      sqs: { SubscriptionArn: queue, Owner: "111111111111", Protocol: "sqs", Endpoint: queueArn("reader"), TopicArn },
      email: {
        SubscriptionArn: "PendingConfirmation",
        Owner: "111111111111",
        Protocol: "email",
        Endpoint: "a@example.com",
        TopicArn,
      },
    });
    const { Subscriptions: all } = await sns("ListSubscriptions");
    expect((all as Record<string, string>[]).filter((one) => one.TopicArn === TopicArn)).toHaveLength(2);
    expect(await attributes(TopicArn)).toMatchObject({ SubscriptionsConfirmed: "1", SubscriptionsPending: "1" });
  });

  test("show the ARN of one that is pending when asked to, and refuse to end it", async () => {
    const TopicArn = await create("impatient");
    const wish = { TopicArn, Protocol: "email", Endpoint: "a@example.com", ReturnSubscriptionArn: true };
    const SubscriptionArn = String((await sns("Subscribe", wish)).SubscriptionArn);
    expect(await subscription(SubscriptionArn)).toMatchObject({ PendingConfirmation: "true" });
    await expect(sns("Unsubscribe", { SubscriptionArn })).rejects.toEqual(
      invalid("SubscriptionArn Reason: Cannot unsubscribe a subscription that is pending confirmation"),
    );
  });

  test("end once; ending again is no error", async () => {
    const TopicArn = await create("ended");
    const SubscriptionArn = await subscribe(TopicArn, "sqs", queueArn("reader"));
    await sns("Unsubscribe", { SubscriptionArn });
    await sns("Unsubscribe", { SubscriptionArn });
    expect(await attributes(TopicArn)).toMatchObject({ SubscriptionsConfirmed: "0", SubscriptionsDeleted: "1" });
  });

  test.each([
    ["an unknown protocol", "fax", "123", {}, "Amazon SNS does not support this protocol string: fax"],
    ["a queue that is no ARN", "sqs", "https://sqs/1/q", {}, "SQS endpoint ARN"],
    ["a queue by its name alone", "sqs", "reader", {}, "SQS endpoint ARN"],
    [
      "raw messages to an email address",
      "email",
      "a@example.com",
      { RawMessageDelivery: "true" },
      "Delivery protocol [email] does not support raw message delivery.",
    ],
    [
      "to be asked whether an email address wants raw messages",
      "email",
      "a@example.com",
      { RawMessageDelivery: "false" },
      "Delivery protocol [email] does not support raw message delivery.",
    ],
    [
      "a dead-letter policy with more than a queue",
      "sqs",
      queueArn("reader"),
      { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn("reader"), maxReceiveCount: 3 }) },
      "RedrivePolicy: invalid JSON. Attribute maxReceiveCount is unknown.",
    ],
    [
      "a FIFO queue of a standard topic",
      "sqs",
      queueArn("reader.fifo"),
      {},
      "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
    ],
    ["an http address without http", "http", "ftp://x", {}, "Endpoint must match the specified protocol"],
    ["an https address without https", "https", "http://x", {}, "Endpoint must match the specified protocol"],
    ["an email address without @", "email", "nobody", {}, "Email address"],
    ["a phone number with letters", "sms", "+1abc", {}, "Invalid SMS endpoint: +1abc"],
    ["an unknown attribute", "sqs", queueArn("reader"), { Colour: "red" }, "AttributeName"],
    [
      "a raw delivery that is neither true nor false",
      "sqs",
      queueArn("reader"),
      { RawMessageDelivery: "maybe" },
      "Attributes Reason: RawMessageDelivery: Invalid value [maybe]. Must be true or false.",
    ],
    [
      "an unknown scope",
      "sqs",
      queueArn("reader"),
      { FilterPolicyScope: "Head" },
      "FilterPolicyScope: Invalid value [Head]. Please use either MessageBody or MessageAttributes",
    ],
    [
      "a filter that cannot be meant",
      "sqs",
      queueArn("reader"),
      { FilterPolicy: '{"a":"b"}' },
      'FilterPolicy: "a" must be an object or an array',
    ],
    [
      "a redrive policy without an ARN",
      "sqs",
      queueArn("reader"),
      { RedrivePolicy: '{"deadLetterTargetArn":"x"}' },
      "RedrivePolicy: deadLetterTargetArn is an invalid arn",
    ],
  ])("refuse %s", async (_, protocol, endpoint, more, text) => {
    const attempt = subscribe(await create("refusing"), protocol, endpoint, more as Record<string, string>);
    await expect(attempt).rejects.toEqual(invalid(text));
  });

  test("refuse functions and delivery streams by name, as there are none yet", async () => {
    const TopicArn = await create("with-functions");
    for (const [protocol, endpoint] of [
      ["lambda", "arn:aws:lambda:us-east-1:111111111111:function:f"],
      ["firehose", "arn:aws:firehose:us-east-1:111111111111:deliverystream/s"],
    ] as const) {
      const refusal = { code: "NotImplemented", status: 501 };
      await expect(subscribe(TopicArn, protocol, endpoint)).rejects.toMatchObject(refusal);
    }
  });

  test("to a FIFO topic are queues only", async () => {
    const TopicArn = await create("order.fifo", { FifoTopic: "true" });
    await subscribe(TopicArn, "sqs", queueArn("reader.fifo"));
    await expect(subscribe(TopicArn, "email", "a@example.com")).rejects.toMatchObject({ code: "InvalidParameter" });
  });

  test("that do not exist are not found; what is no ARN is refused", async () => {
    await expect(subscription(`${arn("none")}:x`)).rejects.toEqual(
      failure("NotFound", "Subscription does not exist", 404),
    );
    await expect(subscription("pending confirmation")).rejects.toEqual(
      invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not 1"),
    );
    await expect(subscribe(arn("none"), "sqs", queueArn("reader"))).rejects.toEqual(
      failure("NotFound", "Topic does not exist", 404),
    );
  });
});
