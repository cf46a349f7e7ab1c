import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROGRAM, ROOT } from "./cloudstack.ts";

/** What `npm install` would bring into the projects of users, as far as the tests need it. */
const PACKAGES = [".bin", "@aws-sdk", "@types", "constructs", "tsx", "typescript", "vitest"];

/** Gives a project the packages it names, from this repository's own; those of CloudStacks as they are built. */
export function linkPackages(project: string): void {
  const modules = join(project, "node_modules");
  mkdirSync(join(modules, "@cloudstacks/engine"), { recursive: true });
  for (const name of PACKAGES) symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  symlinkSync(join(ROOT, "constructs"), join(modules, "@cloudstacks/constructs"));
  copyFileSync(join(ROOT, "engine/package.json"), join(modules, "@cloudstacks/engine/package.json"));
  symlinkSync(dirname(PROGRAM), join(modules, "@cloudstacks/engine/dist"));
}
