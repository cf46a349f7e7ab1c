import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../engine/testing/cloud.ts";
import { awsCli, isMissing } from "./kit/clients.ts";

const run = promisify(execFile);
const topic = "arn:aws:sns:us-east-1:111111111111:news";
let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud.stop());

const seenByPython = {
  topic: [topic, "News", [{ Key: "team", Value: "press" }]],
  listed: [topic],
  batch: [["good"], [["bad", "InvalidParameter"]]],
  raw: ["lively", "in a batch"],
  read: ["lively", "dull", "in a batch"],
  subject: "S",
  subscription: "true",
  subscriptions: 1,
  web: ["SubscriptionConfirmation", "Notification", "over the web", true],
  guarded: true,
  text: true,
  ordered: ["1", "2", "3"],
  absent: ["NotFound", "Topic does not exist", 404],
  empty: ["InvalidParameter", "Invalid parameter: Empty message", 400],
  protocol: ["InvalidParameter", "Invalid parameter: Amazon SNS does not support this protocol string: fax", 400],
  filter: ["InvalidParameter", "Invalid parameter: FilterPolicy: Unrecognized match type like", 400],
  function: "NotImplemented",
  deleted: "NotFound",
};

describe("topics", () => {
  const hasNoBoto3 = isMissing("python3", "-c", "import boto3");
  test.skipIf(hasNoBoto3)("through boto3, web endpoint and certificate included", async () => {
    const { stdout } = await run("python3", [join(import.meta.dirname, "boto3/sns.py"), cloud.endpoint]);
    expect(JSON.parse(stdout)).toEqual(seenByPython);
  });

  test.skipIf(isMissing("aws", "--version"))("through the AWS CLI", async () => {
    const aws = (...args: string[]) => awsCli(cloud.endpoint, ...args);
    expect(await aws("sns", "create-topic", "--name", "news")).toEqual({ TopicArn: topic });
    await aws("sqs", "create-queue", "--queue-name", "reader");
    const wish = ["--protocol", "sqs", "--notification-endpoint", "arn:aws:sqs:us-east-1:111111111111:reader"];
    await aws("sns", "subscribe", "--topic-arn", topic, ...wish, "--attributes", "RawMessageDelivery=true");
    await aws("sns", "publish", "--topic-arn", topic, "--message", "hello");
    const received = await aws("sqs", "receive-message", "--queue-url", `${cloud.endpoint}/111111111111/reader`);
    expect(received).toMatchObject({ Messages: [{ Body: "hello" }] });
    await expect(aws("sns", "publish", "--topic-arn", `${topic}-none`, "--message", "x")).rejects.toMatchObject({
      stderr: expect.stringContaining("(NotFound) when calling the Publish operation: Topic does not exist"),
    });
  });
});
