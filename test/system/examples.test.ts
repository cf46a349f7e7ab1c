import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { CloudStacks } from "../../engine/embedded/cloud-stacks.ts";
import { cloudstack, emptyFolder, ROOT } from "./kit/cloudstack.ts";
import { contentsOf } from "./kit/cloud-contents.ts";
import { linkPackages } from "./kit/linked-project.ts";

// The same systems, written in each way: what is there afterwards is the same.

const EXAMPLES = join(ROOT, "examples");
const NAMES = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, "template.yaml")));

async function started(): Promise<CloudStacks> {
  const cloud = await CloudStacks.start({ frozenAt: "2030-01-01T00:00:00Z" });
  onTestFinished(() => cloud.stop());
  return cloud;
}

/** What the template of an example makes. */
async function ofTemplate(name: string): Promise<unknown> {
  const cloud = await started();
  await cloud.deploy(join(EXAMPLES, name, "template.yaml"), { stack: name });
  return contentsOf(cloud);
}

describe.each(NAMES)("%s", (name) => {
  test("in YAML: a second plan is empty, and destroying it leaves nothing", async () => {
    const cloud = await started();
    const template = join(EXAMPLES, name, "template.yaml");
    await cloud.deploy(template, { stack: name });
    expect((await cloud.plan(template, { stack: name })).isEmpty).toBe(true);
    await cloud.destroy(name);
    expect(await cloud.resources()).toEqual([]);
  });

  test("in TypeScript: the command line deploys the app to the same resources", async () => {
    const folder = emptyFolder();
    onTestFinished(() => folder.remove());
    const project = join(folder.path, "app");
    mkdirSync(project);
    cpSync(join(EXAMPLES, name, "typescript"), project, { recursive: true });
    linkPackages(project);
    const cloud = await started();
    const run = (...args: string[]) => cloudstack(args, project, cloud.env());
    expect((await run("deploy", "--yes")).out).toContain(`deployed ${name}`);
    expect((await run("plan", "--detailed-exitcode")).code).toBe(0);
    expect(await contentsOf(cloud)).toEqual(await ofTemplate(name));
  });
});
