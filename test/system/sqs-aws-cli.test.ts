import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../engine/testing/cloud.ts";
import { awsCli, isMissing } from "./kit/clients.ts";

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud.stop());

describe("queues", () => {
  test.skipIf(isMissing("aws", "--version"))("the AWS CLI", async () => {
    const aws = (...args: string[]) => awsCli(cloud.endpoint, ...args);
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
