import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, type Stats } from "node:fs";
import { join } from "node:path";

/** What a file or folder holds. */
export interface Fingerprint {
  readonly kind: "file" | "directory";
  /** Absolute. */
  readonly path: string;
  /** SHA-256 over names, contents and which files can be run, in hexadecimal digits. */
  readonly hash: string;
  /** Files of a folder in order, relative to it, with forward slashes; none of a file. */
  readonly files: readonly string[];
}

const EXECUTABLE = 0o111;

/** Errors: what is not there, and what is neither a file nor a folder. */
export function fingerprint(path: string, excluded: ReadonlySet<string>): Fingerprint {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new Error(`there is no file or folder ${path}`);
  const hash = createHash("sha256");
  if (!stats.isDirectory()) {
    checkIsFile(path, stats);
    return { kind: "file", path, hash: hash.update(readFileSync(path)).digest("hex"), files: [] };
  }
  const files = filesIn(path, "", excluded);
  for (const file of files) {
    const inner = join(path, file);
    const content = createHash("sha256").update(readFileSync(inner)).digest("hex");
    const isExecutable = (statSync(inner).mode & EXECUTABLE) !== 0;
    hash.update(`${JSON.stringify(file)} ${isExecutable ? "x" : "-"} ${content}\n`);
  }
  return { kind: "directory", path, hash: hash.digest("hex"), files };
}

function filesIn(root: string, folder: string, excluded: ReadonlySet<string>): string[] {
  const names = readdirSync(join(root, folder)).filter((name) => !excluded.has(name));
  return names.sort().flatMap((name) => {
    const inner = folder === "" ? name : `${folder}/${name}`;
    const stats = statSync(join(root, inner));
    if (stats.isDirectory()) return filesIn(root, inner, excluded);
    checkIsFile(join(root, inner), stats);
    return [inner];
  });
}

function checkIsFile(path: string, stats: Stats): void {
  if (!stats.isFile()) throw new Error(`${path} is neither a file nor a folder`);
}
