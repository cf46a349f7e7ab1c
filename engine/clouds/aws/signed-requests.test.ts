import { createHash, createHmac } from "node:crypto";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signingKey } from "../../protocols/aws/signature.ts";
import { startCloud, type TestCloud } from "../../testing/cloud.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG";
let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud({ secretKey: SECRET });
});
afterAll(() => cloud.stop());

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const stamp = () => new Date(cloud.engine.time.show().machineMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");

interface Signing {
  readonly service: string;
  readonly method: string;
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** As botocore signs: the hash of the body is told by no header. */
function signatureOf({ service, method, query = "", headers, body }: Signing, at: string): string {
  const names = Object.keys(headers);
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const canonical = [method, "/", query, lines, names.join(";"), sha256(body)].join("\n");
  const scope = `${at.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const key = signingKey(SECRET, at.slice(0, 8), "us-east-1", service);
  return createHmac("sha256", key).update(`AWS4-HMAC-SHA256\n${at}\n${scope}\n${sha256(canonical)}`).digest("hex");
}

const credentialAt = (at: string, service: string) =>
  `111111111111/${at.slice(0, 8)}/us-east-1/${service}/aws4_request`;

async function listQueues(body: string, sent: RequestInit["body"] = body, more: Readonly<Record<string, string>> = {}) {
  const at = stamp();
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    host: new URL(cloud.endpoint).host,
    ...more,
    "x-amz-date": at,
    "x-amz-target": "AmazonSQS.ListQueues",
  };
  const signature = signatureOf({ service: "sqs", method: "POST", headers, body }, at);
  const signed = Object.keys(headers).join(";");
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${credentialAt(at, "sqs")}, SignedHeaders=${signed}, Signature=${signature}`;
  const options = { method: "POST", headers: { ...headers, authorization }, body: sent, duplex: "half" };
  return fetch(cloud.endpoint, options as RequestInit);
}

const streamed = (text: string) =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from(text));
      controller.close();
    },
  });

describe("with a secret key, requests are served", () => {
  test("of SDKs, in every protocol", async () => {
    const credentials = { accessKeyId: "111111111111", secretAccessKey: SECRET };
    const settings = { ...cloud.aws(), credentials };
    expect((await new SQSClient(settings).send(new ListQueuesCommand({}))).$metadata.httpStatusCode).toBe(200);
    expect((await new DynamoDBClient(settings).send(new ListTablesCommand({}))).TableNames).toEqual([]);
    expect((await new STSClient(settings).send(new GetCallerIdentityCommand({}))).Account).toBe("111111111111");
  });

  test("whose hash of the body no header tells, whole or in chunks", async () => {
    expect((await listQueues("{}")).status).toBe(200);
    expect((await listQueues("{}", streamed("{}"))).status).toBe(200);
  });

  test("not with another body than was signed, whatever a header says of it", async () => {
    expect((await listQueues("{}", '{"MaxResults":1}')).status).toBe(403);
    const told = { "x-amz-content-sha256": sha256("{}") };
    expect((await listQueues("{}", '{"MaxResults":1}', told)).status).toBe(403);
  });

  test("at a presigned address of a service other than S3", async () => {
    const at = stamp();
    const query = new URLSearchParams([
      ["Action", "GetCallerIdentity"],
      ["Version", "2011-06-15"],
      ["X-Amz-Algorithm", "AWS4-HMAC-SHA256"],
      ["X-Amz-Credential", credentialAt(at, "sts")],
      ["X-Amz-Date", at],
      ["X-Amz-Expires", "60"],
      ["X-Amz-SignedHeaders", "host"],
    ]).toString();
    const headers = { host: new URL(cloud.endpoint).host };
    const signature = signatureOf({ service: "sts", method: "GET", query, headers, body: "" }, at);
    const answer = await fetch(`${cloud.endpoint}/?${query}&X-Amz-Signature=${signature}`);
    expect([answer.status, /<Account>(\d+)/.exec(await answer.text())?.[1]]).toEqual([200, "111111111111"]);
  });
});
