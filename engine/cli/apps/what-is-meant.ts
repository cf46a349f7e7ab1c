import { existsSync, statSync } from "node:fs";
import { chosen, type Assembly, type AssemblyStack } from "../../apps/assembly.ts";
import { isAssembly, readAssembly } from "../../apps/read-assembly.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import { PROJECT_FILE, readProject } from "./project.ts";
import { synthesize, type SynthesisOptions } from "./synthesize.ts";

/** What the arguments of a command name: one template, or stacks of an app. */
export type Meant =
  | { readonly kind: "template"; readonly file: string }
  /** A folder that was synthesized before, or the app of `cloudstack.json`. */
  | { readonly kind: "app"; readonly directory?: string; readonly stacks: readonly string[] };

export const isSynthesizedFolder = (path: string): boolean =>
  existsSync(path) && statSync(path).isDirectory() && isAssembly(path);
const looksLikeFile = (name: string) => /[./\\]/.test(name) || existsSync(name);

/**
 * - `web.yaml`: a template
 * - `cdk.out`, `cloudstack.out web`: a synthesized folder, all of its stacks or those named
 * - nothing, or names of stacks, beside a `cloudstack.json`: its app
 */
export function whatIsMeant(names: readonly string[]): Meant {
  const [first, ...more] = names;
  if (first !== undefined && isSynthesizedFolder(first))
    return { kind: "app", directory: first, stacks: more };
  if (first !== undefined && (looksLikeFile(first) || !existsSync(PROJECT_FILE))) {
    if (more.length > 0)
      throw new Failure(`One template at a time: ${names.join(", ")}.`, [
        `Several stacks at once are an app: ${PROJECT_FILE} names it, cloudstack init starts one.`,
      ]);
    return { kind: "template", file: first };
  }
  if (!existsSync(PROJECT_FILE))
    throw new Failure(`There is no ${PROJECT_FILE} in this folder, and no template was named.`, [
      "Name a template: cloudstack plan web.yaml",
      "Or start a project: cloudstack init --template typescript",
    ]);
  return { kind: "app", stacks: names };
}

export interface AppStacks extends Assembly {
  /** Those that were asked for, with what they need, each after those it depends on. */
  readonly wanted: readonly AssemblyStack[];
}

/** The stacks of an app that are meant; runs the app unless they were synthesized before. Errors: `Failure` */
export async function readAppStacks(
  output: Output,
  { directory, stacks }: Meant & { readonly kind: "app" },
  options: SynthesisOptions,
  along: "dependencies" | "dependents" = "dependencies",
): Promise<AppStacks> {
  const assembly = directory === undefined ? await synthesized(output, options) : readAssembly(directory);
  return { ...assembly, wanted: chosen(assembly.stacks, stacks, along) };
}

/** Runs the app of this folder. Errors: `Failure` */
export async function synthesized(output: Output, options: SynthesisOptions): Promise<Assembly> {
  const project = readProject(process.cwd());
  if (!project)
    throw new Failure(`There is no ${PROJECT_FILE} in this folder.`, [
      "Start a project: cloudstack init --template typescript",
    ]);
  return synthesize(output, project, options);
}
