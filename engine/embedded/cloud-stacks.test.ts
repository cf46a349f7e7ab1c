import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test } from "vitest";
import { CloudStacks, type StartOptions } from "./cloud-stacks.ts";
import { DeploymentFailed } from "./deployment.ts";

const INTAKE = `
Parameters:
  Hidden: { Type: Number, Default: 30 }
Resources:
  Jobs:
    Type: Queue
    Properties: { Name: jobs, VisibilityTimeout: !Ref Hidden }
  Files:
    Type: Bucket
    Properties: { Name: files }
Outputs:
  Queue: { Value: !Ref Jobs }
`;

async function started(options?: StartOptions): Promise<CloudStacks> {
  const cloud = await CloudStacks.start(options);
  onTestFinished(() => cloud.stop());
  return cloud;
}

test("a template's text is deployed, changed and destroyed", async () => {
  const cloud = await started();
  const first = await cloud.deploy(INTAKE, { stack: "intake" });
  expect(first.outputs).toEqual({ Queue: "jobs" });
  expect(first.stack("intake").status).toBe("deployed");
  expect((await cloud.plan(INTAKE, { stack: "intake" })).isEmpty).toBe(true);

  const second = await cloud.deploy(INTAKE, { stack: "intake", parameters: { Hidden: "60" } });
  expect(second.stack("intake").plan.summary).toMatchObject({ update: 1, none: 1 });
  expect(await cloud.outputs("intake")).toEqual({ Queue: "jobs" });

  await cloud.destroy(second);
  expect(await cloud.resources()).toEqual([]);
  expect(await cloud.outputs("intake")).toBeUndefined();
});

