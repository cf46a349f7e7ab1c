import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./cloudstack.ts";

const run = promisify(execFile);
const CACHE = join(ROOT, "node_modules/.cache");
/** Where the packages of the other languages are written. */
export const PACKAGES = join(ROOT, "constructs/dist/packages");

type Environment = Readonly<Record<string, string>>;
const SILENT: Environment = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "1" };

const versionOf = (name: string) =>
  (createRequire(import.meta.url)(`${name}/package.json`) as { readonly version: string }).version;

/** Calls a function once, and gives its result to all who ask. */
const once = <T>(make: () => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

/** Writes the packages of the other languages, from the package as it was built. */
export const packageLanguages = once(async () => {
  if (!existsSync(join(ROOT, "constructs/.jsii"))) throw new Error("The constructs are not built: npm run build");
  await run(process.execPath, [join(ROOT, "constructs/package.mjs")]);
});

function skipped(what: string, problem: unknown): undefined {
  console.warn(`SKIPPED: ${what}:`, problem);
  return undefined;
}

/**
 * What `python3` needs in its environment to run an app: a Python with jsii's runtime, kept between runs, and our
 * package. Undefined when it cannot be had, which is said.
 */
export const pythonEnvironment = once(async (): Promise<Environment | undefined> => {
  await packageLanguages();
  const folder = join(CACHE, `python-jsii-${versionOf("jsii-pacmak")}`);
  const python = join(folder, "bin/python");
  const environment = {
    ...SILENT,
    PATH: [dirname(python), process.env["PATH"]].join(delimiter),
    PYTHONPATH: join(PACKAGES, "python/src"),
  };
  if (existsSync(join(folder, "complete"))) return environment;
  mkdirSync(CACHE, { recursive: true });
  try {
    await run("python3", ["-m", "venv", folder]);
    const wanted = [`jsii==${versionOf("jsii-pacmak")}`, `constructs==${versionOf("constructs")}`];
    await run(python, ["-m", "pip", "install", "--quiet", ...wanted]);
    writeFileSync(join(folder, "complete"), "");
    return environment;
  } catch (problem) {
    return skipped("jsii's Python runtime cannot be installed", problem);
  }
});

/** What `mvn` needs to run an app: a repository of its own, kept between runs, where our package is installed. */
export const javaEnvironment = once(async (): Promise<Environment | undefined> => {
  await packageLanguages();
  const MAVEN_OPTS = `-Dmaven.repo.local=${join(CACHE, "maven")}`;
  const environment = { ...SILENT, MAVEN_OPTS };
  const withoutDocuments = ["-Dmaven.javadoc.skip=true", "-Dmaven.source.skip=true"];
  const options = { cwd: join(PACKAGES, "java"), env: { ...process.env, ...environment } };
  try {
    await run("mvn", ["--quiet", "--batch-mode", ...withoutDocuments, "install"], options);
    return environment;
  } catch (problem) {
    return skipped("the Java package cannot be compiled with what Maven finds", problem);
  }
});

/** Lets a Go app find our package and what it needs; undefined when the modules cannot be had. */
export async function goEnvironment(project: string): Promise<Environment | undefined> {
  await packageLanguages();
  const ours = join(PACKAGES, "go/cloudstacks");
  await run("go", ["mod", "edit", `-replace=local/cloudstacks=${ours}`], { cwd: project });
  try {
    await run("go", ["mod", "tidy"], { cwd: project });
    return SILENT;
  } catch (problem) {
    return skipped("the modules of jsii's Go runtime cannot be had", problem);
  }
}
