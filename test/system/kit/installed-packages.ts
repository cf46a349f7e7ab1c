import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./cloudstack.ts";

const installing = new Map<string, Promise<string | undefined>>();

/**
 * The `node_modules` of a project with these dependencies, which are too large to be every developer's. Kept between
 * runs under `name`; undefined when they cannot be had, which is said.
 */
export function installedPackages(
  name: string,
  dependencies: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const known = installing.get(name) ?? install(name, JSON.stringify({ private: true, dependencies }));
  installing.set(name, known);
  return known;
}

async function install(name: string, manifest: string): Promise<string | undefined> {
  const folder = join(ROOT, "node_modules/.cache", name);
  const modules = join(folder, "node_modules");
  if (existsSync(join(folder, "complete"))) return modules;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), manifest);
  try {
    await promisify(execFile)("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: folder });
    writeFileSync(join(folder, "complete"), "");
    return modules;
  } catch (problem) {
    console.warn(`SKIPPED: the packages of ${name} cannot be installed:`, problem);
    return undefined;
  }
}
