import { resolve } from "node:path";
import { readProject } from "../apps/project.ts";
import type { Meant } from "../apps/what-is-meant.ts";
import { watchFolder } from "../apps/watched-folder.ts";
import type { ConductOptions } from "../conduct-options.ts";
import { EXIT } from "../exit-codes.ts";
import type { Output } from "../output.ts";
import type { PlanningOptions } from "../plan-options.ts";
import { reportProblem } from "../report.ts";
import type { SessionOptions } from "../session.ts";
import { deployApp } from "./apps.ts";
import { deploy } from "./stacks.ts";

type WatchRequest = PlanningOptions & ConductOptions & { readonly meant: Meant };

/** Deploys now, and again whenever a file of this folder changes, until Ctrl-C. */
export async function watch(output: Output, options: SessionOptions, request: WatchRequest): Promise<void> {
  const project = readProject(process.cwd());
  const written = [options.dataDirectory, ...(project ? [project.output] : [])];
  const folder = watchFolder(process.cwd(), written.map((path) => resolve(path)));
  // A deployment that is under way hears it, too, and is undone first.
  process.once("SIGINT", () => folder.end());
  do {
    process.exitCode = undefined;
    await deployOnce(output, options, { ...request, yes: true });
    output.note("\nwatching this folder; Ctrl-C ends it\n");
  } while (await folder.changed());
}

/** What is wrong now is mended by the next change. */
async function deployOnce(output: Output, options: SessionOptions, request: WatchRequest): Promise<void> {
  const { meant } = request;
  try {
    if (meant.kind === "template") await deploy(output, options, { ...request, file: meant.file });
    else await deployApp(output, options, { ...request, app: meant });
  } catch (problem) {
    reportProblem(output, problem);
    process.exitCode = EXIT.failed;
  }
}
