import { App, Output, Stack, WebService } from "@cloudstacks/constructs";

const app = new App();
const stack = new Stack(app, "web-service");
const shop = new WebService(stack, "Shop", { serviceName: "shop", image: "alpine:3.22", cidrBlock: "10.42.0.0/16" });

new Output(stack, "Network", { value: shop.network.networkId });
new Output(stack, "Assets", { value: shop.assets.bucketName });
new Output(stack, "Jobs", { value: shop.jobs.queueUrl });

app.synth();
