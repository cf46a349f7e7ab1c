import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { cloudstack, PROGRAM, ROOT, startServer } from "./kit/cloudstack.ts";
import { linkPackages } from "./kit/linked-project.ts";
import { ownFolder } from "./kit/own-folder.ts";
import { isTerraformMissing } from "./kit/terraform.ts";
import { newTerraformFolder } from "./kit/terraform-folder.ts";

// Each project that `cloudstack init` starts, run as its own next steps say; that in Python stands with the other
// languages' tests.

const { folder, run, json, write } = ownFolder();
const project = () => join(folder.path, "shop");
const there = (...args: string[]) => cloudstack(args, project());

async function started(template: string): Promise<void> {
  expect(await run("init", "--template", template, "shop")).toMatchObject({ code: 0, err: "" });
}

/** Runs a program of a project's own packages, which must succeed. */
function program(name: string, ...args: string[]): Promise<string> {
  const { FORCE_COLOR: _color, ...env } = process.env;
  const options = { cwd: project(), env: { ...env, NO_COLOR: "1" } };
  return new Promise((resolve, reject) => {
    execFile(join(project(), "node_modules/.bin", name), args, options, (problem, out, errors) =>
      problem ? reject(new Error(out + errors)) : resolve(out),
    );
  });
}

test("the templates are listed, a wrong name is told the right ones, and nothing is written over", async () => {
  const { templates } = await json<{ templates: { name: string }[] }>("init");
  expect(templates.map(({ name }) => name)).toEqual(["yaml", "typescript", "python", "terraform", "test"]);
  expect((await run("init", "--template", "cobol")).err).toBe(
    'error: There is no template "cobol".\n  --template takes yaml, typescript, python, terraform, test.\n',
  );
  write("shop/app.ts", "mine");
  const refused = await run("init", "--template", "typescript", "shop");
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("error: shop has app.ts already. Nothing was written.");
  expect(readFileSync(join(project(), "app.ts"), "utf8")).toBe("mine");
  expect(existsSync(join(project(), "package.json"))).toBe(false);
});

test("a project started from a clone of the repository gets our packages from there", async () => {
  await started("typescript");
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(project(), "package.json"), "utf8"));
  expect(dependencies["@cloudstacks/constructs"]).toBe(`file:${join(ROOT, "constructs")}`);
  expect(devDependencies["@cloudstacks/engine"]).toBe(`file:${join(ROOT, "engine")}`);
  const { out } = await run("init", "--template", "python", "python-shop");
  const python = pathToFileURL(join(ROOT, "constructs/dist/packages/python")).href;
  expect(readFileSync(join(folder.path, "python-shop/requirements.txt"), "utf8")).toBe(`cloudstacks @ ${python}\n`);
  const make = `node "${join(ROOT, "constructs/package.mjs")}" python`;
  expect(out).toContain(
    `Next:\n  cd python-shop\n  ${make}\n  pip install -r requirements.txt\n  cloudstack deploy\n`,
  );
});

test("a project started by an installed program gets our packages of the same version", () => {
  const program = installed();
  const start = (template: string) => {
    execFileSync(process.execPath, [program, "init", "--template", template, template], { cwd: folder.path });
    return (name: string) => readFileSync(join(folder.path, template, name), "utf8");
  };
  const { dependencies, devDependencies } = JSON.parse(start("typescript")("package.json"));
  expect(dependencies["@cloudstacks/constructs"]).toBe("^0.1.0");
  expect(devDependencies["@cloudstacks/engine"]).toBe("^0.1.0");
  expect(start("python")("requirements.txt")).toBe("cloudstacks==0.1.0\n");
});

/** The program as npm installs it from a registry, as far as starting a project needs it. */
function installed(): string {
  const engine = join(folder.path, "node_modules/@cloudstacks/engine");
  cpSync(dirname(PROGRAM), join(engine, "dist"), { recursive: true });
  cpSync(join(ROOT, "engine/starters"), join(engine, "starters"), { recursive: true });
  cpSync(join(ROOT, "engine/package.json"), join(engine, "package.json"));
  cpSync(join(ROOT, "engine/models/aws/index.json"), join(engine, "models/aws/index.json"));
  symlinkSync(join(ROOT, "node_modules/better-sqlite3"), join(folder.path, "node_modules/better-sqlite3"));
  return join(engine, "dist", basename(PROGRAM));
}

test("yaml: a template that deploys", async () => {
  const { out } = await run("init", "--template", "yaml", "shop");
  expect(out).toBe("started yaml in shop: .gitignore, cloud.yaml\nNext:\n  cd shop\n  cloudstack deploy cloud.yaml\n");
  const deployed = await there("deploy", "cloud.yaml", "--yes");
  expect(deployed).toMatchObject({ code: 0, err: "" });
  expect(deployed.out).toContain("Files  shop-files-dev");
  expect((await there("plan", "cloud.yaml", "--detailed-exitcode")).code).toBe(0);
});

test("typescript: an app that its compiler accepts and that deploys", async () => {
  await started("typescript");
  linkPackages(project());
  await program("tsc", "--noEmit");
  expect(await there("deploy", "--yes")).toMatchObject({ code: 0 });
  expect((await there("plan", "--detailed-exitcode")).code).toBe(0);
  expect((await there("outputs", "shop")).out).toMatch(/Bucket +shop-files-/);
});

test("test: tests that its compiler accepts and that pass", async () => {
  await started("test");
  linkPackages(project());
  await program("tsc", "--noEmit");
  expect(await program("vitest", "run")).toMatch(/Tests +2 passed/);
});

test.skipIf(isTerraformMissing)("terraform: a configuration that applies, and whose second plan is empty", async () => {
  await started("terraform");
  const server = await startServer(project());
  onTestFinished(async () => void (await server.end("SIGTERM")));
  const mirrored = newTerraformFolder({}, "");
  onTestFinished(() => mirrored.remove());
  const environment = { TF_CLI_CONFIG_FILE: join(mirrored.path, "terraform.rc"), TF_IN_AUTOMATION: "1" };
  const terraform = (...args: string[]) => cloudstack(["terraform", ...args, "-no-color"], project(), environment);
  expect((await terraform("init")).code).toBe(0);
  expect((await terraform("apply", "-auto-approve")).out).toContain("Apply complete! Resources: 3 added");
  expect((await terraform("plan", "-detailed-exitcode")).code).toBe(0);
});
