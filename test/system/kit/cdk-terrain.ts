import { execFile } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BindingTool } from "../../../engine/cli/bindings/generators.ts";
import { cloudstack, ROOT } from "./cloudstack.ts";
import { installedPackages } from "./installed-packages.ts";

/** What `npm install` brings into an app, if it can be had; otherwise that is said. */
export function modulesOf(tool: BindingTool, app: string): Promise<string | undefined> {
  const manifest = JSON.parse(readFileSync(join(app, "package.json"), "utf8")) as {
    readonly dependencies: Record<string, string>;
    readonly devDependencies: Record<string, string>;
  };
  const { dependencies, devDependencies } = manifest;
  return installedPackages(`${tool}-${dependencies[tool]}`, { ...dependencies, ...devDependencies });
}

/** Installs what an app names, writes its bindings and runs it; false when that cannot be had, which is said. */
export async function synthesizeWith(tool: BindingTool, project: string): Promise<boolean> {
  const modules = await modulesOf(tool, project);
  if (modules === undefined) return false;
  symlinkSync(modules, join(project, "node_modules"));
  const { code, err } = await cloudstack(["bindings", "--for", tool], project);
  if (code !== 0) throw new Error(`cloudstack bindings ended with ${code}: ${err}`);
  const tsx = join(ROOT, "node_modules/tsx/dist/esm/index.mjs");
  const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
  await promisify(execFile)(process.execPath, ["--import", tsx, "app.ts"], { cwd: project, env });
  return true;
}
