import type { TypeSample } from "./sample.ts";

const arn = (logicalId: string) => ({ "Fn::GetAtt": [logicalId, "Arn"] });
const ref = (logicalId: string) => ({ Ref: logicalId });
const fifo = { FifoTopic: true };
const topics = { One: { Type: "AWS::SNS::Topic" }, Two: { Type: "AWS::SNS::Topic" } };
const queues = { Work: { Type: "AWS::SQS::Queue" }, Lost: { Type: "AWS::SQS::Queue" } };
const policy = (Effect: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect, Principal: "*", Action: "sns:Publish", Resource: ref("One") }],
});
const protection = (Name: string) => ({ Name, Version: "2021-06-01", Statement: [] });
const role = "arn:aws:iam::111111111111:role/logs";
const retries = (numRetries: number) => ({
  healthyRetryPolicy: { minDelayTarget: 1, maxDelayTarget: 2, numRetries, backoffFunction: "linear" },
});

export const SNS_SAMPLES: Readonly<Record<string, TypeSample>> = {
  "AWS::SNS::Topic": {
    base: {},
    with: queues,
    changes: {
      TopicName: { from: "news", to: "olds" },
      FifoTopic: { to: true },
      DisplayName: { from: "News", to: "Olds" },
      KmsMasterKeyId: { from: "alias/mine", to: "alias/yours" },
      SignatureVersion: { from: "1", to: "2" },
      TracingConfig: { to: "Active" },
      ArchivePolicy: { from: { MessageRetentionPeriod: "7" }, to: { MessageRetentionPeriod: "14" }, beside: fifo },
      ContentBasedDeduplication: { to: true, beside: fifo },
      FifoThroughputScope: { to: "MessageGroup", beside: fifo },
      DataProtectionPolicy: { from: protection("one"), to: protection("two") },
      DeliveryStatusLogging: {
        from: [{ Protocol: "sqs", SuccessFeedbackRoleArn: role }],
        to: [{ Protocol: "http/s", FailureFeedbackRoleArn: role, SuccessFeedbackSampleRate: "5" }],
      },
      Subscription: {
        from: [{ Protocol: "sqs", Endpoint: arn("Work") }],
        to: [{ Protocol: "sqs", Endpoint: arn("Lost") }],
      },
      Tags: { from: [{ Key: "tier", Value: "front" }], to: [{ Key: "tier", Value: "back" }] },
    },
  },
  "AWS::SNS::Subscription": {
    base: { TopicArn: ref("One"), Protocol: "sqs", Endpoint: arn("Work") },
    with: {
      ...topics,
      ...queues,
      Kept: {
        Type: "AWS::SNS::Topic",
        Properties: { ...fifo, ArchivePolicy: { MessageRetentionPeriod: "7" } },
      },
      Line: { Type: "AWS::SQS::Queue", Properties: { FifoQueue: true } },
    },
    changes: {
      TopicArn: { to: ref("Two") },
      Protocol: { to: "email", along: { Endpoint: "team@example.com" } },
      Endpoint: { to: arn("Lost"), staysBecause: "nobody would be told" },
      RawMessageDelivery: { to: true },
      FilterPolicy: { from: { kind: ["order"] }, to: { kind: [{ prefix: "ord" }] } },
      FilterPolicyScope: { to: "MessageBody", beside: { FilterPolicy: { kind: ["order"] } } },
      RedrivePolicy: {
        from: { deadLetterTargetArn: arn("Lost") },
        to: { deadLetterTargetArn: arn("Work") },
      },
      DeliveryPolicy: {
        from: retries(3),
        to: retries(4),
        beside: { Protocol: "http", Endpoint: "http://example.com/news" },
      },
      ReplayPolicy: {
        to: { PointType: "Timestamp", StartingPoint: "2030-01-01T00:00:00.000Z" },
        beside: { TopicArn: ref("Kept"), Endpoint: arn("Line") },
      },
      SubscriptionRoleArn: { from: role, to: `${role}-2` },
    },
  },
  "AWS::SNS::TopicPolicy": {
    base: { Topics: [ref("One")], PolicyDocument: policy("Allow") },
    with: topics,
    changes: { Topics: { to: [ref("Two")] }, PolicyDocument: { to: policy("Deny") } },
  },
  "AWS::SNS::TopicInlinePolicy": {
    base: { TopicArn: ref("One"), PolicyDocument: policy("Allow") },
    with: topics,
    changes: { TopicArn: { to: ref("Two") }, PolicyDocument: { to: policy("Deny") } },
  },
};
