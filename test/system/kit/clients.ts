import { execFileSync } from "node:child_process";

/** Whether `command` cannot run here; says so once, for the tests that are skipped. */
export function isMissing(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return false;
  } catch (problem) {
    console.warn(`SKIPPED: ${command} ${args.join(" ")} does not run here: ${(problem as Error).message}`);
    return true;
  }
}
