import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { BINDING_TOOLS, type BindingTool } from "../../engine/cli/bindings/generators.ts";
import { CloudStacks } from "../../engine/embedded/cloud-stacks.ts";
import { contentsOf } from "./kit/cloud-contents.ts";
import { cloudstack, emptyFolder, ROOT } from "./kit/cloudstack.ts";
import { isTerraformMissing } from "./kit/provider.ts";

const run = promisify(execFile);
const EXAMPLE = join(ROOT, "examples/upload-intake");

/**
 * The packages of a tool are too large to be installed for tests alone: a variable names a project that has them,
 * `CLOUDSTACKS_CDKTN_PROJECT` for example.
 */
function modulesFor(tool: BindingTool): string | undefined {
  const project = process.env[`CLOUDSTACKS_${tool.toUpperCase()}_PROJECT`];
  const modules = [project, ROOT].map((folder) => join(folder ?? ROOT, "node_modules"));
  const found = modules.find((folder) => existsSync(join(folder, `@${tool}/provider-generator`)));
  if (!found) console.warn(`SKIPPED: @${tool}/provider-generator is not installed.`);
  return found;
}

async function started(): Promise<CloudStacks> {
  const cloud = await CloudStacks.start({ frozenAt: "2030-01-01T00:00:00Z" });
  onTestFinished(() => cloud.stop());
  return cloud;
}

describe.each(BINDING_TOOLS)("bindings for %s", (tool) => {
  test("name what is missing, and how to get it", async () => {
    const folder = emptyFolder();
    onTestFinished(() => folder.remove());
    const { code, err } = await cloudstack(["bindings", "--for", tool], folder.path);
    expect(code).toBe(1);
    expect(err).toContain(`@${tool}/provider-generator is not installed here`);
    expect(err).toContain(`npm install --save-dev @${tool}/provider-generator@`);
  });

  const modules = modulesFor(tool);
  test.skipIf(isTerraformMissing || modules === undefined)(
    "make an app that Terraform deploys to what the template of the same system makes",
    async () => {
      const folder = emptyFolder();
      onTestFinished(() => folder.remove());
      const project = join(folder.path, "app");
      mkdirSync(project);
      cpSync(join(EXAMPLE, tool), project, { recursive: true });
      symlinkSync(modules ?? "", join(project, "node_modules"));
      const made = await cloudstack(["bindings", "--for", tool], project);
      expect(made).toMatchObject({ code: 0 });
      const tsx = join(ROOT, "node_modules/tsx/dist/esm/index.mjs");
      const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
      await run(process.execPath, ["--import", tsx, "app.ts"], { cwd: project, env });
      const module = join(project, "cdktf.out/stacks/upload-intake");
      expect(JSON.parse(readFileSync(join(module, "cdk.tf.json"), "utf8"))).toHaveProperty("resource");

      const [applied, deployed] = [await started(), await started()];
      for (const command of [["init"], ["apply", "-auto-approve"], ["plan", "-detailed-exitcode"]]) {
        const finished = await cloudstack(["terraform", ...command, "-no-color"], module, applied.env());
        expect(finished).toMatchObject({ code: 0 });
      }
      await deployed.deploy(join(EXAMPLE, "template.yaml"), { stack: "upload-intake" });
      expect(await contentsOf(applied)).toEqual(await contentsOf(deployed));
    },
  );
});
