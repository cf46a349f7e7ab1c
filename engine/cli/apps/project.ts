import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { isObject } from "../../platform/is-object.ts";
import { Failure } from "../failure.ts";
import { readGivenFile } from "../given-file.ts";

export const PROJECT_FILE = "cloudstack.json";
const OUTPUT = "cloudstack.out";
const EXAMPLE = '{ "app": "npx tsx app.ts" }';

/** An app of constructs, as `cloudstack.json` names it. */
export interface Project {
  readonly directory: string;
  /** The command that runs it, as a shell takes it. */
  readonly app: string;
  /** Where it writes to. Absolute. */
  readonly output: string;
  readonly context: Readonly<Record<string, unknown>>;
}

/** The project of a folder; undefined when it has none. Errors: `Failure` for a file that is not one */
export function readProject(directory: string): Project | undefined {
  const file = join(directory, PROJECT_FILE);
  if (!existsSync(file)) return undefined;
  const content = parsed(readGivenFile(file, `Example: ${EXAMPLE}`));
  const { app, output = OUTPUT, context = {}, ...more } = content;
  const unknown = Object.keys(more).find((name) => !name.startsWith("$"));
  if (unknown !== undefined)
    throw new Failure(`${PROJECT_FILE} has no setting "${unknown}".`, ["It takes app, output and context."]);
  if (typeof app !== "string" || app.trim() === "")
    throw new Failure(`${PROJECT_FILE} does not say how to run the app.`, [`Write for example: ${EXAMPLE}`]);
  if (typeof output !== "string") throw new Failure(`"output" in ${PROJECT_FILE} is the name of a folder.`);
  if (!isObject(context)) throw new Failure(`"context" in ${PROJECT_FILE} is a map.`);
  return { directory, app, output: resolve(directory, output), context };
}

function parsed(text: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (problem) {
    throw new Failure(`${PROJECT_FILE} is not JSON: ${(problem as Error).message}`, [`Example: ${EXAMPLE}`], problem);
  }
  if (!isObject(content)) throw new Failure(`${PROJECT_FILE} is not a map.`, [`Example: ${EXAMPLE}`]);
  return content;
}

