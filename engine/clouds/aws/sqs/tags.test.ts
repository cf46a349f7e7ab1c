import {
  CreateQueueCommand,
  ListQueueTagsCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

let cloud: TestCloud;
let sqs: SQSClient;
let QueueUrl: string;
beforeAll(async () => {
  cloud = await startCloud();
  sqs = new SQSClient(cloud.aws());
  await sqs.send(new CreateQueueCommand({ QueueName: "q", tags: { tier: "front" } }));
  QueueUrl = `${cloud.endpoint}/111111111111/q`;
});
afterAll(async () => {
  sqs.destroy();
  await cloud.stop();
});

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, "x"]));
const tag = (Tags: Record<string, string>) => sqs.send(new TagQueueCommand({ QueueUrl, Tags }));
const tags = async () => (await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags;

describe("tags of queues", () => {
  test("are added, replaced and taken away by their keys", async () => {
    await tag({ team: "shop", tier: "back" });
    expect(await tags()).toEqual({ team: "shop", tier: "back" });
    await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["team", "none"] }));
    expect(await tags()).toEqual({ tier: "back" });
  });

  test("are fifty at most, those that are there counted", async () => {
    await expect(tag(many(50))).rejects.toMatchObject({
      name: "InvalidParameterValue",
      message: "Too many tags added for queue q.",
    });
    await tag(many(49));
    await tag({ tier: "middle" });
    await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: Object.keys(many(49)) }));
    expect(await tags()).toEqual({ tier: "middle" });
    const tooMany = new CreateQueueCommand({ QueueName: "other", tags: many(51) });
    await expect(sqs.send(tooMany)).rejects.toMatchObject({ message: "Too many tags added for queue other." });
  });

  test.each([
    ["no tag at all", {}, "MissingParameter", "The request must contain the parameter Tags."],
    ["a key of AWS", { "aws:x": "y" }, "InvalidParameterValue", "begin with aws: are reserved for system use."],
    ["a long key", { ["k".repeat(129)]: "y" }, "InvalidParameterValue", "between 1 and 128 characters in length"],
    ["a long value", { key: "v".repeat(257) }, "InvalidParameterValue", "values must be between 0 and 256."],
  ])("refuse %s", async (_, wrong, name, message) => {
    await expect(tag(wrong)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  test("are not taken away without a key", async () => {
    await expect(sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: [] }))).rejects.toMatchObject({
      name: "MissingParameter",
      message: "The request must contain the parameter TagKeys.",
    });
  });
});
