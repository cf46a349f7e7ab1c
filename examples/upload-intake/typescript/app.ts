import { App, Output, Stack, UploadIntake } from "@cloudstacks/constructs";

const app = new App();
const stack = new Stack(app, "upload-intake");
const claims = new UploadIntake(stack, "Claims", { intakeName: "claims", prefix: "in/", expireAfterDays: 30 });

new Output(stack, "Uploads", { value: claims.uploads.bucketName });
new Output(stack, "Work", { value: claims.work.queueUrl });
new Output(stack, "Results", { value: claims.results.tableName });

app.synth();
