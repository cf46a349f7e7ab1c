import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { CloudStacks } from "../../engine/embedded/cloud-stacks.ts";
import { cloudstack, emptyFolder, ROOT } from "./kit/cloudstack.ts";
import { contentsOf } from "./kit/cloud-contents.ts";
import { isMissing } from "./kit/clients.ts";
import { FORMS } from "./kit/example-forms.ts";
import { pythonEnvironment } from "./kit/packaged-languages.ts";
import { isTerraformMissing } from "./kit/provider.ts";

// The same systems, written in each way: what is there afterwards is the same.

const EXAMPLES = join(ROOT, "examples");
const SYSTEMS = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, "template.yaml")));

async function started(): Promise<CloudStacks> {
  const cloud = await CloudStacks.start({ frozenAt: "2030-01-01T00:00:00Z" });
  onTestFinished(() => cloud.stop());
  return cloud;
}

/** What the template of a system makes. */
async function ofTemplate(system: string): Promise<unknown> {
  const cloud = await started();
  await cloud.deploy(join(EXAMPLES, system, "template.yaml"), { stack: system });
  return contentsOf(cloud);
}

/** A copy of an example in a folder that is gone after the test. */
function copyOf(system: string, form: string): string {
  const { path, remove } = emptyFolder();
  onTestFinished(remove);
  const project = join(path, "app");
  cpSync(join(EXAMPLES, system, form), project, { recursive: true });
  return project;
}

describe.each(SYSTEMS)("%s", (system) => {
  test("in YAML: a second plan is empty, and destroying it leaves nothing", async () => {
    const cloud = await started();
    const template = join(EXAMPLES, system, "template.yaml");
    await cloud.deploy(template, { stack: system });
    expect((await cloud.plan(template, { stack: system })).isEmpty).toBe(true);
    await cloud.destroy(system);
    expect(await cloud.resources()).toEqual([]);
  });

  for (const { language, path, prepare, deploy, plan, destroy, ...form } of FORMS)
    test.skipIf(form.isMissing)(
      `in ${language}: makes what the template makes, has an empty second plan and leaves nothing behind`,
      async ({ skip }) => {
        const project = copyOf(system, path);
        const prepared = await prepare(project, system);
        if (prepared === undefined) return skip();
        const cloud = await started();
        const { folder = project, environment } = prepared;
        const run = (words: readonly string[]) => cloudstack(words, folder, { ...cloud.env(), ...environment });
        for (const words of deploy) expect(await run(words)).toMatchObject({ code: 0 });
        expect(await contentsOf(cloud)).toEqual(await ofTemplate(system));
        expect(await run(plan)).toMatchObject({ code: 0 });
        expect(await run(destroy)).toMatchObject({ code: 0 });
        expect(await cloud.resources()).toEqual([]);
      },
    );

  test.skipIf(isTerraformMissing)("its HCL is written as terraform fmt writes it", () => {
    execFileSync("terraform", ["fmt", "-check", "-recursive"], { cwd: join(EXAMPLES, system, "terraform") });
  });
});

test.skipIf(isMissing("python3", "--version"))("a project that init starts in Python deploys", async ({ skip }) => {
  const environment = await pythonEnvironment();
  if (environment === undefined) return skip();
  const folder = emptyFolder();
  onTestFinished(() => folder.remove());
  const shop = join(folder.path, "shop");
  await cloudstack(["init", "--template", "python", "shop"], folder.path);
  const there = (...args: string[]) => cloudstack(args, shop, environment);
  expect(await there("deploy", "--yes")).toMatchObject({ code: 0 });
  expect((await there("plan", "--detailed-exitcode")).code).toBe(0);
  expect((await there("outputs", "shop")).out).toMatch(/Bucket +shop-files-/);
});
