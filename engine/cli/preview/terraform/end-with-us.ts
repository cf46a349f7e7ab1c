import type { ChildProcess } from "node:child_process";

/** A program that we started would go on without us, against an engine that is gone. */
export function endWithUs(child: ChildProcess): void {
  const end = () => void child.kill();
  process.once("exit", end);
  const forget = () => process.off("exit", end);
  child.once("error", forget).once("close", forget);
}
