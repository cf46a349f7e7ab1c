import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isProcessAlive } from "../../platform/processes.ts";

const PREFIX = "cloudstacks-provider-";
/** A socket's path has at most 107 bytes, of which its folder's own name and its name take some. */
const BASE_BYTES_MAX = 60;

export interface SocketFolder {
  readonly socket: string;
  remove(): void;
}

/** A new folder that only this user can enter, for one socket. Those of engines that were killed go at once. */
export function socketFolder(): SocketFolder {
  const base = Buffer.byteLength(tmpdir()) <= BASE_BYTES_MAX ? tmpdir() : "/tmp";
  for (const name of readdirSync(base)) {
    const [, pid] = /^cloudstacks-provider-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isProcessAlive(Number(pid))) rmSync(join(base, name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(base, `${PREFIX}${process.pid}-`));
  return {
    socket: join(folder, "socket"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
