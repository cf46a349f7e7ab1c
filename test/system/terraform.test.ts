import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { cloudstack, emptyFolder, startServer } from "./kit/cloudstack.ts";
import { isMissing } from "./kit/clients.ts";
import { isTerraformMissing, terraformIn } from "./kit/terraform.ts";

const run = promisify(execFile);
const resources = readFileSync(join(import.meta.dirname, "terraform/acceptance.tf"), "utf8");
const hasAwsCli = !isMissing("aws", "--version");

describe.skipIf(isTerraformMissing)("a user with Terraform and nothing but `cloudstack env`", () => {
  test("applies, changes and destroys; the CLIs see it; kill -9 between loses nothing", async () => {
    const folder = emptyFolder();
    onTestFinished(() => folder.remove());
    const first = await startServer(folder.path);
    onTestFinished(() => first.end("SIGKILL").then(() => undefined));
    const json = async <T>(...args: string[]) =>
      JSON.parse((await cloudstack([...args, "--format", "json"], folder.path)).out) as T;
    const environment = await json<Record<string, string>>("env");
    const terraform = await terraformIn(environment, resources);
    onTestFinished(() => terraform.remove());
    const aws = async (...args: string[]) =>
      (await run("aws", args, { env: { ...process.env, ...environment, AWS_PAGER: "" } })).stdout;
    const madeIds = async () => {
      const listed = await json<{ resources: { type: string; id: string }[] }>("resources");
      return listed.resources.map(({ type, id }) => `${type} ${id.split("/").at(-1)}`).sort();
    };
    const all = ["Bucket holiday-photos", "Queue resize", "Queue resize-dead", "Table albums"];

    await terraform.settle("first");
    expect(await madeIds()).toEqual(all);

    await first.end("SIGKILL");
    const again = await startServer(folder.path, ["--port", new URL(first.endpoint).port]);
    onTestFinished(() => again.end("SIGKILL").then(() => undefined));
    expect(again.endpoint).toBe(first.endpoint);
    await terraform.run("plan", "first", "-detailed-exitcode");

    await terraform.settle("second");
    expect(await madeIds()).toEqual(all);
    const { out } = await cloudstack(["resources"], folder.path);
    for (const name of ["holiday-photos", "resize", "resize-dead", "albums"]) expect(out).toContain(name);
    if (hasAwsCli) {
      expect(await aws("s3", "ls")).toMatch(/^[\d-]+ [\d:]+ holiday-photos\n$/);
      expect(await aws("s3", "cp", "s3://holiday-photos/2030/beach.txt", "-")).toBe("sand and sea");
    }

    await terraform.run("destroy", "second", "-auto-approve");
    expect((await cloudstack(["resources"], folder.path)).out).toBe("There is nothing.\n");
  });
});
