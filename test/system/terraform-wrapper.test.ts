import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { cloudstack, emptyFolder, startServer } from "./kit/cloudstack.ts";
import { isTerraformMissing } from "./kit/terraform.ts";
import { newTerraformFolder } from "./kit/terraform-folder.ts";
import { WRAPPED_TOOLS } from "./kit/wrapped-tools.ts";

/** A folder with resources for the AWS provider, and `cloudstack` in it. */
function awsFolder(resources: string) {
  const { path, remove } = newTerraformFolder({}, resources);
  onTestFinished(() => remove());
  const environment = { TF_CLI_CONFIG_FILE: join(path, "terraform.rc"), CHECKPOINT_DISABLE: "1" };
  return { path, run: (...args: string[]) => cloudstack(args, path, environment) };
}

/** A program of a name on the search path, that a shell runs. */
function toolThat(name: string, script: string) {
  const folder = emptyFolder();
  onTestFinished(() => folder.remove());
  const programs = join(folder.path, "programs");
  mkdirSync(programs);
  writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(programs, name), 0o755);
  const environment = { PATH: `${programs}${delimiter}${process.env["PATH"]}` };
  return {
    path: folder.path,
    run: (args: readonly string[], more: Record<string, string> = {}) =>
      cloudstack(args, folder.path, { ...environment, ...more }),
  };
}

