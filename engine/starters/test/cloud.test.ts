import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { CloudStacks } from "@cloudstacks/engine";
import { expectPlan } from "@cloudstacks/engine/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

let cloud: CloudStacks;
beforeAll(async () => {
  cloud = await CloudStacks.start();
});
afterAll(() => cloud.stop());

test("each new file is told to the queue", async () => {
  const { outputs } = await cloud.deploy("cloud.yaml");
  const Bucket = String(outputs["Files"]);
  const QueueUrl = String(outputs["Work"]);
  await cloud.client(S3Client).send(new PutObjectCommand({ Bucket, Key: "in/one.csv", Body: "a,b" }));
  await cloud.settled();
  const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
  const { Messages = [] } = await cloud.client(SQSClient).send(receive);
  // The first message is S3's test of the queue.
  const events = Messages.map(({ Body }) => JSON.parse(Body ?? "")).filter(({ Event }) => Event !== "s3:TestEvent");
  expect(events.map(({ Records }) => Records[0].s3.object.key)).toEqual(["in/one.csv"]);
});

test("deploying it again changes nothing", async () => {
  await expectPlan("cloud.yaml", { since: "cloud.yaml" }).toBeEmpty();
});
