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

/** The environment of a client of a server in the test's process. */
export const awsEnvironment = (endpoint: string): NodeJS.ProcessEnv => ({
  ...process.env,
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: "111111111111",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_DEFAULT_OUTPUT: "json",
  AWS_PAGER: "",
});

/** Runs one command of the AWS CLI and gives what it answers, from its JSON. */
export async function awsCli<T = unknown>(endpoint: string, ...args: readonly string[]): Promise<T> {
  // Its older versions look for queues at AWS, whatever the environment says.
  const given = ["--endpoint-url", endpoint, ...args];
  const { stdout } = await promisify(execFile)("aws", given, { env: awsEnvironment(endpoint) });
  return (stdout === "" ? undefined : JSON.parse(stdout)) as T;
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
