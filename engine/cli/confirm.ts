import { createInterface } from "node:readline/promises";
import { EXIT } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks for a yes on the terminal. Where nobody can answer it refuses rather than guess. The end of input is a no; so is
 * Ctrl-C, which makes the command exit as one that was interrupted.
 */
export async function confirm(
  question: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<boolean> {
  if (!input.isTTY)
    throw new Failure("This needs a confirmation, and there is no terminal to ask on.", ["Add --yes."]);
  const lines = createInterface({ input, output, terminal: true });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } catch (problem) {
    if ((problem as Error).name !== "AbortError") throw problem;
    output.write("\n");
    if ((problem as Error).message.includes("Ctrl+C")) process.exitCode = EXIT.interrupted;
    return false;
  } finally {
    lines.close();
  }
}
