import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { assert, array, asyncProperty, constantFrom, dictionary, oneof, record, string, uint8Array } from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../engine/testing/cloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

const signedFor = (service: string) => ({
  authorization:
    `AWS4-HMAC-SHA256 Credential=111111111111/20300101/us-east-1/${service}/aws4_request, `
    + "SignedHeaders=host, Signature=00",
});
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const json = (target: string, version = "1.0") => ({
  "content-type": `application/x-amz-json-${version}`,
  "x-amz-target": target,
});
const CBOR = { "smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor" };

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, unknown>;
}
const agent = new Agent({ keepAlive: true, maxSockets: 32 });
afterAll(() => agent.destroy());

/** One request as given, with nothing added but its length; a request that is not answered fails the test. */
function ask({ method = "POST", path = "/", headers = {}, body = "" }: Sent): Promise<Answer> {
  const { hostname, port } = new URL(cloud.endpoint);
  const timeout = 15_000;
  return new Promise((resolve, reject) => {
    // Node leaves the length of a DELETE's body out.
    const sized = { "content-length": Buffer.byteLength(body), ...headers };
    const sent = httpRequest({ hostname, port, method, path, headers: sized, agent, timeout }, (answer) => {
      let text = "";
      answer.setEncoding("latin1").on("data", (part: string) => (text += part));
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
    });
    sent.on("timeout", () => sent.destroy(new Error(`${method} ${path} was not answered`)));
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Raw bytes on a connection of their own, and all that comes back until it is closed. */
async function exchange(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(cloud.endpoint).port), "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (text: string) => (answer += text));
  socket.end(bytes);
  await once(socket, "close");
  return answer;
}
const isWell = async () => (await ask({ method: "GET", path: "/_cloudstack/health" })).status === 200;

describe("an operation that the engine does not do is refused with 501 and its name, over", () => {
  test.each<[string, Sent, string]>([
    [
      "query",
      { headers: { ...FORM, ...signedFor("rds") }, body: "Action=DescribeDBInstances&Version=2014-10-31" },
      "rds:DescribeDBInstances",
    ],
    [
      "ec2",
      { headers: { ...FORM, ...signedFor("ec2") }, body: "Action=DescribeVpcs&Version=2016-11-15" },
      "ec2:DescribeVpcs",
    ],
    ["JSON 1.1", { headers: json("TrentService.CreateCustomKeyStore", "1.1"), body: "{}" }, "kms:CreateCustomKeyStore"],
    [
      "JSON 1.0",
      { headers: json("AWSStepFunctions.ListStateMachines"), body: "{}" },
      "stepfunctions:ListStateMachines",
    ],
    [
      "REST with JSON",
      { method: "GET", path: "/2015-03-31/functions", headers: signedFor("lambda") },
      "lambda:ListFunctions",
    ],
    [
      "REST with XML",
      { method: "GET", path: "/2013-04-01/hostedzone", headers: signedFor("route53") },
      "route53:ListHostedZones",
    ],
    [
      "CBOR",
      {
        path: "/service/GraniteServiceVersion20100801/operation/ListMetrics",
        headers: CBOR,
        body: Uint8Array.of(0xa0),
      },
      "cloudwatch:ListMetrics",
    ],
  ])("%s", async (_protocol, sent, name) => {
    const { status, text, headers } = await ask(sent);
    expect(status).toBe(501);
    // REST with JSON names the error's type in a header.
    expect(text + String(headers["x-amzn-errortype"])).toContain("NotImplemented");
    expect(text).toContain(name);
  });
});

describe("what no service knows is refused by name", () => {
  test.each<[string, Sent, number, string]>([
    ["a target", { headers: json("Nobody_20300101.DoIt"), body: "{}" }, 400, "Nobody_20300101.DoIt"],
    ["a known service's operation", { headers: json("AmazonSQS.DoIt"), body: "{}" }, 400, "AmazonSQS.DoIt"],
    ["an action", { headers: { ...FORM, ...signedFor("sts") }, body: "Action=DoIt&Version=2011-06-15" }, 400, "DoIt"],
    ["a form without an action", { headers: { ...FORM, ...signedFor("sts") }, body: "a=b" }, 400, "MissingAction"],
    ["a signing name", { method: "GET", path: "/x", headers: signedFor("nobody") }, 404, "nobody"],
    ["a path", { method: "GET", path: "/no/such/path", headers: signedFor("lambda") }, 404, "/no/such/path"],
    [
      "an operation over CBOR",
      { path: "/service/Nobody/operation/DoIt", headers: CBOR },
      404,
      "/service/Nobody/operation/DoIt",
    ],
  ])("%s", async (_what, sent, status, text) => {
    expect(await ask(sent)).toMatchObject({ status, text: expect.stringContaining(text) });
  });
});

describe("a body that cannot be read is refused, and the engine goes on", () => {
  test.each<[string, Sent, number, string]>([
    ["JSON", { headers: json("AmazonSQS.ListQueues"), body: "{no" }, 400, "SerializationException"],
    [
      "JSON of another type",
      { headers: json("DynamoDB_20120810.ListTables"), body: "[1]" },
      400,
      "SerializationException",
    ],
    [
      "UTF-8 in JSON",
      { headers: json("AmazonSQS.ListQueues"), body: Uint8Array.of(0x7b, 0x22, 0xff) },
      400,
      "SerializationException",
    ],
    ["nothing for JSON that needs something", { headers: json("AmazonSQS.CreateQueue"), body: "" }, 400, "QueueName"],
    [
      "JSON nested 100,000 deep",
      { headers: json("DynamoDB_20120810.PutItem"), body: `{"Item":${'{"M":'.repeat(100_000)}` },
      400,
      "SerializationException",
    ],
    ["XML", { method: "PUT", path: "/bad-xml?versioning", body: "<Versioning" }, 400, "MalformedXML"],
    ["XML of another kind", { method: "PUT", path: "/bad-xml?tagging", body: "<Other/>" }, 400, "MalformedXML"],
    [
      "XML with entities of its own",
      {
        method: "PUT",
        path: "/bad-xml?versioning",
        body: '<!DOCTYPE a [<!ENTITY x "no">]><VersioningConfiguration><Status>&x;</Status></VersioningConfiguration>',
      },
      400,
      "MalformedXML",
    ],
    ["percent-encoding in a form", { headers: { ...FORM, ...signedFor("sts") }, body: "Action=%zz" }, 400, "<Error>"],
  ])("%s", async (_what, sent, status, text) => {
    await ask({ method: "PUT", path: "/bad-xml" });
    expect(await ask(sent)).toMatchObject({ status, text: expect.stringContaining(text) });
    expect(await isWell()).toBe(true);
  });
});

describe("a body that is not what its digest says is refused and not stored", () => {
  test.each<[string, Record<string, string>, string]>([
    ["Content-MD5", { "content-md5": "AAAAAAAAAAAAAAAAAAAAAA==" }, "BadDigest"],
    ["Content-MD5 of the wrong form", { "content-md5": "nonsense" }, "InvalidDigest"],
    ["CRC32", { "x-amz-checksum-crc32": "AAAAAA==" }, "BadDigest"],
    ["CRC32C", { "x-amz-checksum-crc32c": "AAAAAA==" }, "BadDigest"],
    ["CRC64NVME", { "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" }, "BadDigest"],
    ["SHA-1", { "x-amz-checksum-sha1": "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" }, "BadDigest"],
    ["SHA-256", { "x-amz-checksum-sha256": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }, "BadDigest"],
    ["the signed digest", { "x-amz-content-sha256": "0".repeat(64) }, "XAmzContentSHA256Mismatch"],
  ])("%s", async (_what, headers, code) => {
    await ask({ method: "PUT", path: "/digests" });
    const answer = await ask({ method: "PUT", path: "/digests/object", headers, body: "hello" });
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining(`<Code>${code}</Code>`) });
    expect((await ask({ method: "HEAD", path: "/digests/object" })).status).toBe(404);
  });
});

