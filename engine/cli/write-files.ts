import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "./failure.ts";

/** Writes texts by their paths from a folder, which is made when it is not there. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    } catch (problem) {
      const { code } = problem as NodeJS.ErrnoException;
      throw new Failure(`${path} cannot be written: ${code}.`, ["Give a folder that can be written to."], problem);
    }
  }
}
