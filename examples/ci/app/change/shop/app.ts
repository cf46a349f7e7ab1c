import { App, Stack, Tags, aws, types } from "@cloudstacks/constructs";

const app = new App();
const shop = new Stack(app, "shop");
Tags.of(shop).add("team", "shop");
new types.Table(shop, "Orders", {
  name: "orders",
  partitionKey: { name: "customer", type: "S" },
  pointInTimeRecovery: true,
});
new aws.S3Bucket(shop, "Receipts", {
  bucketName: "shop-receipts",
  versioningConfiguration: { status: "Enabled" },
});
app.synth();
