import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const LISTENING = "0A";

/** A file under /proc may vanish, or belong to somebody else, while we look. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function listeningInodes(port: number): Set<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const inodes = new Set<string>();
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of (attempt(() => readFileSync(file, "utf8")) ?? "").split("\n").slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (local?.endsWith(suffix) && state === LISTENING && inode) inodes.add(`socket:[${inode}]`);
    }
  }
  return inodes;
}

/**
 * The process that listens on a port: its pid and command. Undefined where the system does not tell (only Linux does).
 */
export function portOwner(port: number): { readonly pid: number; readonly command: string } | undefined {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of (attempt(() => readdirSync("/proc")) ?? []).filter((name) => /^\d+$/.test(name))) {
    const descriptors = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
    if (!descriptors.some((fd) => inodes.has(attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? ""))) continue;
    return { pid: Number(pid), command: attempt(() => readFileSync(`/proc/${pid}/comm`, "utf8").trim()) ?? "?" };
  }
  return undefined;
}
