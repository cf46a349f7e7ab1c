import type { TypeSample } from "./sample.ts";

const arn = (logicalId: string) => ({ "Fn::GetAtt": [logicalId, "Arn"] });
const fifo = { FifoQueue: true };

const ref = (logicalId: string) => ({ Ref: logicalId });
const policy = (Effect: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect, Principal: "*", Action: "sqs:SendMessage", Resource: arn("One") }],
});
const queues = { One: { Type: "AWS::SQS::Queue" }, Two: { Type: "AWS::SQS::Queue" } };

export const SQS_SAMPLES: Readonly<Record<string, TypeSample>> = {
  "AWS::SQS::Queue": {
    base: {},
    with: { Dead: { Type: "AWS::SQS::Queue" }, Lost: { Type: "AWS::SQS::Queue" } },
    changes: {
      QueueName: { from: "orders", to: "requests" },
      FifoQueue: { to: true },
      VisibilityTimeout: { to: 46 },
      DelaySeconds: { from: 6, to: 7 },
      MaximumMessageSize: { to: 65_537 },
      MessageRetentionPeriod: { to: 3601 },
      ReceiveMessageWaitTimeSeconds: { to: 11 },
      RedrivePolicy: {
        from: { deadLetterTargetArn: arn("Dead"), maxReceiveCount: 3 },
        to: { deadLetterTargetArn: arn("Lost"), maxReceiveCount: 4 },
      },
      RedriveAllowPolicy: {
        from: { redrivePermission: "denyAll" },
        to: { redrivePermission: "byQueue", sourceQueueArns: [arn("Dead")] },
      },
      ContentBasedDeduplication: { to: true, beside: fifo },
      DeduplicationScope: { from: "queue", to: "messageGroup", beside: fifo },
      FifoThroughputLimit: {
        to: "perMessageGroupId",
        beside: { ...fifo, DeduplicationScope: "messageGroup" },
      },
      KmsMasterKeyId: { from: "alias/mine", to: "alias/yours" },
      KmsDataKeyReusePeriodSeconds: { to: 600, beside: { KmsMasterKeyId: "alias/mine" } },
      SqsManagedSseEnabled: { to: false },
      Tags: { from: [{ Key: "tier", Value: "front" }], to: [{ Key: "tier", Value: "back" }] },
    },
  },
  "AWS::SQS::QueuePolicy": {
    base: { Queues: [ref("One")], PolicyDocument: policy("Allow") },
    with: queues,
    changes: {
      Queues: { to: [ref("Two")] },
      PolicyDocument: { to: policy("Deny") },
    },
  },
  "AWS::SQS::QueueInlinePolicy": {
    base: { Queue: ref("One"), PolicyDocument: policy("Allow") },
    with: queues,
    changes: {
      Queue: { to: ref("Two") },
      PolicyDocument: { to: policy("Deny") },
    },
  },
};
