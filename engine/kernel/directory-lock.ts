import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeFile, writeTextAtomically } from "../platform/files.ts";
import { type DirectoryOwner, directoryOwner, ownerFile } from "./directory-owner.ts";
import { SqliteConnection } from "./sqlite-connection.ts";
import { unavailable } from "./sqlite-file.ts";

export class DirectoryInUse extends Error {
  override name = "DirectoryInUse";
  readonly owner: DirectoryOwner | undefined;
  constructor(directory: string, owner: DirectoryOwner | undefined) {
    const who = owner ? `process ${owner.pid}${owner.endpoint ? ` (${owner.endpoint})` : ""}` : "another process";
    super(`The data directory ${directory} is in use by ${who}. Stop it, or give another directory with --data-dir.`);
    this.owner = owner;
  }
}

export interface DirectoryLock {
  /** Tells others where this process listens. */
  announce(endpoint: string): void;
  release(): void;
}

/**
 * Takes a data directory for this process alone, or throws `DirectoryInUse` with the owner, or `StoreUnavailable`.
 * Why a SQLite file: its exclusive lock is the operating system's, so it ends with the process however that dies,
 * and no stale lock is ever left to clean up.
 */
export function lockDirectory(directory: string, pid: number): DirectoryLock {
  // Whoever begins to work in a repository does not commit the state, nor the private key of its certificates.
  if (mkdirSync(directory, { recursive: true }) !== undefined) writeFileSync(join(directory, ".gitignore"), "*\n");
  const file = join(directory, "lock");
  let lock: SqliteConnection | undefined;
  try {
    lock = new SqliteConnection(file, { timeout: 0 });
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (problem) {
    lock?.close();
    if ((problem as { code?: string }).code?.startsWith("SQLITE_BUSY"))
      throw new DirectoryInUse(directory, directoryOwner(directory));
    throw unavailable(file, problem);
  }
  const held = lock;
  const tell = (owner: DirectoryOwner) => writeTextAtomically(ownerFile(directory), JSON.stringify(owner) + "\n");
  tell({ pid });
  return {
    announce: (endpoint) => tell({ pid, endpoint }),
    release() {
      removeFile(ownerFile(directory));
      held.close();
    },
  };
}
