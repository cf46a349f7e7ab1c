import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { App } from "../../constructs/src/app.ts";
import { SqsQueue } from "../../constructs/src/aws/sqs-queue.generated.ts";
import { Condition } from "../../constructs/src/language/condition.ts";
import { Fn } from "../../constructs/src/language/fn.ts";
import { Mapping } from "../../constructs/src/language/mapping.ts";
import { Output } from "../../constructs/src/language/output.ts";
import { Parameter } from "../../constructs/src/language/parameter.ts";
import { Pseudo } from "../../constructs/src/language/pseudo.ts";
import { Stack } from "../../constructs/src/stack.ts";
import { Tags } from "../../constructs/src/tags.ts";
import { Bucket } from "../../constructs/src/types/bucket.generated.ts";
import { Table } from "../../constructs/src/types/table.generated.ts";
import { Topic } from "../../constructs/src/types/topic.generated.ts";
import { Subscription } from "../../constructs/src/types/subscription.generated.ts";
import { emptyFolder } from "./kit/cloudstack.ts";
import { isTerraformMissing, providerUnderTest, startEngine, workspace } from "./kit/provider.ts";

/** A stack with something of everything that has a form in Terraform. */
function intake(outdir: string): string {
  const app = new App({ target: "terraform", outdir });
  const stack = new Stack(app, "intake", { region: "eu-west-1" });
  const stage = new Parameter(stack, "Stage", { default: "dev", allowedValues: ["dev", "prod"] });
  const isProd = new Condition(stack, "IsProd", { expression: Fn.conditionEquals(stage.asString, "prod") });
  const times = new Mapping(stack, "Times", { values: { dev: { keep: 60 }, prod: { keep: 86400 } } });
  const rejected = new SqsQueue(stack, "Rejected", { queueName: "rejected" });
  rejected.condition = isProd;
  const jobs = new SqsQueue(stack, "Jobs", {
    queueName: `jobs-${stage.asString}`,
    messageRetentionPeriod: times.findValue(stage.asString, "keep"),
  });
  const news = new Topic(stack, "News", { displayName: "${literally}" });
  new Subscription(stack, "ToJobs", {
    topic: news.ref,
    protocol: "queue",
    endpoint: jobs.attrQueueName,
    filter: { kind: ["new"] },
  });
  new Table(stack, "Items", {
    partitionKey: { name: "id", type: "S" },
    globalIndexes: [{ name: "byKind", partitionKey: { name: "kind", type: "S" }, projection: "KEYS_ONLY" }],
  }).addDependency(jobs);
  const assets = new Bucket(stack, "Assets", { versioning: Fn.conditionIf(isProd, true, false) });
  Tags.of(stack).add("team", "intake");
  new Output(stack, "Where", { value: `${Pseudo.REGION}/${assets.ref}` });
  new Output(stack, "Rejecting", { value: rejected.attrQueueName, condition: isProd });
  const [written] = app.synth().stacks;
  return readFileSync(join(outdir, written?.templateFile ?? ""), "utf8");
}

describe.skipIf(isTerraformMissing)("an app synthesized for Terraform", () => {
  test("is applied by Terraform, in either branch of its conditions, and then has nothing to change", async () => {
    const engine = await startEngine();
    const provider = await providerUnderTest(engine);
    const output = emptyFolder();
    const terraform = workspace(provider.variables, intake(output.path), "main.tf.json");
    onTestFinished(async () => {
      terraform.remove();
      output.remove();
      await provider.stop();
      await engine.close();
    });
    // The synthesized file names the provider itself.
    terraform.write("provider.tf", "");
    const outputs = async () =>
      JSON.parse(await terraform.must("output", "-json")) as Record<string, { readonly value: unknown }>;

    await terraform.settle();
    const bucket = String((await outputs())["Where"]?.value);
    expect(bucket).toMatch(/^eu-west-1\/[a-z0-9.-]{3,63}$/);
    expect((await outputs())["Rejecting"]).toBeUndefined();

    await terraform.settle("-var", "Stage=prod");
    expect((await outputs())["Where"]?.value).toBe(bucket);
    expect((await outputs())["Rejecting"]?.value).toBe("rejected");
    const { text } = await terraform.run("plan", "-no-color", "-var", "Stage=test");
    expect(text).toContain("It is one of dev, prod.");
    await terraform.must("destroy", "-auto-approve", "-no-color");
  });
});
