import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../engine/testing/cloud.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const script = join(import.meta.dirname, "boto3/sqs.py");

/** The last releases that speak query to SQS, kept between runs; undefined when it cannot be had. */
async function oldBoto3(): Promise<string | undefined> {
  const folder = join(root, "node_modules/.cache/boto3-1.26.160");
  if (existsSync(join(folder, "boto3"))) return folder;
  mkdirSync(folder, { recursive: true });
  try {
    await run("python3", ["-m", "pip", "install", "--quiet", "--target", folder, "boto3==1.26.160"]);
    return folder;
  } catch (problem) {
    console.warn("SKIPPED: boto3 1.26.160 cannot be installed:", problem);
    return undefined;
  }
}

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud.stop());

async function seenByBoto3(environment: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const { stdout } = await run("python3", [script, cloud.endpoint], { env: { ...process.env, ...environment } });
  return JSON.parse(stdout) as Record<string, unknown>;
}

const seen = {
  url: "111111111111/orders",
  found: true,
  listed: ["dead", "orders"],
  sources: true,
  tags: { team: "shop" },
  batch: [["good"], [["bad", "InvalidParameterValue"]]],
  bodies: ["one & <two>", "b"],
  attributes: "00ff",
  count: "1",
  left: "0",
  empty: false,
  absent: ["AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.", 400],
  exists: [
    "QueueAlreadyExists",
    "A queue already exists with the same name and a different value for attribute VisibilityTimeout",
    400,
  ],
  range: [
    "InvalidParameterValue",
    "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    400,
  ],
  receipt: "ReceiptHandleIsInvalid",
  "empty batch": [
    "AWS.SimpleQueueService.EmptyBatchRequest",
    "There should be at least one SendMessageBatchRequestEntry in the request.",
    400,
  ],
  deleted: "AWS.SimpleQueueService.NonExistentQueue",
};

describe("queues seen by other clients", () => {
  test("boto3 over JSON", async () => {
    expect(await seenByBoto3()).toEqual({ protocol: "json", ...seen });
  });

  test("boto3 1.26 over query", async ({ skip }) => {
    const folder = await oldBoto3();
    if (folder === undefined) return skip();
    expect(await seenByBoto3({ PYTHONPATH: folder })).toEqual({ protocol: "query", ...seen });
  });

  test("the AWS CLI", async () => {
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
