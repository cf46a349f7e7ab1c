import { App, NewsFanOut, Output, Stack } from "@cloudstacks/constructs";

const app = new App();
const stack = new Stack(app, "news-fan-out");
const orders = new NewsFanOut(stack, "Orders", {
  topicName: "orders",
  readers: [{ name: "billing", filter: { kind: ["paid", "refunded"] } }, { name: "audit" }],
});

new Output(stack, "Topic", { value: orders.topic.topicArn });

app.synth();
