import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { serveEngine, type Server } from "../../../compose.ts";
import type { Engine } from "../../../gateway/engine.ts";
import { Failure } from "../../failure.ts";
import { groundOf, type Work } from "../work.ts";
import { installedProviders, prepareModule } from "./module-folder.ts";
import { terraformAt, type TerraformProcess, type TerraformRun } from "./terraform-process.ts";

/** Given to each plan and apply: messages that a program reads, and no questions. */
export const FOR_PROGRAMS = ["-json", "-input=false"] as const;

/** What the user gives to each plan and apply. */
export const argumentsOf = ({ request }: Work): readonly string[] => request.toolArguments ?? [];

/** The root module of one version of the files, and Terraform for it on one engine. */
export interface TerraformSide {
  readonly folder: string;
  readonly terraform: TerraformProcess;
  end(): Promise<void>;
}

export interface SideParts {
  readonly program: string;
  /** `base`, `head`: for what it needs beside the folder. */
  readonly name: string;
  readonly folder: string;
  /** Where the user works on the same module. */
  readonly workTree: string;
  readonly engine: Engine;
  readonly state: string;
}

/** Serves an engine and prepares Terraform for it, until `end`. */
export async function terraformSide(work: Work, parts: SideParts): Promise<TerraformSide> {
  const { folder, engine, state, name, program } = parts;
  const server: Server = await serveEngine(engine, { port: 0, host: "127.0.0.1" });
  const own = join(work.places.folder, `${name}.own`);
  mkdirSync(own, { recursive: true });
  if (existsSync(folder)) prepareModule(folder, parts.workTree);
  try {
    const terraform = await terraformAt(program, {
      folder,
      own,
      state,
      endpoint: server.endpoint,
      scope: groundOf(work, engine).scope,
      environment: work.places.environment,
      onRefused: (text) => work.output.problem(text),
    });
    return {
      folder,
      terraform,
      async end() {
        await terraform.end();
        await server.stop();
      },
    };
  } catch (problem) {
    await server.stop();
    throw problem;
  }
}

/** Fetches nothing that the work tree has already. Errors: `Failure` */
export async function initialize({ terraform }: TerraformSide, workTree: string): Promise<void> {
  const init = (...more: readonly string[]) => terraform.run("init", "-input=false", "-no-color", ...more);
  const providers = installedProviders(workTree);
  const first = await init(...(providers === undefined ? [] : [`-plugin-dir=${providers}`]));
  // This version may want other providers than those that are installed for the work tree.
  const last = first.code === 0 || providers === undefined ? first : await init();
  if (last.code !== 0) throw new Failure("terraform init failed.", toldBy(last));
}

/** What Terraform said on its standard error, or else at all, line by line. */
export const toldBy = ({ out, err }: TerraformRun): string[] =>
  (err.trim() === "" ? out : err).split("\n").filter((line) => line.trim() !== "");
