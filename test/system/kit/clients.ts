import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./cloudstack.ts";

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

/** The folder of the last boto3 that speaks query to SQS, kept between runs; undefined when it cannot be had. */
export async function oldBoto3(): Promise<string | undefined> {
  const folder = join(ROOT, "node_modules/.cache/boto3-1.26.160");
  if (existsSync(join(folder, "boto3"))) return folder;
  mkdirSync(folder, { recursive: true });
  try {
    const wanted = ["-m", "pip", "install", "--quiet", "--target", folder, "boto3==1.26.160"];
    await promisify(execFile)("python3", wanted);
    return folder;
  } catch (problem) {
    console.warn("SKIPPED: boto3 1.26.160 cannot be installed:", problem);
    return undefined;
  }
}
