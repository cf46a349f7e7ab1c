import { execFile } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BindingTool } from "../../../engine/cli/bindings/generators.ts";
import { cloudstack, ROOT } from "./cloudstack.ts";
import { installedPackages } from "./installed-packages.ts";

/** Installs what an app names, writes its bindings and runs it; false when that cannot be had, which is said. */
export async function synthesizeWith(tool: BindingTool, project: string): Promise<boolean> {
  const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
    readonly dependencies: Record<string, string>;
    readonly devDependencies: Record<string, string>;
  };
  const { dependencies, devDependencies } = manifest;
  const modules = await installedPackages(`${tool}-${dependencies[tool]}`, { ...dependencies, ...devDependencies });
  if (modules === undefined) return false;
  symlinkSync(modules, join(project, "node_modules"));
  const { code, err } = await cloudstack(["bindings", "--for", tool], project);
  if (code !== 0) throw new Error(`cloudstack bindings ended with ${code}: ${err}`);
  const tsx = join(ROOT, "node_modules/tsx/dist/esm/index.mjs");
  const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
  await promisify(execFile)(process.execPath, ["--import", tsx, "app.ts"], { cwd: project, env });
  return true;
}
