import { afterAll, beforeAll } from "vitest";
import { topics } from "../../../services/topics/service.ts";
import { queryClient } from "../../../testing/aws-query.ts";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";
import { sweepDeclaredErrors, type Provocation } from "../../../testing/declared-errors.ts";
import { sns as service } from "./service.ts";

let cloud: TestCloud;
let call: ReturnType<typeof queryClient>;
let stranger: typeof call;
beforeAll(async () => {
  cloud = await startCloud();
  call = queryClient(cloud, "sns", "2010-03-31");
  stranger = queryClient(cloud, "sns", "2010-03-31", "222222222222");
  await call("CreateTopic", { Name: "t" });
});
afterAll(() => cloud.stop());

const arn = (name: string) => `arn:aws:sns:us-east-1:111111111111:${name}`;
const attributes = (object: Record<string, string>) => new Map(Object.entries(object));
const SUBSCRIPTION = `${arn("none")}:00000000-0000-0000-0000-000000000000`;
const APPLICATION = arn("app/GCM/none");
const DEVICE = arn("endpoint/GCM/none/00000000-0000-0000-0000-000000000000");
const SCOPE = { account: "111111111111", region: "us-east-1" };
const TOPIC = { TopicArn: arn("t") };
const NUMBER = { PhoneNumber: "+15550100" };

/** Operations on one thing: the parameter that names it, a name of nothing, and what else they ask for. */
const ON_ONE: Readonly<Record<string, readonly [parameter: string, nothing: string, rest?: object]>> = {
  AddPermission: ["TopicArn", arn("none"), { Label: "a", AWSAccountId: ["222222222222"], ActionName: ["Publish"] }],
  ConfirmSubscription: ["TopicArn", arn("none"), { Token: "0".repeat(64) }],
  CreatePlatformEndpoint: ["PlatformApplicationArn", APPLICATION, { Token: "token" }],
  GetDataProtectionPolicy: ["ResourceArn", arn("none")],
  GetEndpointAttributes: ["EndpointArn", DEVICE],
  GetPlatformApplicationAttributes: ["PlatformApplicationArn", APPLICATION],
  GetSubscriptionAttributes: ["SubscriptionArn", SUBSCRIPTION],
  GetTopicAttributes: ["TopicArn", arn("none")],
  ListEndpointsByPlatformApplication: ["PlatformApplicationArn", APPLICATION],
  ListSubscriptionsByTopic: ["TopicArn", arn("none")],
  Publish: ["TopicArn", arn("none"), { Message: "hello" }],
  PublishBatch: ["TopicArn", arn("none"), { PublishBatchRequestEntries: [{ Id: "1", Message: "hello" }] }],
  PutDataProtectionPolicy: ["ResourceArn", arn("none"), { DataProtectionPolicy: "{}" }],
  RemovePermission: ["TopicArn", arn("none"), { Label: "a" }],
  SetEndpointAttributes: ["EndpointArn", DEVICE, { Attributes: attributes({ Enabled: "true" }) }],
  SetPlatformApplicationAttributes: [
    "PlatformApplicationArn",
    APPLICATION,
    { Attributes: attributes({ EventEndpointCreated: arn("t") }) },
  ],
  SetSubscriptionAttributes: ["SubscriptionArn", SUBSCRIPTION, { AttributeName: "RawMessageDelivery" }],
  SetTopicAttributes: ["TopicArn", arn("none"), { AttributeName: "DisplayName", AttributeValue: "T" }],
  Subscribe: ["TopicArn", arn("none"), { Protocol: "email", Endpoint: "a@example.org" }],
};
const GONE_IS_NO_ERROR: typeof ON_ONE = {
  DeleteEndpoint: ["EndpointArn", DEVICE],
  DeletePlatformApplication: ["PlatformApplicationArn", APPLICATION],
  DeleteTopic: ["TopicArn", arn("none")],
  Unsubscribe: ["SubscriptionArn", SUBSCRIPTION],
};
const TAGS: typeof ON_ONE = {
  ListTagsForResource: ["ResourceArn", arn("none")],
  TagResource: ["ResourceArn", arn("none"), { Tags: [{ Key: "a", Value: "b" }] }],
  UntagResource: ["ResourceArn", arn("none"), { TagKeys: ["a"] }],
};

