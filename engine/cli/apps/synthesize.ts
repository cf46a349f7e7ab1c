import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { Assembly } from "../../apps/assembly.ts";
import { isAssembly, readAssembly } from "../../apps/read-assembly.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import type { Project } from "./project.ts";

/** What a shell says of a command that it does not find. */
const EXIT_NOT_FOUND = 127;

export interface SynthesisOptions {
  /** Beside the project's own context, and before it. */
  readonly context?: Readonly<Record<string, string>>;
  /** What the templates are for: `cloudformation`, `terraform`. */
  readonly to?: string;
  /** Whether they are only told of, and not deployed. */
  readonly isListed?: boolean;
}

/**
 * Runs an app and reads what it wrote. What the app prints itself goes to standard error as it comes.
 * Errors: `Failure` when it fails or writes nothing
 */
export async function synthesize(output: Output, project: Project, options: SynthesisOptions = {}): Promise<Assembly> {
  // What an earlier run left must not pass for what this one wrote.
  rmSync(join(project.output, "manifest.json"), { force: true });
  const { code, signal } = await runApp(output, project, options);
  const { app } = project;
  if (code === EXIT_NOT_FOUND)
    throw new Failure(`The app's command was not found: ${app}`, [
      "Install what it needs (npm install), or mend \"app\" in cloudstack.json.",
    ]);
  if (code !== 0)
    throw new Failure(`The app failed: ${app} ended with ${signal ?? `exit code ${code}`}.`, [
      "What it said stands above. Nothing was touched.",
    ]);
  if (!isAssembly(project.output))
    throw new Failure(`The app wrote nothing to ${relative(project.directory, project.output) || "."}: ${app}`, [
      "An app ends with app.synth(), and leaves the choice of the folder to cloudstack (no outdir of its own).",
    ]);
  return readAssembly(project.output, options.isListed === true ? "listing" : "deployment");
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function runApp(output: Output, project: Project, { context, to }: SynthesisOptions): Promise<Ending> {
  const contextText = JSON.stringify({ ...project.context, ...context });
  const child = spawn(project.app, {
    cwd: project.directory,
    shell: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      CLOUDSTACKS_OUT: project.output,
      CLOUDSTACKS_CONTEXT: contextText,
      ...(to !== undefined && { CLOUDSTACKS_TARGET: to }),
      // The CDK's own names, so that one of its apps runs unchanged.
      CDK_OUTDIR: project.output,
      CDK_CONTEXT_JSON: contextText,
    },
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => output.problem(text));
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new Failure(`The app cannot be run: ${cause.message}`, [], cause)));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}
