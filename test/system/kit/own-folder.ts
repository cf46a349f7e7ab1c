import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { cloudstack, emptyFolder, type Finished } from "./cloudstack.ts";

/** Gives each test of a file a folder of its own, empty at first, and the program in it. */
export function ownFolder() {
  let own: ReturnType<typeof emptyFolder>;
  beforeEach(() => {
    own = emptyFolder();
  });
  afterEach(() => own.remove());
  const run = (...args: string[]): Promise<Finished> => cloudstack(args, own.path);
  return {
    folder: {
      get path() {
        return own.path;
      },
    },
    run,
    json: async <T = unknown>(...args: string[]) => JSON.parse((await run(...args, "--format", "json")).out) as T,
    write(file: string, text: string): void {
      const path = join(own.path, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    },
  };
}
