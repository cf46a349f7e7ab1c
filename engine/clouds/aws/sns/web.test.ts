import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { memoryStore } from "../../../kernel/memory.ts";
import type { Store } from "../../../kernel/store.ts";
import { manualClock, type ManualClock } from "../../../platform/clock.ts";
import { queryClient } from "../../../testing/aws-query.ts";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

interface Post {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let cloud: TestCloud;
let clock: ManualClock;
let sns: ReturnType<typeof queryClient>;
let endpoint: Server;
let url: string;
let posts: Post[];
/** What the endpoint answers, request by request; 200 after the last. */
let answers: number[];
/** While set, it does not answer, and says so here. */
let tellSilence: (() => void) | undefined;
/** How it asks who is there, request by request. */
let challenges: string[];
beforeEach(async () => {
  clock = manualClock();
  cloud = await startCloud({ clock });
  sns = queryClient(cloud, "sns", "2010-03-31");
  posts = [];
  answers = [];
  challenges = [];
  tellSilence = undefined;
  endpoint = createServer((request, response) => {
    void text(request).then((body) => {
      posts.push({ headers: request.headers, body });
      if (tellSilence !== undefined) return tellSilence();
      const challenge = challenges.shift();
      if (challenge !== undefined) response.setHeader("www-authenticate", challenge);
      response.writeHead(answers.shift() ?? 200).end();
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => endpoint.once("listening", resolve));
  url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/inbox`;
});
afterEach(async () => {
  endpoint.close();
  await cloud.stop();
});

const entries = (object: Record<string, string>) => new Map(Object.entries(object));
const documents = () => posts.map(({ body }) => JSON.parse(body) as Record<string, string>);

/** A topic with the endpoint subscribed and confirmed; what it was posted until then is forgotten. */
async function confirmedTopic(attributes: Record<string, string> = {}, topicAttributes: Record<string, string> = {}) {
  const wish = { Name: "news", Attributes: entries(topicAttributes) };
  const TopicArn = String((await sns("CreateTopic", wish)).TopicArn);
  await sns("Subscribe", { TopicArn, Protocol: "http", Endpoint: url, Attributes: entries(attributes) });
  await cloud.engine.settled();
  const { SubscribeURL } = documents()[0]!;
  const confirmation = await (await fetch(SubscribeURL!)).text();
  posts = [];
  const SubscriptionArn = /<SubscriptionArn>(.*)<\/SubscriptionArn>/.exec(confirmation)?.[1] ?? "";
  return { TopicArn, SubscriptionArn };
}
async function publish(TopicArn: string, Message: string) {
  await sns("Publish", { TopicArn, Message });
  await cloud.engine.settled();
}

describe("a web endpoint", () => {
  test("is asked to confirm its subscription, and gets nothing before it has", async () => {
    const TopicArn = String((await sns("CreateTopic", { Name: "news" })).TopicArn);
    await sns("Subscribe", { TopicArn, Protocol: "http", Endpoint: url });
    await publish(TopicArn, "too early");
    expect(posts).toHaveLength(1);
    expect(posts[0]!.headers).toMatchObject({
      "x-amz-sns-message-type": "SubscriptionConfirmation",
      "x-amz-sns-topic-arn": TopicArn,
      "content-type": "text/plain; charset=UTF-8",
      "user-agent": "Amazon Simple Notification Service Agent",
    });
    const { Token, SubscribeURL, Type, Message } = documents()[0]!;
    expect({ Type, Message }).toEqual({
      Type: "SubscriptionConfirmation",
      Message:
        `You have chosen to subscribe to the topic ${TopicArn}.\n` +
        "To confirm the subscription, visit the SubscribeURL included in this message.",
    });
    expect(SubscribeURL).toContain(`Token=${Token}`);
  });

  test("gets notifications once it has confirmed", async () => {
    const { TopicArn, SubscriptionArn } = await confirmedTopic();
    await publish(TopicArn, "hello");
    expect(documents()).toMatchObject([{ Type: "Notification", Message: "hello", TopicArn }]);
    expect(posts[0]!.headers).toMatchObject({
      "x-amz-sns-message-type": "Notification",
      "x-amz-sns-subscription-arn": SubscriptionArn,
      "x-amz-sns-message-id": documents()[0]!.MessageId,
    });
  });

  test("gets the message alone when it wants it raw", async () => {
    const { TopicArn } = await confirmedTopic({ RawMessageDelivery: "true" });
    await publish(TopicArn, "hello");
    expect(posts.map(({ body, headers }) => [body, headers["x-amz-sns-rawdelivery"]])).toEqual([["hello", "true"]]);
  });

  test("is told its content type by the delivery policy", async () => {
    const { TopicArn } = await confirmedTopic({
      DeliveryPolicy: '{"requestPolicy":{"headerContentType":"application/json"}}',
    });
    await publish(TopicArn, "hello");
    expect(posts[0]!.headers["content-type"]).toBe("application/json");
  });

  test("is tried again three times, twenty seconds apart", async () => {
    const { TopicArn } = await confirmedTopic();
    answers = [500, 503, 429];
    await publish(TopicArn, "hello");
    const counts = [posts.length];
    for (let i = 0; i < 4; i++) {
      clock.advanceSeconds(19);
      await cloud.engine.settled();
      counts.push(posts.length);
      clock.advanceSeconds(1);
      await cloud.engine.settled();
    }
    expect(counts).toEqual([1, 1, 2, 3, 4]);
    expect(posts).toHaveLength(4);
    expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
  });

  test("is tried again as the topic's delivery policy says, by the clock", async () => {
    const retries = { numRetries: 4, numNoDelayRetries: 1, minDelayTarget: 10, maxDelayTarget: 30 };
    const policy = JSON.stringify({ http: { defaultHealthyRetryPolicy: retries } });
    const { TopicArn } = await confirmedTopic({}, { DeliveryPolicy: policy });
    answers = [500, 500, 500, 500, 500];
    await publish(TopicArn, "hello");
    const counts = [posts.length];
    for (const seconds of [10, 20, 30, 600]) {
      clock.advanceSeconds(seconds);
      await cloud.engine.settled();
      counts.push(posts.length);
    }
    expect(counts).toEqual([2, 3, 4, 5, 5]);
  });

  test.each([
    ["that says no", [404], 1],
    ["that sends to another place", [302], 1],
    ["that never says yes", [500, 500, 500, 500], 4],
  ])("%s loses the message to the dead-letter queue", async (_, statuses, attempts) => {
    const sqs = new SQSClient(cloud.aws());
    await sqs.send(new CreateQueueCommand({ QueueName: "dead" }));
    const deadLetterTargetArn = "arn:aws:sqs:us-east-1:111111111111:dead";
    const { TopicArn } = await confirmedTopic({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn }) });
    answers = [...statuses];
    await publish(TopicArn, "hello");
    for (let i = 0; i < 3; i++) {
      clock.advanceSeconds(20);
      await cloud.engine.settled();
    }
    expect(posts).toHaveLength(attempts);
    const QueueUrl = `${cloud.endpoint}/111111111111/dead`;
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] }));
    expect(JSON.parse(Messages![0]!.Body!)).toMatchObject({ Message: "hello" });
    expect(Messages![0]!.MessageAttributes).toMatchObject({
      ErrorCode: { StringValue: String(statuses[0]) },
      ErrorMessage: { StringValue: `The endpoint answered ${statuses[0]}.` },
    });
    sqs.destroy();
  });

  test("gets no more of a second than the delivery policy says, and the rest in its time", async () => {
    const { TopicArn } = await confirmedTopic({ DeliveryPolicy: '{"throttlePolicy":{"maxReceivesPerSecond":2}}' });
    for (const message of ["1", "2", "3"]) await publish(TopicArn, message);
    const counts = [posts.length];
    for (let i = 0; i < 2; i++) {
      clock.advanceMs(500);
      await cloud.engine.settled();
      counts.push(posts.length);
    }
    expect(counts).toEqual([1, 2, 3]);
    expect(documents().map(({ Message }) => Message)).toEqual(["1", "2", "3"]);
  });

  test("is not tried for longer than an hour, whatever the policy says", async () => {
    const healthyRetryPolicy = { numRetries: 3, minDelayTarget: 1800, maxDelayTarget: 1800 };
    const { TopicArn } = await confirmedTopic({ DeliveryPolicy: JSON.stringify({ healthyRetryPolicy }) });
    answers = [500, 500, 500, 500];
    await publish(TopicArn, "hello");
    for (let i = 0; i < 4; i++) {
      clock.advanceSeconds(1800);
      await cloud.engine.settled();
    }
    expect(posts).toHaveLength(3);
  });

  test("goes by the topic's delivery policy alone where that binds", async () => {
    const http = {
      defaultHealthyRetryPolicy: { numRetries: 1, minDelayTarget: 5, maxDelayTarget: 5 },
      disableSubscriptionOverrides: true,
    };
    const healthyRetryPolicy = { numRetries: 3, minDelayTarget: 1, maxDelayTarget: 1 };
    const { TopicArn } = await confirmedTopic(
      { DeliveryPolicy: JSON.stringify({ healthyRetryPolicy }) },
      { DeliveryPolicy: JSON.stringify({ http }) },
    );
    answers = [500, 500, 500, 500];
    await publish(TopicArn, "hello");
    const counts = [posts.length];
    for (let i = 0; i < 3; i++) {
      clock.advanceSeconds(4);
      await cloud.engine.settled();
      counts.push(posts.length);
    }
    expect(counts).toEqual([1, 1, 2, 2]);
  });

  test.each([
    ["Basic", 'Basic realm="inbox"', /^Basic bWU6c2VjcmV0$/],
    [
      "Digest",
      'Digest realm="inbox", nonce="abc", qop="auth,auth-int", opaque="xyz"',
      new RegExp(
        '^Digest username="me", realm="inbox", nonce="abc", uri="/inbox", response="[0-9a-f]{32}", opaque="xyz", ' +
          'algorithm=MD5, qop=auth, nc=00000001, cnonce="[0-9a-f]{16}"$',
      ),
    ],
  ])("is told the name and password of its address when it asks for them: %s", async (_, challenge, expected) => {
    const TopicArn = String((await sns("CreateTopic", { Name: "news" })).TopicArn);
    challenges = [challenge];
    answers = [401];
    const Endpoint = url.replace("http://", "http://me:secret@");
    await sns("Subscribe", { TopicArn, Protocol: "http", Endpoint });
    await cloud.engine.settled();
    expect(posts.map(({ headers }) => headers.authorization)).toEqual([undefined, expect.stringMatching(expected)]);
    const { Subscriptions } = await sns("ListSubscriptionsByTopic", { TopicArn });
    expect(Subscriptions).toMatchObject([{ Endpoint: url.replace("http://", "http://me:****@") }]);
  });

  test("that is not told what it asks for has said no", async () => {
    challenges = ["Negotiate", "Negotiate"];
    answers = [401];
    const TopicArn = String((await sns("CreateTopic", { Name: "news" })).TopicArn);
    await sns("Subscribe", { TopicArn, Protocol: "http", Endpoint: url.replace("http://", "http://me:secret@") });
    clock.advanceSeconds(60);
    await cloud.engine.settled();
    expect(posts).toHaveLength(1);
  });

  test("that does not answer holds up no engine that closes, and is tried again by the next", async () => {
    const store = memoryStore();
    const lasting = Object.assign(Object.create(store) as Store, { close: () => Promise.resolve() });
    const first = await startCloud({ clock, store: lasting });
    const before = queryClient(first, "sns", "2010-03-31");
    const TopicArn = String((await before("CreateTopic", { Name: "news" })).TopicArn);
    const silence = new Promise<void>((resolve) => {
      tellSilence = resolve;
    });
    await before("Subscribe", { TopicArn, Protocol: "http", Endpoint: url });
    await silence;
    await first.stop();
    tellSilence = undefined;
    clock.advanceSeconds(60);
    const second = await startCloud({ clock, store: lasting });
    await second.engine.settled();
    await second.stop();
    await store.close();
    expect(documents().map(({ Type }) => Type)).toEqual(["SubscriptionConfirmation", "SubscriptionConfirmation"]);
  });

  test("is asked whether it meant to end its subscription, and may take it up again", async () => {
    const { TopicArn, SubscriptionArn } = await confirmedTopic();
    await sns("Unsubscribe", { SubscriptionArn });
    await publish(TopicArn, "missed");
    expect(documents()).toMatchObject([{ Type: "UnsubscribeConfirmation", TopicArn }]);
    expect(posts[0]!.headers).toMatchObject({
      "x-amz-sns-message-type": "UnsubscribeConfirmation",
      "x-amz-sns-subscription-arn": SubscriptionArn,
    });
    expect((await fetch(documents()[0]!.SubscribeURL!)).status).toBe(200);
    await publish(TopicArn, "heard");
    expect(documents()[1]).toMatchObject({ Type: "Notification", Message: "heard" });
  });

  test("that does not confirm in two days is forgotten", async () => {
    const TopicArn = String((await sns("CreateTopic", { Name: "news" })).TopicArn);
    await sns("Subscribe", { TopicArn, Protocol: "http", Endpoint: url });
    await cloud.engine.settled();
    const pending = async () =>
      ((await sns("GetTopicAttributes", { TopicArn })).Attributes as Record<string, string>).SubscriptionsPending;
    expect(await pending()).toBe("1");
    clock.advanceSeconds(2 * 24 * 60 * 60);
    await cloud.engine.settled();
    expect(await pending()).toBe("0");
    expect((await fetch(documents()[0]!.SubscribeURL!)).status).toBe(400);
  });

  test("is guarded against others when its confirmation asks for that", async () => {
    const TopicArn = String((await sns("CreateTopic", { Name: "news" })).TopicArn);
    await sns("Subscribe", { TopicArn, Protocol: "http", Endpoint: url });
    await cloud.engine.settled();
    const { Token } = documents()[0]!;
    const confirmation = { TopicArn, Token, AuthenticateOnUnsubscribe: "true" };
    const { SubscriptionArn } = await sns("ConfirmSubscription", confirmation);
    const stranger = queryClient(cloud, "sns", "2010-03-31", "222222222222");
    await expect(stranger("Unsubscribe", { SubscriptionArn })).rejects.toMatchObject({
      code: "AuthorizationError",
      status: 403,
    });
    await sns("Unsubscribe", { SubscriptionArn });
  });
});
