import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetQueueAttributesCommand, ListQueuesCommand, ListQueueTagsCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCloud } from "../../engine/testing/cloud.ts";
import { isTerraformMissing, terraformIn } from "./kit/terraform.ts";
import { environmentOf } from "./kit/terraform-folder.ts";

const resources = readFileSync(join(import.meta.dirname, "terraform/sqs.tf"), "utf8");

// The provider reads a queue back six times, five seconds apart, after every change: a stage takes half a minute.
describe.skipIf(isTerraformMissing)("Terraform's AWS provider manages queues", () => {
  test("apply, empty plan, change, apply, empty plan, import, empty plan, destroy", async () => {
    const cloud = await startCloud();
    onTestFinished(() => cloud.stop());
    const terraform = await terraformIn(environmentOf(cloud.endpoint), resources);
    onTestFinished(() => terraform.remove());
    const sqs = new SQSClient(cloud.aws());
    const QueueUrl = `${cloud.endpoint}/111111111111/orders`;
    for (const [stage, timeout, tags] of [
      ["first", "45", { team: "shop", old: "yes" }],
      ["second", "90", { team: "shop", tier: "2" }],
    ] as const) {
      await terraform.settle(stage);
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
      expect(Attributes).toMatchObject({
        VisibilityTimeout: timeout,
        DelaySeconds: "5",
        ReceiveMessageWaitTimeSeconds: "10",
      });
      expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual(tags);
    }
    await terraform.run("state rm", undefined, "aws_sqs_queue.events");
    await terraform.run("import", "second", "aws_sqs_queue.events", `${cloud.endpoint}/111111111111/events`);
    await terraform.run("plan", "second", "-detailed-exitcode");
    await terraform.run("destroy", "second", "-auto-approve");
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toBeUndefined();
    sqs.destroy();
  });
});
