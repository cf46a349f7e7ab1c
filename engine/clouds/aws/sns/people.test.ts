import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { topics } from "../../../services/topics/service.ts";
import { queryClient } from "../../../testing/aws-query.ts";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

let cloud: TestCloud;
let sns: ReturnType<typeof queryClient>;
beforeAll(async () => {
  cloud = await startCloud();
  sns = queryClient(cloud, "sns", "2010-03-31");
});
afterAll(() => cloud.stop());

const scope = { account: "111111111111", region: "us-east-1" };
const entries = (object: Record<string, string>) => new Map(Object.entries(object));
const failure = (code: string, message: string, status = 400) => expect.objectContaining({ code, message, status });
const invalid = (reason: string) => failure("InvalidParameter", `Invalid parameter: ${reason}`);
const sentTo = async (to: string) =>
  (await cloud.engine.calls.call(topics, "listSentMessages", {}, scope)).messages.filter((one) => one.to === to);

describe("emails", () => {
  test("are confirmed by their link and then kept where they can be read", async () => {
    const Attributes = entries({ DisplayName: "The shop" });
    const TopicArn = String((await sns("CreateTopic", { Name: "mail", Attributes })).TopicArn);
    await sns("Subscribe", { TopicArn, Protocol: "email", Endpoint: "a@example.com" });
    await sns("Publish", { TopicArn, Message: "too early" });
    const [confirmation] = await sentTo("a@example.com");
    expect(confirmation!.subject).toBe("AWS Notification - Subscription Confirmation");
    expect((await fetch(confirmation!.body)).status).toBe(200);
    await sns("Publish", { TopicArn, Subject: "Sale", Message: "Everything must go" });
    expect((await sentTo("a@example.com")).slice(1)).toMatchObject([
      { protocol: "email", from: "The shop", subject: "Sale", body: "Everything must go", topic: "mail" },
    ]);
  });

  test("in JSON are whole notifications", async () => {
    const TopicArn = String((await sns("CreateTopic", { Name: "mail-json" })).TopicArn);
    await sns("Subscribe", { TopicArn, Protocol: "email-json", Endpoint: "b@example.com" });
    const [confirmation] = await sentTo("b@example.com");
    const { Token, SubscribeURL } = JSON.parse(confirmation!.body) as Record<string, string>;
    expect(SubscribeURL).toContain(Token);
    await sns("ConfirmSubscription", { TopicArn, Token });
    await sns("Publish", { TopicArn, Message: "hello" });
    expect(JSON.parse((await sentTo("b@example.com"))[1]!.body)).toMatchObject({
      Type: "Notification",
      Message: "hello",
    });
  });

  test("are not confirmed by a token that nobody was sent", async () => {
    const TopicArn = String((await sns("CreateTopic", { Name: "mail-token" })).TopicArn);
    await expect(sns("ConfirmSubscription", { TopicArn, Token: "guess" })).rejects.toEqual(invalid("Token"));
  });
});

