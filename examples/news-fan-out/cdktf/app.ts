// What is published once arrives in a queue of each reader, all of it or what its filter lets through.
import { App, Fn, TerraformOutput, TerraformStack } from "cdktf";
import { AwsSnsSubscription } from "./.gen/providers/cloudstacks/aws-sns-subscription/index.js";
import { AwsSnsTopic } from "./.gen/providers/cloudstacks/aws-sns-topic/index.js";
import { AwsSqsQueue } from "./.gen/providers/cloudstacks/aws-sqs-queue/index.js";
import { AwsSqsQueuePolicy } from "./.gen/providers/cloudstacks/aws-sqs-queue-policy/index.js";
import { CloudstacksProvider } from "./.gen/providers/cloudstacks/provider/index.js";

const app = new App({ context: { targetVersions: { terraform: ">=1.11.0" } } });
const stack = new TerraformStack(app, "news-fan-out");
new CloudstacksProvider(stack, "cloudstacks", {});

const orders = new AwsSnsTopic(stack, "orders", { topicName: "orders" });
addReader("billing", { kind: ["paid", "refunded"] });
addReader("audit");

new TerraformOutput(stack, "topic", { value: orders.topicArn });
app.synth();

function addReader(reader: string, filter?: object): void {
  const dead = new AwsSqsQueue(stack, `${reader}-dead`, {
    queueName: `orders-${reader}-dead`,
    receiveMessageWaitTimeSeconds: 20,
    messageRetentionPeriod: 1209600,
  });
  const queue = new AwsSqsQueue(stack, reader, {
    queueName: `orders-${reader}`,
    receiveMessageWaitTimeSeconds: 20,
    redrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 5 },
  });
  const policy = new AwsSqsQueuePolicy(stack, `${reader}-policy`, {
    queues: [queue.queueUrl],
    policyDocument: Fn.jsonencode({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "sns.amazonaws.com" },
          Action: ["sqs:SendMessage"],
          Resource: [queue.arn],
          Condition: { ArnEquals: { "aws:SourceArn": orders.topicArn } },
        },
      ],
    }),
  });
  new AwsSnsSubscription(stack, `to-${reader}`, {
    dependsOn: [policy],
    topicArn: orders.topicArn,
    protocol: "sqs",
    endpoint: queue.arn,
    rawMessageDelivery: true,
    filterPolicy: filter && JSON.stringify(filter),
  });
}
