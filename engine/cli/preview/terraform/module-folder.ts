import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const OVERRIDE = "cloudstacks_override.tf";

/** What takes the place of a backend or of Terraform Cloud, whatever the configuration says of them. */
const BACKEND = `terraform {\n  backend "http" {}\n}\n`;

const isVariablesFile = (name: string) => /\.tfvars(\.json)?$/.test(name);

/**
 * Makes a copy of a root module ready to be run: its state is the engine's, and what git does not keep (modules that
 * were fetched, values of variables) is that of the work tree.
 */
export function prepareModule(folder: string, workTree: string): void {
  writeFileSync(join(folder, OVERRIDE), BACKEND);
  if (folder === workTree || !existsSync(workTree)) return;
  for (const name of readdirSync(workTree))
    if (isVariablesFile(name) && !existsSync(join(folder, name))) cpSync(join(workTree, name), join(folder, name));
  const modules = join(workTree, ".terraform/modules");
  if (existsSync(modules)) cpSync(modules, join(folder, ".terraform/modules"), { recursive: true });
}

/** The providers that are installed for a root module; undefined when there are none. */
export function installedProviders(workTree: string): string | undefined {
  const folder = join(workTree, ".terraform/providers");
  return existsSync(folder) ? folder : undefined;
}
