import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { seededRandom } from "../../engine/platform/random.ts";
import { emptyFolder, startServer, type RunningServer } from "./kit/cloudstack.ts";

const ROUNDS = 5;
const CLIENTS = 8;
const random = seededRandom(20_300_102);
const TOPIC = "arn:aws:sns:us-east-1:111111111111:news";
const READERS = ["first", "second"];

let folder: ReturnType<typeof emptyFolder>;
beforeEach(() => {
  folder = emptyFolder();
});
afterEach(() => folder.remove());

const options = (endpoint: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "111111111111", secretAccessKey: "secret" },
  maxAttempts: 1,
});
const url = (server: RunningServer, name: string) => `${server.endpoint}/111111111111/${name}`;

async function sns(server: RunningServer, input: Record<string, string>): Promise<void> {
  const authorization =
    "AWS4-HMAC-SHA256 Credential=111111111111/20300101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0";
  const body = new URLSearchParams({ ...input, Version: "2010-03-31" });
  const response = await fetch(server.endpoint, { method: "POST", headers: { authorization }, body });
  if (!response.ok) throw new Error(await response.text());
  await response.text();
}

async function prepare(server: RunningServer, sqs: SQSClient): Promise<void> {
  await sns(server, { Action: "CreateTopic", Name: "news" });
  for (const QueueName of ["work", ...READERS]) await sqs.send(new CreateQueueCommand({ QueueName }));
  for (const name of READERS) {
    await sns(server, {
      Action: "Subscribe",
      TopicArn: TOPIC,
      Protocol: "sqs",
      Endpoint: `arn:aws:sqs:us-east-1:111111111111:${name}`,
      "Attributes.entry.1.key": "RawMessageDelivery",
      "Attributes.entry.1.value": "true",
    });
  }
}

/** What clients were told before the engine was killed under them. */
interface Acknowledged {
  readonly sent: Set<string>;
  readonly published: Set<string>;
  readonly deleted: Set<string>;
}

/** Clients send, receive, delete and publish until the engine, killed at a random moment, answers no more. */
async function workUntilKilled(server: RunningServer, sqs: SQSClient, round: number): Promise<Acknowledged> {
  const known: Acknowledged = { sent: new Set(), published: new Set(), deleted: new Set() };
  const killAfter = 50 + (random.bytes(1)[0] ?? 0);
  let answers = 0;
  const QueueUrl = url(server, "work");
  const step = async (name: string) => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: name }));
    known.sent.add(name);
    await sns(server, { Action: "Publish", TopicArn: TOPIC, Message: name });
    known.published.add(name);
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 1 }));
    for (const { Body = "", ReceiptHandle } of Messages) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: ReceiptHandle! }));
      known.deleted.add(Body);
    }
    answers += 1;
    if (answers === killAfter) await server.end("SIGKILL");
  };
  const client = async (_: unknown, number: number) => {
    try {
      for (let n = 0; ; n++) await step(`${round}-${number}-${n}`);
    } catch {
      // The engine is gone; what it did not answer may have happened or not.
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return known;
}

/** Empties a queue for good and gives what was in it. */
async function drained(server: RunningServer, sqs: SQSClient, name: string): Promise<string[]> {
  const QueueUrl = url(server, name);
  const bodies: string[] = [];
  for (;;) {
    // Longer than any message of the work is hidden.
    const wish = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(wish));
    if (Messages.length === 0) return bodies.toSorted();
    for (const { Body = "", ReceiptHandle } of Messages) {
      bodies.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: ReceiptHandle! }));
    }
  }
}

test(`what clients were told holds after ${ROUNDS} kills, and a message reaches all queues or none`, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const server = await startServer(folder.path);
    const sqs = new SQSClient(options(server.endpoint));
    await prepare(server, sqs);
    const known = await workUntilKilled(server, sqs, round);
    sqs.destroy();

    const after = await startServer(folder.path);
    const client = new SQSClient(options(after.endpoint));
    const [work, first, second] = await Promise.all(["work", ...READERS].map((name) => drained(after, client, name)));
    expect(new Set(work).size).toBe(work!.length);
    // Each client may have had one deletion done and not answered.
    const missing = [...known.sent].filter((name) => !known.deleted.has(name) && !work!.includes(name));
    expect(missing.length).toBeLessThanOrEqual(CLIENTS);
    expect(work!.filter((name) => known.deleted.has(name))).toEqual([]);
    expect(second).toEqual(first);
    expect([...known.published].filter((name) => !first!.includes(name))).toEqual([]);
    client.destroy();
    await after.end("SIGTERM");
  }
});
