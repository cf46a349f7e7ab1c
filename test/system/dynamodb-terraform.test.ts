import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, GetItemCommand, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../engine/testing/cloud.ts";

/** Providers on this machine; Terraform never asks the network for them. */
const MIRRORS = [process.env["CLOUDSTACKS_TERRAFORM_MIRROR"], "/opt/tf-plugins", "/usr/share/terraform/plugins"];
const mirror = MIRRORS.find(
  (folder) => folder !== undefined && existsSync(join(folder, "registry.terraform.io/hashicorp/aws")),
);
if (mirror === undefined)
  console.warn("SKIPPED: no mirror of the hashicorp/aws provider; set CLOUDSTACKS_TERRAFORM_MIRROR to its folder.");

describe.skipIf(mirror === undefined)("Terraform's AWS provider manages tables", () => {
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
    expect({ code, text }).toMatchObject({ code: 0 });
    return text;
  };

  beforeAll(async () => {
    cloud = await startCloud();
    folder = mkdtempSync(join(tmpdir(), "cloudstacks-terraform-"));
    cpSync(join(import.meta.dirname, "terraform/dynamodb/main.tf"), join(folder, "main.tf"));
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
    const client = new DynamoDBClient(cloud.aws());
    const status = async () =>
      (
        await client.send(
          new GetItemCommand({ TableName: "orders", Key: { customer: { S: "ada" }, placed_at: { N: "1700000000" } } }),
        )
      ).Item?.["status"];
    for (const stage of ["first", "second"]) {
      const variable = `-var=stage=${stage}`;
      await succeed("apply", "-no-color", "-auto-approve", variable);
      const plan = await terraform("plan", "-no-color", "-detailed-exitcode", variable);
      expect(plan).toMatchObject({ code: 0 });
      expect(await status()).toEqual({ S: stage === "first" ? "new" : "sent" });
    }
    await succeed("destroy", "-no-color", "-auto-approve", "-var=stage=second");
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    client.destroy();
  });
});
