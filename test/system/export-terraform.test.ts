import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { exportTo } from "../../engine/gateway/export-stack.ts";
import { openReattachDoor } from "../../engine/gateway/terraform-provider/reattach-door.ts";
import { startCloud } from "../../engine/testing/cloud.ts";
import { TEST_SCOPE } from "../../engine/testing/stack-engine.ts";
import { TYPE_SAMPLES } from "../../engine/testing/type-samples/all.ts";
import { isTerraformMissing } from "./kit/terraform.ts";
import { environmentOf, newTerraformFolder } from "./kit/terraform-folder.ts";

async function exporting() {
  const cloud = await startCloud();
  const door = await openReattachDoor(cloud.engine);
  const reattach = { TF_REATTACH_PROVIDERS: JSON.stringify(door.providers) };
  const folder = newTerraformFolder({ ...environmentOf(cloud.endpoint), ...reattach }, "");
  onTestFinished(async () => {
    folder.remove();
    await door.stop();
    await cloud.stop();
  });
  for (const file of ["provider.tf", "resources.tf"]) rmSync(join(folder.path, file));
  const terraform = async (...args: readonly string[]) => {
    const { code, text } = await folder.terraform([...args, "-no-color"]);
    if (code !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${code}:\n${text}`);
    return text;
  };
  return {
    terraform,
    async deploy(text: string, parameters: Record<string, string> = {}) {
      const source = { file: "web.yaml", text };
      const deployed = await cloud.engine.stacks.deploy({ scope: TEST_SCOPE, stack: "web", source, parameters });
      expect(deployed).toMatchObject({ status: "deployed" });
    },
    plan: (text: string) =>
      cloud.engine.stacks.plan({ scope: TEST_SCOPE, stack: "web", source: { file: "web.yaml", text } }),
    async write() {
      const { files } = await exportTo(cloud.engine, TEST_SCOPE, { stack: "web", to: "terraform" });
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text);
      await terraform("init", "-input=false");
      return files;
    },
  };
}

/** Samples whose every resource one plan can hold beside the others. */
const SAMPLES: readonly (readonly [type: string, properties: readonly string[]])[] = [
  [
    "AWS::S3::Bucket",
    [
      "AccessControl",
      "AnalyticsConfigurations",
      "BucketEncryption",
      "CorsConfiguration",
      "IntelligentTieringConfigurations",
      "InventoryConfigurations",
      "LifecycleConfiguration",
      "LoggingConfiguration",
      "MetricsConfigurations",
      "NotificationConfiguration",
      "ObjectLockConfiguration",
      "ReplicationConfiguration",
      "WebsiteConfiguration",
    ],
  ],
  [
    "AWS::DynamoDB::Table",
    ["GlobalSecondaryIndexes", "LocalSecondaryIndexes", "KinesisStreamSpecification", "Tags"],
  ],
  ["AWS::SNS::Topic", ["DataProtectionPolicy", "DeliveryStatusLogging", "Tags"]],
  ["AWS::SNS::Subscription", ["FilterPolicy", "RedrivePolicy", "RawMessageDelivery"]],
  ["AWS::SQS::Queue", ["RedrivePolicy", "RedriveAllowPolicy", "DeduplicationScope"]],
  ["AWS::SQS::QueuePolicy", ["PolicyDocument"]],
  ["AWS::SNS::TopicInlinePolicy", ["PolicyDocument"]],
];

/** Types of our own that are written as the cloud's, with what a cloud fills in by itself. */
const NATIVE = `
Resources:
  Jobs: {Type: Queue, Properties: {Labels: {price: "\${5} or %{more}"}}}
  News: {Type: Topic}
  Reader: {Type: Subscription, Properties: {Topic: !Ref News, Protocol: queue, Endpoint: !Ref Jobs}}
  Files: {Type: Bucket, Properties: {Versioning: true}}
  Orders: {Type: Table, Properties: {PartitionKey: {Name: id, Type: S}}}
`;

/** One stack of many samples: the resources of each have its number in their names. */
function samplesTemplate(): string {
  let count = 0;
  const resources: Record<string, unknown> = {};
  for (const [type, properties] of SAMPLES) {
    const { base, with: more = {}, changes } = TYPE_SAMPLES[type]!;
    for (const property of properties) {
      count += 1;
      const change = changes[property]!;
      const said = { ...base, ...change.beside, ...change.along, [property]: change.to };
      const all = { It: { Type: type, Properties: said }, ...more };
      let text = JSON.stringify(all);
      for (const name of Object.keys(all)) {
        text = text.replaceAll(`"${name}"`, `"${name}${count}"`).replaceAll(`\${${name}.`, `\${${name}${count}.`);
      }
      Object.assign(resources, JSON.parse(text));
    }
  }
  return JSON.stringify({ Resources: resources });
}

const IMPORTS_ONLY = /^Plan: \d+ to import, 0 to add, 0 to change, 0 to destroy[.]$/;

/** What a plan comes to, and the changes in it. */
async function summaryOf({ terraform }: Awaited<ReturnType<typeof exporting>>): Promise<string> {
  const [changes = ""] = (await terraform("plan", "-parallelism=30")).split("Changes to Outputs:");
  return changes
    .split("\n")
    .filter((line) => /^ *[~+-] |^ *-[/][+] |^Plan:/.test(line))
    .join("\n");
}

const template = (name: string) => readFileSync(join(import.meta.dirname, "../../templates", name), "utf8");

describe.skipIf(isTerraformMissing)("a stack written for Terraform", () => {
  test.each(["aws-intake.yaml", "web.yaml"])("is all of %s, and its plan is empty", async (name) => {
    const under = await exporting();
    await under.deploy(template(name));
    const files = await under.write();
    expect(files["resources.tf"]).not.toContain("arn:aws:s3:::");
    await under.terraform("fmt", "-check", "-diff");
    expect(await summaryOf(under)).toMatch(IMPORTS_ONLY);
    await under.terraform("apply", "-auto-approve");
    await under.terraform("plan", "-detailed-exitcode");
    expect((await under.plan(template(name))).plan).toMatchObject({ isEmpty: true, drift: [] });
  });

  test("is in the cloud's types what it was in ours", async () => {
    const under = await exporting();
    await under.deploy(NATIVE);
    await under.write();
    expect(await summaryOf(under)).toMatch(IMPORTS_ONLY);
  });

  test("has every property that the provider for AWS has", async () => {
    const under = await exporting();
    await under.deploy(samplesTemplate());
    await under.write();
    await under.terraform("fmt", "-check", "-diff");
    expect(await summaryOf(under)).toMatch(IMPORTS_ONLY);
  });
});
