import { join } from "node:path";
import { readTextIfPresent } from "../platform/files.ts";

/** Who has a data directory open. */
export interface DirectoryOwner {
  readonly pid: number;
  /** Where it listens, when it serves. */
  readonly endpoint?: string;
}

export const ownerFile = (directory: string) => join(directory, "owner.json");

/** Who was last known to have a directory open; that process may have died since. */
export function directoryOwner(directory: string): DirectoryOwner | undefined {
  const text = readTextIfPresent(ownerFile(directory));
  return text === undefined ? undefined : (JSON.parse(text) as DirectoryOwner);
}
