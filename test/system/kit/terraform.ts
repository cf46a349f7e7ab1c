import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";

/** Providers on this machine; Terraform never asks the network for them. */
const MIRRORS = [process.env["CLOUDSTACKS_TERRAFORM_MIRROR"], "/opt/tf-plugins", "/usr/share/terraform/plugins"];
const mirror = MIRRORS.find(
  (folder) => folder !== undefined && existsSync(join(folder, "registry.terraform.io/hashicorp/aws")),
);

function whyMissing(): string | undefined {
  if (mirror === undefined)
    return "there is no mirror of the hashicorp/aws provider; set CLOUDSTACKS_TERRAFORM_MIRROR to its folder";
  try {
    execFileSync("terraform", ["version"], { stdio: "ignore" });
    return undefined;
  } catch (problem) {
    return `terraform does not run here: ${(problem as Error).message}`;
  }
}

const reason = whyMissing();
if (reason !== undefined) console.warn(`SKIPPED: ${reason}.`);
/** For `describe.skipIf`: the reason has been printed. */
export const isTerraformMissing = reason !== undefined;

/** What a user writes: everything else comes from `cloudstack env`. */
const PROVIDER = `terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {}
variable "stage" { default = "first" }
`;

export interface Terraform {
  /** Runs a command for a stage (the variable of that name), which must succeed, and gives what it printed. */
  run(command: string, stage?: string, ...options: readonly string[]): Promise<string>;
  /** Applies a stage, and expects the plan after it to be empty. */
  settle(stage: string): Promise<void>;
  remove(): void;
}

/** The environment of a server in the test's process, as `cloudstack env` prints it for one of its own. */
export const environmentOf = (endpoint: string, account = "111111111111"): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: account,
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_REGION: "us-east-1",
  AWS_EC2_METADATA_DISABLED: "true",
});

/** A new Terraform folder with resources for the AWS provider, initialized. */
export async function terraformIn(environment: Record<string, string>, resources: string): Promise<Terraform> {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-terraform-"));
  writeFileSync(join(folder, "provider.tf"), PROVIDER);
  writeFileSync(join(folder, "resources.tf"), resources);
  writeFileSync(
    join(folder, "terraform.rc"),
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  const { AWS_CA_BUNDLE: _bundle, ...inherited } = process.env;
  const env = {
    ...inherited,
    ...environment,
    TF_CLI_CONFIG_FILE: join(folder, "terraform.rc"),
    TF_IN_AUTOMATION: "1",
  };
  const terraform = (args: readonly string[]) =>
    new Promise<{ code: number; text: string }>((resolve) => {
      execFile("terraform", args, { cwd: folder, env, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), text: stdout + stderr });
      });
    });
  const run = async (command: string, stage?: string, ...options: readonly string[]) => {
    const stages = stage === undefined ? [] : [`-var=stage=${stage}`];
    const { code, text } = await terraform([...command.split(" "), "-no-color", ...stages, ...options]);
    expect(code, text).toBe(0);
    return text;
  };
  await run("init", undefined, "-input=false");
  return {
    run,
    async settle(stage) {
      await run("apply", stage, "-auto-approve");
      await run("plan", stage, "-detailed-exitcode");
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
