import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AWS_PROVIDER, terraformMirror } from "./terraform-mirror.ts";

/** Providers on this machine; Terraform never asks the network for them. */
const mirror = terraformMirror();

/** Why Terraform cannot be run here, in words; nothing when it can. */
export function whyTerraformIsMissing(): string | undefined {
  if (mirror === undefined)
    return "there is no mirror of the hashicorp/aws provider; set CLOUDSTACKS_TERRAFORM_MIRROR to its folder";
  try {
    execFileSync("terraform", ["version"], { stdio: "ignore" });
    return undefined;
  } catch (problem) {
    return `terraform does not run here: ${(problem as Error).message}`;
  }
}

/** What a user writes: everything else comes from `cloudstack env`. */
const PROVIDER = `terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {}
variable "stage" { default = "first" }
`;

/** The environment of a server in the test's process, as `cloudstack env` prints it for one of its own. */
export const environmentOf = (endpoint: string, account = "111111111111"): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: account,
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_REGION: "us-east-1",
  AWS_EC2_METADATA_DISABLED: "true",
});

type Environment = Readonly<Record<string, string | undefined>>;

export interface TerraformFolder {
  readonly path: string;
  /** Runs one command and gives its exit code and all that it printed. */
  terraform(args: readonly string[], environment?: Environment): Promise<{ code: number; text: string }>;
  remove(): void;
}

/** The variables of this process that a client of an engine is given, with those that point at the engine. */
export function clientEnvironment(environment: Environment): Environment {
  const { AWS_CA_BUNDLE: _bundle, ...inherited } = process.env;
  return { ...inherited, ...environment };
}

/** A new folder with resources for the AWS provider, not yet initialized. */
export function newTerraformFolder(environment: Environment, resources: string): TerraformFolder {
  const path = mkdtempSync(join(tmpdir(), "cloudstacks-terraform-"));
  writeFileSync(join(path, "provider.tf"), PROVIDER);
  writeFileSync(join(path, "resources.tf"), resources);
  writeFileSync(
    join(path, "terraform.rc"),
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  const env = {
    ...clientEnvironment(environment),
    TF_CLI_CONFIG_FILE: join(path, "terraform.rc"),
    TF_IN_AUTOMATION: "1",
  };
  return {
    path,
    terraform: (args, further) =>
      new Promise((resolve) => {
        const options = { cwd: path, env: { ...env, ...further }, maxBuffer: 2 ** 26 };
        execFile("terraform", args, options, (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), text: stdout + stderr });
        });
      }),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/**
 * The provider as one process that all commands share, instead of one per command. `variables` let Terraform find it.
 * Every alias of a provider shares it too, so that it serves one region only.
 */
export async function startProvider(environment: Environment) {
  const folder = join(mirror as string, AWS_PROVIDER);
  const version = readdirSync(folder).sort().at(-1) as string;
  const platform = readdirSync(join(folder, version))[0] as string;
  const built = join(folder, version, platform);
  const program = readdirSync(built).find((name) => name.startsWith("terraform-provider-aws")) as string;
  const child = spawn(join(built, program), ["-debug"], { env: clientEnvironment(environment) });
  const ended = new Promise<void>((resolve) => void child.once("close", () => resolve()));
  const reattach = await new Promise<string>((resolve, reject) => {
    let printed = "";
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const [, found] = /TF_REATTACH_PROVIDERS='(.*)'/.exec(printed) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    void ended.then(() => reject(new Error(`The provider ended before it served: ${printed}`)));
  });
  return {
    variables: { TF_REATTACH_PROVIDERS: reattach },
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