describe("texts", () => {
  test("go to subscribers and straight to numbers", async () => {
    const TopicArn = String((await sns("CreateTopic", { Name: "texts" })).TopicArn);
    await sns("Subscribe", { TopicArn, Protocol: "sms", Endpoint: "+12065550101" });
    await sns("Publish", { TopicArn, Message: "by topic" });
    await sns("Publish", { PhoneNumber: "+12065550101", Message: "by number" });
    expect((await sentTo("+12065550101")).map(({ protocol, body }) => [protocol, body])).toEqual([
      ["sms", "by topic"],
      ["sms", "by number"],
    ]);
    await expect(sns("Publish", { PhoneNumber: "12", Message: "x" })).rejects.toEqual(
      invalid("PhoneNumber Reason: 12 is not valid to publish to"),
    );
  });

  test("come from whom their publisher names, else from whom the account has set", async () => {
    const PhoneNumber = "+12065550188";
    const MessageAttributes = new Map([
      ["AWS.SNS.SMS.SenderID", { DataType: "String", StringValue: "Bakery" }],
      ["AWS.SNS.SMS.SMSType", { DataType: "String", StringValue: "Transactional" }],
      ["AWS.SNS.SMS.MaxPrice", { DataType: "Number", StringValue: "0.50" }],
    ]);
    await sns("Publish", { PhoneNumber, Message: "bread", MessageAttributes });
    await sns("SetSMSAttributes", { attributes: entries({ DefaultSenderID: "Mall" }) });
    await sns("Publish", { PhoneNumber, Message: "shoes" });
    await sns("SetSMSAttributes", { attributes: entries({ DefaultSenderID: "" }) });
    expect((await sentTo(PhoneNumber)).map(({ from, body }) => [from, body])).toEqual([
      ["Bakery", "bread"],
      ["Mall", "shoes"],
    ]);
  });

  test("have 1600 characters at most", async () => {
    const PhoneNumber = "+12065550189";
    await sns("Publish", { PhoneNumber, Message: "x".repeat(1600) });
    await expect(sns("Publish", { PhoneNumber, Message: "x".repeat(1601) })).rejects.toEqual(
      invalid("Message too long"),
    );
  });

  test("stop when a phone wants none, until it wants them again", async () => {
    const phoneNumber = "+12065550102";
    await cloud.engine.calls.call(topics, "silencePhoneNumber", { number: phoneNumber }, scope);
    expect(await sns("CheckIfPhoneNumberIsOptedOut", { phoneNumber })).toEqual({ isOptedOut: "true" });
    expect(await sns("ListPhoneNumbersOptedOut")).toEqual({ phoneNumbers: [phoneNumber] });
    await sns("Publish", { PhoneNumber: phoneNumber, Message: "x" });
    expect(await sentTo(phoneNumber)).toMatchObject([{ failure: "The number wants no texts." }]);
    await sns("OptInPhoneNumber", { phoneNumber });
    expect(await sns("CheckIfPhoneNumberIsOptedOut", { phoneNumber })).toEqual({ isOptedOut: "false" });
  });

  test("have settings, each of its own form", async () => {
    const attributes = entries({ DefaultSMSType: "Transactional", DefaultSenderID: "Shop" });
    await sns("SetSMSAttributes", { attributes });
    await sns("SetSMSAttributes", { attributes: entries({ MonthlySpendLimit: "1" }) });
    expect(await sns("GetSMSAttributes", { attributes: ["DefaultSMSType", "MonthlySpendLimit"] })).toEqual({
      attributes: { DefaultSMSType: "Transactional", MonthlySpendLimit: "1" },
    });
    await expect(sns("SetSMSAttributes", { attributes: entries({ DefaultSMSType: "Loud" }) })).rejects.toEqual(
      invalid("DefaultSMSType: Invalid value [Loud]"),
    );
    await expect(sns("SetSMSAttributes", { attributes: entries({ Colour: "red" }) })).rejects.toEqual(
      invalid("Unknown attribute: Colour"),
    );
  });

  test("are tried out with numbers that a code verifies", async () => {
    const PhoneNumber = "+12065550103";
    await sns("CreateSMSSandboxPhoneNumber", { PhoneNumber });
    const code = /\d{6}/.exec((await sentTo(PhoneNumber))[0]!.body)![0];
    const wrong = code === "000000" ? "000001" : "000000";
    await expect(sns("VerifySMSSandboxPhoneNumber", { PhoneNumber, OneTimePassword: wrong })).rejects.toMatchObject({
      code: "VerificationException",
    });
    const statuses = async () => (await sns("ListSMSSandboxPhoneNumbers")).PhoneNumbers;
    expect(await statuses()).toEqual([{ PhoneNumber, Status: "Pending" }]);
    await sns("VerifySMSSandboxPhoneNumber", { PhoneNumber, OneTimePassword: code });
    expect(await statuses()).toEqual([{ PhoneNumber, Status: "Verified" }]);
    await sns("DeleteSMSSandboxPhoneNumber", { PhoneNumber });
    await expect(sns("DeleteSMSSandboxPhoneNumber", { PhoneNumber })).rejects.toMatchObject({
      code: "ResourceNotFound",
      status: 404,
    });
    expect(await sns("GetSMSSandboxAccountStatus")).toEqual({ IsInSandbox: "false" });
    expect((await sns("ListOriginationNumbers")).PhoneNumbers).toBe("");
  });
});

