import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { readTextIfPresent } from "../../platform/files.ts";

/** The folder of the root module that a run of Terraform is about: `-chdir`, or where it runs. */
export function moduleFolder(args: readonly string[], cwd: string): string {
  const given = args.find((arg) => /^--?chdir=/.test(arg));
  return given === undefined ? cwd : resolve(cwd, given.slice(given.indexOf("=") + 1));
}

/** What a run of Terraform is about. */
export interface Run {
  readonly folder: string;
  readonly args: readonly string[];
  /** Where Terraform keeps what it knows of a folder, `.terraform` unless the user says otherwise. */
  readonly dataFolder?: string | undefined;
}

/**
 * Whether a run has to do with an HTTP backend whose address nobody has named: declared by the configuration, or in use
 * until now. One that has an address is the user's own, with whatever locks it.
 */
export function leavesAddressOpen({ folder, args, dataFolder = ".terraform" }: Run): boolean {
  if (args.some((arg) => /^--?backend-config/.test(arg))) return false;
  const inUse = backendInUse(resolve(folder, dataFolder, "terraform.tfstate"));
  const blocks = [...declaredBlocks(folder), ...(inUse === undefined ? [] : [inUse])];
  return blocks.length > 0 && blocks.every((block) => !/"?address"?\s*[=:]\s*"/.test(block));
}

/** The content of each `backend "http"` of a root module: one, when the module is valid. */
function declaredBlocks(folder: string): string[] {
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
  return names.filter(isConfiguration).flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    const [, block] = (name.endsWith(".json") ? IN_JSON.exec(text) : IN_HCL.exec(withoutComments(text))) ?? [];
    return block === undefined ? [] : [block];
  });
}

/** By its name: what Terraform or OpenTofu would read. */
export const isConfiguration = (name: string): boolean => /\.(tf|tofu)(\.json)?$/.test(name);
/** What a file that is neither means is Terraform's to say. */
const IN_JSON = /"backend"\s*:\s*\[?\s*\{\s*"http"\s*:\s*\[?\s*\{([^}]*)/;
const IN_HCL = /(?:^|[\n{;])[ \t]*backend[ \t]+"?http"?[ \t]*\{([^}]*)/;

/** A comment's mark within a text blanks out the rest of its line, where no block can begin. */
const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|[^:])(#|\/\/).*$/gm, "$1");

/** What Terraform has noted of the backend that it used last, when that is an HTTP backend. */
function backendInUse(file: string): string | undefined {
  const text = readTextIfPresent(file);
  const [, block] = /"backend"\s*:\s*\{\s*"type"\s*:\s*"http"\s*,\s*"config"\s*:\s*\{([^}]*)/.exec(text ?? "") ?? [];
  return block;
}

/**
 * The name of a folder's state: its place beside the data directory, so that both can be moved together; its whole path
 * when the engine is not the data directory's own, or the folder lies elsewhere.
 */
export function stateNameOf(folder: string, dataDirectory: string | undefined): string {
  const place = dataDirectory === undefined ? ".." : relative(dirname(dataDirectory), folder);
  if (place === "") return "default";
  const name = place.startsWith("..") ? folder : place;
  return name.split(sep).filter((part) => part !== "").join("/");
}