describe("cloudstack tofu runs the user's program", () => {
  test("with every word as it stands, and gives its exit code and what it prints", async () => {
    const tool = toolThat("tofu", "printf '%s\\n' \"$@\"; echo beside >&2; exit 7");
    const words = ["-chdir=a b", "plan", "--format", "json", "-h", "--explain", "--", "-x"];
    expect(await tool.run(["--data-dir", "kept", "tofu", ...words])).toEqual({
      code: 7,
      out: `${words.join("\n")}\n`,
      err: "beside\n",
    });
    expect(existsSync(join(tool.path, "kept"))).toBe(true);
  });

  test("with an engine that answers while it runs, and says what it was told when asked", async () => {
    const tool = toolThat("tofu", 'curl --silent "$AWS_ENDPOINT_URL/_cloudstack/health"; env | grep ^AWS_ | sort');
    const inherited = { AWS_PROFILE: "production", AWS_REGION: "eu-west-1", AWS_SESSION_TOKEN: "real" };
    const { out, err } = await tool.run(["tofu", "--explain", "version"], inherited);
    expect(out).toMatch(/^\{"status":"running"/);
    expect(out).toContain("AWS_REGION=eu-west-1\n");
    expect(out).not.toMatch(/AWS_PROFILE|AWS_SESSION_TOKEN/);
    expect(err).toMatch(/^engine {4}http:\/\/127\.0\.0\.1:\d+ \(begun for this run on .*\.cloudstacks/m);
    expect(err).toMatch(/^not set {3}AWS_PROFILE, AWS_SESSION_TOKEN$/m);
  });

  test("as often as wanted at once, on one engine", async () => {
    const tool = toolThat("tofu", 'curl --silent --fail "$AWS_ENDPOINT_URL/_cloudstack/health" > /dev/null');
    const done = await Promise.all(Array.from({ length: 6 }, () => tool.run(["tofu"])));
    expect(done.map(({ code, out }) => [code, out])).toEqual(done.map(() => [0, ""]));
  });

  test("and says so when there is none", async () => {
    const folder = emptyFolder();
    onTestFinished(() => folder.remove());
    const { code, err } = await cloudstack(["tofu", "plan"], folder.path, { PATH: folder.path });
    expect(code).toBe(1);
    expect(err).toContain("tofu is not on the PATH.");
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test("only when --state has a backend to name the state of", async () => {
    const { code, out, err } = await toolThat("tofu", "echo it ran").run(["tofu", "--state", "mine", "plan"]);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("has no HTTP backend without an address, which --state could name the state of.");
  });

  test("and ends as it does when a signal ends it", async () => {
    const tool = toolThat("tofu", "kill -TERM $$");
    expect((await tool.run(["tofu"])).code).toBe(143);
  });
});

const basic = (user: string): string => `Basic ${Buffer.from(`${user}:cloudstacks`).toString("base64")}`;
const held = `terraform {
  backend "http" {}
}
resource "terraform_data" "it" { input = "kept" }
`;

describe.skipIf(isTerraformMissing)("cloudstack terraform", () => {
  test("deploys with the real AWS provider, keeps the state in the engine, leaves the files alone", async () => {
    const { path, run } = awsFolder(`terraform {\n  backend "http" {}\n}
resource "aws_s3_bucket" "photos" { bucket = "wrapped-photos" }
resource "aws_sns_topic" "news" { name = "wrapped-news" }
resource "aws_s3_account_public_access_block" "all" { block_public_acls = true }`);
    const files = readdirSync(path);
    expect((await run("terraform", "init", "-no-color")).code).toBe(0);
    expect((await run("terraform", "plan", "-no-color", "-detailed-exitcode")).code).toBe(2);
    const applied = await run("terraform", "apply", "-no-color", "-auto-approve");
    expect(applied.out).toContain("Apply complete! Resources: 3 added, 0 changed, 0 destroyed.");
    expect(applied.err).toBe("");
    expect((await run("terraform", "plan", "-no-color", "-detailed-exitcode")).code).toBe(0);
    expect((await run("resources")).out).toMatch(/wrapped-photos[\s\S]*wrapped-news/);
    expect((await run("tfstate", "list")).out).toMatch(/^default +1 /m);
    expect(readdirSync(path)).toEqual([".cloudstacks", ".terraform", ".terraform.lock.hcl", ...files].sort());
    await run("terraform", "destroy", "-no-color", "-auto-approve");
    expect((await run("resources")).out).toBe("There is nothing.\n");
  });

  test("lets no request reach a real cloud, whatever a provider is configured with, and says so at once", async () => {
    const { run } = awsFolder(`provider "aws" {
  alias     = "real"
  region    = "eu-west-1"
  endpoints {
    s3  = "https://s3.eu-west-1.amazonaws.com"
    sqs = "http://sqs.eu-west-1.amazonaws.com"
  }
}
resource "aws_s3_bucket" "real" {
  provider = aws.real
  bucket   = "wrapped-real"
}
resource "aws_sqs_queue" "real" {
  provider = aws.real
  name     = "wrapped-real"
}
resource "aws_s3_bucket" "own" { bucket = "wrapped-own" }`);
    await run("terraform", "init", "-no-color");
    const { code, err } = await run("terraform", "apply", "-no-color", "-auto-approve");
    expect(code).toBe(1);
    for (const host of ["wrapped-real.s3.eu-west-1.amazonaws.com", "sqs.eu-west-1.amazonaws.com"])
      expect(err).toContain(`cloudstack refuses ${host}: no request of this run may reach a real cloud\n`);
    expect(err.replaceAll(/\s+/g, " ")).toContain("api error RealCloudRefused: cloudstack refuses wrapped-real.s3");
    expect((await run("resources")).out).toContain("wrapped-own");
  });
});

describe.each(WRAPPED_TOOLS)("cloudstack $name", ({ isMissing, work: workOf }) => {
  test.skipIf(isMissing)("uses the server of the data directory and leaves it running", async () => {
    const work = workOf();
    onTestFinished(() => work.remove());
    work.write("main.tf", held);
    const server = await startServer(work.path);
    onTestFinished(() => server.end("SIGKILL").then(() => undefined));
    await work.run("init", "-no-color");
    await work.run("apply", "-no-color", "-auto-approve");
    expect(await work.run("state", "list")).toBe("terraform_data.it\n");
    const address = `${server.endpoint}/_cloudstack/terraform/states/default`;
    expect((await fetch(address, { headers: { authorization: basic("000000000000") } })).status).toBe(200);
  });

  test.skipIf(isMissing)("attaches the engine's own provider, which nobody installs", async () => {
    const work = workOf();
    onTestFinished(() => work.remove());
    work.write(
      "main.tf",
      `terraform {\n  required_providers {\n    cloudstacks = { source = "cloudstacks/cloudstacks" }\n  }\n}
resource "cloudstacks_queue" "jobs" { name = "wrapped-jobs" }\n`,
    );
    await work.run("init", "-no-color");
    await work.run("apply", "-no-color", "-auto-approve");
    expect((await work.tell("plan", "-no-color", "-detailed-exitcode")).code).toBe(0);
    expect((await cloudstack(["resources"], work.path)).out).toContain("wrapped-jobs");
  });

  test.skipIf(isMissing)("goes on serving another run when its own has ended", async () => {
    const shared = emptyFolder();
    onTestFinished(() => shared.remove());
    const runs = [workOf("--data-dir", shared.path), workOf("--data-dir", shared.path)];
    for (const run of runs) {
      onTestFinished(() => run.remove());
      run.write("main.tf", held);
      await run.run("init", "-no-color");
    }
    const asking = [];
    for (const run of runs) asking.push(await run.ask("apply", "-no-color"));
    const [owner, guest] = asking;
    owner?.child.stdin?.end("no\n");
    const waited = new Promise<void>((resolve) => {
      owner?.child.stderr?.on("data", (chunk: Buffer) => chunk.includes("waiting for 1 other") && resolve());
    });
    await waited;
    guest?.child.stdin?.end("yes\n");
    expect((await guest?.ended)?.code).toBe(0);
    expect((await owner?.ended)?.code).toBe(1);
  });

  test.skipIf(isMissing)("hands Ctrl-C on and ends when Terraform has, which lets its lock go", async () => {
    const work = workOf();
    onTestFinished(() => work.remove());
    work.write("main.tf", held);
    await work.run("init", "-no-color");
    const asking = await work.ask("apply", "-no-color");
    asking.child.kill("SIGINT");
    const { code, out, err } = await asking.ended;
    expect(code).toBe(1);
    expect(out + err).toContain("nterrupt");
    expect((await work.tell("apply", "-no-color", "-auto-approve")).code).toBe(0);
  });

  test.skipIf(isMissing)("keeps versions of states, and locks that can be broken: who lost one is late", async () => {
    const work = workOf();
    onTestFinished(() => work.remove());
    const run = (...args: string[]) => cloudstack(args, work.path);
    const output = (word: string) => `${held}output "word" { value = "${word}" }\n`;
    work.write("main.tf", output("one"));
    await work.run("init", "-no-color");
    await work.run("apply", "-no-color", "-auto-approve");
    work.write("main.tf", output("two"));
    await work.run("apply", "-no-color", "-auto-approve");
    expect((await run("tfstate", "rollback", "default", "--to", "1")).out).toBe(
      "default has the content of version 1, as version 3\n",
    );
    expect(await work.run("output", "-raw", "word")).toBe("one");
    expect((await run("tfstate", "versions", "default")).out).toMatch(/^3 .*the content of 1\n2 .*\n1 .*\n$/m);

    const shown = async (...version: string[]) => (await run("tfstate", "show", "default", ...version)).out;
    expect(JSON.parse(await shown("2"))).toMatchObject({ outputs: { word: { value: "two" } } });
    expect(await shown()).toBe(await shown("1"));

    const asking = await work.ask("apply", "-no-color");
    expect((await run("tfstate", "delete", "default", "--yes")).err).toContain("is locked");
    expect((await run("tfstate", "list")).out).toMatch(/locked by \S+, OperationTypeApply, /);
    expect((await run("tfstate", "unlock", "default")).out).toMatch(/^default was locked by .*; it is free now\n$/);
    asking.child.stdin?.end("yes\n");
    const late = await asking.ended;
    expect([late.code, late.err.includes("Failed to save state")]).toEqual([1, true]);
    expect(existsSync(join(work.path, "errored.tfstate"))).toBe(true);
    expect(await work.run("output", "-raw", "word")).toBe("one");

    expect((await run("tfstate", "delete", "default")).err).toContain("Add --yes.");
    expect(await run("tfstate", "delete", "default", "--yes")).toMatchObject({ code: 0, out: "deleted default\n" });
    expect((await run("tfstate", "show", "default")).code).toBe(1);
  });
});
