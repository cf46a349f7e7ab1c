import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isMissing, oldBoto3 } from "./kit/clients.ts";
import { cloudstack, emptyFolder, startServer, type RunningServer } from "./kit/cloudstack.ts";

const run = promisify(execFile);
const scripts = join(import.meta.dirname, "boto3");
const hasPython = !isMissing("python3", "-c", "import boto3");
const hasAwsCli = !isMissing("aws", "--version");

const seenOfS3 = {
  buckets: ["books"],
  object: ["hello", { color: "red" }, "text/plain", '"5d41402abc4b2a76b9719d911017c592"'],
  range: "ell",
  large: [true, true],
  listed: [["a/"], ["large"], ["page/"]],
  v1: ["page/0", "page/1"],
  "presigned v4": [200, "text/x"],
  "presigned v2": [200, "text/x"],
  "presigned put": 200,
  "presigned body": "put",
  refused: [
    ["NoSuchKey", 404],
    ["404", 404],
    ["NoSuchBucket", 404],
    ["BucketNotEmpty", 409],
    ["NoSuchBucketPolicy", 404],
    ["NoSuchLifecycleConfiguration", 404],
    ["NoSuchCORSConfiguration", 404],
    ["NoSuchWebsiteConfiguration", 404],
    ["ReplicationConfigurationNotFoundError", 404],
    ["ObjectLockConfigurationNotFoundError", 404],
    ["NoSuchTagSet", 404],
    ["NotImplemented", 501],
  ],
  lifecycle: true,
  left: [],
};

const seenOfSqs = {
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

const seenOfDynamodb = {
  scores: ["14.25", "14.5", "14.75"],
  tags: ["a", "b"],
  nested: "{'list': [Decimal('1'), True, None]}",
  updated: "2",
  raw: [0, 255],
  hasTags: false,
  count: 60,
  failures: [
    ["ConditionalCheckFailedException", "The conditional request failed", null],
    ["ValidationException", "The provided key element does not match the schema", null],
    ["ResourceNotFoundException", "Requested resource not found", null],
    [
      "TransactionCanceledException",
      "Transaction cancelled, please refer cancellation reasons for specific reasons "
        + "[None, ConditionalCheckFailed]",
      [{ Code: "None" }, { Code: "ConditionalCheckFailed", Message: "The conditional request failed" }],
    ],
  ],
};

const seenByJavaScript = {
  account: "111111111111",
  object: ["hello", { color: "red" }, '"5d41402abc4b2a76b9719d911017c592"'],
  large: true,
  listed: ["a/ü & <b>.txt", "large"],
  s3: [
    ["NoSuchKey", 404],
    ["BucketNotEmpty", 409],
    ["NoSuchBucket", 404],
  ],
  message: "one & <two>",
  sqs: [
    ["QueueDoesNotExist", 400],
    ["ReceiptHandleIsInvalid", 400],
  ],
  item: { game: { S: "go" }, score: { N: "12.5" } },
  found: 1,
  dynamodb: [
    ["ConditionalCheckFailedException", 400],
    ["ResourceNotFoundException", 400],
  ],
};

// Every client is told by `cloudstack env` alone where the engine is and, over TLS, whom to trust.
describe.each(["http", "https"])("over %s", (scheme) => {
  let folder: ReturnType<typeof emptyFolder>;
  let server: RunningServer;
  let environment: Record<string, string>;
  beforeEach(async () => {
    folder = emptyFolder();
    server = await startServer(folder.path);
    const endpoint = server.endpoint.replace(/^http/, scheme);
    const args = ["env", "--endpoint", endpoint, "--account", "111111111111", "--format", "json"];
    environment = JSON.parse((await cloudstack(args, folder.path)).out) as Record<string, string>;
  });
  afterEach(async () => {
    await server.end("SIGKILL");
    folder.remove();
  });

  async function output(command: string, args: readonly string[], more: Record<string, string> = {}): Promise<string> {
    const env = { ...process.env, ...environment, AWS_PAGER: "", ...more };
    return (await run(command, args, { env, maxBuffer: 2 ** 24, cwd: folder.path })).stdout;
  }
  const seenByPython = async (service: string, more: Record<string, string> = {}) => {
    // Python's own HTTP client, which follows presigned addresses, has a name of its own for the authority.
    const trust = environment["AWS_CA_BUNDLE"] ?? "";
    const args = [join(scripts, `${service}.py`), environment["AWS_ENDPOINT_URL"] ?? ""];
    const text = await output("python3", args, { SSL_CERT_FILE: trust, ...more });
    return JSON.parse(text) as unknown;
  };

  test("the AWS SDK for JavaScript does the core of S3, SQS and DynamoDB, errors included", async () => {
    const text = await output(process.execPath, [join(import.meta.dirname, "sdk/core.mjs")]);
    expect(JSON.parse(text)).toEqual(seenByJavaScript);
  });

  test.skipIf(!hasPython)("boto3 sees buckets and objects", async () => {
    expect(await seenByPython("s3")).toEqual(seenOfS3);
  });

  test.skipIf(!hasPython)("boto3 sees queues over JSON", async () => {
    expect(await seenByPython("sqs")).toEqual({ protocol: "json", ...seenOfSqs });
  });

  test.skipIf(!hasPython)("boto3 1.26 sees queues over query", async ({ skip }) => {
    const old = await oldBoto3();
    if (old === undefined) return skip();
    expect(await seenByPython("sqs", { PYTHONPATH: old })).toEqual({ protocol: "query", ...seenOfSqs });
  });

  test.skipIf(!hasPython)("boto3 sees tables: documents, conditions, batches, pages and failures", async () => {
    expect(await seenByPython("dynamodb")).toEqual(seenOfDynamodb);
  });

  test.skipIf(!hasAwsCli)("the AWS CLI reaches S3, SQS and DynamoDB, errors included", async () => {
    // The CLI ignores the variable for SQS and would ask AWS itself.
    const endpoint = ["--endpoint-url", environment["AWS_ENDPOINT_URL"] ?? ""];
    const aws = (...args: string[]) => output("aws", [...args, "--output", "text"]);
    await aws("s3", "mb", "s3://cli-books");
    expect(await aws("s3", "ls")).toMatch(/ cli-books\n$/);
    await expect(aws("s3", "rb", "s3://nowhere-at-all")).rejects.toThrow("NoSuchBucket");
    await aws("sqs", "create-queue", "--queue-name", "cli", ...endpoint);
    expect(await aws("sqs", "list-queues", ...endpoint)).toMatch(/\/111111111111\/cli\n$/);
    await expect(aws("sqs", "get-queue-url", "--queue-name", "absent", ...endpoint)).rejects.toThrow(
      "AWS.SimpleQueueService.NonExistentQueue",
    );
    expect(await aws("dynamodb", "list-tables")).toBe("");
    await expect(aws("dynamodb", "describe-table", "--table-name", "none")).rejects.toThrow(
      "ResourceNotFoundException",
    );
  });
});
