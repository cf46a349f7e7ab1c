import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetQueueAttributesCommand, ListQueuesCommand, ListQueueTagsCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../engine/testing/cloud.ts";

/** Providers on this machine; Terraform never asks the network for them. */
const MIRRORS = [process.env["CLOUDSTACKS_TERRAFORM_MIRROR"], "/opt/tf-plugins", "/usr/share/terraform/plugins"];
const mirror = MIRRORS.find(
  (folder) => folder !== undefined && existsSync(join(folder, "registry.terraform.io/hashicorp/aws")),
);
if (mirror === undefined)
  console.warn("SKIPPED: no mirror of the hashicorp/aws provider; set CLOUDSTACKS_TERRAFORM_MIRROR to its folder.");

// The provider reads a queue back six times, five seconds apart, after every change: a stage takes half a minute.
describe.skipIf(mirror === undefined)("Terraform's AWS provider manages queues", { timeout: 600_000 }, () => {
  let cloud: TestCloud;
  let folder: string;

  const terraform = (...args: string[]) =>
    new Promise<{ code: number; text: string }>((resolve) => {
      const env = {
        ...process.env,
        TF_CLI_CONFIG_FILE: join(folder, "terraform.rc"),
        TF_VAR_endpoint: cloud.endpoint,
        TF_IN_AUTOMATION: "1",
      };
      execFile("terraform", args, { cwd: folder, env, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), text: stdout + stderr });
      });
    });
  const succeed = async (...args: string[]) => {
    const { code, text } = await terraform(...args);
    if (code !== 0) throw new Error(text);
  };

  beforeAll(async () => {
    cloud = await startCloud();
    folder = mkdtempSync(join(tmpdir(), "cloudstacks-terraform-"));
    cpSync(join(import.meta.dirname, "terraform/sqs/main.tf"), join(folder, "main.tf"));
    writeFileSync(
      join(folder, "terraform.rc"),
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
    );
    await succeed("init", "-no-color", "-input=false");
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("apply, empty plan, change, apply, empty plan, destroy", async () => {
    const sqs = new SQSClient(cloud.aws());
    const QueueUrl = `${cloud.endpoint}/111111111111/orders`;
    for (const [stage, timeout, tags] of [
      ["first", "45", { team: "shop", old: "yes" }],
      ["second", "90", { team: "shop", tier: "2" }],
    ] as const) {
      const variable = `-var=stage=${stage}`;
      await succeed("apply", "-no-color", "-auto-approve", variable);
      const plan = await terraform("plan", "-no-color", "-detailed-exitcode", variable);
      if (plan.code !== 0) throw new Error(`The second plan is not empty:\n${plan.text}`);
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
      expect(Attributes).toMatchObject({
        VisibilityTimeout: timeout,
        DelaySeconds: "5",
        ReceiveMessageWaitTimeSeconds: "10",
      });
      expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual(tags);
    }
    await succeed("destroy", "-no-color", "-auto-approve", "-var=stage=second");
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toBeUndefined();
    sqs.destroy();
  });
});
