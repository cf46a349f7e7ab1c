// Files come into a bucket, a queue tells workers of each, and a table holds what became of it.
import { App, Fn, TerraformOutput, TerraformStack } from "cdktf";
import { AwsDynamodbTable } from "./.gen/providers/cloudstacks/aws-dynamodb-table/index.js";
import { AwsS3Bucket } from "./.gen/providers/cloudstacks/aws-s3-bucket/index.js";
import { AwsSqsQueue } from "./.gen/providers/cloudstacks/aws-sqs-queue/index.js";
import { AwsSqsQueuePolicy } from "./.gen/providers/cloudstacks/aws-sqs-queue-policy/index.js";
import { DataCloudstacksScope } from "./.gen/providers/cloudstacks/data-cloudstacks-scope/index.js";
import { CloudstacksProvider } from "./.gen/providers/cloudstacks/provider/index.js";

const app = new App({ context: { targetVersions: { terraform: ">=1.11.0" } } });
const stack = new TerraformStack(app, "upload-intake");
new CloudstacksProvider(stack, "cloudstacks", {});
const here = new DataCloudstacksScope(stack, "here", {});

const deadWork = new AwsSqsQueue(stack, "dead-work", {
  queueName: "claims-work-dead",
  receiveMessageWaitTimeSeconds: 20,
  messageRetentionPeriod: 1209600,
});
const work = new AwsSqsQueue(stack, "work", {
  queueName: "claims-work",
  visibilityTimeout: 60,
  receiveMessageWaitTimeSeconds: 20,
  redrivePolicy: { deadLetterTargetArn: deadWork.arn, maxReceiveCount: 5 },
});
const workPolicy = new AwsSqsQueuePolicy(stack, "work-policy", {
  queues: [work.queueUrl],
  policyDocument: Fn.jsonencode({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: ["sqs:SendMessage"],
        Resource: [work.arn],
        Condition: { StringEquals: { "aws:SourceAccount": here.account } },
      },
    ],
  }),
});
const uploads = new AwsS3Bucket(stack, "uploads", {
  dependsOn: [workPolicy],
  bucketName: "claims-uploads",
  lifecycleConfiguration: { rules: [{ id: "expire", status: "Enabled", expirationInDays: 30 }] },
  notificationConfiguration: {
    queueConfigurations: [
      {
        event: "s3:ObjectCreated:*",
        filter: { s3Key: { rules: [{ name: "prefix", value: "in/" }] } },
        queue: work.arn,
      },
    ],
  },
  publicAccessBlockConfiguration: {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  },
});
const results = new AwsDynamodbTable(stack, "results", {
  tableName: "claims-results",
  billingMode: "PAY_PER_REQUEST",
  attributeDefinitions: [
    { attributeName: "upload", attributeType: "S" },
    { attributeName: "status", attributeType: "S" },
    { attributeName: "finishedAt", attributeType: "N" },
  ],
  keySchema: [{ attributeName: "upload", keyType: "HASH" }],
  globalSecondaryIndexes: [
    {
      indexName: "by-status",
      keySchema: [
        { attributeName: "status", keyType: "HASH" },
        { attributeName: "finishedAt", keyType: "RANGE" },
      ],
      projection: { projectionType: "ALL" },
    },
  ],
  timeToLiveSpecification: { attributeName: "expiresAt", enabled: true },
});

new TerraformOutput(stack, "uploads-bucket", { value: uploads.bucketName });
new TerraformOutput(stack, "work-queue", { value: work.queueUrl });
new TerraformOutput(stack, "results-table", { value: results.tableName });
app.synth();
