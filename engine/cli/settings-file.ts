import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Source } from "../stack/diagnostics/source.ts";
import { Failure } from "./failure.ts";
import { readGivenFile } from "./given-file.ts";

/** A file of settings, by the name it was given. Errors: `Failure` when it cannot be read */
export function settingsFile(directory: string, file: string, option: string): Source {
  const source = settingsFileIfThere(directory, file);
  if (source) return source;
  throw new Failure(`There is no file ${file}.`, [`${option} takes the path of a file.`]);
}

/** The same, or undefined when there is no such file. */
export function settingsFileIfThere(directory: string, file: string): Source | undefined {
  const path = resolve(directory, file);
  return existsSync(path) ? { file, text: readGivenFile(path, "It is a file of YAML or JSON.") } : undefined;
}
