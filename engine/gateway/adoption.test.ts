import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCloud } from "../testing/cloud.ts";
import { adopt } from "./adoption.ts";

const SCOPE = { account: "111111111111", region: "us-east-1" };
const instance = (type: string, name: string, attributes: object, dependencies: readonly string[] = []) => ({
  mode: "managed",
  type,
  name,
  provider: 'provider["registry.terraform.io/hashicorp/aws"]',
  instances: [{ schema_version: 0, attributes, dependencies }],
});
const stateOf = (...resources: readonly object[]) => JSON.stringify({ version: 4, resources });

async function cloudWithQueues() {
  const cloud = await startCloud();
  const sqs = new SQSClient(cloud.aws());
  onTestFinished(async () => {
    sqs.destroy();
    await cloud.stop();
  });
  const { engine } = cloud;
  const QueueArn = "arn:aws:sqs:us-east-1:111111111111:lost";
  await sqs.send(new CreateQueueCommand({ QueueName: "lost" }));
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount: 3 });
  await sqs.send(new CreateQueueCommand({ QueueName: "jobs", Attributes: { RedrivePolicy } }));
  const deploy = (text: string, stack = "shop") =>
    engine.stacks.deploy({ scope: SCOPE, stack, source: { file: "shop.yaml", text } });
  return { engine, deploy };
}

const QUEUES = [
  instance("aws_sqs_queue", "lost", { name: "lost" }),
  instance("aws_sqs_queue", "jobs", { name: "jobs" }, ["aws_sqs_queue.lost"]),
];

describe("a state of Terraform", () => {
  test("becomes a stack that refers where the state says that it depends, and whose second plan is empty", async () => {
    const { engine, deploy } = await cloudWithQueues();
    const { text, left } = await adopt(engine, SCOPE, { stack: "shop", state: stateOf(...QUEUES) });
    expect(left).toEqual([]);
    expect(text).toContain("deadLetterTargetArn: !GetAtt Lost.Arn");
    expect(await deploy(text)).toMatchObject({
      status: "deployed",
      plan: { summary: { import: 2, create: 0, update: 0, replace: 0, delete: 0 } },
    });
    const again = await adopt(engine, SCOPE, { stack: "shop", state: stateOf(...QUEUES) });
    expect(await deploy(again.text)).toMatchObject({ status: "unchanged" });
  });

  test("says by name what is not taken over", async () => {
    const { engine } = await cloudWithQueues();
    const state = stateOf(
      ...QUEUES,
      instance("aws_sqs_queue", "gone", { name: "gone" }),
      instance("aws_instance", "web", { id: "i-1" }),
      instance("aws_s3_bucket_versioning", "photos", { bucket: "photos", id: "photos" }),
      { ...instance("aws_sqs_queue", "read", { name: "lost" }), mode: "data" },
    );
    expect((await adopt(engine, SCOPE, { stack: "shop", state })).left).toEqual([
      { address: "aws_instance.web", reason: "CloudStacks has no type for aws_instance" },
      {
        address: "aws_s3_bucket_versioning.photos",
        reason: "it is a part of an aws_s3_bucket that the state does not have",
      },
      { address: "Gone", reason: "this engine has no AWS::SQS::Queue with the id gone" },
    ]);
  });

  test("is refused beside what its stack has already", async () => {
    const { engine, deploy } = await cloudWithQueues();
    await deploy("Resources: {Photos: {Type: Bucket}}");
    await expect(adopt(engine, SCOPE, { stack: "shop", state: stateOf(...QUEUES) })).rejects.toThrow(
      "The stack shop has Photos beside what is to be taken over: choose another name.",
    );
  });

  test.each([
    ["{", "it is not JSON"],
    ['{"version":3}', "its version is 3, and 4 is read"],
    ["null", "its version is undefined, and 4 is read"],
  ])("that is %s is refused", async (state, reason) => {
    const { engine } = await cloudWithQueues();
    await expect(adopt(engine, SCOPE, { stack: "shop", state })).rejects.toThrow(reason);
  });
});

test("what belongs to no stack becomes one", async () => {
  const { engine, deploy } = await cloudWithQueues();
  await deploy("Resources: {Photos: {Type: Bucket}, News: {Type: AWS::SNS::Topic}}", "other");
  const { text } = await adopt(engine, SCOPE, { stack: "shop" });
  expect(await deploy(text)).toMatchObject({ plan: { summary: { import: 2 } } });
  const { resources = [] } = (await engine.stacks.get(SCOPE, "shop")) ?? {};
  expect(resources.map(({ logicalId, type, id }) => [logicalId, type, id])).toEqual([
    ["Jobs", "Queue", "jobs"],
    ["Lost", "Queue", "lost"],
  ]);
  const again = await adopt(engine, SCOPE, { stack: "shop" });
  expect(await deploy(again.text)).toMatchObject({ status: "unchanged" });
});