const notFound = Object.entries(ON_ONE).map(([operation, [parameter, nothing, rest]]): Provocation => [
  "NotFoundException",
  operation,
  { ...rest, [parameter]: nothing },
]);
const noArn = Object.entries({ ...ON_ONE, ...GONE_IS_NO_ERROR, ...TAGS }).map(
  ([operation, [parameter, , rest]]): Provocation => [
    "InvalidParameterException",
    operation,
    { ...rest, [parameter]: "nothing" },
  ],
);
const noResource = Object.entries(TAGS).map(([operation, [parameter, nothing, rest]]): Provocation => [
  "ResourceNotFoundException",
  operation,
  { ...rest, [parameter]: nothing },
]);
const noPage = ["ListPlatformApplications", "ListSMSSandboxPhoneNumbers", "ListSubscriptions", "ListTopics"].map(
  (operation): Provocation => ["InvalidParameterException", operation, { NextToken: "nothing" }],
);
const noPhone: Provocation[] = [
  ["InvalidParameterException", "CheckIfPhoneNumberIsOptedOut", { phoneNumber: "abc" }],
  ["InvalidParameterException", "ListPhoneNumbersOptedOut", { nextToken: "nothing" }],
  ["InvalidParameterException", "OptInPhoneNumber", { phoneNumber: "abc" }],
  ["ResourceNotFoundException", "DeleteSMSSandboxPhoneNumber", NUMBER],
  ["ResourceNotFoundException", "VerifySMSSandboxPhoneNumber", { ...NUMBER, OneTimePassword: "000000" }],
  ["OptedOutException", "CreateSMSSandboxPhoneNumber", async () => {
    await cloud.engine.calls.call(topics, "silencePhoneNumber", { number: "+15550111" }, SCOPE);
    return { PhoneNumber: "+15550111" };
  }],
  ["VerificationException", "VerifySMSSandboxPhoneNumber", async () => {
    await call("CreateSMSSandboxPhoneNumber", NUMBER);
    return { ...NUMBER, OneTimePassword: "999999" };
  }],
  ["InvalidParameterException", "SetSMSAttributes", { attributes: attributes({ Colour: "red" }) }],
];
const batch = (...Ids: string[]) => ({ ...TOPIC, PublishBatchRequestEntries: Ids.map((Id) => ({ Id, Message: "m" })) });
const inBatches: Provocation[] = [
  ["EmptyBatchRequestException", "PublishBatch", batch()],
  ["TooManyEntriesInBatchRequestException", "PublishBatch", batch(..."abcdefghijk")],
  ["BatchEntryIdsNotDistinctException", "PublishBatch", batch("a", "a")],
  ["InvalidBatchEntryIdException", "PublishBatch", batch("a b")],
  ["BatchRequestTooLongException", "PublishBatch", {
    ...TOPIC,
    PublishBatchRequestEntries: ["1", "2"].map((Id) => ({ Id, Message: "x".repeat(200_000) })),
  }],
];
const filtered = (n: number) => ({
  TopicArn: arn("filtered"),
  Protocol: "sqs",
  Endpoint: `arn:aws:sqs:us-east-1:111111111111:q${n}`,
  Attributes: attributes({ FilterPolicy: '{"a":["b"]}' }),
});
const DISABLED = attributes({ Enabled: "false" });
const manyTags = Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: "v" }));

/** A device that takes nothing, or one whose application does not. */
async function toDisabled(disabled: "device" | "application"): Promise<object> {
  const Attributes = attributes({ PlatformCredential: "secret" });
  const application = { Name: disabled, Platform: "GCM", Attributes };
  const { PlatformApplicationArn } = await call("CreatePlatformApplication", application);
  const { EndpointArn } = await call("CreatePlatformEndpoint", { PlatformApplicationArn, Token: "token" });
  if (disabled === "device") await call("SetEndpointAttributes", { EndpointArn, Attributes: DISABLED });
  else await call("SetPlatformApplicationAttributes", { PlatformApplicationArn, Attributes: DISABLED });
  return { TargetArn: String(EndpointArn), Message: "m" };
}

