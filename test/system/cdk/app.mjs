// An app of the real CDK: what its library writes of its own accord (metadata, bootstrap rules, assets, exports between
// stacks, a stage, a nested stack) and resources of every kind that there is.
import { App, CfnOutput, CfnParameter, Duration, NestedStack, RemovalPolicy, Stack, Stage, Tags } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { BlockPublicAccess, Bucket, HttpMethods } from "aws-cdk-lib/aws-s3";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { SubscriptionFilter, Topic } from "aws-cdk-lib/aws-sns";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue } from "aws-cdk-lib/aws-sqs";

const removalPolicy = RemovalPolicy.DESTROY;

class Storage extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    this.files = new Bucket(this, "Files", {
      versioned: true,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [{ prefix: "tmp/", expiration: Duration.days(30) }],
      cors: [{ allowedMethods: [HttpMethods.GET], allowedOrigins: ["*"] }],
      removalPolicy,
    });
    this.orders = new Table(this, "Orders", {
      partitionKey: { name: "id", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: "expires",
      removalPolicy,
    });
    this.orders.addGlobalSecondaryIndex({
      indexName: "by-day",
      partitionKey: { name: "day", type: AttributeType.NUMBER },
    });
  }
}

class Work extends Stack {
  constructor(scope, id, storage) {
    super(scope, id);
    const delay = new CfnParameter(this, "Delay", { type: "Number", default: 5 });
    const dead = new Queue(this, "Dead", { retentionPeriod: Duration.days(14) });
    const jobs = new Queue(this, "Jobs", {
      deliveryDelay: Duration.seconds(delay.valueAsNumber),
      deadLetterQueue: { queue: dead, maxReceiveCount: 3 },
      enforceSSL: true,
    });
    const news = new Topic(this, "News", { displayName: "News" });
    const kind = SubscriptionFilter.stringFilter({ allowlist: ["paid"] });
    news.addSubscription(new SqsSubscription(jobs, { rawMessageDelivery: true, filterPolicy: { kind } }));
    const more = new NestedStack(this, "More");
    const late = new Queue(more, "Late", { fifo: true, contentBasedDeduplication: true });
    const site = new Asset(this, "Site", { path: "site" });
    const settings = new Asset(this, "Settings", { path: "settings.json" });
    const outputs = {
      SiteUrl: site.s3ObjectUrl,
      SettingsUrl: settings.s3ObjectUrl,
      FilesName: storage.files.bucketName,
      OrdersArn: storage.orders.tableArn,
      LateUrl: late.queueUrl,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}

const app = new App({ analyticsReporting: true });
new Work(app, "work", new Storage(app, "storage"));
new Storage(new Stage(app, "Prod"), "storage", { env: { account: "123456789012", region: "eu-west-1" } });
Tags.of(app).add("team", "shop");
if (app.node.tryGetContext("unbuilt"))
  new Bucket(new Stack(app, "unbuilt"), "Files", { autoDeleteObjects: true, removalPolicy });
app.synth();
