import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { isMissing } from "./kit/clients.ts";
import { cloudstack, emptyFolder, ROOT } from "./kit/cloudstack.ts";
import { linkPackages } from "./kit/linked-project.ts";

const SYSTEMS = ["news-fan-out", "upload-intake", "web-service"];
const PACKAGES = join(ROOT, "constructs/dist/packages");
const CACHE = join(ROOT, "node_modules/.cache");
const run = promisify(execFile);
const environment = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "1" };

const versionOf = (name: string) =>
  (createRequire(import.meta.url)(`${name}/package.json`) as { readonly version: string }).version;

/** The packages of the other languages, from the package as it was built. */
const packaged = (async () => {
  if (!existsSync(join(ROOT, "constructs/.jsii"))) throw new Error("The constructs are not built: npm run build");
  await run(process.execPath, [join(ROOT, "constructs/package.mjs")]);
})();

/** A Python with jsii's runtime, kept between runs; undefined when it cannot be had. */
async function pythonWithJsii(): Promise<string | undefined> {
  const folder = join(CACHE, `python-jsii-${versionOf("jsii-pacmak")}`);
  const python = join(folder, "bin/python");
  if (existsSync(join(folder, "complete"))) return python;
  mkdirSync(CACHE, { recursive: true });
  try {
    await run("python3", ["-m", "venv", folder]);
    const wanted = [`jsii==${versionOf("jsii-pacmak")}`, `constructs==${versionOf("constructs")}`];
    await run(python, ["-m", "pip", "install", "--quiet", ...wanted]);
    writeFileSync(join(folder, "complete"), "");
    return python;
  } catch (problem) {
    console.warn("SKIPPED: jsii's Python runtime cannot be installed:", problem);
    return undefined;
  }
}

/** A copy of an example in an empty folder, gone after the test. */
function copyOf(system: string, language: string): string {
  const { path, remove } = emptyFolder();
  onTestFinished(remove);
  cpSync(join(ROOT, "examples", system, language), path, { recursive: true });
  return path;
}

/** What was synthesized, without what only programs in TypeScript know: where they say so. */
function synthesized(folder: string, system: string): unknown {
  const text = readFileSync(join(folder, "cloudstack.out", `${system}.template.json`), "utf8");
  return JSON.parse(text, (key, value: unknown) => (key === "cloudstacks:source" ? undefined : value));
}

async function inTypeScript(system: string): Promise<unknown> {
  const folder = copyOf(system, "typescript");
  linkPackages(folder);
  await run("npx", ["tsx", "app.ts"], { cwd: folder, env: environment });
  return synthesized(folder, system);
}

describe.skipIf(isMissing("python3", "--version"))("a system in Python", () => {
  for (const system of SYSTEMS) {
    test(`${system} synthesizes what it does in TypeScript`, async ({ skip }) => {
      await packaged;
      const python = await pythonWithJsii();
      if (python === undefined) return skip();
      const folder = copyOf(system, "python");
      const env = { ...environment, PYTHONPATH: join(PACKAGES, "python/src") };
      await run(python, ["app.py"], { cwd: folder, env });
      expect(synthesized(folder, system)).toEqual(await inTypeScript(system));
    });
  }
});

test.skipIf(isMissing("python3", "--version"))("a project that init starts in Python deploys", async ({ skip }) => {
  await packaged;
  const python = await pythonWithJsii();
  if (python === undefined) return skip();
  const folder = emptyFolder();
  onTestFinished(() => folder.remove());
  const shop = join(folder.path, "shop");
  await cloudstack(["init", "--template", "python", "shop"], folder.path);
  const PATH = `${dirname(python)}${delimiter}${process.env["PATH"]}`;
  const there = (...args: string[]) => cloudstack(args, shop, { PYTHONPATH: join(PACKAGES, "python/src"), PATH });
  expect(await there("deploy", "--yes")).toMatchObject({ code: 0 });
  expect((await there("plan", "--detailed-exitcode")).code).toBe(0);
  expect((await there("outputs", "shop")).out).toMatch(/Bucket +shop-files-/);
});

describe.skipIf(isMissing("go", "version"))("a system in Go", () => {
  for (const system of SYSTEMS) {
    test(`${system} synthesizes what it does in TypeScript`, async ({ skip }) => {
      await packaged;
      const folder = copyOf(system, "go");
      const own = join(PACKAGES, "go/cloudstacks");
      await run("go", ["mod", "edit", `-replace=cloudstacks.dev/go/cloudstacks=${own}`], { cwd: folder });
      try {
        await run("go", ["mod", "tidy"], { cwd: folder });
      } catch (problem) {
        console.warn("SKIPPED: the modules of jsii's Go runtime cannot be had:", problem);
        return skip();
      }
      await run("go", ["run", "."], { cwd: folder, env: environment });
      expect(synthesized(folder, system)).toEqual(await inTypeScript(system));
    });
  }
});

test("a package for Java is written", async () => {
  await packaged;
  const sources = join(PACKAGES, "java/src/main/java/dev/cloudstacks");
  expect(["App.java", "aws/S3Bucket.java", "types/Queue.java"].map((file) => existsSync(join(sources, file)))).toEqual([
    true, true, true,
  ]);
});