describe("requests that end early, are too large or are no HTTP", () => {
  beforeAll(() => ask({ method: "PUT", path: "/early" }));

  test("a body shorter than its length is not stored", async () => {
    await exchange("PUT /early/short HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhello");
    expect((await ask({ method: "HEAD", path: "/early/short" })).status).toBe(404);
    expect(await isWell()).toBe(true);
  });

  test("a frame that is cut off is not stored", async () => {
    const head = "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\nx-amz-decoded-content-length: 100";
    const answer = await exchange(
      `PUT /early/cut HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${head}\r\ncontent-length: 10\r\n\r\n64\r\nhello!`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect((await ask({ method: "HEAD", path: "/early/cut" })).status).toBe(404);
  });

  test("an operation's body has a limit, and what is above it is refused", async () => {
    const body = Buffer.alloc(128 * 1024 ** 2 + 1, " ");
    const answer = await ask({ headers: json("DynamoDB_20120810.PutItem"), body });
    expect(answer).toMatchObject({ status: 413, text: expect.stringContaining("RequestEntityTooLarge") });
    expect(await isWell()).toBe(true);
  });

  test.each(["/early/%zz", "/early/%", "/early/%ff%fe", "/%e0%a4%a/x"])("the path %s is refused", async (path) => {
    expect((await ask({ method: "GET", path })).status).toBe(400);
    expect((await ask({ method: "PUT", path, body: "x" })).status).toBe(400);
  });

  test("a line break in a header's value reaches no answer", async () => {
    await ask({ method: "PUT", path: "/early/plain", body: "x" });
    const overridden = await ask({
      method: "GET",
      path: "/early/plain?response-content-type=a%0d%0ax-evil:%20yes",
    });
    expect([overridden.status, overridden.headers["content-type"]]).toEqual([200, "a  x-evil: yes"]);
    expect(overridden.headers).not.toHaveProperty("x-evil");
  });

  test("HEAD of what is missing answers 404 without a body", async () => {
    expect(await ask({ method: "HEAD", path: "/early/none" })).toMatchObject({ status: 404, text: "" });
    expect(await ask({ method: "HEAD", path: "/nowhere-at-all" })).toMatchObject({ status: 404, text: "" });
  });
});

describe("ten thousand random requests", () => {
  const piece = constantFrom(
    "bucket",
    "%",
    "%00",
    "%2e%2e",
    "..",
    "//",
    "%ff",
    "ü",
    "a".repeat(300),
    "111111111111",
    "x",
  );
  const query = constantFrom(
    "acl",
    "uploads",
    "versionId",
    "list-type=2",
    "max-keys",
    "Action=SendMessage",
    "delete",
    "tagging",
  );
  const value = oneof(
    string({ maxLength: 40 }),
    constantFrom("application/cbor", "application/x-amz-json-1.0", "-1", "bytes=9-1", "aws-chunked", "%zz", "1e999"),
  ).map((text) => text.replaceAll(/[^\x20-\x7e]/g, ""));
  const header = constantFrom(
    "content-type",
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-acl",
    "range",
    "if-match",
    "if-modified-since",
    "x-amz-decoded-content-length",
    "x-amz-tagging",
    "x-amz-checksum-crc32",
    "authorization",
    "x-amz-date",
    "host",
    "content-encoding",
    "x-amz-meta-a",
    "x-amz-bucket-object-lock-enabled",
    "x-amz-trailer",
    "content-md5",
  );
  const target = constantFrom(
    "AmazonSQS.SendMessage",
    "AmazonSQS.CreateQueue",
    "AmazonSQS.ReceiveMessage",
    "AmazonSQS.SetQueueAttributes",
    "DynamoDB_20120810.CreateTable",
    "DynamoDB_20120810.PutItem",
    "DynamoDB_20120810.UpdateItem",
    "DynamoDB_20120810.Query",
    "DynamoDB_20120810.TransactWriteItems",
    "DynamoDB_20120810.BatchWriteItem",
    "x",
    ".",
  );
  const key = constantFrom(
    "TableName",
    "Item",
    "Key",
    "QueueUrl",
    "QueueName",
    "Attributes",
    "MessageBody",
    "__proto__",
    "KeySchema",
    "KeyConditionExpression",
    "UpdateExpression",
    "ExpressionAttributeValues",
    "RequestItems",
    "TransactItems",
    "constructor",
  );
  const scalar = oneof(string({ maxLength: 20 }), constantFrom(null, 0, -1, 1e308, true, [], {}, "\ud800"));
  const member = oneof(
    scalar,
    array(scalar, { maxLength: 3 }),
    dictionary(string({ maxLength: 8 }), scalar, { maxKeys: 3 }),
  );
  const jsonRequest = record({ target, body: dictionary(key, member, { maxKeys: 5 }) }).map(
    ({ target: name, body }): Sent => ({ headers: json(name), body: JSON.stringify(body) }),
  );
  const restRequest = record({
    method: constantFrom("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS"),
    path: array(piece, { maxLength: 4 }),
    query: array(query, { maxLength: 2 }),
    headers: dictionary(header, value, { maxKeys: 4 }),
    body: oneof(uint8Array({ maxLength: 200 }), constantFrom(Buffer.from("<a><b>"), Buffer.from("Action=ListQueues"))),
  }).map(({ method, path, query: parts, headers, body }): Sent => {
    const hasBody = method !== "GET" && method !== "HEAD";
    const written = `/${path.join("/")}`.replaceAll("ü", "%C3%BC");
    return { method, path: `${written}?${parts.join("&")}`, headers, ...(hasBody && { body }) };
  });

  test("are each answered, and never as a failure of the engine", async () => {
    await ask({ method: "PUT", path: "/bucket" });
    const batch = array(oneof(restRequest, jsonRequest), { minLength: 50, maxLength: 50, size: "max" });
    await assert(
      asyncProperty(batch, async (requests) => {
        const answers = await Promise.all(requests.map(ask));
        const failed = answers.flatMap(({ status, text }, index) =>
          status >= 500 && status !== 501 ? [{ status, text, request: requests[index] }] : [],
        );
        expect(failed).toEqual([]);
      }),
      { numRuns: 200, seed: 4566, endOnFailure: true },
    );
    expect(await isWell()).toBe(true);
  });
});

describe("accounts and regions", () => {
  test("never see each other", async () => {
    const scopes = [
      ["222222222222", "us-east-1"],
      ["333333333333", "us-east-1"],
      ["333333333333", "eu-west-1"],
    ] as const;
    for (const [index, [account, region]] of scopes.entries()) {
      const configuration = cloud.aws(account, region);
      const sqs = new SQSClient(configuration);
      const dynamodb = new DynamoDBClient(configuration);
      await sqs.send(new CreateQueueCommand({ QueueName: `queue-${index}` }));
      await dynamodb.send(
        new CreateTableCommand({
          TableName: `table-${index}`,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        }),
      );
      const { QueueUrls } = await sqs.send(new ListQueuesCommand({}));
      expect(QueueUrls).toEqual([`${cloud.endpoint}/${account}/queue-${index}`]);
      expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual([`table-${index}`]);
    }
    // A bucket belongs to an account; its owner lists those of every region, as AWS does.
    const [mine, others] = scopes.map(
      ([account, region]) => new S3Client({ ...cloud.aws(account, region), forcePathStyle: true }),
    );
    await mine?.send(new CreateBucketCommand({ Bucket: "mine-alone" }));
    expect((await others?.send(new ListBucketsCommand({})))?.Buckets ?? []).toEqual([]);
    expect((await mine?.send(new ListBucketsCommand({})))?.Buckets?.map(({ Name }) => Name)).toEqual(["mine-alone"]);
    await expect(others?.send(new CreateBucketCommand({ Bucket: "mine-alone" }))).rejects.toMatchObject({
      name: "BucketAlreadyExists",
    });
  });
});