sweepDeclaredErrors({
  service,
  // Only another account meets the guard of a subscription.
  call: (operation, input) => (operation === "Unsubscribe" ? stranger : call)(operation, input),
  provoked: [
    ...notFound,
    ...noArn,
    ...noResource,
    ...noPage,
    ...noPhone,
    ...inBatches,
    ["InvalidParameterException", "CreateTopic", { Name: "no name" }],
    ["InvalidParameterException", "CreatePlatformApplication", {
      Name: "app", Platform: "CARRIER_PIGEON", Attributes: attributes({ PlatformCredential: "secret" }),
    }],
    ["TagLimitExceededException", "CreateTopic", { Name: "many", Tags: manyTags }],
    ["TagLimitExceededException", "TagResource", { ResourceArn: TOPIC.TopicArn, Tags: manyTags }],
    ["InvalidParameterValueException", "PublishBatch", {
      ...TOPIC,
      PublishBatchRequestEntries: [
        { Id: "a", Message: "m", MessageAttributes: new Map([["n", { DataType: "Number", StringValue: "one" }]]) },
      ],
    }],
    ["InvalidParameterValueException", "Publish", {
      ...TOPIC, Message: "m", MessageAttributes: new Map([["a", { DataType: "Number", StringValue: "seven" }]]),
    }],
    ["EndpointDisabledException", "Publish", () => toDisabled("device")],
    ["PlatformApplicationDisabledException", "Publish", () => toDisabled("application")],
    ["SubscriptionLimitExceededException", "Subscribe", async () => {
      const queue = (n: number) => ({
        TopicArn: arn("t.fifo"), Protocol: "sqs", Endpoint: `arn:aws:sqs:us-east-1:111111111111:q${n}.fifo`,
      });
      await call("CreateTopic", { Name: "t.fifo", Attributes: attributes({ FifoTopic: "true" }) });
      for (let n = 0; n < 100; n += 1) await call("Subscribe", queue(n));
      return queue(100);
    }],
    ["FilterPolicyLimitExceededException", "Subscribe", async () => {
      await call("CreateTopic", { Name: "filtered" });
      for (let n = 0; n < 200; n += 1) await call("Subscribe", filtered(n));
      return filtered(200);
    }],
    ["FilterPolicyLimitExceededException", "SetSubscriptionAttributes", async () => {
      const { SubscriptionArn } = await call("Subscribe", { ...filtered(201), Attributes: attributes({}) });
      return { SubscriptionArn, AttributeName: "FilterPolicy", AttributeValue: '{"a":["b"]}' };
    }],
    ["InvalidStateException", "DeleteTopic", async () => {
      const Attributes = attributes({ FifoTopic: "true", ArchivePolicy: '{"MessageRetentionPeriod":"7"}' });
      return call("CreateTopic", { Name: "archiving.fifo", Attributes });
    }],
    ["AuthorizationErrorException", "Unsubscribe", async () => {
      await call("Subscribe", { ...TOPIC, Protocol: "email-json", Endpoint: "a@example.org" });
      const { messages } = await cloud.engine.calls.call(topics, "listSentMessages", {}, SCOPE);
      const { Token } = JSON.parse(messages.at(-1)?.body ?? "{}") as { Token: string };
      const confirmation = { ...TOPIC, Token, AuthenticateOnUnsubscribe: "true" };
      const { SubscriptionArn } = await call("ConfirmSubscription", confirmation);
      return { SubscriptionArn };
    }],
  ],
  never: {
    NotFoundException: "what is gone already may be deleted again",
    InternalErrorException: "nobody means it to happen",
    ThrottledException: "nothing is throttled unless somebody asks for it (disturbances)",
    InvalidSecurityException: "plain HTTP is served too",
    AuthorizationErrorException: "policies of topics are kept, and keep nobody out",
    "GetSMSAttributes InvalidParameterException": "names of no attribute are left out of the answer",
    "CreateSMSSandboxPhoneNumber InvalidParameterException": "the model's pattern refuses it first (ValidationError)",
    "DeleteSMSSandboxPhoneNumber InvalidParameterException": "the model's pattern refuses it first (ValidationError)",
    "VerifySMSSandboxPhoneNumber InvalidParameterException": "the model's pattern refuses it first (ValidationError)",
    "ConfirmSubscription SubscriptionLimitExceededException": "what waits for its confirmation counts already",
    "ConfirmSubscription FilterPolicyLimitExceededException": "what waits for its confirmation counts already",
    ReplayLimitExceededException: "any number of subscriptions may replay",
    TopicLimitExceededException: "an account may have any number of topics",
    TagLimitExceededException: "taking tags away exceeds nothing",
    StaleTagException: "a call that meets another's change is run again",
    ConcurrentAccessException: "a call that meets another's change is run again",
    TagPolicyException: "there are no organizations, and so no policies of tags",
    "ListOriginationNumbers InvalidParameterException": "there are no numbers, and so no pages of them",
    "ListOriginationNumbers ValidationException": "there are no numbers, and so no pages of them",
    "ListSMSSandboxPhoneNumbers ResourceNotFoundException": "an account has its list, empty or not",
    ValidationException: "what a message lacks is InvalidParameter, as the service says in practice",
    UserErrorException: "AWS names no call that meets it",
    "PublishBatch EndpointDisabledException": "a batch goes to topics only",
    "PublishBatch PlatformApplicationDisabledException": "a batch goes to topics only",
    KMSDisabledException: "a key is only recorded",
    KMSInvalidStateException: "a key is only recorded",
    KMSNotFoundException: "a key is only recorded",
    KMSOptInRequired: "a key is only recorded",
    KMSThrottlingException: "a key is only recorded",
    KMSAccessDeniedException: "a key is only recorded",
  },
});
