import { cpSync, existsSync, lstatSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";

/** One version of the user's files: the work tree, or a checkout of a commit. */
export interface Tree {
  /** As people name it: `main (3f2a91c)`, `working tree`. */
  readonly name: string;
  /** What corresponds, in this version, to the folder that the command runs in. Absolute. */
  readonly directory: string;
  /** Of a checkout: its root, and that of the work tree. */
  readonly roots?: { readonly checkout: string; readonly workTree: string };
}

/** What package managers put beside a program, and git does not keep. */
const PACKAGE_FOLDERS = ["node_modules", ".venv"];

/**
 * Lends a checkout the packages that are installed in the work tree, on the way from its root to `path`; so a program
 * runs there without an installation. They are those of the work tree, whatever the commit's own lock file says.
 */
export function lendPackages({ roots, directory }: Tree, path: string): void {
  if (!roots) return;
  const steps = relative(roots.checkout, join(directory, path)).split(sep);
  for (let count = 0; count <= steps.length; count += 1) {
    const above = steps.slice(0, count);
    for (const name of PACKAGE_FOLDERS) {
      const installed = join(roots.workTree, ...above, name);
      const lent = join(roots.checkout, ...above, name);
      if (existsSync(installed) && existsSync(dirname(lent)) && !isThere(lent)) symlinkSync(installed, lent);
    }
  }
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

const LEFT_OUT = new Set([".git", ".terraform", "node_modules", ".cloudstacks"]);

/** Copies a folder that is in no repository. */
export function copyFolder(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => path === from || !LEFT_OUT.has(basename(path)) });
}
