import { AssemblyProblem } from "../apps/assembly.ts";
import { ServiceError } from "../services/errors.ts";
import { DirectoryInUse } from "../kernel/directory-lock.ts";
import { StoreUnavailable } from "../kernel/store.ts";
import { Failure } from "./failure.ts";
import type { Output } from "./output.ts";

/** Shows why a command failed: for people as text, for programs as `{"error": ...}`; both on standard error. */
export function reportProblem(output: Output, problem: unknown): void {
  const error = problem instanceof Error ? problem : new Error(String(problem));
  const cure = error instanceof Failure || error instanceof AssemblyProblem ? error.cure : [];
  if (output.format === "json" || output.format === "yaml") {
    const code = error instanceof ServiceError ? error.code : error.name;
    output.problem(JSON.stringify({ error: { code, message: error.message, ...(cure.length > 0 && { cure }) } }));
    return;
  }
  const { colors } = output;
  const label = colors.red("error:");
  if (error instanceof Failure || error instanceof AssemblyProblem) {
    output.problem([`${label} ${error.message}`, ...cure.map((line) => `  ${line}`)].join("\n"));
  } else if (error instanceof ServiceError) {
    output.problem(`${label} ${error.code}: ${error.message}`);
  } else if (error instanceof StoreUnavailable || error instanceof DirectoryInUse) {
    output.problem(`${label} ${error.message}`);
  } else {
    output.problem(`${label} this is a defect of CloudStacks\n${error.stack ?? error.message}`);
  }
}
