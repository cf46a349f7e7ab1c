import { App, Stack, Tags, aws, types } from "@cloudstacks/constructs";

const app = new App();
const shop = new Stack(app, "shop");
Tags.of(shop).add("team", "shop");
new types.Table(shop, "Orders", {
  name: "orders",
  partitionKey: { name: "customer", type: "S" },
  pointInTimeRecovery: false,
});
new aws.S3Bucket(shop, "Receipts", {
  bucketName: "shop-receipts",
  versioningConfiguration: { status: "Enabled" },
});
new types.Table(shop, "Archive", {
  name: "orders",
  partitionKey: { name: "customer", type: "S" },
  pointInTimeRecovery: true,
});
new aws.SqsQueue(shop, "Jobs", { queueName: "shop-jobs", sqsManagedSseEnabled: true });
app.synth();
