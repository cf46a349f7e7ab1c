import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { endWithUs } from "./end-with-us.ts";

/** A provider's process that goes on from one run of Terraform to the next. */
export interface WarmProvider {
  /** As `TF_REATTACH_PROVIDERS` names it. */
  readonly providers: Readonly<Record<string, unknown>>;
  end(): void;
}

const INSTALLED = ".terraform/providers";
/** In Terraform's registry and in OpenTofu's. */
const NAME = "hashicorp/aws";
/** What a debugger would be told. */
const SERVING = /TF_REATTACH_PROVIDERS='(.*)'/;
/** It says so within two seconds; one that is silent is not waited for. */
const BEGINNING_MS_MAX = 30_000;

/**
 * Starts the AWS provider that a root module has installed, in the mode that it has for debuggers. Terraform starts it
 * two or three times in each run, and asks each for a schema of several megabytes. Undefined when none is installed, or
 * when it does not say where it listens: then Terraform starts it as ever.
 */
export async function warmProvider(folder: string, env: NodeJS.ProcessEnv): Promise<WarmProvider | undefined> {
  const found = installedIn(join(folder, INSTALLED));
  if (found === undefined) return undefined;
  const child = spawn(found.program, ["-debug"], { cwd: folder, env, stdio: ["ignore", "pipe", "ignore"] });
  endWithUs(child);
  const ended = new Promise<undefined>((resolve) => {
    child.once("error", () => resolve(undefined));
    child.once("close", () => resolve(undefined));
  });
  const serving = new Promise<string>((resolve) => {
    let told = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      // It goes on telling of what it does, which nobody keeps.
      const [, where] = SERVING.exec((told += text)) ?? [];
      if (where === undefined) return;
      child.stdout.removeAllListeners("data").resume();
      resolve(where);
    });
  });
  const late = setTimeout(() => child.kill(), BEGINNING_MS_MAX);
  const where = await Promise.race([serving, ended]);
  clearTimeout(late);
  if (where === undefined) return undefined;
  const [facts] = Object.values(JSON.parse(where) as Record<string, unknown>);
  return { providers: { [found.name]: facts }, end: () => void child.kill() };
}

interface Installed {
  /** `registry.terraform.io/hashicorp/aws` */
  readonly name: string;
  readonly program: string;
}

/** `HOST/hashicorp/aws/VERSION/SYSTEM/terraform-provider-aws_...`, of which a module has one. */
function installedIn(folder: string): Installed | undefined {
  for (const host of namesIn(folder)) {
    const name = `${host}/${NAME}`;
    for (const version of namesIn(join(folder, name)))
      for (const system of namesIn(join(folder, name, version)))
        for (const file of namesIn(join(folder, name, version, system)))
          if (file.startsWith("terraform-provider-aws")) {
            return { name, program: join(folder, name, version, system, file) };
          }
  }
  return undefined;
}

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);