test("clients of the AWS SDK find what was deployed, and what they make is there, too", async () => {
  const cloud = await started();
  await cloud.deploy(INTAKE);
  const { Buckets = [] } = await cloud.client(S3Client).send(new ListBucketsCommand({}));
  expect(Buckets.map(({ Name }) => Name)).toEqual(["files"]);
  await cloud.client(DynamoDBClient).send(
    new CreateTableCommand({
      TableName: "orders",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  expect((await cloud.resources("Table")).map(({ id }) => id)).toEqual(["orders"]);
  expect(cloud.client(S3Client)).toBe(cloud.client(S3Client));
});

test("a file is deployed under its name, an object as the template that it is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-embedded-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "web.yaml");
  writeFileSync(file, INTAKE);
  const cloud = await started();
  expect((await cloud.deploy(file)).stacks.map(({ name }) => name)).toEqual(["web"]);
  const template = { Resources: { Own: { Type: "Bucket", Properties: { Name: "own" } } } };
  await cloud.deploy(template, { stack: "own", tags: { team: "shop" } });
  const bucket = (await cloud.resources("Bucket")).find(({ id }) => id === "own");
  expect(bucket?.properties).toMatchObject({ Labels: { team: "shop" } });
  await expect(cloud.deploy(join(folder, "none.yaml"))).rejects.toThrow(/^There is no file .*none[.]yaml[.]$/);
});

test("what is wrong with a template is told with its place, and nothing is touched", async () => {
  const cloud = await started();
  const failure = await cloud.deploy(INTAKE.replace("VisibilityTimeout", "Visibility")).catch((problem) => problem);
  expect(failure).toBeInstanceOf(DeploymentFailed);
  expect(failure.diagnostics.map(({ code }: { code: string }) => code)).toEqual(["CS1203"]);
  expect(failure.message).toContain("7 |     Properties: { Name: jobs, Visibility: !Ref Hidden }");
  expect(await cloud.resources()).toEqual([]);
});

test("a step that fails is named, and its stack is as it was", async () => {
  const cloud = await started();
  await cloud.deploy({ Resources: { Files: { Type: "Bucket", Properties: { Name: "files" } } } }, { stack: "first" });
  const failure = await cloud.deploy(INTAKE, { stack: "second" }).catch((problem) => problem);
  expect(failure.message).toContain("second: rolled-back\nFiles: ");
  expect((await cloud.resources()).map(({ id }) => id)).toEqual(["files"]);
});

test("time stands still until it is moved, and what falls due on the way has happened then", async () => {
  const cloud = await started({ frozenAt: "2031-05-01T12:00:00Z" });
  const { outputs } = await cloud.deploy(
    'Resources:\n  Jobs: { Type: AWS::SQS::Queue }\nOutputs:\n  Url: { Value: !Ref Jobs }\n',
  );
  const QueueUrl = String(outputs["Url"]);
  const queue = cloud.client(SQSClient);
  await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  const receive = () => queue.send(new ReceiveMessageCommand({ QueueUrl }));
  expect((await receive()).Messages).toHaveLength(1);
  expect((await receive()).Messages).toBeUndefined();
  await cloud.clock.advance({ seconds: 30 });
  expect((await receive()).Messages).toHaveLength(1);
  expect(cloud.clock.nowMs()).toBe(Date.parse("2031-05-01T12:00:30Z"));
  const about = { QueueUrl, AttributeNames: ["CreatedTimestamp" as const] };
  const { Attributes } = await queue.send(new GetQueueAttributesCommand(about));
  expect(Attributes?.["CreatedTimestamp"]).toBe(String(Date.parse("2031-05-01T12:00:00Z") / 1000));
});

test("whatever a deployment calls can be made to fail, and it is undone", async () => {
  const cloud = await started();
  let calls = 0;
  for (; ; calls += 1) {
    const { id } = await cloud.chaos.add({ effect: "fail", skip: calls, count: 1 });
    const failure = await cloud.deploy(INTAKE, { stack: "intake" }).catch((problem) => problem);
    const [rule] = await cloud.chaos.list();
    await cloud.chaos.remove(id);
    if (rule?.disturbed === 0) break;
    expect(failure.message).toContain("intake: rolled-back");
    expect(await cloud.resources()).toEqual([]);
  }
  expect(calls).toBe(2);
});

test("the same seed gives the same generated names", async () => {
  const nameIn = async (seed: number) => {
    const cloud = await started({ seed, frozenAt: "2030-01-01T00:00:00Z" });
    const template = "Resources:\n  Own: { Type: Bucket }\nOutputs:\n  Name: { Value: !Ref Own }\n";
    const { outputs } = await cloud.deploy(template);
    return outputs["Name"];
  };
  expect(await nameIn(7)).toBe(await nameIn(7));
  expect(await nameIn(7)).not.toBe(await nameIn(8));
});

test("a fork begins as the cloud is, and goes its own way on a port of its own", async () => {
  const cloud = await started({ frozenAt: "2030-01-01T00:00:00Z" });
  await cloud.deploy(INTAKE, { stack: "intake" });
  const fork = await cloud.fork();
  onTestFinished(() => fork.stop());
  await cloud.client(SQSClient).send(new SendMessageCommand({ QueueUrl: "jobs", MessageBody: "for the cloud" }));
  expect((await fork.client(SQSClient).send(new ReceiveMessageCommand({ QueueUrl: "jobs" }))).Messages).toBeUndefined();
  await fork.destroy("intake");
  await fork.clock.advance({ hours: 1 });
  expect([await fork.resources(), (await cloud.resources()).map(({ id }) => id)]).toEqual([[], ["files", "jobs"]]);
  expect(fork.clock.nowMs() - cloud.clock.nowMs()).toBe(3_600_000);
  expect(await cloud.outputs("intake")).toEqual({ Queue: "jobs" });
});

test("two clouds are apart; the variables point other programs at one of them", async () => {
  const [one, other] = [await started(), await started({ account: "222222222222", region: "eu-west-1" })];
  await one.deploy(INTAKE);
  expect(await other.resources()).toEqual([]);
  expect(other.env()).toMatchObject({
    AWS_ENDPOINT_URL: other.endpoint,
    AWS_ACCESS_KEY_ID: "222222222222",
    AWS_REGION: "eu-west-1",
    CLOUDSTACKS_ENDPOINT: other.endpoint,
  });
  await expect(CloudStacks.start({ frozenAt: "yesterday" })).rejects.toThrow("frozenAt takes a time");
});
