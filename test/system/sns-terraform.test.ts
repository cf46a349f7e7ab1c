import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCloud } from "../../engine/testing/cloud.ts";
import { topics } from "../../engine/services/topics/service.ts";
import { isTerraformMissing, terraformIn } from "./kit/terraform.ts";
import { environmentOf } from "./kit/terraform-folder.ts";

const resources = readFileSync(join(import.meta.dirname, "terraform/sns.tf"), "utf8");
const scope = { account: "111111111111", region: "us-east-1" };

describe.skipIf(isTerraformMissing)("Terraform's AWS provider manages topics", () => {
  test("apply, empty plan, change, apply, empty plan, import, destroy", async () => {
    const cloud = await startCloud();
    onTestFinished(() => cloud.stop());
    const terraform = await terraformIn(environmentOf(cloud.endpoint), resources);
    onTestFinished(() => terraform.remove());
    const { calls } = cloud.engine;
    for (const [stage, displayName, tracing] of [
      ["first", "News", "passThrough"],
      ["second", "Latest", "active"],
    ] as const) {
      await terraform.settle(stage);
      const { topic, subscriptions } = await calls.call(topics, "getTopic", { topic: "news" }, scope);
      expect(topic.settings).toMatchObject({ displayName, tracing, signatureVersion: 2 });
      expect(subscriptions).toEqual({ confirmed: 2, pending: 0, ended: 0 });
    }
    const arn = "arn:aws:sns:us-east-1:111111111111:news";
    await terraform.run("state rm", undefined, "aws_sns_topic.news");
    await terraform.run("import", "second", "aws_sns_topic.news", arn);
    await terraform.run("plan", "second", "-detailed-exitcode");
    await terraform.run("destroy", "second", "-auto-approve");
    expect(await calls.call(topics, "listTopics", {}, scope)).toEqual({ topics: [] });
  });
});
