import { describe, expect, test } from "vitest";
import { queues } from "../../../../services/queues/service.ts";
import { awsStacksUnderTest, templateOf } from "../../../../testing/aws-stacks.ts";
import { TEST_SCOPE } from "../../../../testing/stack-engine.ts";

const TYPE = "AWS::SQS::Queue";

describe("AWS::SQS::Queue", () => {
  test("is the queue that clients see, with what its template says and the usual for the rest", async () => {
    const { deploy, calls, stacks } = awsStacksUnderTest();
    const deployed = await deploy(
      templateOf(TYPE, {
        QueueName: "orders",
        VisibilityTimeout: 45,
        RedriveAllowPolicy: { redrivePermission: "denyAll" },
        Tags: [{ Key: "team", Value: "shop" }],
      }),
    );
    expect(deployed.status).toBe("deployed");
    const queue = await calls.call(queues, "getQueue", { queue: "orders" }, TEST_SCOPE);
    expect(queue).toMatchObject({
      labels: { team: "shop" },
      settings: { visibilityTimeoutSeconds: 45, delaySeconds: 0, deadLetterSources: { permission: "none" } },
    });
    const resource = (await stacks.get(TEST_SCOPE, "web"))?.resources[0];
    expect(resource?.attributes).toEqual({
      Arn: "arn:aws:sqs:us-east-1:111111111111:orders",
      QueueName: "orders",
      QueueUrl: "http://127.0.0.1:4566/111111111111/orders",
    });
    expect(resource?.live).toEqual({
      QueueName: "orders",
      FifoQueue: false,
      VisibilityTimeout: 45,
      DelaySeconds: 0,
      MaximumMessageSize: 1_048_576,
      MessageRetentionPeriod: 345_600,
      ReceiveMessageWaitTimeSeconds: 0,
      RedriveAllowPolicy: { redrivePermission: "denyAll" },
      SqsManagedSseEnabled: true,
      Tags: [{ Key: "team", Value: "shop" }],
    });
  });

  test("has another queue for its dead letters, which it refers to by its ARN", async () => {
    const { deploy, calls, planText } = awsStacksUnderTest();
    const template = templateOf(
      TYPE,
      {
        QueueName: "orders",
        RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["Dead", "Arn"] }, maxReceiveCount: 3 },
      },
      { Dead: { Type: TYPE, Properties: { QueueName: "dead" } } },
    );
    expect((await deploy(template)).status).toBe("deployed");
    const { settings } = await calls.call(queues, "getQueue", { queue: "orders" }, TEST_SCOPE);
    expect(settings.deadLetter).toMatchObject({ queue: { name: "dead" }, maxReceiveCount: 3 });
    expect(await planText(template)).toBe("web  2 resources: 2 unchanged");
  });

  test("goes back to the usual when its template says no more", async () => {
    const { deploy, stacks } = awsStacksUnderTest();
    await deploy(templateOf(TYPE, { QueueName: "orders" }));
    const before = (await stacks.get(TEST_SCOPE, "web"))?.resources[0]?.live;
    await deploy(
      templateOf(TYPE, {
        QueueName: "orders",
        DelaySeconds: 7,
        MessageRetentionPeriod: 60,
        RedriveAllowPolicy: { redrivePermission: "denyAll" },
        KmsMasterKeyId: "alias/mine",
        Tags: [{ Key: "a", Value: "b" }],
      }),
    );
    expect((await stacks.get(TEST_SCOPE, "web"))?.resources[0]?.live).toMatchObject({ DelaySeconds: 7 });
    await deploy(templateOf(TYPE, { QueueName: "orders" }));
    expect((await stacks.get(TEST_SCOPE, "web"))?.resources[0]?.live).toEqual(before);
  });

  test("is not taken over from somebody who made it before", async () => {
    const { deploy, calls } = awsStacksUnderTest();
    await calls.call(queues, "createQueue", { queue: "orders" }, TEST_SCOPE);
    expect(await deploy(templateOf(TYPE, { QueueName: "orders" }))).toMatchObject({
      status: "rolled-back",
      cause: { code: "ResourceExists" },
    });
    expect(await calls.call(queues, "getQueue", { queue: "orders" }, TEST_SCOPE)).toMatchObject({ name: "orders" });
  });

  test("is refused as SQS refuses it", async () => {
    const { deploy } = awsStacksUnderTest();
    const template = templateOf(TYPE, { RedrivePolicy: { deadLetterTargetArn: "none", maxReceiveCount: 3 } });
    expect(await deploy(template)).toMatchObject({
      status: "rolled-back",
      cause: { code: "InvalidParameterValue" },
    });
  });
});
