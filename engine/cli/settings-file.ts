import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Source } from "../stack/diagnostics/source.ts";
import { Failure } from "./failure.ts";

/** A file of settings, by the name it was given. Errors: `Failure` when it cannot be read */
export function settingsFile(directory: string, file: string, option: string): Source {
  const source = settingsFileIfThere(directory, file);
  if (source) return source;
  throw new Failure(`There is no file ${file}.`, [`${option} takes the path of a file.`]);
}

/** The same, or undefined when there is no such file. */
export function settingsFileIfThere(directory: string, file: string): Source | undefined {
  try {
    return { file, text: readFileSync(resolve(directory, file), "utf8") };
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new Failure(`${file} cannot be read: ${code}.`, ["It is a file of YAML or JSON."], problem);
  }
}
