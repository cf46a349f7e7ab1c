import { connect } from "node:net";
import { text } from "node:stream/consumers";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { manualClock, type ManualClock } from "../../../platform/clock.ts";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

let cloud: TestCloud;
let clock: ManualClock;
let sqs: SQSClient;
let QueueUrl: string;
beforeEach(async () => {
  clock = manualClock();
  cloud = await startCloud({ clock });
  sqs = new SQSClient(cloud.aws());
  await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  QueueUrl = `${cloud.endpoint}/111111111111/q`;
});
afterEach(async () => {
  sqs.destroy();
  await cloud.stop();
});

/** A receive that waits twenty seconds, over a connection that the test has in its hand. */
function poll() {
  const { port, hostname } = new URL(cloud.endpoint);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  const body = JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 });
  const head = [
    "POST / HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/x-amz-json-1.0",
    "X-Amz-Target: AmazonSQS.ReceiveMessage",
    "Authorization: AWS4-HMAC-SHA256 Credential=111111111111/20300101/us-east-1/sqs/aws4_request, " +
      "SignedHeaders=host, Signature=0",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  return socket;
}

const bodies = async () => {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  return Messages.map(({ Body }) => Body);
};

test("a message that was received is not hidden for longer than twelve hours in all", async () => {
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const hide = (VisibilityTimeout: number) =>
    sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: Messages[0]!.ReceiptHandle, VisibilityTimeout }),
    );
  clock.advanceSeconds(20);
  await expect(hide(43_200)).rejects.toMatchObject({
    name: "InvalidParameterValue",
    message:
      "Value 43200 for parameter VisibilityTimeout is invalid. " +
      "Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
  });
  await hide(43_180);
});

describe("a long poll", () => {
  test("of a client that goes takes no message with it", async () => {
    const socket = poll();
    await cloud.engine.settled();
    socket.end();
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 [^]*\r\n\r\n\{\}$/);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "for somebody else" }));
    expect(await bodies()).toEqual(["for somebody else"]);
  });

  test("of a client that has gone before it began looks once, and does not wait", async () => {
    const socket = poll();
    socket.end();
    expect(await text(socket)).toMatch(/\r\n\r\n\{\}$/);
  });
});
