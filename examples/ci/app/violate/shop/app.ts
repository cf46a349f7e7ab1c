import { App, Stack, Tags, aws, types } from "@cloudstacks/constructs";

const app = new App();
const shop = new Stack(app, "shop");
Tags.of(shop).add("team", "shop");
new types.Table(shop, "Orders", {
  name: "orders",
  partitionKey: { name: "customer", type: "S" },
  pointInTimeRecovery: false,
});
const receipts = new aws.S3Bucket(shop, "Receipts", {
  bucketName: "shop-receipts",
  versioningConfiguration: { status: "Enabled" },
  publicAccessBlockConfiguration: { blockPublicPolicy: false },
});
new aws.S3BucketPolicy(shop, "ReceiptsForAll", {
  bucket: receipts.ref,
  policyDocument: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `${receipts.getAtt("Arn")}/*` }],
  },
});
app.synth();
