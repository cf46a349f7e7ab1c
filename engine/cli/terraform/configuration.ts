import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** The folder of the root module that a run of Terraform is about: `-chdir`, or where it runs. */
export function moduleFolder(args: readonly string[], cwd: string): string {
  const given = args.find((arg) => /^--?chdir=/.test(arg));
  return given === undefined ? cwd : resolve(cwd, given.slice(given.indexOf("=") + 1));
}

/** Whether a root module keeps its state in an HTTP backend: `backend "http"` in a block `terraform`. */
export function usesHttpBackend(folder: string): boolean {
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
  return names.filter(isConfiguration).some((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return name.endsWith(".json") ? IN_JSON.test(text) : IN_HCL.test(withoutComments(text));
  });
}

const isConfiguration = (name: string): boolean => /\.(tf|tofu)(\.json)?$/.test(name);
/** What a file that is neither means is Terraform's to say. */
const IN_JSON = /"backend"\s*:\s*\[?\s*\{\s*"http"\s*:/;
const IN_HCL = /(^|[\n{;])[ \t]*backend[ \t]+"?http"?[ \t]*\{/;

/** A comment's mark within a text blanks out the rest of its line, where no block can begin. */
const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(#|\/\/).*$/gm, "");

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
