import { policyOnMany, policyOnOne, type PolicyHolder } from "../../policy-types.ts";
import { ifThere } from "../../wire-calls.ts";
import { snsCalls } from "./calls.ts";

/** What a topic's policy is called until somebody sets another. */
const UNSAID = "__default_policy_ID";

const holder: PolicyHolder = {
  async read(tx, TopicArn, ctx) {
    const found = await ifThere(snsCalls(tx, ctx)("GetTopicAttributes", { TopicArn }));
    const policy = found?.Attributes?.["Policy"];
    const isUnsaid = policy !== undefined && (JSON.parse(policy) as { Id?: string }).Id === UNSAID;
    return isUnsaid ? undefined : policy;
  },
  async write(tx, TopicArn, policy, ctx) {
    const set = snsCalls(tx, ctx)("SetTopicAttributes", {
      TopicArn,
      AttributeName: "Policy",
      AttributeValue: policy ?? "",
    });
    await (policy === undefined ? ifThere(set) : set);
  },
};

const PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sns:Publish", Resource: "*" },
  ],
};

export const topicPolicy = policyOnMany({
  name: "AWS::SNS::TopicPolicy",
  summary: "One policy on several topics.",
  targets: "Topics",
  holder,
  references: { Topics: "AWS::SNS::Topic" },
  example: { Topics: ["news"], PolicyDocument },
});

export const topicInlinePolicy = policyOnOne({
  name: "AWS::SNS::TopicInlinePolicy",
  summary: "The policy of one topic.",
  target: "TopicArn",
  holder,
  references: { TopicArn: "AWS::SNS::Topic" },
  example: { TopicArn: "arn:aws:sns:us-east-1:000000000000:news", PolicyDocument },
});
