import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_FILE } from "../apps/project.ts";
import { isSynthesizedFolder } from "../apps/what-is-meant.ts";
import { Failure } from "../failure.ts";
import { isConfiguration } from "../terraform/configuration.ts";

/** What a preview is of. Paths are relative to the folder that the command runs in, which each checkout has, too. */
export type Subject =
  | { readonly kind: "template"; readonly path: string }
  /** A folder with a `cloudstack.json`; all of its stacks when none is named. */
  | { readonly kind: "app"; readonly path: string; readonly stacks: readonly string[] }
  /** A folder that was synthesized before. */
  | { readonly kind: "assembly"; readonly path: string; readonly stacks: readonly string[] }
  | { readonly kind: "terraform"; readonly path: string };

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * What the words of a command mean in `directory`: a template, a folder with an app or with Terraform's files and, of
 * an app, names of its stacks. Without words it is what stands in `directory` itself. Errors: `Failure`
 */
export function subjectOf(words: readonly string[], directory: string): Subject {
  const [first = ".", ...more] = words;
  const place = join(directory, first);
  if (isFolder(place)) return folderSubject(first, more, place);
  if (existsSync(place) || /[./\\]/.test(first)) {
    if (more.length > 0) throw new Failure(`One template at a time: ${words.join(", ")}.`);
    return { kind: "template", path: first };
  }
  if (existsSync(join(directory, PROJECT_FILE))) return { kind: "app", path: ".", stacks: words };
  throw new Failure(`There is no file and no folder ${first}.`, EXAMPLES);
}

const EXAMPLES = [
  "Name a template, or a folder with an app or with Terraform's files:",
  "cloudstack preview web.yaml, cloudstack preview infrastructure",
];

function folderSubject(path: string, stacks: readonly string[], place: string): Subject {
  if (isSynthesizedFolder(place)) return { kind: "assembly", path, stacks };
  if (existsSync(join(place, PROJECT_FILE))) return { kind: "app", path, stacks };
  if (!readdirSync(place).some(isConfiguration))
    throw new Failure(`${path} holds no ${PROJECT_FILE} and no Terraform files.`, EXAMPLES);
  if (stacks.length > 0) throw new Failure(`One Terraform folder at a time: ${[path, ...stacks].join(", ")}.`);
  return { kind: "terraform", path };
}
