import { cwd, env } from "node:process";

/** What the program that runs an app tells it: `cloudstack` sets these, and so can anybody. */

/** The folder to write to. */
export const outputDirectory = (): string | undefined => env["CLOUDSTACKS_OUT"];

/** What to synthesize for. */
export const wantedTarget = (): string | undefined => env["CLOUDSTACKS_TARGET"];

/** Context given on the command line and in `cloudstack.json`. */
export function givenContext(): Readonly<Record<string, unknown>> {
  const text = env["CLOUDSTACKS_CONTEXT"];
  if (text === undefined || text === "") return {};
  try {
    const context: unknown = JSON.parse(text);
    if (typeof context === "object" && context !== null && !Array.isArray(context))
      return context as Record<string, unknown>;
  } catch (cause) {
    throw new Error("CLOUDSTACKS_CONTEXT is not JSON", { cause });
  }
  throw new Error("CLOUDSTACKS_CONTEXT is not a JSON object");
}

export const workingDirectory = (): string => cwd();

/** Whether a program in another language drives this one through jsii. */
export const isForeignHost = (): boolean => env["JSII_AGENT"] !== undefined;
