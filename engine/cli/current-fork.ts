import { join } from "node:path";
import { MAIN } from "../gateway/forks/fork-facts.ts";
import { readTextIfPresent, removeFile, writeTextAtomically } from "../platform/files.ts";

const currentForkFile = (dataDirectory: string) => join(dataDirectory, "current-fork");

/** The fork that `cloudstack switch` named for a data directory; undefined when it is to be `main`. */
export function currentFork(dataDirectory: string): string | undefined {
  return readTextIfPresent(currentForkFile(dataDirectory))?.trim();
}

/** What commands on a data directory work on from here on. */
export function rememberFork(dataDirectory: string, name: string): void {
  if (name === MAIN) removeFile(currentForkFile(dataDirectory));
  else writeTextAtomically(currentForkFile(dataDirectory), `${name}\n`);
}
