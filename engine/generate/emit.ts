import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export interface Emitter {
  /** Writes a file when its content differs. */
  file(path: string, content: string): void;
  /** Removes the files of a generated folder that nothing has emitted. */
  sweep(folder: string, isGenerated: (name: string) => boolean): void;
  /** What was not up to date, relative to the root. */
  readonly stale: readonly string[];
}

/** Keeps generated files as they must be; with `checkOnly` it touches nothing and only says which are not. */
export function emitter(root: string, checkOnly: boolean): Emitter {
  const stale: string[] = [];
  const emitted = new Set<string>();
  return {
    stale,
    file(path, content) {
      const file = join(root, path);
      emitted.add(file);
      if (existsSync(file) && readFileSync(file, "utf8") === content) return;
      stale.push(path);
      if (checkOnly) return;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    },
    sweep(folder, isGenerated) {
      const path = join(root, folder);
      if (!existsSync(path)) return;
      for (const name of readdirSync(path).filter(isGenerated).sort()) {
        const file = join(path, name);
        if (emitted.has(file)) continue;
        stale.push(relative(root, file));
        if (!checkOnly) rmSync(file);
      }
    },
  };
}
