import { createInterface } from "node:readline/promises";
import { Failure } from "./failure.ts";

/** Asks for a yes on the terminal. Where nobody can answer it refuses rather than guess. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Failure("This needs a confirmation, and there is no terminal to ask on.", ["Add --yes."]);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
