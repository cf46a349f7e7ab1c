import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../engine/testing/cloud.ts";
import { isMissing } from "./kit/clients.ts";

const run = promisify(execFile);
let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud.stop());

describe("queues", () => {
  test.skipIf(isMissing("aws", "--version"))("the AWS CLI", async () => {
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: "111111111111",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_DEFAULT_REGION: "us-east-1",
    };
    const aws = async (...args: string[]) => {
      const { stdout } = await run("aws", ["--endpoint-url", cloud.endpoint, "--output", "json", ...args], { env });
      return (stdout === "" ? undefined : JSON.parse(stdout)) as unknown;
    };
    const { QueueUrl } = (await aws("sqs", "create-queue", "--queue-name", "cli")) as { QueueUrl: string };
    expect(QueueUrl).toBe(`${cloud.endpoint}/111111111111/cli`);
    await aws("sqs", "send-message", "--queue-url", QueueUrl, "--message-body", "hello");
    const { Messages } = (await aws("sqs", "receive-message", "--queue-url", QueueUrl)) as {
      Messages: { Body: string; ReceiptHandle: string }[];
    };
    expect(Messages.map(({ Body }) => Body)).toEqual(["hello"]);
    await aws("sqs", "delete-message", "--queue-url", QueueUrl, "--receipt-handle", Messages[0]!.ReceiptHandle);
    expect(await aws("sts", "get-caller-identity")).toEqual({
      Account: "111111111111",
      Arn: "arn:aws:iam::111111111111:root",
      UserId: "111111111111",
    });
    await expect(aws("sqs", "get-queue-url", "--queue-name", "absent")).rejects.toMatchObject({
      stderr: expect.stringContaining("(AWS.SimpleQueueService.NonExistentQueue)"),
    });
  });
});