describe("texts to subscribers", () => {
  test("do not go to phones that want none", async () => {
    const number = "+12065550177";
    const TopicArn = String((await sns("CreateTopic", { Name: "unwanted" })).TopicArn);
    await sns("Subscribe", { TopicArn, Protocol: "sms", Endpoint: number });
    await cloud.engine.calls.call(topics, "silencePhoneNumber", { number }, scope);
    await sns("Publish", { TopicArn, Message: "x" });
    expect(await sentTo(number)).toMatchObject([{ failure: "The number wants no texts.", topic: "unwanted" }]);
  });
});

describe("pushes", () => {
  const application = async (Name: string) => {
    const Attributes = entries({ PlatformCredential: "secret", SuccessFeedbackSampleRate: "50" });
    const created = await sns("CreatePlatformApplication", { Name, Platform: "GCM", Attributes });
    return String(created.PlatformApplicationArn);
  };
  const device = async (PlatformApplicationArn: string, Token: string, more: object = {}) =>
    String((await sns("CreatePlatformEndpoint", { PlatformApplicationArn, Token, ...more })).EndpointArn);

  test("go to the devices of an application, whose credentials are never shown", async () => {
    const PlatformApplicationArn = await application("shop");
    expect(PlatformApplicationArn).toBe("arn:aws:sns:us-east-1:111111111111:app/GCM/shop");
    expect(await sns("GetPlatformApplicationAttributes", { PlatformApplicationArn })).toEqual({
      Attributes: { Enabled: "true", SuccessFeedbackSampleRate: "50" },
    });
    const EndpointArn = await device(PlatformApplicationArn, "token-1", { CustomUserData: "me" });
    expect(await device(PlatformApplicationArn, "token-1", { CustomUserData: "me" })).toBe(EndpointArn);
    expect(await sns("GetEndpointAttributes", { EndpointArn })).toEqual({
      Attributes: { Enabled: "true", Token: "token-1", CustomUserData: "me" },
    });
    await sns("Publish", { TargetArn: EndpointArn, Message: '{"default":"d","GCM":"g"}', MessageStructure: "json" });
    expect(await sentTo("token-1")).toMatchObject([{ protocol: "push", body: "g" }]);
  });

  test("go to the devices that subscribe to a topic, as long as they are enabled", async () => {
    const PlatformApplicationArn = await application("followers");
    const EndpointArn = await device(PlatformApplicationArn, "token-9");
    const TopicArn = String((await sns("CreateTopic", { Name: "followed" })).TopicArn);
    await sns("Subscribe", { TopicArn, Protocol: "application", Endpoint: EndpointArn });
    await sns("Publish", { TopicArn, Message: "hello" });
    await sns("SetEndpointAttributes", { EndpointArn, Attributes: entries({ Enabled: "false" }) });
    await sns("Publish", { TopicArn, Message: "lost" });
    expect(await sentTo("token-9")).toMatchObject([{ protocol: "push", body: "hello", topic: "followed" }]);
    expect(await sentTo(EndpointArn)).toMatchObject([{ body: "lost", failure: expect.stringContaining("disabled") }]);
  });

  test("cannot be subscribed to by a device that does not exist", async () => {
    const TopicArn = String((await sns("CreateTopic", { Name: "followed-by-none" })).TopicArn);
    const nobody = "arn:aws:sns:us-east-1:111111111111:endpoint/GCM/shop/nobody";
    const subscribe = (Endpoint: string) => sns("Subscribe", { TopicArn, Protocol: "application", Endpoint });
    await expect(subscribe(nobody)).rejects.toEqual(
      invalid(`Endpoint Reason: Endpoint does not exist for endpoint ${nobody}`),
    );
    await expect(subscribe("arn:aws:sns:us-east-1:111111111111:app/GCM/shop")).rejects.toEqual(
      invalid("Application endpoint arn invalid:arn:aws:sns:us-east-1:111111111111:app/GCM/shop"),
    );
  });

  test("are refused where a device or its application is disabled", async () => {
    const PlatformApplicationArn = await application("quiet");
    const EndpointArn = await device(PlatformApplicationArn, "token-2");
    await sns("SetEndpointAttributes", { EndpointArn, Attributes: entries({ Enabled: "false" }) });
    await expect(sns("Publish", { TargetArn: EndpointArn, Message: "x" })).rejects.toEqual(
      failure("EndpointDisabled", "Endpoint is disabled"),
    );
    await sns("SetEndpointAttributes", { EndpointArn, Attributes: entries({ Enabled: "true" }) });
    const Attributes = entries({ Enabled: "false" });
    await sns("SetPlatformApplicationAttributes", { PlatformApplicationArn, Attributes });
    await expect(sns("Publish", { TargetArn: EndpointArn, Message: "x" })).rejects.toEqual(
      failure("PlatformApplicationDisabled", "Platform application is disabled"),
    );
  });

  test("have lists of applications and devices, which are deleted together", async () => {
    const PlatformApplicationArn = await application("listed");
    const EndpointArn = await device(PlatformApplicationArn, "token-3");
    const { PlatformApplications } = await sns("ListPlatformApplications");
    expect(PlatformApplications).toContainEqual(expect.objectContaining({ PlatformApplicationArn }));
    expect((await sns("ListEndpointsByPlatformApplication", { PlatformApplicationArn })).Endpoints).toMatchObject([
      { EndpointArn, Attributes: { Token: "token-3" } },
    ]);
    await sns("DeletePlatformApplication", { PlatformApplicationArn });
    await expect(sns("GetEndpointAttributes", { EndpointArn })).rejects.toEqual(
      failure("NotFound", "Endpoint does not exist", 404),
    );
    await expect(sns("GetPlatformApplicationAttributes", { PlatformApplicationArn })).rejects.toEqual(
      failure("NotFound", "PlatformApplication does not exist", 404),
    );
  });

  test.each([
    ["a device without a token", { Token: "" }, "Token Reason: cannot be empty"],
    [
      "a device that carries too much",
      { Token: "t", CustomUserData: "é".repeat(1025) },
      "CustomUserData Reason: must be at most 2048 bytes long in UTF-8 encoding",
    ],
  ])("refuse %s", async (_, { Token, ...more }, text) => {
    const PlatformApplicationArn = await application("strict");
    await expect(device(PlatformApplicationArn, Token, more)).rejects.toEqual(invalid(text));
  });

  test("refuse an application without credentials", async () => {
    const wish = { Name: "a", Platform: "GCM", Attributes: entries({ Enabled: "true" }) };
    await expect(sns("CreatePlatformApplication", wish)).rejects.toEqual(
      invalid("PlatformCredential Reason: cannot be empty"),
    );
  });

  test("refuse a platform that is none, and a token that is taken with other data", async () => {
    const Attributes = entries({ PlatformCredential: "secret" });
    const pigeon = { Name: "a", Platform: "PIGEON", Attributes };
    await expect(sns("CreatePlatformApplication", pigeon)).rejects.toEqual(
      invalid("Platform Reason: PIGEON is not supported"),
    );
    const PlatformApplicationArn = await application("taken");
    await device(PlatformApplicationArn, "token-4");
    await expect(device(PlatformApplicationArn, "token-4", { CustomUserData: "you" })).rejects.toMatchObject({
      message: expect.stringContaining("already exists with the same Token, but different attributes."),
    });
  });
});
