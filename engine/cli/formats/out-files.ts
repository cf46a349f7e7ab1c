import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "../failure.ts";
import { FILE_ENDINGS, formatOfFile, type Format } from "./format-names.ts";

/** A file that a report is written to beside standard output. */
export interface OutFile {
  readonly path: string;
  readonly format: Exclude<Format, "text">;
}

/**
 * The files of `--out-file`: each in the format that its name tells, or in that of standard output.
 * Errors: `Failure`, before any work is done, for a name that tells none or a folder that is not there
 */
export const outFilesOf = (paths: readonly string[], format: Format): readonly OutFile[] =>
  paths.map((path) => {
    const told = formatOfFile(path) ?? (format === "text" ? undefined : format);
    if (told === undefined)
      throw new Failure(`The name of ${path} does not tell a format.`, [
        `Let it end in ${Object.keys(FILE_ENDINGS).join(", ")}, or give --format.`,
      ]);
    if (!existsSync(dirname(path)))
      throw new Failure(`There is no folder ${dirname(path)}.`, ["--out-file takes a file in a folder that exists."]);
    return { path, format: told };
  });

export function writeOutFile(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    throw new Failure(`The report cannot be written to ${path}: ${code}.`, ["--out-file takes a file."], problem);
  }
}
