import { describe, expect, onTestFinished, test } from "vitest";
import { CloudStacks } from "../../../engine/embedded/cloud-stacks.ts";
import {
  App,
  Bucket,
  Instance,
  Match,
  Network,
  NewsFanOut,
  Principal,
  Queue,
  Stack,
  Table,
  Template,
  Topic,
  UploadIntake,
  WebService,
} from "../index.ts";

const newStack = () => new Stack(new App(), "shop");

async function started(): Promise<CloudStacks> {
  const cloud = await CloudStacks.start();
  onTestFinished(() => cloud.stop());
  return cloud;
}

/** Deploys a stack and expects the plan after it to be empty. */
async function settled(stack: Stack): Promise<CloudStacks> {
  const cloud = await started();
  await cloud.deploy(stack);
  expect((await cloud.plan(stack)).isEmpty).toBe(true);
  return cloud;
}

describe("a queue", () => {
  test("has one for dead letters beside it, and long polls", async () => {
    const stack = newStack();
    new Queue(stack, "Jobs", { queueName: "jobs" });
    const template = Template.fromStack(stack);
    template.resourceCountIs("AWS::SQS::Queue", 2);
    template.hasResource("AWS::SQS::Queue", {
      QueueName: "jobs",
      ReceiveMessageWaitTimeSeconds: 20,
      RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["JobsDeadLetters", "Arn"] }, maxReceiveCount: 5 },
    });
    template.hasResource("AWS::SQS::Queue", {
      QueueName: "jobs-dead",
      MessageRetentionPeriod: 1_209_600,
      RedrivePolicy: Match.absent(),
    });
    const cloud = await settled(stack);
    expect((await cloud.resources("Queue")).map(({ id }) => id)).toEqual(["jobs", "jobs-dead"]);
  });

  test("takes another one for that, or none, and says who may use it", async () => {
    const stack = newStack();
    const dead = new Queue(stack, "Dead", { hasDeadLetterQueue: false });
    const jobs = new Queue(stack, "Jobs", { queueName: "jobs.fifo", fifo: true, hasDeadLetterQueue: false });
    const more = new Queue(stack, "More", { deadLetterQueue: dead, maxReceiveCount: 3 });
    jobs.grantSend(Principal.account("222222222222"));
    jobs.grantReceive(Principal.arn("arn:aws:iam::333333333333:role/worker"));
    expect(more.deadLetterQueue).toBe(dead);
    const template = Template.fromStack(stack);
    template.resourceCountIs("AWS::SQS::Queue", 3);
    template.hasResource("AWS::SQS::QueuePolicy", {
      Queues: [{ Ref: "Jobs" }],
      PolicyDocument: {
        Statement: [
          { Effect: "Allow", Principal: { AWS: "arn:aws:iam::222222222222:root" }, Action: ["sqs:SendMessage"] },
          { Principal: { AWS: "arn:aws:iam::333333333333:role/worker" } },
        ],
      },
    });
    await settled(stack);
  });
});

test("a bucket tells a queue and a topic of its objects, and is private", async () => {
  const stack = newStack();
  const files = new Bucket(stack, "Files", { bucketName: "files", versioned: true, expireAfterDays: 30 });
  files.onObjectCreated(new Queue(stack, "Work"), { prefix: "in/", suffix: ".csv" });
  files.onObjectRemoved(new Topic(stack, "Gone", { topicName: "gone" }));
  files.grantRead(Principal.account("222222222222"));
  files.grantWrite(Principal.account("333333333333"));
  const template = Template.fromStack(stack);
  template.hasResource("AWS::S3::Bucket", {
    PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
    NotificationConfiguration: {
      QueueConfigurations: [
        {
          Event: "s3:ObjectCreated:*",
          Filter: {
            S3Key: {
              Rules: [
                { Name: "prefix", Value: "in/" },
                { Name: "suffix", Value: ".csv" },
              ],
            },
          },
        },
      ],
      TopicConfigurations: [{ Event: "s3:ObjectRemoved:*", Topic: { Ref: "Gone" } }],
    },
  });
  template.hasResource("AWS::S3::BucketPolicy", { PolicyDocument: { Statement: Match.anyValue() } });
  await settled(stack);
});

test("a table declares the attributes that it is searched by, each once", async () => {
  const stack = newStack();
  const orders = new Table(stack, "Orders", {
    tableName: "orders",
    partitionKey: { name: "customer" },
    sortKey: { name: "placedAt", type: "N" },
    stream: "NEW_IMAGE",
    timeToLiveAttribute: "expiresAt",
  });
  orders.addIndex({
    indexName: "by-status",
    partitionKey: { name: "status" },
    sortKey: { name: "placedAt", type: "N" },
    attributes: ["total"],
  });
  orders.grantRead(Principal.account("222222222222"));
  orders.grantWrite(Principal.account("222222222222"));
  Template.fromStack(stack).hasResource("AWS::DynamoDB::Table", {
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "customer", AttributeType: "S" },
      { AttributeName: "placedAt", AttributeType: "N" },
      { AttributeName: "status", AttributeType: "S" },
    ],
    GlobalSecondaryIndexes: [{ IndexName: "by-status", Projection: { NonKeyAttributes: ["total"] } }],
  });
  await settled(stack);
  expect(() => orders.addIndex({ indexName: "wrong", partitionKey: { name: "status", type: "N" } })).toThrow(
    'shop/Orders: the attribute "status" is both S and N',
  );
});

test("a network has subnets of one size, and machines with disks stand in them", async () => {
  const stack = newStack();
  const network = new Network(stack, "Net", { networkName: "shop", cidrBlock: "10.7.0.0/16" });
  const subnet = network.subnet("Back");
  new Instance(stack, "Web", { instanceName: "web", image: "alpine:3.22", subnet, diskGiB: 20 });
  const cloud = await settled(stack);
  const subnets = await cloud.resources("Subnet");
  expect(subnets.map(({ properties }) => properties)).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ Name: "shop-front", CIDRBlock: "10.7.0.0/24" }),
      expect.objectContaining({ Name: "shop-back", CIDRBlock: "10.7.1.0/24" }),
    ]) as object,
  );
  const [web] = await cloud.resources("Instance");
  const [disk] = await cloud.resources("Volume");
  expect(web?.properties).toMatchObject({ Name: "web", VolumeID: disk?.id });
  expect(() => network.subnet("Middle")).toThrow('shop/Net has no subnet "Middle": Front, Back');
});

describe("patterns", () => {
  test("deploy whole systems, whose second plans are empty", async () => {
    const stack = newStack();
    new WebService(stack, "Web", { serviceName: "shop", image: "alpine:3.22" });
    new UploadIntake(stack, "Claims", { intakeName: "claims", prefix: "in/", expireAfterDays: 7 });
    new NewsFanOut(stack, "Orders", {
      topicName: "orders",
      readers: [{ name: "billing", filter: { kind: ["paid"] } }, { name: "audit" }],
    });
    const cloud = await settled(stack);
    const ids = async (type: string) => (await cloud.resources(type)).map(({ id }) => id);
    expect(await ids("Bucket")).toEqual(["claims-uploads", "shop-assets"]);
    expect(await ids("Topic")).toEqual(["orders"]);
    expect(await ids("Subscription")).toHaveLength(2);
    expect(await ids("Instance")).toHaveLength(2);
  });
});
