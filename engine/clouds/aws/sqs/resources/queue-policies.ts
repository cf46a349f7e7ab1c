import type { SqsOperations } from "../../../../models/aws/sqs.generated.ts";
import { policyOnMany, policyOnOne, type PolicyHolder } from "../../policy-types.ts";
import { ifThere, wireCalls } from "../../wire-calls.ts";
import { operations } from "../operations.ts";

const sqsCalls = wireCalls<SqsOperations>("sqs", [operations]);

const holder: PolicyHolder = {
  async read(tx, QueueUrl, ctx) {
    const found = await ifThere(sqsCalls(tx, ctx)("GetQueueAttributes", { QueueUrl, AttributeNames: ["Policy"] }));
    return found?.Attributes?.Policy;
  },
  async write(tx, QueueUrl, policy, ctx) {
    const set = sqsCalls(tx, ctx)("SetQueueAttributes", { QueueUrl, Attributes: { Policy: policy ?? "" } });
    await (policy === undefined ? ifThere(set) : set);
  },
};

const PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: "*",
    },
  ],
};

export const queuePolicy = policyOnMany({
  name: "AWS::SQS::QueuePolicy",
  summary: "One policy on several queues.",
  targets: "Queues",
  holder,
  references: { Queues: "AWS::SQS::Queue" },
  example: { Queues: ["orders"], PolicyDocument },
});

export const queueInlinePolicy = policyOnOne({
  name: "AWS::SQS::QueueInlinePolicy",
  summary: "The policy of one queue.",
  target: "Queue",
  holder,
  references: { Queue: "AWS::SQS::Queue" },
  example: { Queue: "orders", PolicyDocument },
});
