// A service on the web: machines in a network of its own, a bucket for what it serves, a queue for its jobs.
import { App, Fn, TerraformOutput, TerraformStack } from "cdktn";
import { AwsS3Bucket } from "./.gen/providers/cloudstacks/aws-s3-bucket/index.js";
import { AwsSqsQueue } from "./.gen/providers/cloudstacks/aws-sqs-queue/index.js";
import { Instance } from "./.gen/providers/cloudstacks/instance/index.js";
import { CloudstacksProvider } from "./.gen/providers/cloudstacks/provider/index.js";
import { Subnet } from "./.gen/providers/cloudstacks/subnet/index.js";
import { Volume } from "./.gen/providers/cloudstacks/volume/index.js";
import { Vpc } from "./.gen/providers/cloudstacks/vpc/index.js";

const app = new App({ context: { targetVersions: { terraform: ">=1.11.0" } } });
const stack = new TerraformStack(app, "web-service");
new CloudstacksProvider(stack, "cloudstacks", {});

const net = new Vpc(stack, "net", { name: "shop", cidrBlock: "10.42.0.0/16" });
const subnet = (name: string, number: number) =>
  new Subnet(stack, name, {
    vpcId: net.vpcId,
    name: `shop-${name}`,
    cidrBlock: Fn.cidrsubnet(net.cidrBlock, 8, number),
  });
const front = subnet("front", 0);
subnet("back", 1);
for (const name of ["shop-1", "shop-2"]) {
  const disk = new Volume(stack, `${name}-disk`, { name: `${name}-disk`, size: 10 });
  new Instance(stack, name, { name, image: "alpine:3.22", subnetId: front.subnetId, volumeId: disk.volumeId });
}
const assets = new AwsS3Bucket(stack, "assets", {
  bucketName: "shop-assets",
  versioningConfiguration: { status: "Enabled" },
  publicAccessBlockConfiguration: {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  },
});
const deadJobs = new AwsSqsQueue(stack, "dead-jobs", {
  queueName: "shop-jobs-dead",
  receiveMessageWaitTimeSeconds: 20,
  messageRetentionPeriod: 1209600,
});
const jobs = new AwsSqsQueue(stack, "jobs", {
  queueName: "shop-jobs",
  receiveMessageWaitTimeSeconds: 20,
  redrivePolicy: { deadLetterTargetArn: deadJobs.arn, maxReceiveCount: 5 },
});

new TerraformOutput(stack, "network", { value: net.vpcId });
new TerraformOutput(stack, "assets-bucket", { value: assets.bucketName });
new TerraformOutput(stack, "jobs-queue", { value: jobs.queueUrl });
app.synth();
