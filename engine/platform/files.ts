import { isUtf8 } from "node:buffer";
import {
  chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/**
 * The text of a file that a person wrote, without the byte order mark that some editors begin one with.
 * Errors: the system's own, and `EILSEQ` when the bytes are no UTF-8, of which a part would silently be lost
 */
export function readWrittenText(file: string): string {
  const bytes = readFileSync(file);
  if (!isUtf8(bytes)) throw Object.assign(new Error(`${file} is not UTF-8`), { code: "EILSEQ", path: file });
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

/** The text of a file, or undefined when there is none. Other failures throw. */
export function readTextIfPresent(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Replaces a file in one step: readers see the old text or the new one, never half. */
export function writeTextAtomically(file: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.draft`;
  writeFileSync(draft, text, { mode });
  chmodSync(draft, mode);
  renameSync(draft, file);
}

export function removeFile(file: string): void {
  rmSync(file, { force: true });
}

/** Replaces a file in one step, and when it returns the disk has it; folders below `root` may be new. */
export function writeTextDurably(file: string, text: string, root = dirname(file)): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.draft`;
  writeFileSync(draft, text);
  sync(draft);
  renameSync(draft, file);
  sync(folder);
  if (root !== folder) sync(root);
}

/** Waits until the disk has a file, or a folder's names. */
function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
