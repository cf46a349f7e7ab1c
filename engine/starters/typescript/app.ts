import { App, Bucket, Output, Queue, Stack, Table } from "@cloudstacks/constructs";

const app = new App();
const stack = new Stack(app, "{{project}}");

const work = new Queue(stack, "Work", { visibilityTimeoutSeconds: 60 });
const files = new Bucket(stack, "Files", { versioned: true });
files.onObjectCreated(work, { prefix: "in/" });
const results = new Table(stack, "Results", { partitionKey: { name: "file" } });

new Output(stack, "Bucket", { value: files.bucketName });
new Output(stack, "Queue", { value: work.queueUrl });
new Output(stack, "Table", { value: results.tableName });

app.synth();
