import type { Expression } from "../../../stack/expressions/expression.ts";
import { entryOf, json, tags, textIn, unless } from "../../../stack/export/terraform/arguments.ts";
import { inStateAlone, UnsaidInTerraform, type Argument } from "../../../stack/export/terraform/terraform-type.ts";
import { awsTerraformType, owned, policyType, type TerraformTypes } from "../terraform-type.ts";

const policy = { PolicyDocument: json("policy") };

/** What begins the arguments for a protocol's logs. */
const LOGGED: Readonly<Record<string, string>> = {
  "http/s": "http",
  sqs: "sqs",
  lambda: "lambda",
  firehose: "firehose",
  application: "application",
};
const LOGS = {
  SuccessFeedbackRoleArn: "success_feedback_role_arn",
  SuccessFeedbackSampleRate: "success_feedback_sample_rate",
  FailureFeedbackRoleArn: "failure_feedback_role_arn",
};

const NOT_TRACED = { name: "tracing_config", because: "SNS names its usual mode only where somebody has set it." };

function loggingArguments(value: Expression): readonly Argument[] {
  if (value.kind !== "list") throw new UnsaidInTerraform("DeliveryStatusLogging is not written out");
  return value.items.flatMap((item) => {
    const prefix = LOGGED[textIn(entryOf(item, "Protocol")) ?? ""];
    if (prefix === undefined) throw new UnsaidInTerraform("a protocol of DeliveryStatusLogging is not written out");
    return Object.entries(LOGS).flatMap(([property, name]): Argument[] => {
      const found = entryOf(item, property);
      return found ? [{ name: `${prefix}_${name}`, value: found }] : [];
    });
  });
}

export const terraformTypes: TerraformTypes = {
  "AWS::SNS::Topic": awsTerraformType({
    resource: "aws_sns_topic",
    idAttribute: "arn",
    attributes: { TopicArn: "arn", TopicName: "name" },
    forms: {
      TopicName: "name",
      FifoTopic: "fifo_topic",
      ContentBasedDeduplication: "content_based_deduplication",
      FifoThroughputScope: "fifo_throughput_scope",
      ArchivePolicy: json("archive_policy"),
      DisplayName: "display_name",
      KmsMasterKeyId: "kms_master_key_id",
      SignatureVersion: "signature_version",
      TracingConfig: "tracing_config",
      DeliveryStatusLogging: loggingArguments,
      Tags: tags(),
    },
    ignored: (topic) => (textIn(entryOf(topic.properties, "TracingConfig")) === "PassThrough" ? [NOT_TRACED] : []),
    around: {
      DataProtectionPolicy: owned("aws_sns_topic_data_protection_policy", ["arn", "TopicArn"], json("policy")),
    },
  }),
  "AWS::SNS::Subscription": awsTerraformType({
    resource: "aws_sns_topic_subscription",
    idAttribute: "arn",
    attributes: { Arn: "arn" },
    forms: {
      TopicArn: "topic_arn",
      Protocol: "protocol",
      Endpoint: "endpoint",
      RawMessageDelivery: "raw_message_delivery",
      FilterPolicy: json("filter_policy"),
      // The provider takes it only beside a policy.
      FilterPolicyScope: unless("MessageAttributes", "filter_policy_scope"),
      RedrivePolicy: json("redrive_policy"),
      DeliveryPolicy: json("delivery_policy"),
      ReplayPolicy: json("replay_policy"),
      SubscriptionRoleArn: "subscription_role_arn",
    },
    ignored: () => inStateAlone("confirmation_timeout_in_minutes", "endpoint_auto_confirms"),
  }),
  "AWS::SNS::TopicPolicy": policyType("aws_sns_topic_policy", { of: "Topics", argument: "arn", policy }),
  "AWS::SNS::TopicInlinePolicy": policyType("aws_sns_topic_policy", {
    of: "TopicArn",
    argument: "arn",
    policy,
    idAttribute: "arn",
  }),
};
