import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { clientOptions, type Load } from "./known.ts";

const TOPIC = "arn:aws:sns:us-east-1:111111111111:crash-news";
const READERS = ["crash-first", "crash-second"];
const GROUPS = 2;
const ACCESS = "AWS4-HMAC-SHA256 Credential=111111111111/20300101/us-east-1/sns/aws4_request";
const authorization = `${ACCESS}, SignedHeaders=host, Signature=0`;

async function sns(endpoint: string, input: Record<string, string>): Promise<void> {
  const body = new URLSearchParams({ ...input, Version: "2010-03-31" });
  const response = await fetch(endpoint, { method: "POST", headers: { authorization }, body });
  const answer = await response.text();
  // Named as the SDK names it, so that a refusal is told from a connection that ended.
  if (!response.ok) throw Object.assign(new Error(answer), { $metadata: { httpStatusCode: response.status } });
}

/** A set of names that were sent, and of those that were also answered. */
class Told {
  readonly attempted = new Set<string>();
  readonly acknowledged = new Set<string>();

  async tell(name: string, send: () => Promise<unknown>): Promise<void> {
    this.attempted.add(name);
    await send();
    this.acknowledged.add(name);
  }
}

/** Messages sent, received and deleted, sent in order, and published to two queues. */
export function messageLoad(): Load {
  const [sent, deleted, published] = [new Told(), new Told(), new Told()];
  /** The next number of each group, which is sent again after a crash when it was not answered. */
  const ordered = Array.from({ length: GROUPS }, () => 0);
  let count = 0;

  const queueAt = (endpoint: string, name: string) => `${endpoint}/111111111111/${name}`;

  async function sendInOrder(sqs: SQSClient, QueueUrl: string, group: number): Promise<void> {
    const MessageBody = `${group}:${ordered[group]}`;
    const order = { MessageGroupId: `group-${group}`, MessageDeduplicationId: MessageBody.replace(":", "-") };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...order }));
    ordered[group] = (ordered[group] ?? 0) + 1;
  }

  async function receive(sqs: SQSClient, QueueUrl: string): Promise<void> {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 1 }));
    for (const { Body = "", ReceiptHandle } of Messages) {
      expect([...deleted.acknowledged]).not.toContain(Body);
      await deleted.tell(Body, () => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })));
    }
  }

  /** Empties a queue for good and gives what was in it, in the order of arrival. */
  async function drained(sqs: SQSClient, QueueUrl: string): Promise<string[]> {
    const bodies: string[] = [];
    for (;;) {
      // Waits for longer than any message of the work is hidden, and for what is still on its way to the queue.
      const wish = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(wish));
      if (Messages.length === 0) return bodies;
      for (const { Body = "", ReceiptHandle } of Messages) {
        bodies.push(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  return {
    async prepare(endpoint) {
      const sqs = new SQSClient(clientOptions(endpoint));
      for (const QueueName of ["crash-work", ...READERS]) await sqs.send(new CreateQueueCommand({ QueueName }));
      const fifo = { QueueName: "crash-ordered.fifo", Attributes: { FifoQueue: "true" } };
      await sqs.send(new CreateQueueCommand(fifo));
      await sns(endpoint, { Action: "CreateTopic", Name: "crash-news" });
      for (const name of READERS) {
        const Endpoint = `arn:aws:sqs:us-east-1:111111111111:${name}`;
        const raw = { "Attributes.entry.1.key": "RawMessageDelivery", "Attributes.entry.1.value": "true" };
        await sns(endpoint, { Action: "Subscribe", TopicArn: TOPIC, Protocol: "sqs", Endpoint, ...raw });
      }
    },
    clients(endpoint) {
      const sqs = new SQSClient(clientOptions(endpoint));
      const work = queueAt(endpoint, "crash-work");
      const nextName = () => `message ${(count += 1)}`;
      const send = (name: string) => () =>
        sqs.send(new SendMessageCommand({ QueueUrl: work, MessageBody: name }));
      const publish = (Message: string) => () => sns(endpoint, { Action: "Publish", TopicArn: TOPIC, Message });
      const told = (into: Told, how: (name: string) => () => Promise<unknown>) => () => {
        const name = nextName();
        return into.tell(name, how(name));
      };
      const inOrder = ordered.map((_, group) => () => sendInOrder(sqs, queueAt(endpoint, "crash-ordered.fifo"), group));
      return [told(sent, send), told(sent, send), () => receive(sqs, work), told(published, publish), ...inOrder];
    },
    async check() {
      // Receiving changes what there is, so a queue is judged when it is emptied: over all crashes at once.
    },
    async checkWhole(endpoint) {
      const sqs = new SQSClient(clientOptions(endpoint));
      const fifo = queueAt(endpoint, "crash-ordered.fifo");
      for (let group = 0; group < GROUPS; group++) await sendInOrder(sqs, fifo, group);
      const names = ["crash-work", ...READERS, "crash-ordered.fifo"];
      const [work, first, second, inOrder] = await Promise.all(
        names.map((name) => drained(sqs, queueAt(endpoint, name))));
      sqs.destroy();
      const left = new Set(work);
      expect(left.size).toBe(work?.length);
      expect([...sent.acknowledged].filter((name) => !deleted.attempted.has(name) && !left.has(name))).toEqual([]);
      expect([...left].filter((name) => deleted.acknowledged.has(name) || !sent.attempted.has(name))).toEqual([]);
      expect(second?.toSorted()).toEqual(first?.toSorted());
      expect(new Set(first).size).toBe(first?.length);
      expect([...published.acknowledged].filter((name) => !first?.includes(name))).toEqual([]);
      expect(first?.filter((name) => !published.attempted.has(name))).toEqual([]);
      for (const [group, length] of ordered.entries()) {
        const ofGroup = inOrder?.filter((body) => body.startsWith(`${group}:`));
        expect(ofGroup).toEqual(Array.from({ length }, (_, number) => `${group}:${number}`));
      }
    },
    counts: () => ({
      sent: sent.acknowledged.size,
      deleted: deleted.acknowledged.size,
      published: published.acknowledged.size,
      ordered: ordered.reduce((sum, length) => sum + length, 0),
    }),
  };
}
