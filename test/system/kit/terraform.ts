import { newTerraformFolder, whyTerraformIsMissing } from "./terraform-folder.ts";

const reason = whyTerraformIsMissing();
if (reason !== undefined) console.warn(`SKIPPED: ${reason}.`);
/** For `describe.skipIf`: the reason has been printed. */
export const isTerraformMissing = reason !== undefined;

export interface Terraform {
  /** Runs a command for a stage (the variable of that name), which must succeed, and gives what it printed. */
  run(command: string, stage?: string, ...options: readonly string[]): Promise<string>;
  /** Applies a stage, and expects the plan after it to be empty. */
  settle(stage: string): Promise<void>;
  remove(): void;
}

/** A new Terraform folder with resources for the AWS provider, initialized. */
export async function terraformIn(environment: Record<string, string>, resources: string): Promise<Terraform> {
  const { terraform, remove } = newTerraformFolder(environment, resources);
  const run = async (command: string, stage?: string, ...options: readonly string[]) => {
    const stages = stage === undefined ? [] : [`-var=stage=${stage}`];
    const { code, text } = await terraform([...command.split(" "), "-no-color", ...stages, ...options]);
    if (code !== 0) throw new Error(`terraform ${command} ended with ${code}:\n${text}`);
    return text;
  };
  await run("init", undefined, "-input=false");
  return {
    run,
    async settle(stage) {
      await run("apply", stage, "-auto-approve");
      await run("plan", stage, "-detailed-exitcode");
    },
    remove,
  };
}
