import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test } from "vitest";
import { startCloud } from "../testing/cloud.ts";
import { recordOperations, type Recording } from "./called-operations.ts";

const SCOPE = { account: "111111111111", region: "us-east-1" } as const;
const STACK = `
Resources:
  Orders: { Type: AWS::SQS::Queue, Properties: { QueueName: orders } }
  Disk: { Type: Volume, Properties: { Size: 10 } }
`;
const request = { scope: SCOPE, stack: "shop", source: { file: "shop.yaml", text: STACK } };

async function started() {
  const cloud = await startCloud();
  onTestFinished(() => cloud.stop());
  return cloud;
}

const lines = (recording: Recording) =>
  recording.rows().map((row) => `${row.count} ${row.cloud} ${row.service} ${row.operation} ${row.resource}`);

test("what clients ask for is recorded by operation and by what it is about", async () => {
  const cloud = await started();
  const recording = recordOperations(cloud.engine.passage);
  const s3 = new S3Client({ ...cloud.aws(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  for (const Body of ["a", "b"]) await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "2030/beach.jpg", Body }));
  const QueueUrl = `${cloud.endpoint}/111111111111/missing`;
  const sent = new SQSClient(cloud.aws()).send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  await expect(sent).rejects.toThrow("does not exist");
  const seen = [
    "1 aws s3 CreateBucket photos",
    "2 aws s3 PutObject photos/2030/beach.jpg",
    "1 aws sqs SendMessage missing",
  ];
  expect(lines(recording)).toEqual(seen);
  recording.stop();
  await s3.send(new CreateBucketCommand({ Bucket: "more" }));
  expect(lines(recording)).toEqual(seen);
  expect(cloud.engine.passage.gate).toBeUndefined();
});

test("what a plan reads and a deployment does is recorded; of AWS's types, what they are made of", async () => {
  const { engine } = await started();
  const first = recordOperations(engine.passage);
  await engine.stacks.plan(request);
  expect(lines(first)).toEqual([]);
  expect((await engine.stacks.deploy(request)).status).toBe("deployed");
  first.stop();
  expect(lines(first)).toEqual([
    "1 aws sqs CreateQueue orders",
    "1 aws sqs GetQueueAttributes orders",
    "2 aws sqs GetQueueUrl orders",
    "1 aws sqs ListQueueTags orders",
    "1 native volumes Volume.create shop/Disk",
  ]);
  const second = recordOperations(engine.passage);
  await engine.stacks.plan(request);
  expect(lines(second)).toEqual([
    "1 aws sqs GetQueueAttributes orders",
    "1 aws sqs GetQueueUrl orders",
    "1 aws sqs ListQueueTags orders",
    "1 native volumes Volume.read shop/Disk",
  ]);
});

test("a call counts once, however often its transaction had to run", async () => {
  const { engine } = await started();
  const disks = Array.from({ length: 40 }, (_, index) => `  Disk${index}: { Type: Volume, Properties: { Size: 1 } }`);
  const text = ["Resources:", ...disks].join("\n");
  const recording = recordOperations(engine.passage);
  await engine.stacks.deploy({ ...request, source: { file: "shop.yaml", text } });
  expect(recording.rows().length).toBe(40);
  expect(recording.rows().every(({ count }) => count === 1)).toBe(true);
});
