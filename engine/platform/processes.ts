import { readTextIfPresent } from "./files.ts";

/**
 * Whether a process of this machine runs. One of another user counts; one that has ended does not, also where its
 * parent has not asked for its exit code, as in a container whose first process never does.
 */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !hasEnded(pid);
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The state stands behind the command's name, which is in brackets and may hold any character. */
function hasEnded(pid: number): boolean {
  const stat = readTextIfPresent(`/proc/${pid}/stat`);
  return stat !== undefined && /.*\) [ZX] /s.test(stat);
}
