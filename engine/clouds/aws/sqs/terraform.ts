import { json, tags, textIn } from "../../../stack/export/terraform/arguments.ts";
import { awsTerraformType, policyType, valueIn, type TerraformTypes } from "../terraform-type.ts";

/** The most that the provider takes, which is its default, too: queues have taken more since. */
const MESSAGE_BYTES_MAX = 262_144;
const SIZE = "max_message_size";
const TOO_LARGE = { name: SIZE, because: `The provider takes no more than ${MESSAGE_BYTES_MAX} for ${SIZE}.` };
const policy = { PolicyDocument: json("policy") };

export const terraformTypes: TerraformTypes = {
  "AWS::SQS::Queue": awsTerraformType({
    resource: "aws_sqs_queue",
    idAttribute: "name",
    attributes: { QueueUrl: "url", Arn: "arn", QueueName: "name" },
    forms: {
      QueueName: "name",
      FifoQueue: "fifo_queue",
      ContentBasedDeduplication: "content_based_deduplication",
      DeduplicationScope: "deduplication_scope",
      FifoThroughputLimit: "fifo_throughput_limit",
      DelaySeconds: "delay_seconds",
      MaximumMessageSize: (value) => (Number(textIn(value)) > MESSAGE_BYTES_MAX ? [] : [{ name: SIZE, value }]),
      MessageRetentionPeriod: "message_retention_seconds",
      ReceiveMessageWaitTimeSeconds: "receive_wait_time_seconds",
      VisibilityTimeout: "visibility_timeout_seconds",
      RedrivePolicy: json("redrive_policy"),
      RedriveAllowPolicy: json("redrive_allow_policy"),
      KmsMasterKeyId: "kms_master_key_id",
      KmsDataKeyReusePeriodSeconds: "kms_data_key_reuse_period_seconds",
      SqsManagedSseEnabled: "sqs_managed_sse_enabled",
      Tags: tags(),
    },
    ignored: (queue) => (Number(valueIn(queue, "MaximumMessageSize")) > MESSAGE_BYTES_MAX ? [TOO_LARGE] : []),
  }),
  "AWS::SQS::QueuePolicy": policyType("aws_sqs_queue_policy", { of: "Queues", argument: "queue_url", policy }),
  "AWS::SQS::QueueInlinePolicy": policyType("aws_sqs_queue_policy", {
    of: "Queue",
    argument: "queue_url",
    policy,
    idAttribute: "queue_url",
  }),
};
