// Makes the packages of the other languages in dist/packages from the compiled assembly: `node package.mjs python go`.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { env as inherited } from "node:process";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const wanted = process.argv.slice(2);
const languages = wanted.length > 0 ? wanted : ["python", "java", "go"];

/** npm packs what is bundled only from beside the package, and a workspace keeps it further up. */
const { bundleDependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const copied = [];
for (const name of bundleDependencies) {
  const beside = join(here, "node_modules", name);
  if (existsSync(beside)) continue;
  cpSync(dirname(require.resolve(`${name}/package.json`)), beside, { recursive: true });
  copied.push(beside);
}
try {
  const pacmak = require.resolve("jsii-pacmak/bin/jsii-pacmak");
  const targets = languages.flatMap((language) => ["--target", language]);
  const env = { ...inherited, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "1" };
  const options = ["--code-only", "--no-parallel", ...targets];
  const { status } = spawnSync(process.execPath, [pacmak, ...options], { cwd: here, env, stdio: "inherit" });
  process.exitCode = status ?? 1;
} finally {
  for (const path of copied) rmSync(path, { recursive: true });
}
